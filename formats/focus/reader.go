// Package focus reads FOCUS exports, versions 1.0 to 1.3, into charge lines.
//
// It owns what FOCUS's columns mean (docs/spec/21-format-focus.md), whichever
// provider wrote them. It does not own how a file becomes rows (see table).
//
// Every row comes out once: as a line, or set aside with its amounts.
package focus

import (
	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/formats/table"
)

// Reader is a charge.Reader over one file of an export.
type Reader struct {
	rows      table.Rows
	row       *table.Row
	at        columns
	month     charge.Month // of the delivery; zero takes the rows' own
	line      charge.Line
	tags      table.TagCache
	providers map[string][]byte // provider codes by the export's spelling
}

// New checks the header. Rows of another billing period than month are set
// aside; a zero month takes every row's own.
func New(rows table.Rows, month charge.Month) (*Reader, error) {
	header := rows.Header()
	if err := header.Require(rows.File(), required...); err != nil {
		return nil, err
	}
	if !header.Has("ProviderName") && !header.Has("ServiceProviderName") {
		return nil, header.Require(rows.File(), "ProviderName")
	}
	return &Reader{
		rows:      rows,
		row:       rows.Row(),
		at:        columnsOf(header.Index),
		month:     month,
		providers: map[string][]byte{},
	}, nil
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
		return nil, r.setAside(code, column), nil
	}
	return &r.line, nil, nil
}

// cell is a view of a column; null is the empty text, however it is spelt.
func (r *Reader) cell(column int) []byte {
	text := r.row.Cell(column)
	if len(text) == 4 && string(text) == "NULL" {
		return nil
	}
	return text
}

// either is the first cell that is not null.
func (r *Reader) either(column, otherwise int) []byte {
	if text := r.cell(column); len(text) > 0 {
		return text
	}
	return r.cell(otherwise)
}

// readNames fills in everything that is text.
func (r *Reader) readNames() {
	line, at := &r.line, &r.at
	line.ProviderName = r.either(at.provider, at.serviceProvider)
	line.Provider = r.providerCode(line.ProviderName)
	line.BillingAccountID = r.cell(at.account)
	line.InvoiceID = r.either(at.invoice, at.azureInvoice)
	line.InvoiceIssuer = r.cell(at.issuer)
	line.BillingEntity = r.either(at.publisher, at.hostProvider)
	line.Currency = r.cell(at.currency)
	line.SubAccountID = r.cell(at.subAccount)
	line.SubAccountName = r.cell(at.subAccountName)
	line.Category = charge.ParseCategory(r.cell(at.category))
	line.LineType = r.cell(at.status)
	line.ServiceCode = r.either(at.serviceCode, at.service)
	line.ServiceName = r.cell(at.service)
	line.UsageType = r.either(at.usageType, at.meter)
	if len(line.UsageType) == 0 {
		line.UsageType = r.cell(at.azureMeter)
	}
	line.Operation = r.cell(at.operation)
	line.Region = r.either(at.region, at.regionName)
	line.SkuID = r.cell(at.sku)
	line.SkuPriceID = r.cell(at.skuPrice)
	line.PricingCategory = r.cell(at.pricing)
	line.Description = r.cell(at.description)
	line.ResourceID = r.cell(at.resource)
	line.CommitmentID = r.cell(at.commitment)
	line.Tags = r.tags.Read(r.cell(at.tags))
}

func (r *Reader) providerCode(name []byte) []byte {
	if code, known := r.providers[string(name)]; known {
		return code
	}
	code := []byte(charge.ProviderCode(string(name)))
	if len(r.providers) < 1000 {
		r.providers[string(name)] = code
	}
	return code
}

// judge reads instants and amounts and says what keeps the row from being
// booked, if anything, and in which column.
func (r *Reader) judge() (fault.Code, int) {
	line, at := &r.line, &r.at
	period, dated := charge.ParseInstant(r.cell(at.periodStart))
	if line.BillingMonth = 0; dated {
		line.BillingMonth = charge.PackMonth(period)
	}
	amounts := r.readAmounts()
	class, classed := readClass(r.cell(at.class))
	line.Class = class
	switch {
	case !dated:
		return fault.Date, at.periodStart
	case amounts >= 0:
		return fault.Number, amounts
	case line.Category == 0:
		return fault.UnknownType, at.category
	case !classed:
		return fault.UnknownType, at.class
	case !money.IsCurrency(line.Currency):
		return fault.Currency, at.currency
	case r.month != 0 && line.BillingMonth != r.month:
		return fault.PeriodMismatch, at.periodStart
	}
	var ok bool
	if line.Start, ok = charge.ParseInstant(r.cell(at.start)); !ok {
		return fault.Date, at.start
	}
	if line.End, ok = charge.ParseInstant(r.cell(at.end)); !ok || line.End.Before(line.Start) {
		return fault.Date, at.end
	}
	return "", 0
}

// readClass reads ChargeClass: null is an ordinary charge, and so is the word
// that early exports wrote instead.
func readClass(text []byte) (charge.Class, bool) {
	switch string(text) {
	case "", "Regular":
		return charge.ClassRegular, true
	case "Correction":
		return charge.ClassCorrection, true
	default:
		return charge.ClassRegular, false
	}
}

// readAmounts fills in the amounts and returns the first column that holds none,
// or -1. FOCUS lets no cost be null, yet Oracle leaves ContractedCost out: a cost
// other than the billed one that is missing adds nothing.
func (r *Reader) readAmounts() int {
	line, at := &r.line, &r.at
	bad := -1
	amount := func(column int, nullable bool) []byte {
		text := r.cell(column)
		if nullable && len(text) == 0 {
			return nil
		}
		if money.CheckSource(text) != nil {
			if bad < 0 {
				bad = column
			}
			return nil
		}
		return text
	}
	line.Billed = amount(at.billed, false)
	line.Effective = amount(at.effective, true)
	line.List = amount(at.list, true)
	line.Contracted = amount(at.contracted, true)
	line.Quantity, line.Unit = amount(at.quantity, true), r.cell(at.unit)
	if len(line.Quantity) == 0 {
		line.Quantity, line.Unit = amount(at.consumed, true), r.cell(at.consumedUnit)
	}
	return bad
}

func (r *Reader) setAside(code fault.Code, column int) *charge.Quarantined {
	row := table.SetAside(r.rows, &r.line, code, column)
	row.Category = string(r.cell(r.at.category)) // as it is written, known or not
	return row
}
