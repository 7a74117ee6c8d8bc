package awscur

import (
	"slices"
	"strings"

	"magam/domain/charge"
	"magam/formats/table"
)

// required are the columns without which no row can be booked.
var required = []string{
	"bill/PayerAccountId", "bill/BillingPeriodStartDate", "lineItem/UsageAccountId", "lineItem/LineItemType",
	"lineItem/UsageStartDate", "lineItem/UsageEndDate", "lineItem/ProductCode", "lineItem/CurrencyCode",
	"lineItem/UnblendedCost",
}

// Recognize says whether a header is of a legacy cost and usage report.
func Recognize(header table.Header) bool {
	return header.Has("lineItem/LineItemType", "lineItem/UnblendedCost", "bill/PayerAccountId")
}

// MonthColumn is where the first row tells the billing period.
const MonthColumn = "bill/BillingPeriodStartDate"

// columns are positions in the header; -1 where the report has no such column.
type columns struct {
	invoiceID, invoicingEntity, legalEntity, billingEntity, payer, periodStart        int
	account, accountName, kind, start, end, product, usageType, operation, amount     int
	currency, unblended, netUnblended, description, taxType                           int
	productName, serviceName, region, regionCode, sku, rateCode, listCost, term, unit int
	resource, reservationARN, reservationCost, unusedUpfront, unusedRecurring         int
	planARN, planCost, planCommitted, planUsed                                        int
	tags                                                                              []tagColumn
}

// tagColumn is a column of resource tags or cost categories.
type tagColumn struct {
	index int
	name  string
	key   []byte // its JSON key with the colon
}

func columnsOf(header table.Header) columns {
	at := header.Index
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
		tags: tagColumns(header),
	}
}

// tagColumns finds resourceTags/<key> and costCategory/<name>, sorted by key so
// that a row's tags come out canonical. A cost category keeps its prefix: it may
// be named like a tag.
func tagColumns(header table.Header) []tagColumn {
	var tags []tagColumn
	for i, column := range header {
		key, isTag := strings.CutPrefix(column, "resourceTags/")
		if !isTag && !strings.HasPrefix(column, "costCategory/") {
			continue
		}
		tags = append(tags, tagColumn{i, key, append(charge.AppendTagText(nil, []byte(key)), ':')})
	}
	slices.SortFunc(tags, func(a, b tagColumn) int { return strings.Compare(a.name, b.name) })
	return tags
}
