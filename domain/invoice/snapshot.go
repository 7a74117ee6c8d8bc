// Package invoice assembles, totals, freezes and numbers a customer's document.
//
// It owns the chain of steps from basis to total and the invariants of a close.
// It does not own the rules of a step (see pricing, credit, tax), nor how a
// document looks (see templates).
package invoice

import (
	"time"

	"github.com/shopspring/decimal"

	"magam/domain/money"
	"magam/domain/period"
	"magam/domain/tax"
)

// Snapshot is a whole document as it is frozen: everything that a page, a
// workbook or a mail shows, and nothing that could change later. Documents are
// rendered from it alone, so the same snapshot gives the same bytes years later.
type Snapshot struct {
	Schema   int    // of this struct; readers refuse what they do not know
	Number   string // empty while a draft
	Kind     Kind
	Revision int
	Corrects string // the number of the document that a note corrects

	Issuer   Party
	Customer Party
	Salesman Salesman
	Language string // ko, en, ja
	Color    string // the issuer's accent, #RRGGBB
	Bank     string // the account to pay into

	Provider    string
	Month       period.Month
	IssuedOn    Date // the last day of the month
	DueOn       Date
	DataAsOf    Date // 최종집계일자: the provider's latest change that is in
	Provisional bool
	GroupBy     string // account, alias

	Currency    money.Currency // of the document
	Rounding    Rounding       // the contract's terms, so that every reader can check the sums
	TaxName     string         // kr-vat, jp-ct, none
	TaxRounding money.Mode
	Sources     []SourceTotal // one per source currency, sorted
	Lines       []Line        // finest grain, sorted, numbered from 1
	Credits     []CreditUse
	Adjustments []AdjustmentUse
	Taxes       []TaxTotal // one per category and rate, sorted

	Supply   decimal.Decimal // 공급가액, in Currency, rounded
	Tax      decimal.Decimal // 세액
	AfterTax decimal.Decimal // adjustments outside the supply value
	Total    decimal.Decimal // what is owed: Supply + Tax + AfterTax

	History []MonthTotal // up to six months before this one, oldest first

	Fees []FeeUse `json:",omitempty"` // what we charge beside the provider's cost, sorted

	Deferred bool       `json:",omitempty"` // it gets no number: the document of its quarter bills it
	Months   []Snapshot `json:",omitempty"` // of a quarter's document: what it bills, oldest first
}

// Kind is what a document is.
type Kind string

// The kinds of documents.
const (
	KindInvoice Kind = "invoice"
	KindNote    Kind = "note" // a signed correction that names a finalized invoice
)

// Rounding is how the supply value is rounded.
type Rounding struct {
	Point string // line, product, document
	Mode  money.Mode
	Unit  decimal.Decimal // in the document's currency
}

// Party is a supplier or a recipient as printed, in the document's language.
type Party struct {
	Code, Name                        string
	BusinessNumber, BranchID, TNumber string
	Representative                    string
	BusinessType, BusinessItem        string
	Address                           string
	Country                           string
	Email                             string // of the issuer's billing desk; empty for customers
}

// Salesman is whom the customer may ask.
type Salesman struct {
	Name, Email string
}

// SourceTotal is what one source currency contributed and at which rate.
type SourceTotal struct {
	Currency  money.Currency
	Billed    decimal.Decimal // the provider's billed cost of all lines, our rules not applied
	Net       decimal.Decimal // after every step in source currency
	Rate      decimal.Decimal // Per units of Currency in the document's currency; 1 where equal
	Per       int
	RateOn    Date // the listing day, or the month's last for an average
	RateType  string
	RateRule  string          // month-end, month-average, day:25
	Converted decimal.Decimal // at full precision, before rounding
}

// Line is the finest line of a document: account × service × usage type × tax
// category × source currency. Coarser documents add these up.
type Line struct {
	Position    int // from 1, stable within the snapshot
	Account     string
	AccountName string // the alias, or the account again
	Service     string // the provider's code
	ServiceName string
	UsageType   string
	Unit        string
	Quantity    decimal.Decimal
	Source      money.Currency
	Billed      decimal.Decimal // provider's billed cost, in Source
	Net         decimal.Decimal // after every step in Source
	TaxCategory tax.Category
	Amount      decimal.Decimal // supply value, in the document's currency, rounded
	Steps       []Step          // from billed to rounding, ending at Amount
}

