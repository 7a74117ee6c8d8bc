// Package pricing turns basis cost into price: which rule matches a group, and
// what it does to it.
//
// It owns the order of rules from general to specific and the arithmetic of a
// rule. It does not own credits (see credit) or rounding (see money).
package pricing

import (
	"github.com/shopspring/decimal"

	"magam/domain/period"
)

// Rule is one row of the prices sheet. Empty scope columns match anything.
type Rule struct {
	ID, Customer                   string // "*" is every customer
	Category, Provider             string
	BillingEntity, InvoicingEntity string
	Service, UsageType, SKU        string
	Region, SubAccount             string
	TagKey, TagValue               string
	Kind                           Kind
	Value                          decimal.Decimal // per cent, or per unit in source currency
	TierFrom, TierTo               decimal.Decimal
	TierKind                       string // graduated, volume
	Pool                           string // customer, account
	Valid                          period.Span
	Row                            int // its row in the sheet, which names it in messages
}

// Kind is what a rule does.
type Kind string

// The kinds of price rules. Those that are not built yet park the customer.
const (
	KindDiscount  Kind = "discount"
	KindMarkup    Kind = "markup"
	KindUnitPrice Kind = "unit-price"
	KindTier      Kind = "tier"
	KindMinimum   Kind = "minimum"
	KindCap       Kind = "cap"
)
