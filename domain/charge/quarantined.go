package charge

import "magam/domain/fault"

// RuleVersion counts the rules by which readers set rows aside. It is raised
// with each change of them, so that a row tells which rules it met.
const RuleVersion = 1

// Quarantined is a row set aside with its amount until someone decides. It owns
// its memory, unlike a Line. What could not be read is empty.
type Quarantined struct {
	Row    int64 // row of the part, from 1
	Line   int64 // line of the file, from 1
	Offset int64 // byte of the uncompressed file where the row starts
	Code   fault.Code
	Column string
	Value  string // an excerpt for people
	Raw    []byte // the whole row, exactly

	Header []string // the file's column names, shared by all its rows
	Cells  []string // as the reader saw them, in the header's order

	BillingMonth Month
	Currency     string
	Provider     string
	Service      string
	SubAccount   string
	Category     string
	InvoiceID    string

	// Amounts as validated text; empty where the cell is no number.
	Billed, Effective, List, Contracted string
}

// Reader yields what the rows of one part become: a line to book or a row to set
// aside, never both, and io.EOF after the last. A row that becomes several
// lines is booked with all of them or set aside whole. A line is valid until the
// next call.
type Reader interface {
	Next() (*Line, *Quarantined, error)
}