// Step is one link of a line's chain. Delta is what the step added; the first
// step, billed, adds the provider's billed cost. Steps that add nothing are
// left out. At conversion the running amount changes currency: Delta is then
// the converted amount itself. A document in its source currency has no such step.
type Step struct {
	Name     StepName
	Rule     string // the rule's id, the rate's date, or empty
	Currency money.Currency
	Delta    decimal.Decimal
	After    decimal.Decimal
}

// StepName names a step in the order of operations.
type StepName string

// The steps, in their order.
const (
	StepBilled           StepName = "billed"
	StepRetained         StepName = "retained"
	StepBenefit          StepName = "benefit" // of a commitment, by its owner's contract
	StepBasis            StepName = "basis"
	StepPooled           StepName = "pooled" // the provider's credits, shared over the accounts
	StepAdjustmentBefore StepName = "adjustment-before"
	StepPrice            StepName = "price"
	StepShared           StepName = "shared"
	StepFee              StepName = "fee"
	StepAdjustmentAfter  StepName = "adjustment-after"
	StepCredit           StepName = "credit"
	StepCurrency         StepName = "currency"
	StepInvoiceAdjust    StepName = "invoice-adjustment" // after-discount, in the document's currency
	StepInvoiceCredit    StepName = "invoice-credit"
	StepRounding         StepName = "rounding"
)

// SchemaCurrent is the only schema of a snapshot that there is.
const SchemaCurrent = 1

// stepOrder is the order of operations. Steps of one line never go back in it.
var stepOrder = map[StepName]int{
	StepBilled:           1,
	StepRetained:         2,
	StepBenefit:          3,
	StepBasis:            4,
	StepPooled:           5,
	StepAdjustmentBefore: 6,
	StepPrice:            7,
	StepShared:           8,
	StepFee:              9,
	StepAdjustmentAfter:  10,
	StepCredit:           11,
	StepCurrency:         12,
	StepInvoiceAdjust:    13,
	StepInvoiceCredit:    14,
	StepRounding:         15,
}

// CreditUse is one credit as shown on the document.
type CreditUse struct {
	ID, Reason string
	Currency   money.Currency
	Used       decimal.Decimal // positive: what it took off, in Currency
	Remaining  decimal.Decimal // in Currency, after this document
	Expires    period.Month    // zero: never
}

// AdjustmentUse is one adjustment as shown on the document.
type AdjustmentUse struct {
	ID, ReasonCode, Reason string
	Stage                  string
	Currency               money.Currency
	Amount                 decimal.Decimal // signed, in Currency
}

// TaxTotal is one tax category's base and tax, in the document's currency.
type TaxTotal struct {
	Category tax.Category
	Rate     decimal.Decimal // per cent
	Base     decimal.Decimal
	Tax      decimal.Decimal
}

// MonthTotal is one earlier month's total, for the chart and the mail's sentence.
type MonthTotal struct {
	Month period.Month
	Total decimal.Decimal
}

// Date is a calendar day without a time or a zone.
type Date struct {
	time.Time
}

// NewDate drops the time of day.
func NewDate(t time.Time) Date {
	return Date{time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)}
}

// MarshalText writes 2026-10-31.
func (d Date) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	return []byte(d.Format(time.DateOnly)), nil
}

// MarshalJSON writes "2026-10-31"; the embedded time's own form would be an instant.
func (d Date) MarshalJSON() ([]byte, error) {
	text, err := d.MarshalText()
	return []byte(`"` + string(text) + `"`), err
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (d *Date) UnmarshalJSON(text []byte) error {
	if string(text) == `""` || string(text) == "null" {
		*d = Date{}
		return nil
	}
	t, err := time.Parse(`"`+time.DateOnly+`"`, string(text))
	if err != nil {
		return err
	}
	d.Time = t
	return nil
}
