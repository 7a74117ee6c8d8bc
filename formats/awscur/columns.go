package awscur

import (
	"slices"
	"strings"

	"magam/domain/charge"
	"magam/formats/table"
)

// required are the columns without which no row can be booked, by their legacy names.
var required = []string{
	"bill/PayerAccountId", MonthColumn, "lineItem/UsageAccountId", "lineItem/LineItemType",
	"lineItem/UsageStartDate", "lineItem/UsageEndDate", "lineItem/ProductCode", "lineItem/CurrencyCode",
	"lineItem/UnblendedCost",
}

// telling are the columns by which a report is known, whatever was left out of it.
var telling = []string{"lineItem/LineItemType", "lineItem/UnblendedCost", "bill/PayerAccountId"}

// ofExports are columns that only CUR 2.0 has.
var ofExports = []string{
	"resource_tags", "cost_category", "tags", "product", "discount", "bill_payer_account_name",
	"line_item_usage_account_name",
}

// Recognize says whether a header is of a legacy cost and usage report as CSV.
func Recognize(header table.Header) bool { return header.Has(telling...) }

// RecognizeParquet says whether a header is of a legacy report as parquet. A CUR
// 2.0 export of none but their common columns looks the same and means the same.
func RecognizeParquet(header table.Header) bool {
	return header.Has(spelling{snaked: true}.names(telling)...) && !RecognizeExport(header)
}

// RecognizeExport says whether a header is of a CUR 2.0 data export: the names of
// a legacy parquet file, and one of the columns that only CUR 2.0 has.
func RecognizeExport(header table.Header) bool {
	return header.Has(spelling{snaked: true}.names(telling)...) &&
		slices.ContainsFunc(ofExports, func(name string) bool { return header.Has(name) })
}

// Where the first row tells the billing period: in a legacy CSV file, and in
// parquet files and CUR 2.0.
const (
	MonthColumn      = "bill/BillingPeriodStartDate"
	MonthColumnSnake = "bill_billing_period_start_date"
)

// columns are positions in the header; -1 where the report has no such column.
type columns struct {
	invoiceID, invoicingEntity, legalEntity, billingEntity, payer, periodStart        int
	account, accountName, kind, start, end, product, usageType, operation, amount     int
	currency, unblended, netUnblended, description, taxType                           int
	productName, serviceName, region, regionCode, sku, rateCode, listCost, term, unit int
	resource, reservationARN, reservationCost, unusedUpfront, unusedRecurring         int
	planARN, planCost, planCommitted, planUsed                                        int
	netReservationCost, netUnusedUpfront, netUnusedRecurring, netPlanCost             int
	tags                                                                              []tagColumn
	maps                                                                              mapColumns
}

func columnsOf(header table.Header) columns {
	found := columnsAt(spellingOf(header).at)
	found.maps = mapsOf(header)
	found.tags = tagColumns(header, found.maps)
	return found
}

// wanted are the names of all columns but tags that are read of a parquet file.
var wanted = func() map[string]bool {
	names := map[string]bool{"discount_total_discount": true}
	for _, name := range ofExports {
		names[name] = true
	}
	columnsAt(func(legacy string) int {
		name := snake(legacy)
		names[name], names[flatARN(name)] = true, true
		return -1
	})
	return names
}()

// Wants says whether a column of a parquet file is read at all.
func Wants(column string) bool {
	return wanted[column] || strings.HasPrefix(column, "resource_tags_") ||
		strings.HasPrefix(column, "cost_category_")
}

// columnsAt looks every column up by its legacy name.
func columnsAt(at func(legacy string) int) columns {
	return columns{
		invoiceID: at("bill/InvoiceId"), invoicingEntity: at("bill/InvoicingEntity"),
		legalEntity: at("lineItem/LegalEntity"), billingEntity: at("bill/BillingEntity"),
		payer: at("bill/PayerAccountId"), periodStart: at(MonthColumn),
		account: at("lineItem/UsageAccountId"), accountName: at("lineItem/UsageAccountName"),
		kind: at("lineItem/LineItemType"), start: at("lineItem/UsageStartDate"),
		end:     at("lineItem/UsageEndDate"),
		product: at("lineItem/ProductCode"), usageType: at("lineItem/UsageType"),
		operation: at("lineItem/Operation"), amount: at("lineItem/UsageAmount"),
		currency: at("lineItem/CurrencyCode"), unblended: at("lineItem/UnblendedCost"),
		netUnblended: at("lineItem/NetUnblendedCost"), description: at("lineItem/LineItemDescription"),
		taxType: at("lineItem/TaxType"), productName: at("product/ProductName"),
		serviceName: at("product/servicename"),
		region:      at("product/region"), regionCode: at("product/regionCode"), sku: at("product/sku"),
		rateCode: at("pricing/RateCode"), listCost: at("pricing/publicOnDemandCost"),
		term: at("pricing/term"), unit: at("pricing/unit"), resource: at("lineItem/ResourceId"),
		reservationARN: at("reservation/ReservationARN"), reservationCost: at("reservation/EffectiveCost"),
		unusedUpfront:   at("reservation/UnusedAmortizedUpfrontFeeForBillingPeriod"),
		unusedRecurring: at("reservation/UnusedRecurringFee"),
		planARN:         at("savingsPlan/SavingsPlanARN"),
		planCost:        at("savingsPlan/SavingsPlanEffectiveCost"),
		planCommitted:   at("savingsPlan/TotalCommitmentToDate"), planUsed: at("savingsPlan/UsedCommitment"),

		netReservationCost: at("reservation/NetEffectiveCost"),
		netUnusedUpfront:   at("reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod"),
		netUnusedRecurring: at("reservation/NetUnusedRecurringFee"),
		netPlanCost:        at("savingsPlan/NetSavingsPlanEffectiveCost"),
	}
}

// tagColumn is a column of one resource tag or cost category.
type tagColumn struct {
	index int
	name  string
	key   []byte // its JSON key with the colon
}

// tagColumns finds resourceTags/<key> and costCategory/<name>, sorted by key so
// that a row's tags come out canonical. A cost category keeps its prefix: it may
// be named like a tag. Where a map holds them too, the map is the one that counts.
func tagColumns(header table.Header, maps mapColumns) []tagColumn {
	var tags []tagColumn
	add := func(i int, key string) {
		tags = append(tags, tagColumn{i, key, append(charge.AppendTagText(nil, []byte(key)), ':')})
	}
	snaked := spellingOf(header).snaked
	for i, column := range header {
		if !snaked {
			key, isTag := strings.CutPrefix(column, "resourceTags/")
			if isTag || strings.HasPrefix(column, "costCategory/") {
				add(i, key)
			}
			continue
		}
		if key, cut := strings.CutPrefix(column, "resource_tags_"); cut && maps.tags < 0 && maps.allTags < 0 {
			add(i, tagKey(key))
		}
		if name, cut := strings.CutPrefix(column, "cost_category_"); cut && maps.category < 0 &&
			maps.allTags < 0 {
			add(i, "costCategory/"+name)
		}
	}
	slices.SortFunc(tags, func(a, b tagColumn) int { return strings.Compare(a.name, b.name) })
	return tags
}
