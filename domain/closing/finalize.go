package closing

import (
	"github.com/shopspring/decimal"
)

// Finalizing is what a document needs beside its draft to be numbered and
// frozen: the issuer's series, the recipients, and what its credits granted.
type Finalizing struct {
	InvoiceID  int64
	Series     string // the issuer's, e.g. INV
	MailFrom   string // the issuer's, whose domain names the mails
	Recipients []Recipient
	LeftOut    []LeftOut
	Granted    map[string]decimal.Decimal // credit -> amount of the credits sheet
}

// Finalized is the number a document got, once and for good. A month that is
// billed with its quarter gets none.
type Finalized struct {
	Number     string
	Deferred   bool
	Digest     string // sha256 of the frozen snapshot
	Recipients int
}
