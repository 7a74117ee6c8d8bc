package activities

import "magam/domain/period"

// The messages between the close's workflows and its hands. History carries
// names, counts, totals and digests, never rows; amounts are text with every digit.

// OpenPeriodInput asks for the month's lock.
type OpenPeriodInput struct {
	Month            period.Month // zero is the month before today, in the house's zone
	StartedBy        string       // a code of the people sheet; empty: a schedule
	AcceptUnassigned string       // the reason for closing although some cost has no customer
}

// OpenPeriodResult says which month is being closed.
type OpenPeriodResult struct {
	Month  period.Month
	Closed bool // every customer is final already: nothing to do
	// Language of what our own staff read in the web UI: ko, or else English.
	Language string
}

// Readiness says whether every source of a month is in.
type Readiness struct {
	Ready   bool
	Waiting []string // what is waited for, in words
	// NotFinal says that some of it is only a provider's final word, without which
	// two people may let the month close.
	NotFinal bool
	// Provisional are the sources that the month closes without their final word.
	Provisional []string
}

// PlanInput asks for a page of the customers that a close must visit.
type PlanInput struct {
	Month      period.Month
	After      string // the last code of the page before
	Limit      int
	OnlyParked bool
}

// PlanResult is a page of customer codes, in order.
type PlanResult struct {
	Customers []string
}

// CustomerInput names one customer's month.
type CustomerInput struct {
	Month    period.Month
	Customer string
}

// Hold is a reason why a person must look before a document may go out.
type Hold struct {
	Code   string
	Reason string
}

// DraftedDocument is one drafted invoice: a customer has one per provider.
type DraftedDocument struct {
	InvoiceID int64
	Provider  string
	Currency  string
	Total     string
	Holds     []Hold
	Number    string // set when it is final already
	Deferred  bool   `json:",omitempty"` // frozen already, without a number: its quarter's document bills it
	Approved  bool   // these very bytes are approved already
	Held      string // who holds these very bytes since an earlier run, and why
}

// DraftResult is a customer's whole month.
type DraftResult struct {
	Customer    string
	Documents   []DraftedDocument
	AutoApprove bool // by contract, where nothing is held
	Defers      bool `json:",omitempty"` // the month is billed with a later one of its quarter
}

// ParkInput sets a customer aside with a reason while the others close.
type ParkInput struct {
	Month    period.Month
	Customer string
	Code     string
	Reason   string
}

// Proof is a month's conservation proof, summed per currency.
type Proof struct {
	Currencies []ProofTotal
	// Unassigned is true where anything waits for a person's word: cost without a
	// customer that nobody accepted, or rows set aside that nobody signed off.
	Unassigned bool
	Unowned    bool         // the first of the two
	Lying      []string     // what that cost is for, the largest first; the first few
	Blocked    bool         // the second
	Aside      []AsideGroup // what was set aside, signed off or not; the first few sums
}

// ProofTotal is one currency of a proof: Delivered = Sealed + Quarantined and
// Sealed = Assigned + Retained + Unassigned, exactly.
type ProofTotal struct {
	Currency                                                       string
	Delivered, Sealed, Quarantined, Assigned, Retained, Unassigned string
}

// AcceptInput records who accepted a month's unassigned cost, and why.
type AcceptInput struct {
	Month  period.Month
	By     string
	Reason string
}

// DecideInput is a person's decision about one customer's drafts.
type DecideInput struct {
	Month     period.Month
	Customer  string
	Verdict   string // approve, reject, hold, release, auto-approve
	By        string // a code of the people sheet, never an address
	Reason    string
	StartedBy string // who started the close: an approver is somebody else
}

// FinalizeInput names a draft to number and freeze.
type FinalizeInput struct {
	InvoiceID int64
}

// FinalizeResult is the number it got, once and for good.
type FinalizeResult struct {
	Number     string
	Digest     string
	Recipients int  // mails written to the outbox, one each
	Deferred   bool `json:",omitempty"` // no number: its quarter's document bills it
}

// SettleResult is how the month stands at the end.
type SettleResult struct {
	State    string // closed, closed_with_parked
	Final    int
	Deferred int `json:",omitempty"` // months that wait for their quarter's document
	Parked   int
}

// Board is a month at a glance: one row per customer and provider.
type Board struct {
	Month  period.Month
	State  string
	Rows   []BoardRow
	Counts map[string]int // by state, of all documents
	More   int            // documents that are counted and have no row, so that history stays small
}

// BoardRow is one document of the board. States: waiting, draft, held,
// approved, deferred, final, parked.
type BoardRow struct {
	Customer, Name, Provider, State, Currency, Total, Reason, Number string
	Next                                                             string // approve, release, retry-parked
}

// Done says that the document changes no more.
func (d DraftedDocument) Done() bool { return d.Number != "" || d.Deferred }

// Pending lists the documents that are not final yet.
func (r DraftResult) Pending() []int64 {
	var pending []int64
	for _, document := range r.Documents {
		if !document.Done() {
			pending = append(pending, document.InvoiceID)
		}
	}
	return pending
}

// ApprovedAlready says whether whatever is not final was approved before, byte
// for byte as it is: nobody need be asked twice.
func (r DraftResult) ApprovedAlready() bool {
	for _, document := range r.Documents {
		if !document.Done() && !document.Approved {
			return false
		}
	}
	return true
}

// HeldBy is who holds a document since an earlier run, and why; "" if nobody.
func (r DraftResult) HeldBy() string {
	for _, document := range r.Documents {
		if document.Held != "" {
			return document.Held
		}
	}
	return ""
}

// Holds lists the reasons to look, in words, over all documents.
func (r DraftResult) Holds() []string {
	var reasons []string
	for _, document := range r.Documents {
		for _, hold := range document.Holds {
			reasons = append(reasons, hold.Reason)
		}
	}
	return reasons
}
