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

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/formats/table"
)

// Reader is a charge.Reader over one file of a report.
type Reader struct {
	rows  table.Rows
	row   *table.Row
	at    columns
	month charge.Month // of the delivery; zero takes the rows' own
	line  charge.Line
	kind  lineType
	tags  []byte
	sums  []byte
}

// New checks the header. Rows of another billing period than month are set
// aside; a zero month takes every row's own.
func New(rows table.Rows, month charge.Month) (*Reader, error) {
	header := rows.Header()
	if err := header.Require(rows.File(), required...); err != nil {
		return nil, err
	}
	return &Reader{rows: rows, row: rows.Row(), at: columnsOf(header), month: month}, nil
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

// either is the first cell that is not empty.
func (r *Reader) either(column, otherwise int) []byte {
	if text := r.row.Cell(column); len(text) > 0 {
		return text
	}
	return r.row.Cell(otherwise)
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
	line.BillingAccountID = r.row.Cell(at.payer)
	line.InvoiceID = r.row.Cell(at.invoiceID)
	line.InvoiceIssuer = r.either(at.invoicingEntity, at.legalEntity)
	line.BillingEntity = r.row.Cell(at.billingEntity)
	line.Currency = r.row.Cell(at.currency)
	line.SubAccountID = r.row.Cell(at.account)
	line.SubAccountName = r.row.Cell(at.accountName)
	line.LineType = r.row.Cell(at.kind)
	line.ServiceCode = r.row.Cell(at.product)
	line.ServiceName = r.either(at.productName, at.serviceName)
	line.UsageType = r.row.Cell(at.usageType)
	line.Operation = r.row.Cell(at.operation)
	line.Region = r.either(at.region, at.regionCode)
	line.SkuID = r.row.Cell(at.sku)
	line.SkuPriceID = r.row.Cell(at.rateCode)
	line.Unit = r.row.Cell(at.unit)
	line.TaxType = r.row.Cell(at.taxType)
	line.Description = r.row.Cell(at.description)
	line.ResourceID = r.row.Cell(at.resource)
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
	case bytes.Equal(r.row.Cell(r.at.term), spot) || bytes.Contains(r.line.UsageType, []byte("SpotUsage")):
		return dynamic
	default:
		return standard
	}
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
	var ok bool
	period, ok := charge.ParseInstant(r.row.Cell(at.periodStart))
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
	case r.kind.neverNegative() && negative(line.Billed):
		return fault.NegativeNotAllowed, at.unblended
	case !money.IsCurrency(line.Currency):
		return fault.Currency, at.currency
	case r.month != 0 && line.BillingMonth != r.month:
		return fault.PeriodMismatch, at.periodStart
	}
	if line.Start, ok = charge.ParseInstant(r.row.Cell(at.start)); !ok {
		return fault.Date, at.start
	}
	if line.End, ok = charge.ParseInstant(r.row.Cell(at.end)); !ok || line.End.Before(line.Start) {
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
		text := r.row.Cell(column)
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
		if len(r.row.Cell(at.reservationARN)) > 0 {
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

// negative looks at an amount that was checked; -0.00 and -0E-10 are not.
func negative(amount []byte) bool {
	if exponent := bytes.IndexAny(amount, "eE"); exponent >= 0 {
		amount = amount[:exponent]
	}
	return len(amount) > 0 && amount[0] == '-' && bytes.ContainsAny(amount, "123456789")
}

func orElse(text, otherwise []byte) []byte {
	if len(text) > 0 {
		return text
	}
	return otherwise
}
