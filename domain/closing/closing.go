// Package closing holds the words and the rules of a month's close: how a
// period stands, who may decide about a draft, who receives a document, and the
// proof that every line of the provider's bill is on exactly one side.
//
// It does not own how an invoice is computed (see invoice) nor where the books
// are kept (see db).
//
// For any month that closes: delivered = sealed + quarantined, and sealed =
// assigned + retained + unassigned, per payer and currency, exactly.
package closing

import (
	"github.com/shopspring/decimal"

	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
)

// State is how a billing period stands.
type State string

// The states of a billing period.
const (
	StateOpen             State = "open"
	StateClosing          State = "closing"
	StateClosed           State = "closed"
	StateClosedWithParked State = "closed_with_parked"
)

// Hold is a reason why a person must look before a document may go out.
type Hold struct {
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// Opening asks for a month's lock on behalf of one run.
type Opening struct {
	Month            period.Month
	WorkflowID       string
	RunID            string
	StartedBy        string // a code of the people sheet; empty: a schedule
	AcceptUnassigned string // a reason, or empty
	// Abandoned is a workflow id that is known to run no more: its lock may be taken over.
	Abandoned string
}

// Opened is how the lock stands after it was asked for.
type Opened struct {
	State  State
	Holder string // the workflow that holds it
	Joined bool   // the asker held it already
}

// Document is one provider's draft of a customer's month, ready to be stored.
type Document struct {
	Draft  invoice.Draft
	Holds  []Hold
	Master map[string]int64 // sheet -> import that it was assembled from
}

// Stored is a document of a customer's month as it stands in the books.
type Stored struct {
	InvoiceID int64
	Provider  string
	Currency  money.Currency
	Total     decimal.Decimal
	Holds     []Hold
	Approved  bool   // a person, or the contract, approved these very bytes
	Held      string // who holds these very bytes, and why
	Number    string // set when it is final
	Deferred  bool   // frozen without a number: the document of its quarter bills it
}

// Done says that the document changes no more.
func (s Stored) Done() bool { return s.Number != "" || s.Deferred }

// Name is how a document that is done is called.
func (s Stored) Name() string {
	if s.Deferred {
		return "a month of its quarter's document"
	}
	return s.Number
}

// Settled counts how a month ended.
type Settled struct {
	State                   State
	Final, Deferred, Parked int
}
