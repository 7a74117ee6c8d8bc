// Package margin says what a month's documents cost us and what they bring in,
// and what of the provider's bill is on none of them.
//
// It owns bought, sold and margin, the lists of leaks, and the month's report to
// finance. It does not own what is sold (see invoice: the snapshots are the truth
// of it) nor the proof (see closing).
//
// For any document, bought + the deltas of the other steps of its lines = sold,
// to the last digit. Nothing is added across currencies: a source currency turns
// into the document's at the rate that the document froze, and what is on no
// document stays in its own.
package margin

import (
	"github.com/shopspring/decimal"

	"magam/domain/invoice"
	"magam/domain/money"
)

// Position is what some lines cost us and bring in. All lines of a position have
// one source currency and one document currency.
type Position struct {
	Source    money.Currency  // of the provider's bill
	Currency  money.Currency  // of the document
	Bought    decimal.Decimal // in Source
	Converted decimal.Decimal // bought, in Currency at the documents' frozen rates
	Sold      decimal.Decimal // supply value before tax, in Currency
	Rounded   decimal.Decimal // what rounding added to Sold, in Currency
}

// Margin is what is left of what was sold, in the document's currency.
func (p Position) Margin() decimal.Decimal { return p.Sold.Sub(p.Converted) }

// percentPlaces are those of a printed margin rate.
const percentPlaces = 2

// Percent is the margin per hundred sold; there is none where nothing was sold.
func (p Position) Percent() (rate decimal.Decimal, known bool) {
	return percent(p.Margin(), p.Sold)
}

func percent(margin, sold decimal.Decimal) (decimal.Decimal, bool) {
	if !sold.IsPositive() {
		return decimal.Zero, false
	}
	return money.Quotient(margin.Shift(percentPlaces), sold, percentPlaces), true
}

// Lost says whether less was sold than bought, by more than rounding took.
func (p Position) Lost() bool { return p.Margin().Sub(p.Rounded).IsNegative() }

// Plus adds another position of the same two currencies.
func (p Position) Plus(q Position) Position {
	p.Bought, p.Converted = p.Bought.Add(q.Bought), p.Converted.Add(q.Converted)
	p.Sold, p.Rounded = p.Sold.Add(q.Sold), p.Rounded.Add(q.Rounded)
	return p
}

// isCost says which steps of a line's chain are the provider's cost: what was
// billed, and what was moved to the line from other accounts' bills.
func isCost(name invoice.StepName) bool {
	return name == invoice.StepBilled || name == invoice.StepBenefit || name == invoice.StepShared
}

// Cause is what one rule did to the distance between bought and sold, in the
// document's currency.
type Cause struct {
	Step   invoice.StepName
	Rule   string // empty where the step has none
	Amount decimal.Decimal
}
