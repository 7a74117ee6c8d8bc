// Package awscur reads AWS's legacy Cost and Usage Report into charge lines.
//
// It owns what the report's columns and line item types mean
// (docs/spec/20-format-aws-cur.md). It does not own the manifest (see
// awsmanifest) nor how CSV is read (see csvscan).
//
// Every row comes out once: as a line, or set aside with its amounts.
package awscur

import (
	"bytes"
	"fmt"
	"io"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/formats/csvscan"
)

// Reader is a charge.Reader over one file of a report.
type Reader struct {
	scanner *csvscan.Scanner
	header  csvscan.Header
	at      columns
	month   charge.Month // of the delivery; zero takes the rows' own
	line    charge.Line
	kind    lineType
	tags    []byte
	sums    []byte
}

// New reads the header. Rows of another billing period than month are set
// aside; a zero month takes every row's own.
func New(source io.Reader, options csvscan.Options, month charge.Month) (*Reader, error) {
	scanner, err := csvscan.New(source, options)
	if err != nil {
		return nil, err
	}
	header, err := scanner.ReadHeader()
	if err != nil {
		return nil, err
	}
	if err := header.Require(options.File, required...); err != nil {
		return nil, err
	}
	return &Reader{scanner: scanner, header: header, at: columnsOf(header), month: month}, nil
}

// Next yields the next row as a line or, never both, set aside.
func (r *Reader) Next() (*charge.Line, *charge.Quarantined, error) {
	if err := r.scanner.NextOf(r.header); err != nil {
		return nil, nil, err
	}
	r.line.Row++
	r.readNames()
	code, column := r.judge()
	if code != "" {
		return nil, r.setAside(code, column), nil
	}
	return &r.line, nil, nil
}

// cell is a view of a column, empty where the report lacks it.
func (r *Reader) cell(column int) []byte {
	if column < 0 {
		return nil
	}
	return r.scanner.Field(column)
}

// either is the first cell that is not empty.
func (r *Reader) either(column, otherwise int) []byte {
	if text := r.cell(column); len(text) > 0 {
		return text
	}
	return r.cell(otherwise)
}

var (
	providerCode = []byte("aws")
	providerName = []byte("AWS")
	standard     = []byte("Standard")
	committed    = []byte("Committed")
	dynamic      = []byte("Dynamic")
	spot         = []byte("Spot")
	zero         = []byte("0")
)

// readNames fills in everything that is text.
func (r *Reader) readNames() {
	line, at := &r.line, &r.at
	line.Provider, line.ProviderName = providerCode, providerName
	line.BillingAccountID = r.cell(at.payer)
	line.InvoiceID = r.cell(at.invoiceID)
	line.InvoiceIssuer = r.either(at.invoicingEntity, at.legalEntity)
	line.BillingEntity = r.cell(at.billingEntity)
	line.Currency = r.cell(at.currency)
	line.SubAccountID = r.cell(at.account)
	line.SubAccountName = r.cell(at.accountName)
	line.LineType = r.cell(at.kind)
	line.ServiceCode = r.cell(at.product)
	line.ServiceName = r.either(at.productName, at.serviceName)
	line.UsageType = r.cell(at.usageType)
	line.Operation = r.cell(at.operation)
	line.Region = r.either(at.region, at.regionCode)
	line.SkuID = r.cell(at.sku)
	line.SkuPriceID = r.cell(at.rateCode)
	line.Unit = r.cell(at.unit)
	line.TaxType = r.cell(at.taxType)
	line.Description = r.cell(at.description)
	line.ResourceID = r.cell(at.resource)
	line.CommitmentID = r.either(at.reservationARN, at.planARN)
	line.Tags = r.readTags()
	r.kind = lineTypes[string(line.LineType)]
	line.Category, line.Class = r.kind.category, r.kind.class
	line.PricingCategory = r.pricingCategory()
}

// pricingCategory is FOCUS's, told from the term and what covers the row.
func (r *Reader) pricingCategory() []byte {
	switch {
	case r.kind.category != charge.CategoryUsage || r.kind.class != charge.ClassRegular:
		return nil
	case r.kind.effective == effectiveReservation || r.kind.effective == effectiveSavingsPlan:
		return committed
	case bytes.Equal(r.cell(r.at.term), spot) || bytes.Contains(r.line.UsageType, []byte("SpotUsage")):
		return dynamic
	default:
		return standard
	}
}

