package margin

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/shopspring/decimal"

	"magam/domain/closing"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
)

// Schema is the only schema of a report that there is.
const Schema = 1

// Report is a month as finance looks at it. Every list is sorted, so that the
// same month gives the same bytes.
type Report struct {
	Schema   int
	Month    period.Month
	Customer string // empty: all
	State    closing.State
	Issuer   string
	Color    string

	Final, Drafts int // documents; the figures of drafts may change
	Totals        []Position
	Customers     []CustomerRow
	Services      []ServiceRow
	Accounts      []AccountRow

	Retained    []Retained
	Unbilled    []Unbilled
	Unmapped    []Unmapped
	UnderBilled []UnderBilled

	Proof      []closing.ProofRow
	Reconciled []Reconciled
	Steps      []StepSum
	Parked     []Parked
	Decisions  []Decision
	Accepted   string // the reason given for closing with cost that nobody owns
	Alarms     []delivery.Raised
}

// CustomerRow is one document of a customer, per source currency.
type CustomerRow struct {
	Customer, Name, Provider, Number, State string
	Position
}

// ServiceRow is one service over all customers.
type ServiceRow struct {
	Provider, Service, Name string
	Position
}

// AccountRow is one account of a customer.
type AccountRow struct {
	Customer, Provider, Account, Name string
	Position
}

// The kinds of what a contract keeps of a bill. Input tax comes back from the tax
// office; the others are a gain of ours where they are negative.
const (
	RetainedTax      = "input-tax"        // the provider's tax
	RetainedDiscount = "partner-discount" // the partner's discount
	RetainedBenefit  = "benefit"          // a share of a commitment's benefit
)

// Retained is what a contract keeps of a bill.
type Retained struct {
	Kind                               string `json:",omitempty"` // reports of before had none
	Customer, Provider, BillingAccount string
	Currency                           money.Currency
	Amount                             decimal.Decimal
}

// The reasons why sealed cost is on no document.
const (
	UnbilledUnassigned = "unassigned"  // nobody owns it
	UnbilledParked     = "parked"      // its customer is parked
	UnbilledAside      = "quarantined" // its rows are set aside
)

// Unbilled is cost that is on no document, in its own currency.
type Unbilled struct {
	Kind                               string
	Customer, Provider, BillingAccount string
	Currency                           money.Currency
	Amount                             decimal.Decimal
	Reason                             string
}

// Unmapped is an account with cost on days on which no customer owned it.
type Unmapped struct {
	Provider, BillingAccount, Account, Name string
	FirstSeen                               invoice.Date // of all months that the books hold
	Currency                                money.Currency
	Billed                                  decimal.Decimal
	Services                                []ServiceCost
}

// ServiceCost is one service's part.
type ServiceCost struct {
	Name   string
	Billed decimal.Decimal
}

// UnderBilled is a service of an account that was sold for less than it was
// bought for, and which rules made it so, the dearest first.
type UnderBilled struct {
	Customer, Provider, Account, Service, ServiceName string
	Position
	Causes []Cause
}

// StepSum is what one step added to all documents of a source and a document
// currency, and what stood after it.
type StepSum struct {
	Source, Currency money.Currency
	Step             invoice.StepName
	In               money.Currency // what Delta and After are in
	Delta, After     decimal.Decimal
}

// Reconciled holds the documents' own lines against the proof: what is assigned
// is on documents, or its customer is parked.
type Reconciled struct {
	Currency                      money.Currency
	Assigned, OnDocuments, Parked decimal.Decimal
	Difference                    decimal.Decimal
}

// Parked is a customer's document that did not close.
type Parked struct {
	Customer, Name, Provider, Reason string
}

// Decision is what a person said about a document.
type Decision struct {
	Customer, Provider, Verdict, By, Reason string
}

// Balanced says whether the documents' lines make up what the proof assigned.
func (r Report) Balanced() bool {
	for _, one := range r.Reconciled {
		if !one.Difference.IsZero() {
			return false
		}
	}
	return true
}

// Canonical is the report's one spelling.
func (r Report) Canonical() ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(r)
	if err != nil {
		return nil, fmt.Errorf("write the report of %s: %w", r.Month, err)
	}
	return bytes.TrimRight(text.Bytes(), "\n"), nil
}

// Basis is the spelling by which two reports are the same: alarms come and go
// and make no new report by themselves.
func (r Report) Basis() ([]byte, error) {
	r.Alarms = nil
	return r.Canonical()
}

// ParseReport reads what Canonical wrote and nothing else.
func ParseReport(canonical []byte) (Report, error) {
	var r Report
	decoder := json.NewDecoder(bytes.NewReader(canonical))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&r)
	if err == nil && r.Schema != Schema {
		err = fmt.Errorf("schema %d is not %d", r.Schema, Schema)
	}
	if err != nil {
		return Report{}, &fault.Error{
			Code: fault.DigestChanged, What: "a stored report cannot be read", Err: err,
			Cure: "restore the books from a backup, or run `starter report` to make it anew",
		}
	}
	return r, nil
}
