// Package delivery holds the states of a mail and the rhythm of trying again.
//
// It owns which state may follow which, how long to wait after each kind of
// failure, and when to give up. It does not own the sending (see internal/mail)
// nor the ledger (see db).
package delivery

import "time"

// State is where a mail of the outbox stands.
type State string

// The states: pending → sending → dot → sent, or back to pending, or to one of
// failed, unknown and held, which a person sees.
const (
	StatePending State = "pending" // certainly not delivered, to be tried
	StateSending State = "sending" // an attempt is under way, nothing is delivered yet
	StateDot     State = "dot"     // the final dot may be out; only the reply tells
	StateSent    State = "sent"
	StateFailed  State = "failed"  // refused for good, or given up
	StateUnknown State = "unknown" // the final dot went out and no reply came
	StateHeld    State = "held"    // waits for a person
)

// Mail is one row of the outbox: one mail of one document to one recipient.
type Mail struct {
	ID            int64
	Number        string // of the document
	Ordinal       int    // from 1 within the document
	Customer      string
	Provider      string
	Recipient     string
	RecipientName string
	CC            string
	Language      string
	MessageID     string
	MIMESHA256    string // empty until it is composed
	MIMEKey       string // in the blob store
	Sender        string // the envelope's
	State         State
	Fence         int64
	Attempts      int
	Ambiguous     int // how often it became unknown
	LastReply     string
	SentAt        time.Time
	Accounts      []string // of the document that it may show, sorted; none: the whole document
	Scope         string   // names Accounts; empty: the whole document
}

// Scope is a part of a document that some recipient may see.
type Scope struct {
	Digest   string // of Accounts
	Accounts []string
}

// LeftOut is a contact that gets no mail of a document.
type LeftOut struct {
	Number, Customer, Provider string
	Recipient                  string // address
	Role                       string
	Reason                     string
}

// Draft is what the mail of a row is written from.
type Draft struct {
	Mail
	InvoiceID   int64
	Snapshot    []byte // canonical
	Digest      string
	FinalizedAt time.Time
	Documents   []Document // this recipient may see, sorted by kind
}

// Document is one rendered file of the document.
type Document struct {
	Kind, Language, FileName, SHA256, Key string
	Bytes                                 int64
	Scope                                 string   // what it is narrowed to; empty: the whole document
	Accounts                              []string // that the scope names
}

// Settlement is how an attempt ended.
type Settlement struct {
	State State
	Reply string
}
