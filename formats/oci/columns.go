package oci

import (
	"slices"
	"strings"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/formats/table"
)

// required are the columns without which no row can be booked.
var required = []string{
	"lineItem/tenantId", "lineItem/intervalUsageStart", "lineItem/intervalUsageEnd", "product/service",
	"cost/myCost", "cost/currencyCode",
}

// Recognize says whether a header is of a cost report. A usage report has no
// costs and is none.
func Recognize(header table.Header) bool {
	names := namesOf(header)
	return names.at("lineItem/intervalUsageStart") >= 0 && names.at("cost/myCost") >= 0
}

// columns are positions in the header; -1 where the report has no such column.
type columns struct {
	tenant, start, end, service, region, resource                int
	quantity, overQuantity, subscription, sku, description, unit int
	cost, overCost, currency, overage, correction, corrects      int
	tags                                                         []tagColumn
}

// tagColumn is a column of tags, one per key.
type tagColumn struct {
	index int
	name  string
	key   []byte // its JSON key with the colon
}

// columnsOf finds the columns of both generations and refuses a header that
// lacks one that is required.
func columnsOf(file string, header table.Header) (columns, error) {
	names := namesOf(header)
	var missing []string
	for _, name := range required {
		if names.at(name) < 0 {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return columns{}, &fault.Error{
			Code: fault.Schema, Place: fault.Place{File: file, Line: 1, Column: missing[0]},
			What: "columns are missing: " + strings.Join(missing, ", "),
			Cure: "deliver the cost report as Oracle wrote it",
		}
	}
	found := columnsFrom(names.at)
	found.tags = tagColumns(header)
	return found, nil
}

// looked is every name that is looked up, in small letters.
var looked = func() map[string]bool {
	names := map[string]bool{strings.ToLower(compartment): true}
	columnsFrom(func(known ...string) int {
		for _, name := range known {
			names[strings.ToLower(name)] = true
		}
		return -1
	})
	return names
}()

// Wants says whether a reader looks at a column: the others need not be decoded.
func Wants(column string) bool {
	return looked[strings.ToLower(column)] || strings.HasPrefix(column, "tags/")
}

func columnsFrom(at func(known ...string) int) columns {
	return columns{
		tenant: at("lineItem/tenantId"),
		start:  at("lineItem/intervalUsageStart"), end: at("lineItem/intervalUsageEnd"),
		service: at("product/service"), region: at("product/region"), resource: at("product/resourceId"),
		quantity: at("usage/billedQuantity"), overQuantity: at("usage/billedQuantityOverage"),
		subscription: at("cost/subscriptionId"), sku: at("cost/productSku"),
		description: at("product/description"),
		// The unit has had two names; where both stand, the newer reads like an invoice.
		unit: at("cost/skuUnitDescription", "cost/billingUnitReadable"),
		cost: at("cost/myCost"), overCost: at("cost/myCostOverage"), currency: at("cost/currencyCode"),
		overage: at("cost/overageFlag"), correction: at("lineItem/isCorrection"),
		corrects: at("lineItem/backreferenceNo", "lineItem/backReference"),
	}
}

// names are the columns without regard to case, in which generations differ.
type names map[string]int

func namesOf(header table.Header) names {
	found := make(names, len(header))
	for i, column := range header {
		name := strings.ToLower(column)
		if _, there := found[name]; !there {
			found[name] = i
		}
	}
	return found
}

// at is the position of the first name that the header has, and -1 without one.
func (n names) at(known ...string) int {
	for _, name := range known {
		if i, there := n[strings.ToLower(name)]; there {
			return i
		}
	}
	return -1
}

// compartment keeps its column's name as a tag: it may be named like one.
const compartment = "product/compartmentName"

// tagColumns finds tags/<namespace>.<key>, tags/<key> and the compartment, sorted
// by key so that a row's tags come out canonical.
func tagColumns(header table.Header) []tagColumn {
	var tags []tagColumn
	for i, column := range header {
		key, isTag := strings.CutPrefix(column, "tags/")
		if strings.EqualFold(column, compartment) {
			key, isTag = compartment, true
		}
		if isTag {
			tags = append(tags, tagColumn{i, key, append(charge.AppendTagText(nil, []byte(key)), ':')})
		}
	}
	slices.SortFunc(tags, func(a, b tagColumn) int { return strings.Compare(a.name, b.name) })
	return tags
}
