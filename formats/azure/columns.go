package azure

import (
	"slices"
	"strings"

	"magam/domain/fault"
	"magam/formats/table"
)

// The names that a column goes by, the best first, spelt as plain makes them.
// Agreements, versions and languages differ in nothing else.
var (
	costNames         = []string{"costinbillingcurrency", "cost", "pretaxcost", "extendedcost"}
	currencyNames     = []string{"billingcurrencycode", "billingcurrency", "currency", "currencycode"}
	dateNames         = []string{"date", "usagedatetime", "usagedate"}
	subscriptionNames = []string{"subscriptionid", "subscriptionguid"}
	serviceNames      = []string{"metercategory"}
	periodNames       = []string{"billingperiodstartdate", "billingperiodstart"}
	periodEndNames    = []string{"billingperiodenddate", "billingperiodend"}
)

// required are the columns without which no row can be booked, as the current
// schemas call them.
var required = []struct {
	name  string
	known []string
}{
	{"SubscriptionId", subscriptionNames},
	{"Date", dateNames},
	{"MeterCategory", serviceNames},
	{"CostInBillingCurrency", costNames},
	{"BillingCurrency", currencyNames},
}

// Recognize says whether a header is of a cost details export, actual or
// amortized: both have the same columns.
func Recognize(header table.Header) bool {
	names := namesOf(header)
	return names.at(subscriptionNames) >= 0 && names.at(serviceNames) >= 0 && names.at(costNames) >= 0
}

// columns are positions in the header; -1 where the export has no such column.
type columns struct {
	billingAccount, invoice, currency, periodStart, periodEnd, date                    int
	subscription, subscriptionName, customer, customerName                             int
	chargeType, pricingModel, publisherType, category, subCategory, meter, meterID     int
	consumedService, product, part, region, unit, resource, tags, benefit, reservation int
	cost, quantity, listCost, listPrice, pricingCurrency                               int
}

// columnsOf finds the columns and refuses a header that lacks one that is
// required, or that names one twice.
func columnsOf(file string, header table.Header) (columns, error) {
	names := namesOf(header)
	var missing []string
	for _, one := range required {
		if names.at(one.known) < 0 {
			missing = append(missing, one.name)
		}
	}
	if len(missing) > 0 {
		return columns{}, &fault.Error{
			Code: fault.Schema, Place: fault.Place{File: file, Line: 1, Column: missing[0]},
			What: "columns are missing: " + strings.Join(missing, ", "),
			Cure: "add them to the export's definition and have it delivered again",
		}
	}
	return columnsFrom(names), names.checkTwice(file, header)
}

// looked is every name that is looked up.
var looked = func() map[string]bool {
	names := names{looked: map[string]bool{}}
	columnsFrom(names)
	return names.looked
}()

// Wants says whether a reader looks at a column: the others need not be decoded.
func Wants(column string) bool { return looked[plain(column)] }

func columnsFrom(names names) columns {
	at := func(known ...string) int { return names.at(known) }
	return columns{
		// What is invoiced is the billing profile, where the agreement has any, as in
		// Azure's own FOCUS exports.
		billingAccount: at("billingprofileid", "billingaccountid", "enrollmentnumber"),
		invoice:        at("invoiceid", "invoicenumber"),
		currency:       names.at(currencyNames), periodStart: names.at(periodNames),
		periodEnd: names.at(periodEndNames), date: names.at(dateNames),
		subscription: names.at(subscriptionNames), subscriptionName: at("subscriptionname"),
		customer: at("customertenantid"), customerName: at("customername"),
		chargeType: at("chargetype"), pricingModel: at("pricingmodel"), publisherType: at("publishertype"),
		category: names.at(serviceNames), subCategory: at("metersubcategory"), meter: at("metername"),
		meterID: at("meterid"), consumedService: at("consumedservice"), product: at("productname", "product"),
		part: at("partnumber", "productid"), unit: at("unitofmeasure"),
		region:   at("resourcelocation", "location", "meterregion"),
		resource: at("resourceid", "instanceid", "instancename"),
		tags:     at("tags"), benefit: at("benefitid"), reservation: at("reservationid"),
		cost: names.at(costNames), quantity: at("quantity", "usagequantity", "consumedquantity"),
		listCost: at("paygcostinbillingcurrency"), listPrice: at("paygprice"),
		pricingCurrency: at("pricingcurrency", "pricingcurrencycode"),
	}
}

// names are the columns by their plain names.
type names struct {
	index  map[string]int
	twice  []int // columns whose plain name stood before
	used   map[int]bool
	looked map[string]bool // notes what is looked up, unless nil
}

func namesOf(header table.Header) names {
	found := names{index: make(map[string]int, len(header)), used: map[int]bool{}}
	for i, column := range header {
		name := plain(column)
		if _, there := found.index[name]; there {
			found.twice = append(found.twice, i)
			continue
		}
		found.index[name] = i
	}
	return found
}

// at is the position of the best name that the header has, and -1 without one.
func (n names) at(known []string) int {
	for _, name := range known {
		if n.looked != nil {
			n.looked[name] = true
		}
		if i, there := n.index[name]; there {
			n.used[i] = true
			return i
		}
	}
	return -1
}

// checkTwice refuses two spellings of a column that is read: which of them is
// meant cannot be known.
func (n names) checkTwice(file string, header table.Header) error {
	at := slices.IndexFunc(n.twice, func(i int) bool { return n.used[n.index[plain(header[i])]] })
	if at < 0 {
		return nil
	}
	return &fault.Error{
		Code: fault.Schema, Place: fault.Place{File: file, Line: 1, Column: header[n.twice[at]]},
		What: "the column is there twice, spelt differently",
		Cure: "have the export delivered with each column once",
	}
}

// plain takes away what schemas and languages differ in: "Meter Category",
// "meterCategory" and "Kategorie der Verbrauchseinheit (MeterCategory)" are one.
// Where a translation is followed by the English name, only that one counts:
// translators have given two columns the same word.
func plain(column string) string {
	if open := strings.LastIndexByte(column, '('); open > 0 && strings.HasSuffix(column, ")") {
		column = column[open+1 : len(column)-1]
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '_' || r == '-' || r == '\ufeff':
			return -1
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		default:
			return r
		}
	}, column)
}
