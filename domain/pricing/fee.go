package pricing

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
)

// FeeKind says what a fee is for.
type FeeKind string

// The kinds of fees.
const (
	FeeSupport    FeeKind = "support"
	FeeManagement FeeKind = "management"
	FeeSavings    FeeKind = "savings"
)

// Fee is what we charge beside the provider's cost: one row of the fees sheet.
type Fee struct {
	ID, Customer, Provider string // no provider: every document's, the flat part once (ruling R-8)
	Kind                   FeeKind
	Plan                   string          // a table of the plans sheet, or
	Rate                   decimal.Decimal // per cent of the base
	Flat, Minimum          decimal.Decimal // in Currency
	Currency               money.Currency  // empty is the bill's only source currency
	Per                    string          // customer, account
	ExcludeServices        []string        // by the provider's code or name
	Valid                  period.Span
	Row                    int // its row in the sheet, which names it in messages
}

// marketplace is the billing entity of what others sell through the provider.
const marketplace = "Marketplace"

// Counts says whether a group belongs to a fee's base: usage and purchases
// after the price rules, with the provider's discounts that follow them. Credits,
// taxes and excluded services do not, and of a support fee neither does the
// Marketplace nor the provider's own support (ruling R-9).
func (f Fee) Counts(g charge.Group) bool {
	if !(&Rule{}).touches(g) ||
		slices.Contains(f.ExcludeServices,
			g.ServiceCode) || slices.Contains(f.ExcludeServices, g.ServiceName) {
		return false
	}
	if f.Kind != FeeSupport {
		return true
	}
	return !strings.Contains(g.BillingEntity, marketplace) && !isSupport(g)
}

// isSupport tells the provider's own support: AWSSupportBusiness, Microsoft
// Support, Google Cloud Support.
func isSupport(g charge.Group) bool {
	return strings.Contains(g.ServiceCode, "Support") || strings.Contains(g.ServiceName, "Support")
}

// Of is what a support or management fee takes of a base in the fee's
// currency, at full precision: the plan's table or the rate, the flat sum on
// top, and at least the minimum.
func (f Fee) Of(base decimal.Decimal, plan *Plan) decimal.Decimal {
	amount := f.Flat
	switch {
	case plan != nil:
		amount = amount.Add(plan.Fee(base))
	case base.IsPositive():
		amount = amount.Add(money.Percent(base, f.Rate))
	}
	return decimal.Max(amount, f.Minimum)
}

// IsSum says whether a fee holds anything but a rate: only a rate can be taken
// of each currency apart.
func (f Fee) IsSum() bool {
	return f.Plan != "" || !f.Flat.IsZero() || !f.Minimum.IsZero()
}

// Refused is why a fee cannot be carried out: it parks the customer.
func (f Fee) Refused(why string) error {
	return &fault.Error{
		Code:  fault.Contract,
		Place: fault.Place{File: "fees", Line: int64(f.Row)},
		What:  fmt.Sprintf("fee %s cannot be carried out: %s", f.ID, why),
		Cure:  "correct it in the fees sheet, then retry the parked customer",
	}
}
