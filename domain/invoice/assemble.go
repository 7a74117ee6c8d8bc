package invoice

import (
	"time"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/money"
	"magam/domain/party"
	"magam/domain/period"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// Input is everything that one customer's document of one provider and month
// is made from. It is whole: assembling asks nobody and knows no clock, so the
// same input gives the same bytes, in whatever order its lists come.
type Input struct {
	Month    period.Month
	Provider string

	Issuer   party.Issuer
	Customer party.Customer // with the contract in force in Month
	Salesman party.Person
	Accounts map[string]string // sub account -> alias or name

	Commitments map[string]string // the customer's own: id -> what it is for

	Groups      []charge.Group
	Transfers   []pricing.Transfer // what policies and shared costs move to and from the customer
	Rules       []pricing.Rule
	Credits     []credit.Credit              // the customer's, with their balance before this document
	Adjustments []credit.Adjustment          // the customer's: what is due of them is found here
	Fees        []pricing.Fee                // the customer's
	Plans       []pricing.PlanRow            // all there are
	Carried     map[CarryKey]decimal.Decimal // what the savings fees of the month before left to make up for
	Rates       []tax.FXRate
	Holidays    []time.Time
	TaxRate     *tax.Rate // in force for the contract's tax; nil where it has none
	ReducedRate *tax.Rate // likewise; nil where there is none
	TaxRules    []tax.Rule

	DataAsOf      time.Time
	Provisional   bool
	Deferred      bool // the document of its quarter bills it
	MonthHasEnded bool // in UTC: only then are its last and its average rate known
	History       []MonthTotal
}

// Draft is an assembled document with what the books keep beside it.
type Draft struct {
	Snapshot   Snapshot
	Shares     []Share     // what it took from the provider's bill: known even when it is parked
	CreditUses []CreditUse // to be booked against the balances
	Authors    []string    // of its adjustments: none of them may approve it
}

// Share is what a document took from one payer's bill in one currency:
// assigned is the billed cost of its lines with what benefit policies and shared
// costs moved, retained is what we keep.
type Share struct {
	Provider, BillingAccount string
	Currency                 money.Currency
	Rows                     int64
	Assigned, Retained       decimal.Decimal
}

// link is one step of the chain.
type link struct {
	name string
	run  func(*bill) error
}

// chain is the order of operations (docs/spec/02-order-of-operations.md). Each
// step is a function of the bill so far, in a file of its own.
var chain = []link{
	{"basis", takeBasis},
	{"provider credits", poolCredits},
	{"adjustments before discount", adjustBefore},
	{"price rules", applyPrices},
	{"shared costs", shareCosts},
	{"fees", addFees},
	{"adjustments after discount", adjustAfter},
	{"lines", gatherLines},
	{"credits", applyCredits},
	{"currency", convertCurrency},
	{"adjustments in the invoice's currency", adjustConverted},
	{"credits in the invoice's currency", applyInvoiceCredits},
	{"rounding", roundSupply},
	{"tax", addTax},
	{"adjustments after tax", adjustAfterTax},
	{"total", total},
}

// Assemble carries a customer's groups through the chain to a draft. An error
// is a *fault.Error that says why the customer is parked; the draft then still
// holds the shares, since the month's proof counts parked customers too.
func Assemble(in Input) (Draft, error) {
	b, err := open(in)
	draft := Draft{Shares: Shares(in)}
	if err != nil {
		return draft, err
	}
	for _, step := range chain {
		err := step.run(b)
		if err != nil {
			return draft, err
		}
	}
	err = agree(b.snapshot, draft.Shares)
	if err != nil {
		return draft, err
	}
	draft.Snapshot = b.snapshot
	draft.CreditUses = b.snapshot.Credits
	draft.Authors = b.authors()
	return draft, nil
}