// readTags writes the row's tags as canonical JSON; no tags are empty text.
func (r *Reader) readTags() []byte {
	r.tags = r.tags[:0]
	for i := range r.at.tags {
		value := r.scanner.Field(r.at.tags[i].index)
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
	var ok bool
	period, ok := charge.ParseInstant(r.cell(at.periodStart))
	if line.BillingMonth = 0; ok {
		line.BillingMonth = charge.PackMonth(period)
	}
	amounts := r.readAmounts()
	switch {
	case !ok:
		return fault.Date, at.periodStart
	case amounts >= 0:
		return fault.Number, amounts
	case r.kind.category == 0:
		return fault.UnknownType, at.kind
	case !money.IsCurrency(line.Currency):
		return fault.Currency, at.currency
	case r.month != 0 && line.BillingMonth != r.month:
		return fault.PeriodMismatch, at.periodStart
	}
	if line.Start, ok = charge.ParseInstant(r.cell(at.start)); !ok {
		return fault.Date, at.start
	}
	if line.End, ok = charge.ParseInstant(r.cell(at.end)); !ok || line.End.Before(line.Start) {
		return fault.Date, at.end
	}
	return "", 0
}

// readAmounts fills in the amounts and returns the first column that holds none,
// or -1. What is no amount is left empty.
func (r *Reader) readAmounts() int {
	line, at := &r.line, &r.at
	bad := -1
	amount := func(column int) []byte {
		text := r.cell(column)
		if len(text) > 0 && money.CheckSource(text) != nil {
			if bad < 0 {
				bad = column
			}
			return nil
		}
		return text
	}
	line.Billed = amount(at.unblended)
	if len(line.Billed) == 0 && bad < 0 {
		bad = at.unblended
	}
	line.Quantity = amount(at.amount)
	if line.List = amount(at.listCost); len(line.List) == 0 {
		line.List = line.Billed
	}
	if line.Contracted = amount(at.netUnblended); len(line.Contracted) == 0 {
		line.Contracted = line.Billed
	}
	line.Effective = r.effective(amount)
	return bad
}

// effective applies the amortization rule of DOMAIN, part 2. A report without
// the columns that the rule needs gives the unblended cost.
func (r *Reader) effective(amount func(int) []byte) []byte {
	at, billed := &r.at, r.line.Billed
	switch r.kind.effective {
	case effectiveNothing:
		return zero
	case effectiveSavingsPlan:
		return orElse(amount(at.planCost), billed)
	case effectiveReservation:
		return orElse(amount(at.reservationCost), billed)
	case effectiveFee:
		if len(r.cell(at.reservationARN)) > 0 {
			return zero
		}
	case effectiveUnusedPlan:
		return r.combine(amount(at.planCommitted), amount(at.planUsed), true)
	case effectiveUnusedReserved:
		return r.combine(amount(at.unusedUpfront), amount(at.unusedRecurring), false)
	case effectiveUnblended:
	}
	return billed
}

// combine adds or subtracts two cells exactly. Rows that need it are few.
func (r *Reader) combine(a, b []byte, subtract bool) []byte {
	if len(a) == 0 && len(b) == 0 {
		return r.line.Billed
	}
	first, _ := money.Parse(string(orElse(a, zero))) // both were checked
	second, _ := money.Parse(string(orElse(b, zero)))
	if subtract {
		second = second.Neg()
	}
	r.sums = append(r.sums[:0], money.Text(first.Add(second))...)
	return r.sums
}

func orElse(text, otherwise []byte) []byte {
	if len(text) > 0 {
		return text
	}
	return otherwise
}

func (r *Reader) setAside(code fault.Code, column int) *charge.Quarantined {
	name := fmt.Sprintf("column %d", column+1)
	if column >= 0 {
		name = r.header[column]
	}
	return r.scanner.SetAside(&r.line, code, name, r.cell(column))
}
