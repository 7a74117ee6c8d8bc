// Package oci reads Oracle Cloud cost reports of both generations of column
// names into charge lines. Oracle's FOCUS reports are read by focus.
//
// It owns what the columns mean (docs/spec/24-format-oci.md). It does not own
// which files make a month (see activities) nor how CSV is read (see csvscan).
//
// Every row comes out once: as a line, or set aside with its amounts.
package oci

import (
	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/formats/table"
)

// Reader is a charge.Reader over one report.
type Reader struct {
	rows  table.Rows
	row   *table.Row
	at    columns
	month charge.Month // of the delivery; zero takes the rows' own
	line  charge.Line
	tags  []byte
}

// New checks the header. Rows of another billing period than month are set
// aside; a zero month takes every row's own.
func New(rows table.Rows, month charge.Month) (*Reader, error) {
	at, err := columnsOf(rows.File(), rows.Header())
	if err != nil {
		return nil, err
	}
	return &Reader{rows: rows, row: rows.Row(), at: at, month: month}, nil
}

// MonthOf is the month of the current row, and zero where it tells none.
func MonthOf(rows table.Rows) charge.Month {
	start, ok := charge.ParseInstant(
		rows.Row().Cell(namesOf(rows.Header()).at("lineItem/intervalUsageStart")),
	)
	if !ok {
		return 0
	}
	return charge.PackMonth(start)
}

// Next yields the next row as a line or, never both, set aside.
func (r *Reader) Next() (*charge.Line, *charge.Quarantined, error) {
	if err := r.rows.Next(); err != nil {
		return nil, nil, err
	}
	r.line.Row++
	r.readNames()
	code, column := r.judge()
	if code != "" {
		return nil, table.SetAside(r.rows, &r.line, code, column), nil
	}
	return &r.line, nil, nil
}

var (
	providerCode  = []byte("oci")
	providerName  = []byte("Oracle")
	standard      = []byte("Standard")
	lineUsage     = []byte("Usage")
	lineOverage   = []byte("Overage")
	lineCorrected = []byte("Correction")
)

// readNames fills in everything that is text. The tenancy spends, as in
// Oracle's own FOCUS reports; the subscription is what Oracle invoices.
func (r *Reader) readNames() {
	line, at := &r.line, &r.at
	line.Provider, line.ProviderName, line.InvoiceIssuer = providerCode, providerName, providerName
	line.BillingEntity = providerName
	line.BillingAccountID = r.row.Cell(at.subscription)
	line.Currency = r.row.Cell(at.currency)
	line.SubAccountID = r.row.Cell(at.tenant)
	line.ServiceName = r.row.Cell(at.service)
	line.ServiceCode = line.ServiceName
	line.Description = r.row.Cell(at.description)
	line.UsageType = line.Description
	line.Region = r.row.Cell(at.region)
	line.SkuID = r.row.Cell(at.sku)
	if len(line.UsageType) == 0 {
		line.UsageType = line.SkuID
	}
	line.Unit = r.row.Cell(at.unit)
	line.ResourceID = r.row.Cell(at.resource)
	line.PricingCategory = standard
	line.Tags = r.readTags()
}

// readTags writes the row's tags as canonical JSON; no tags are empty text.
func (r *Reader) readTags() []byte {
	r.tags = r.tags[:0]
	for i := range r.at.tags {
		value := r.row.Cell(r.at.tags[i].index)
		if len(value) == 0 {
			continue
		}
		opening := byte(',')
		if len(r.tags) == 0 {
			opening = '{'
		}
		r.tags = append(append(r.tags, opening), r.at.tags[i].key...)
		r.tags = charge.AppendTagText(r.tags, value)
	}
	if len(r.tags) > 0 {
		r.tags = append(r.tags, '}')
	}
	return r.tags
}

// judge reads instants and amounts and says what keeps the row from being
// booked, if anything, and in which column.
func (r *Reader) judge() (fault.Code, int) {
	line, at := &r.line, &r.at
	var started, ended bool
	line.BillingMonth = 0
	if line.Start, started = charge.ParseInstant(r.row.Cell(at.start)); started {
		line.BillingMonth = charge.PackMonth(line.Start)
	}
	line.End, ended = charge.ParseInstant(r.row.Cell(at.end))
	classed := r.readClass()
	bad := r.readAmounts()
	switch {
	case !started:
		return fault.Date, at.start
	case !ended || line.End.Before(line.Start):
		return fault.Date, at.end
	case bad >= 0:
		return fault.Number, bad
	case classed >= 0:
		return fault.UnknownType, classed
	case !money.IsCurrency(line.Currency):
		return fault.Currency, at.currency
	case r.month != 0 && line.BillingMonth != r.month:
		return fault.PeriodMismatch, at.start
	}
	return "", 0
}

// readClass fills in what kind of row it is, and returns the column whose word
// nobody knows, or -1. A correction is a row of its own that names the corrected
// one: what it adds or takes away counts, and the corrected row stays.
func (r *Reader) readClass() int {
	line, at := &r.line, &r.at
	line.Category, line.Class, line.LineType = charge.CategoryUsage, charge.ClassRegular, lineUsage
	corrects, known := truth(r.row.Cell(at.correction))
	if !known {
		return at.correction
	}
	over, known := truth(r.row.Cell(at.overage))
	if !known {
		return at.overage
	}
	if over {
		line.LineType = lineOverage
	}
	if corrects || len(r.row.Cell(at.corrects)) > 0 {
		line.Class, line.LineType = charge.ClassCorrection, lineCorrected
	}
	return -1
}

// truth reads the spellings of yes and no; an empty cell is no.
func truth(text []byte) (yes, known bool) {
	switch string(text) {
	case "true", "TRUE", "True", "Y", "y", "1":
		return true, true
	case "", "false", "FALSE", "False", "N", "n", "0":
		return false, true
	default:
		return false, false
	}
}

// readAmounts fills in the amounts and returns the first column that holds none,
// or -1. myCost includes the overage: myCostOverage says how much of it, and is
// checked but never added.
func (r *Reader) readAmounts() int {
	line, at := &r.line, &r.at
	bad := -1
	amount := func(column int) []byte {
		text := r.row.Cell(column)
		if len(text) > 0 && money.CheckSource(text) != nil {
			if bad < 0 {
				bad = column
			}
			return nil
		}
		return text
	}
	line.Billed = amount(at.cost)
	if len(line.Billed) == 0 && bad < 0 {
		bad = at.cost
	}
	line.Effective, line.List, line.Contracted = line.Billed, line.Billed, line.Billed
	line.Quantity = amount(at.quantity)
	amount(at.overCost)
	amount(at.overQuantity)
	return bad
}
