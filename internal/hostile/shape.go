package hostile

import (
	"slices"
	"strings"

	"magam/domain/fault"
)

// shape is one layout of exports with a row that is in order, and which of its
// columns carries what. Every shape is tortured in the same ways.
type shape struct {
	name     string
	columns  []string
	row      map[string]string // by column; what is missing is empty
	cost     string
	quantity string
	start    string
	kind     string // of line or charge
	currency string
	month    string // the billing period's column; empty where it is derived
	format   string // that the ingest is told; empty leaves it to the header
	optional bool   // a kind may be missing
	// required are columns without which nothing can be booked, and by which the
	// shape is not told.
	required []string
}

var shapes = []shape{cur, cur2, focus, azureActual, oracle}

var cur = shape{
	name: "cur",
	columns: []string{
		"bill/InvoiceId",
		"bill/BillingEntity",
		"bill/PayerAccountId",
		"bill/BillingPeriodStartDate",
		"lineItem/UsageAccountId",
		"lineItem/LineItemType",
		"lineItem/UsageStartDate",
		"lineItem/UsageEndDate",
		"lineItem/ProductCode",
		"lineItem/UsageType",
		"lineItem/UsageAmount",
		"lineItem/CurrencyCode",
		"lineItem/UnblendedCost",
		"resourceTags/user:Name",
	},
	row: map[string]string{
		"bill/BillingEntity": "AWS", "bill/PayerAccountId": "999999999999",
		"bill/BillingPeriodStartDate": "2026-10-01T00:00:00Z", "lineItem/UsageAccountId": "111111111111",
		"lineItem/LineItemType": "Usage", "lineItem/UsageStartDate": "2026-10-03T05:00:00Z",
		"lineItem/UsageEndDate": "2026-10-03T06:00:00Z", "lineItem/ProductCode": "AmazonEC2",
		"lineItem/UsageType": "APN2-BoxUsage", "lineItem/UsageAmount": "1", "lineItem/CurrencyCode": "USD",
		"lineItem/UnblendedCost": "100.00",
	},
	cost: "lineItem/UnblendedCost", quantity: "lineItem/UsageAmount", start: "lineItem/UsageStartDate",
	kind: "lineItem/LineItemType", currency: "lineItem/CurrencyCode", month: "bill/BillingPeriodStartDate",
	required: []string{
		"lineItem/UsageAccountId", "lineItem/UsageStartDate", "lineItem/UsageEndDate",
		"lineItem/ProductCode", "lineItem/CurrencyCode", "bill/BillingPeriodStartDate",
	},
}

var focus = shape{
	name: "focus",
	columns: []string{
		"BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "BillingCurrency", "BillingAccountId",
		"BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargePeriodStart", "ChargePeriodEnd",
		"ServiceName", "ProviderName", "PricingQuantity", "PricingUnit", "SubAccountId", "Tags",
	},
	row: map[string]string{
		"BilledCost": "100.00", "EffectiveCost": "90", "ListCost": "110", "ContractedCost": "100",
		"BillingCurrency": "USD", "BillingAccountId": "1234", "BillingPeriodStart": "2026-10-01T00:00:00Z",
		"ChargeCategory": "Usage", "ChargePeriodStart": "2026-10-03T05:00:00Z",
		"ChargePeriodEnd": "2026-10-03T06:00:00Z", "ServiceName": "Storage", "ProviderName": "AWS",
		"PricingQuantity": "1", "PricingUnit": "Hours", "SubAccountId": "42",
	},
	cost: "BilledCost", quantity: "PricingQuantity", start: "ChargePeriodStart", kind: "ChargeCategory",
	currency: "BillingCurrency", month: "BillingPeriodStart",
	required: []string{
		"EffectiveCost", "ListCost", "ContractedCost", "BillingCurrency", "BillingAccountId",
		"ChargePeriodStart", "ChargePeriodEnd", "ServiceName", "ProviderName",
	},
}

var azureActual = shape{
	name: "azure", format: "azure-actual", optional: true,
	columns: []string{
		"billingAccountId",
		"billingPeriodStartDate",
		"billingPeriodEndDate",
		"date",
		"SubscriptionId",
		"publisherType",
		"meterCategory",
		"meterName",
		"chargeType",
		"quantity",
		"unitOfMeasure",
		"costInBillingCurrency",
		"billingCurrency",
		"tags",
	},
	row: map[string]string{
		"billingAccountId":       "8611537",
		"billingPeriodStartDate": "2026-10-01",
		"billingPeriodEndDate":   "2026-10-31",
		"date":                   "2026-10-03",
		"SubscriptionId":         "sub-1",
		"publisherType":          "Azure",
		"meterCategory":          "Virtual Machines",
		"meterName":              "D4s v5",
		"chargeType":             "Usage",
		"quantity":               "1",
		"unitOfMeasure":          "1 Hour",
		"costInBillingCurrency":  "100.00",
		"billingCurrency":        "USD",
	},
	cost: "costInBillingCurrency", quantity: "quantity", start: "date", kind: "chargeType",
	currency: "billingCurrency",
	required: []string{"date", "billingCurrency"},
}

