// Package fault holds coded errors: what went wrong, where, and what to do.
//
// It owns the codes, their classes and the one sentence a person reads. It does
// not own retries (see activities/edge.go, which reads the class).
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Code names one kind of fault, E_… for errors and W_… for warnings.
type Code string

// The codes in use, by class; docs/playbooks/errors.md explains each to ops.
const (
	IncompleteDelivery Code = "E_INCOMPLETE_DELIVERY"
	NotFinal           Code = "E_NOT_FINAL"

	GzipTruncated Code = "E_GZIP_TRUNCATED"
	Hash          Code = "E_HASH"
	Bomb          Code = "E_BOMB"
	Encoding      Code = "E_ENCODING"
	Schema        Code = "E_SCHEMA"
	UnknownFormat Code = "E_FORMAT"
	RowTooLarge   Code = "E_ROW_TOO_LARGE"
	Parquet       Code = "E_PARQUET"
	Path          Code = "E_PATH"
	RowCountDrop  Code = "E_ROWCOUNT_DROP"
	ControlTotal  Code = "E_CONTROL_TOTAL"
	OlderDelivery Code = "E_OLDER_DELIVERY"
	Master        Code = "E_MASTER"
	Input         Code = "E_INPUT"
	Required      Code = "E_REQUIRED"     // an empty cell that must be filled
	UnknownCode   Code = "E_UNKNOWN_CODE" // a cell names what no sheet has
	CheckDigit    Code = "E_CHECK_DIGIT"  // an identity number that no authority gave
	Limit         Code = "E_LIMIT"        // one more than the product allows

	Number         Code = "E_NUMBER"
	Date           Code = "E_DATE"
	UnknownType    Code = "E_UNKNOWN_TYPE"
	Currency       Code = "E_CURRENCY"
	PeriodMismatch Code = "E_PERIOD_MISMATCH"

	// NegativeNotAllowed is a negative amount on a kind of line that has none.
	NegativeNotAllowed Code = "E_NEGATIVE_NOT_ALLOWED"

	NoCustomer Code = "W_NO_CUSTOMER"

	FXMissing      Code = "E_FX_MISSING"
	ContactMissing Code = "E_CONTACT_MISSING"
	TaxMissing     Code = "E_TAX_MISSING"
	RuleTie        Code = "E_RULE_TIE"
	Contract       Code = "E_CONTRACT"
	AdjustmentTerm Code = "E_ADJUSTMENT"
	CreditTerm     Code = "E_CREDIT"
	Quarter        Code = "E_QUARTER"
	Bound          Code = "E_BOUND"
	Template       Code = "E_TEMPLATE"
	Glyph          Code = "E_GLYPH"

	Conservation  Code = "E_CONSERVATION"
	PreviewDrift  Code = "E_CHANGED_AFTER_PREVIEW"
	PeriodBusy    Code = "E_PERIOD_BUSY"
	PeriodClosed  Code = "E_PERIOD_CLOSED"
	Overlap       Code = "E_OVERLAP"
	Approval      Code = "E_APPROVAL"
	DigestChanged Code = "E_DIGEST"

	MailTooBig  Code = "E_MAIL_TOO_BIG"
	TLSRequired Code = "E_TLS_REQUIRED"
	MailRefused Code = "E_MAIL_REFUSED"
	MailExpired Code = "E_MAIL_EXPIRED"
	MailHeld    Code = "E_MAIL_HELD"
	Attachment  Code = "E_ATTACHMENT"
	Fenced      Code = "E_FENCED"
	Access      Code = "E_ACCESS"      // a store that lets nobody in who has not the permission named
	Unreachable Code = "E_UNREACHABLE" // a store that does not answer
	DiskFull    Code = "E_DISK_FULL"
	Bug         Code = "E_BUG"
)

// Class says what must happen next and who acts.
type Class string

