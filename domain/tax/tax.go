// Package tax holds exchange rates, value added tax and consumption tax.
//
// It owns which rate applies on which day and the category of a line. Rates are
// effective-dated data, never code. It does not own rounding (see money).
package tax

import (
	"time"

	"github.com/shopspring/decimal"

	"magam/domain/money"
	"magam/domain/period"
)

// FXRate is one row of the rates sheet: Per units of Base cost Value of Quote.
type FXRate struct {
	Date        time.Time
	Base, Quote money.Currency
	Type        string // 매매기준율, TTS, customs
	Per         int    // 1 or 100
	Value       decimal.Decimal
	Source      string
	ApprovedBy  string
}

// Rate is one row of the taxes sheet: a tax's percentage and when it holds.
type Rate struct {
	Tax   string // kr-vat, jp-ct
	Kind  string // standard, reduced; empty is standard
	Rate  decimal.Decimal
	Valid period.Span
}

// Rule is one row of the tax_rules sheet: which lines are in which category.
type Rule struct {
	InvoicingEntity, BillingEntity, Service, Category string
	TaxCategory                                       Category
	Valid                                             period.Span
}

// Category is how a line is taxed.
type Category string

// The tax categories.
const (
	Taxable      Category = "taxable"
	Reduced      Category = "reduced" // at the reduced rate, in the months in which there is one
	ZeroRated    Category = "zero-rated"
	Exempt       Category = "exempt"
	AlreadyTaxed Category = "already-taxed"
)