var oracle = shape{
	name: "oci",
	columns: []string{
		"lineItem/referenceNo",
		"lineItem/tenantId",
		"lineItem/intervalUsageStart",
		"lineItem/intervalUsageEnd",
		"product/service",
		"product/resource",
		"product/compartmentId",
		"product/region",
		"usage/billedQuantity",
		"cost/productSku",
		"cost/unitPrice",
		"cost/myCost",
		"cost/currencyCode",
		"lineItem/isCorrection",
		"tags/Oracle.Name",
	},
	row: map[string]string{
		"lineItem/referenceNo":        "r-1",
		"lineItem/tenantId":           "ocid1.tenancy.oc1..a",
		"lineItem/intervalUsageStart": "2026-10-03T05:00Z",
		"lineItem/intervalUsageEnd":   "2026-10-03T06:00Z",
		"product/service":             "COMPUTE",
		"product/resource":            "PIC",
		"product/compartmentId":       "ocid1.compartment.oc1..b",
		"product/region":              "ap-seoul-1",
		"usage/billedQuantity":        "1",
		"cost/productSku":             "B1",
		"cost/unitPrice":              "100",
		"cost/myCost":                 "100.00",
		"cost/currencyCode":           "USD",
		"lineItem/isCorrection":       "false",
	},
	cost: "cost/myCost", quantity: "usage/billedQuantity", start: "lineItem/intervalUsageStart",
	currency: "cost/currencyCode",
	required: []string{
		"lineItem/tenantId", "lineItem/intervalUsageEnd", "product/service", "cost/currencyCode",
	},
}

// header is the first line.
func (s shape) header() string { return line(s.columns) }

// good is a row that is in order.
func (s shape) good() string { return s.with(nil) }

// with is a row whose given cells differ from the one in order.
func (s shape) with(given map[string]string) string {
	cells := make([]string, len(s.columns))
	for i, column := range s.columns {
		cells[i] = s.row[column]
		if value, differs := given[column]; differs {
			cells[i] = value
		}
	}
	return line(cells)
}

// file is a header with rows below it.
func (s shape) file(rows ...string) []byte { return []byte(s.header() + strings.Join(rows, "")) }

// line quotes what needs it.
func line(cells []string) string {
	quoted := make([]string, len(cells))
	for i, cell := range cells {
		quoted[i] = cell
		if strings.ContainsAny(cell, "\",\r\n") {
			quoted[i] = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
	}
	return strings.Join(quoted, ",") + "\n"
}

// headers are files whose first line lies.
func (s shape) headers() []Case {
	cases := []Case{
		taken(s.name+": in order", "a.csv", s.file(s.good(), s.good()), 2),
		taken(s.name+": a byte order mark", "a.csv", append([]byte("\xef\xbb\xbf"), s.file(s.good())...), 1),
		taken(s.name+": line ends of Windows", "a.csv",
			[]byte(strings.ReplaceAll(string(s.file(s.good(), s.good())), "\n", "\r\n")), 2),
		taken(s.name+": blank lines between", "a.csv", s.file(s.good(), "\n", "\n", s.good(), "\n"), 2),
		taken(s.name+": columns in reverse", "a.csv", s.reversed(), 1),
		taken(s.name+": a column that nobody knows", "a.csv", s.grown("x_Unknown"), 1),
		refused(s.name+": the first column twice", "a.csv", s.grown(s.columns[0]), fault.Schema),
		refused(s.name+": a row of one cell less", "a.csv",
			s.file(s.good(), s.good()[strings.Index(s.good(), ",")+1:]), fault.Schema),
		refused(s.name+": a row of one cell more", "a.csv", s.file(s.good(), "x,"+s.good()), fault.Schema),
		refused(s.name+": the header again in the middle", "a.csv", s.file(s.good(), s.header()), ""),
	}
	again := &cases[len(cases)-1]
	again.Rows, again.Aside = 1, map[fault.Code]int64{fault.Date: 1}
	for _, column := range s.required {
		cases = append(cases, refused(s.name+": without "+column, "a.csv", s.renamed(column), fault.Schema))
	}
	return cases
}

func (s shape) reversed() []byte {
	turned := s
	turned.columns = slices.Clone(s.columns)
	slices.Reverse(turned.columns)
	return turned.file(turned.good())
}

func (s shape) grown(column string) []byte {
	larger := s
	larger.columns = append(slices.Clone(s.columns), column)
	return larger.file(larger.good())
}

func (s shape) renamed(column string) []byte {
	other := s
	other.columns = slices.Clone(s.columns)
	other.columns[slices.Index(other.columns, column)] = "renamed"
	return other.file(other.good())
}