// The classes of FAULTS, part 4: from waiting to stopping the whole close.
const (
	ClassWait       Class = "wait"       // polled until a deadline
	ClassRefuse     Class = "refuse"     // the whole delivery or workbook, nothing visible
	ClassQuarantine Class = "quarantine" // one row, its amount kept
	ClassUnassigned Class = "unassigned" // billed to nobody until it is mapped
	ClassPark       Class = "park"       // one customer, the others close
	ClassStop       Class = "stop"       // the whole close
	ClassTransient  Class = "transient"  // tried again with back-off
	ClassBug        Class = "bug"
)

// Class of a code. A code that nobody classed is a bug.
func (c Code) Class() Class {
	switch c {
	case IncompleteDelivery, NotFinal:
		return ClassWait
	case GzipTruncated, Hash, Bomb, Encoding, Schema, UnknownFormat, RowTooLarge, Parquet, Path, RowCountDrop,
		ControlTotal, OlderDelivery, Master, Input, Required, UnknownCode, CheckDigit, Limit, MailTooBig,
		TLSRequired,
		MailRefused, MailExpired, MailHeld, Attachment:
		return ClassRefuse
	case Number, Date, UnknownType, Currency, PeriodMismatch, NegativeNotAllowed:
		return ClassQuarantine
	case NoCustomer:
		return ClassUnassigned
	case FXMissing, ContactMissing, TaxMissing, RuleTie, Contract, AdjustmentTerm, CreditTerm, Quarter,
		Bound, Template, Glyph:
		return ClassPark
	case Conservation, PreviewDrift, PeriodBusy, PeriodClosed, Overlap, Approval, DigestChanged:
		return ClassStop
	case DiskFull, Fenced, Access, Unreachable:
		return ClassTransient
	case Bug:
		return ClassBug
	default:
		return ClassBug
	}
}

// Place is where a fault lies. Empty fields are not printed.
type Place struct {
	File   string // file or sheet, with the first digits of its digest where known
	Line   int64  // line or row, from 1
	Column string // column name or cell
	Byte   int64  // offset from the start of the file
}

// String prints "part-3.csv.gz line 48213 col lineItem/UnblendedCost (byte 9114220)".
func (p Place) String() string {
	var parts []string
	if p.File != "" {
		parts = append(parts, p.File)
	}
	if p.Line > 0 {
		parts = append(parts, fmt.Sprintf("line %d", p.Line))
	}
	if p.Column != "" {
		parts = append(parts, "col "+p.Column)
	}
	if p.Byte > 0 {
		parts = append(parts, fmt.Sprintf("(byte %d)", p.Byte))
	}
	return strings.Join(parts, " ")
}

// Error is a coded error with its place and its cure.
type Error struct {
	Code  Code
	Place Place
	What  string // what is wrong, in a sentence's words, no secrets
	Value string // the offending value; printed cut to 64 characters and escaped
	Cure  string // what the reader should do
	Err   error  // the cause, if any
}

// Error prints the code, the place, what is wrong and the cure.
func (e *Error) Error() string {
	var text strings.Builder
	text.WriteString(string(e.Code))
	if place := e.Place.String(); place != "" {
		text.WriteString(" " + place)
	}
	text.WriteString(": ")
	if e.Value != "" {
		text.WriteString(Excerpt(e.Value) + " ")
	}
	text.WriteString(e.What)
	if e.Err != nil {
		text.WriteString(": " + e.Err.Error())
	}
	if e.Cure != "" {
		text.WriteString(". Fix: " + e.Cure)
	}
	return text.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// New makes a coded error.
func New(code Code, what, cure string) *Error { return &Error{Code: code, What: what, Cure: cure} }

// CodeOf finds the code in an error's chain; an error without one has none.
func CodeOf(err error) (Code, bool) {
	var coded *Error
	if errors.As(err, &coded) {
		return coded.Code, true
	}
	return "", false
}

// Excerpt quotes at most 64 characters of a value, control characters escaped.
func Excerpt(value string) string {
	runes := []rune(value)
	if len(runes) > 64 {
		return fmt.Sprintf("%q…", string(runes[:64]))
	}
	return fmt.Sprintf("%q", value)
}
