package charge

import (
	"github.com/shopspring/decimal"

	"magam/domain/money"
	"magam/domain/period"
)

// Group is a sum of charge lines that agree in every field named here. SQL adds
// the lines up exactly; everything after that is judged on groups. Empty
// fields are what the provider left empty, or what the sum was not asked for.
type Group struct {
	Provider        string // aws, azure, gcp, oci, other
	BillingAccount  string
	SubAccount      string
	InvoiceIssuer   string // the invoicing entity
	BillingEntity   string
	Currency        money.Currency
	ServiceCode     string
	ServiceName     string
	UsageType       string
	Region          string
	SkuID           string
	Unit            string
	LineType        string
	Category        Category
	Class           Class
	PricingCategory string
	CommitmentID    string
	Tags            string       // canonical JSON, empty unless a rule asks for tags
	ChargeMonth     period.Month // the month of use, where it differs from the bill's

	Rows       int64
	Quantity   decimal.Decimal // in Unit
	Billed     decimal.Decimal // all in Currency
	Effective  decimal.Decimal
	List       decimal.Decimal
	Contracted decimal.Decimal
}
