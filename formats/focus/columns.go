package focus

import (
	"maps"
	"slices"

	"magam/formats/table"
)

// required are the columns without which no row can be booked. ProviderName
// is one more, or the ServiceProviderName that replaces it from FOCUS 1.3 on.
var required = []string{
	"BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "BillingCurrency", "BillingAccountId",
	"BillingPeriodStart", "ChargeCategory", "ChargePeriodStart", "ChargePeriodEnd", "ServiceName",
}

// MonthColumn is where the first row tells the billing period.
const MonthColumn = "BillingPeriodStart"

// Recognize says whether a header is of a FOCUS export, of any version so far.
func Recognize(header table.Header) bool {
	return header.Has("BilledCost", "ChargeCategory", "BillingPeriodStart")
}

// looked is every name that columnsOf looks up.
var looked = func() map[string]bool {
	names := map[string]bool{}
	columnsOf(func(name string) int {
		names[name] = true
		return -1
	})
	return names
}()

// Wants says whether a reader looks at a column: the others need not be decoded.
func Wants(column string) bool { return looked[column] }

// Columns chooses what to read of rows of JSON, which may leave out what is null:
// what may be null always, and of the rest what the first row names, so that a
// column that the export lacks is missed.
func Columns(first table.Header) table.Header {
	named := append(slices.Clone(required), "ProviderName", "ServiceProviderName")
	columns := slices.Sorted(maps.Keys(looked))
	return slices.DeleteFunc(columns, func(name string) bool {
		return slices.Contains(named, name) && !slices.Contains(first, name)
	})
}

// columns are positions in the header; -1 where the export has no such column.
type columns struct {
	provider, serviceProvider, hostProvider, account, invoice, issuer, publisher        int
	currency, periodStart                                                               int
	subAccount, subAccountName, category, class, serviceCode, service, usageType, meter int
	azureMeter, azureInvoice                                                            int
	operation, region, regionName, sku, skuPrice, unit, consumedUnit, pricing           int
	description, resource, tags, commitment, status, start, end, quantity, consumed     int
	billed, effective, list, contracted                                                 int
}

// columnsOf reads FOCUS's names, and the x_ names of AWS and Azure for what
// FOCUS has no column for.
func columnsOf(at func(name string) int) columns {
	return columns{
		provider: at("ProviderName"), serviceProvider: at("ServiceProviderName"),
		hostProvider: at("HostProviderName"),
		account:      at("BillingAccountId"),
		invoice:      at("InvoiceId"), issuer: at("InvoiceIssuerName"), publisher: at("PublisherName"),
		currency: at("BillingCurrency"), periodStart: at(MonthColumn), subAccount: at("SubAccountId"),
		subAccountName: at("SubAccountName"), category: at("ChargeCategory"), class: at("ChargeClass"),
		serviceCode: at("x_ServiceCode"), service: at("ServiceName"), usageType: at("x_UsageType"),
		meter: at("SkuMeter"), azureMeter: at("x_SkuMeterName"), azureInvoice: at("x_InvoiceId"),
		operation: at("x_Operation"), region: at("RegionId"), regionName: at("RegionName"), sku: at("SkuId"),
		skuPrice: at("SkuPriceId"), unit: at("PricingUnit"), consumedUnit: at("ConsumedUnit"),
		pricing: at("PricingCategory"), description: at("ChargeDescription"), resource: at("ResourceId"),
		tags: at("Tags"), commitment: at("CommitmentDiscountId"), status: at("CommitmentDiscountStatus"),
		start: at("ChargePeriodStart"), end: at("ChargePeriodEnd"), quantity: at("PricingQuantity"),
		consumed: at("ConsumedQuantity"), billed: at("BilledCost"), effective: at("EffectiveCost"),
		list: at("ListCost"), contracted: at("ContractedCost"),
	}
}
