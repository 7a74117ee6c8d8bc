package gcp

import (
	"slices"
	"strings"

	"magam/domain/fault"
	"magam/formats/table"
)

// required are the columns without which no row can be booked, as BigQuery
// nests them. A flattened file may have underscores for the dots.
var required = []string{
	"billing_account_id",
	"invoice.month",
	"cost_type",
	"service.description",
	"project.id",
	"usage_start_time",
	"usage_end_time",
	"currency",
	"cost",
	"credits",
}

// nullable are the columns that are read besides; JSON names none that is null.
var nullable = []string{
	"service.id",
	"sku.id",
	"sku.description",
	"project.id",
	"project.name",
	"location.region",
	"location.location",
	"usage.amount",
	"usage.unit",
	"usage.amount_in_pricing_units",
	"usage.pricing_unit",
	"cost_at_list",
	"cost_at_effective_price_default",
	"price.tier_start_amount",
	"resource.global_name",
	"resource.name",
	"labels",
	"project.labels",
	"system_labels",
	"tags",
	"adjustment_info.type",
	"adjustment_info.description",
	"transaction_type",
	"seller_name",
	"invoice.publisher_type",
	"subscription.instance_id",
	"consumption_model.description",
}

// Recognize says whether a header is of a usage cost export, standard or detailed.
func Recognize(header table.Header) bool {
	for _, path := range []string{
		"billing_account_id", "invoice.month", "usage_start_time", "service.description", "cost",
	} {
		if indexOf(header, path) < 0 {
			return false
		}
	}
	return true
}

// Columns chooses what to read of rows that name no column which is null: what
// may be null always, and of the rest what the first row names, so that a
// column that the export lacks is missed.
func Columns(first table.Header) table.Header {
	columns := slices.Clone(nullable)
	for _, column := range first {
		if slices.Contains(required, column) && !slices.Contains(nullable, column) || joined(column) {
			columns = append(columns, column)
		}
	}
	slices.Sort(columns)
	return columns
}

// Wants says whether a reader looks at a column: the others need not be decoded.
func Wants(column string) bool { return looked[column] || joined(column) }

// looked is every name, nested or flattened, that is looked up.
var looked = func() map[string]bool {
	names := map[string]bool{}
	for _, path := range slices.Concat(required, nullable) {
		names[path], names[strings.ReplaceAll(path, ".", "_")] = true, true
	}
	return names
}()

// joined tells the columns of a file whose credits were joined to its rows.
func joined(column string) bool {
	return strings.HasPrefix(column, "credits.") || strings.HasPrefix(column, "credits_") ||
		strings.HasPrefix(column, "credit_")
}

// indexOf finds a column under its nested name or its flattened one.
func indexOf(header table.Header, path string) int {
	if at := header.Index(path); at >= 0 {
		return at
	}
	return header.Index(strings.ReplaceAll(path, ".", "_"))
}

// check refuses a header that cannot be read, or only by counting costs twice.
func check(rows table.Rows) error {
	header := rows.Header()
	if indexOf(header, "credits") < 0 {
		if at := slices.IndexFunc(header, joined); at >= 0 {
			return &fault.Error{
				Code: fault.Schema, Place: fault.Place{File: rows.File(), Line: 1, Column: header[at]},
				What: "the credits are joined to the rows: a row with two credits would count its cost twice",
				Cure: "export credits as they are, or as one column: TO_JSON_STRING(credits) AS credits",
			}
		}
	}
	var plain []string // with what the header calls them
	for _, path := range slices.Concat(required, nullable) {
		flat := strings.ReplaceAll(path, ".", "_")
		if flat != path && header.Has(path, flat) {
			return table.Header{path, path}.CheckTwice(rows.File(), 1)
		}
		if header.Index(path) < 0 && header.Index(flat) >= 0 {
			plain = append(plain, path)
		}
	}
	return append(slices.Clone(header), plain...).Require(rows.File(), required...)
}

// columns are positions in the header; -1 where the export has no such column.
type columns struct {
	account, month, kind, service, serviceID, sku, skuName, start, end, project, projectName int
	region, location, currency, cost, listCost, contracted, credits, priced, pricedUnit      int
	used, usedUnit, tier, resource, resourceName, adjustment, adjusted, transaction, seller  int
	publisher, subscription, model                                                           int
	tags                                                                                     [4]int
}

// tagPrefixes mark where a tag comes from, in the order of columns.tags.
var tagPrefixes = [4]string{"labels/", "project.labels/", "system_labels/", "tags/"}

func columnsOf(header table.Header) columns {
	at := func(path string) int { return indexOf(header, path) }
	return columns{
		account:      at("billing_account_id"),
		month:        at("invoice.month"),
		kind:         at("cost_type"),
		service:      at("service.description"),
		serviceID:    at("service.id"),
		sku:          at("sku.id"),
		skuName:      at("sku.description"),
		start:        at("usage_start_time"),
		end:          at("usage_end_time"),
		project:      at("project.id"),
		projectName:  at("project.name"),
		region:       at("location.region"),
		location:     at("location.location"),
		currency:     at("currency"),
		cost:         at("cost"),
		listCost:     at("cost_at_list"),
		contracted:   at("cost_at_effective_price_default"),
		credits:      at("credits"),
		priced:       at("usage.amount_in_pricing_units"),
		pricedUnit:   at("usage.pricing_unit"),
		used:         at("usage.amount"),
		usedUnit:     at("usage.unit"),
		tier:         at("price.tier_start_amount"),
		resource:     at("resource.global_name"),
		resourceName: at("resource.name"),
		adjustment:   at("adjustment_info.type"),
		adjusted:     at("adjustment_info.description"),
		transaction:  at("transaction_type"),
		seller:       at("seller_name"),
		publisher:    at("invoice.publisher_type"),
		subscription: at("subscription.instance_id"),
		model:        at("consumption_model.description"),
		tags:         [4]int{at("labels"), at("project.labels"), at("system_labels"), at("tags")},
	}
}
