// Package pricing turns basis cost into price: which rule matches a group, and
// what it does to it.
//
// It owns the order of rules from general to specific and the arithmetic of a
// rule. It does not own credits (see credit) or rounding (see money).
package pricing

import (
	"fmt"

	"github.com/shopspring/decimal"

	"magam/domain/fault"
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
	Pool                           string // customer, account: what a table, a minimum or a cap sums up
	Valid                          period.Span
	Row                            int // its row in the sheet, which names it in messages
}

// Kind is what a rule does.
type Kind string

// The kinds of price rules. The first four set the price of a charge, and one of
// them wins; a minimum and a cap bound what the price has come to.
const (
	KindDiscount  Kind = "discount"
	KindMarkup    Kind = "markup"
	KindUnitPrice Kind = "unit-price"
	KindTier      Kind = "tier"
	KindMinimum   Kind = "minimum"
	KindCap       Kind = "cap"
)

// Refused is why a rule cannot be carried out: it parks the customer.
func (r Rule) Refused(why string) error {
	return &fault.Error{
		Code:  fault.Contract,
		Place: fault.Place{File: "prices", Line: int64(r.Row)},
		What:  fmt.Sprintf("rule %s cannot be carried out: %s", r.ID, why),
		Cure:  "correct it in the prices sheet, then retry the parked customer",
	}
}
