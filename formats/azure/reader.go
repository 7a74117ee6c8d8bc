// Package azure reads Azure cost details exports, actual and amortized, of every
// agreement and generation, into charge lines; and the manifests beside them.
//
// It owns what the columns, charge types and manifests mean
// (docs/spec/22-format-azure.md). It does not own how files become rows (see
// csvscan) nor which runs of an export are in force (see activities).
//
// Every row comes out once: as a line, or set aside with its amounts.
package azure

import (
	"bytes"
	"strings"
	"time"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/formats/table"
)

// Reader is a charge.Reader over one file of an export.
type Reader struct {
	rows   table.Rows
	row    *table.Row
	at     columns
	month  charge.Month // of the delivery; zero takes the rows' own
	expect Kind
	order  order
	line   charge.Line
	tags   table.TagCache

	// Of the current row.
	kind  chargeType
	model pricingModel
	cost  []byte
	sums  []byte

	kinds  map[string]chargeType   // by the export's spelling
	models map[string]pricingModel // by the export's spelling
}

// spellingsMax bounds what is remembered of a hostile file's words.
const spellingsMax = 1000

// NewActual reads an export of what was billed.
func NewActual(rows table.Rows, month charge.Month) (*Reader, error) {
	return New(rows, month, KindActual)
}

// NewAmortized reads an export of what was used, commitments spread over it.
func NewAmortized(rows table.Rows, month charge.Month) (*Reader, error) {
	return New(rows, month, KindAmortized)
}

// New checks the header. Rows of another billing period than month are set
// aside; a zero month takes every row's own.
func New(rows table.Rows, month charge.Month, expect Kind) (*Reader, error) {
	at, err := columnsOf(rows.File(), rows.Header())
	if err != nil {
		return nil, err
	}
	return &Reader{
		rows: rows, row: rows.Row(), at: at, month: month, expect: expect,
		kinds: map[string]chargeType{}, models: map[string]pricingModel{},
	}, nil
}

// MonthOf is the billing period of the current row, and zero where it names none.
func MonthOf(rows table.Rows) charge.Month {
	reader, err := New(rows, 0, KindActual)
	if err != nil {
		return 0
	}
	if _, _, err := reader.readDates(); err != nil {
		return 0
	}
	return reader.line.BillingMonth
}

// Next yields the next row as a line or, never both, set aside.
func (r *Reader) Next() (*charge.Line, *charge.Quarantined, error) {
	if err := r.rows.Next(); err != nil {
		return nil, nil, err
	}
	r.line.Row++
	r.readNames()
	code, column, err := r.judge()
	if err != nil {
		return nil, nil, err
	}
	if code != "" {
		aside := table.SetAside(r.rows, &r.line, code, column)
		if r.kind.category == 0 {
			aside.Category = string(r.line.LineType) // as it is written
		}
		return nil, aside, nil
	}
	return &r.line, nil, nil
}

// first is the first cell that is not empty.
func (r *Reader) first(columns ...int) []byte {
	for _, column := range columns {
		if text := r.row.Cell(column); len(text) > 0 {
			return text
		}
	}
	return nil
}

var (
	providerCode = []byte("azure")
	providerName = []byte("Microsoft")
	standard     = []byte("Standard")
	committed    = []byte("Committed")
	dynamic      = []byte("Dynamic")
	other        = []byte("Other")
	zero         = []byte("0")
)

// readNames fills in everything that is text.
func (r *Reader) readNames() {
	line, at := &r.line, &r.at
	line.Provider, line.ProviderName, line.InvoiceIssuer = providerCode, providerName, providerName
	line.BillingAccountID = r.row.Cell(at.billingAccount)
	line.InvoiceID = r.row.Cell(at.invoice)
	line.BillingEntity = r.row.Cell(at.publisherType)
	line.Currency = r.row.Cell(at.currency)
	line.SubAccountID, line.SubAccountName = r.row.Cell(at.subscription), r.row.Cell(at.subscriptionName)
	if len(line.SubAccountID) == 0 { // what a partner buys for a customer, not in a subscription
		line.SubAccountID, line.SubAccountName = r.row.Cell(at.customer), r.row.Cell(at.customerName)
	}
	line.LineType = r.row.Cell(at.chargeType)
	line.ServiceName = r.first(at.category, at.consumedService, at.product)
	line.ServiceCode = line.ServiceName
	line.UsageType = r.first(at.meter, at.product)
	line.Operation = r.row.Cell(at.subCategory)
	line.Region = r.row.Cell(at.region)
	line.SkuID = r.row.Cell(at.meterID)
	line.SkuPriceID = r.row.Cell(at.part)
	line.Unit = r.row.Cell(at.unit)
	line.Description = r.row.Cell(at.product)
	line.ResourceID = r.row.Cell(at.resource)
	line.CommitmentID = r.first(at.benefit, at.reservation)
	line.Tags = r.tags.Read(r.row.Cell(at.tags))
	r.kind, r.model = r.chargeType(), r.pricingModel()
	line.Category, line.Class = r.kind.category, r.kind.class
	line.PricingCategory = r.pricingCategory()
}

// chargeType reads the charge type; an export from before there were any has
// usage alone.
func (r *Reader) chargeType() chargeType {
	if r.at.chargeType < 0 {
		return chargeTypes["usage"]
	}
	return remembered(r.kinds, chargeTypes, r.line.LineType)
}

func (r *Reader) pricingModel() pricingModel {
	return remembered(r.models, pricingModels, r.row.Cell(r.at.pricingModel))
}

// remembered looks a word up by its plain spelling, once per spelling.
func remembered[V any](seen, known map[string]V, word []byte) V {
	if value, there := seen[string(word)]; there {
		return value
	}
	value := known[plain(strings.TrimSpace(string(word)))]
	if len(seen) < spellingsMax {
		seen[string(word)] = value
	}
	return value
}

// pricingCategory is FOCUS's.
func (r *Reader) pricingCategory() []byte {
	if r.kind.category != charge.CategoryUsage {
		return nil
	}
	switch {
	case r.kind.unused || r.model == modelCommitted:
		return committed
	case r.model == modelSpot:
		return dynamic
	case r.model == modelOnDemand:
		return standard
	default:
		return other
	}
}

// judge reads dates and amounts and says what keeps the row from being booked,
// if anything, and in which column; an error refuses the file.
func (r *Reader) judge() (fault.Code, int, error) {
	line, at := &r.line, &r.at
	undated, column, err := r.readDates()
	if err != nil {
		return "", 0, err
	}
	bad := r.readAmounts()
	if err := r.checkKind(); err != nil {
		return "", 0, err
	}
	switch {
	case undated:
		return fault.Date, column, nil
	case bad >= 0:
		return fault.Number, bad, nil
	case r.kind.category == 0:
		return fault.UnknownType, at.chargeType, nil
	case !money.IsCurrency(line.Currency):
		return fault.Currency, at.currency, nil
	case r.month != 0 && line.BillingMonth != r.month:
		if len(r.row.Cell(at.periodStart)) > 0 {
			return fault.PeriodMismatch, at.periodStart, nil
		}
		return fault.PeriodMismatch, at.date, nil
	}
	return "", 0, nil
}

// readDates fills in the charge period, which is a day, and the billing month:
// the month that the billing period begins, where it is a calendar month. Where
// it is not, or the export does not tell it, the day's month counts.
func (r *Reader) readDates() (undated bool, column int, err error) {
	line, at := &r.line, &r.at
	line.BillingMonth = 0
	if r.order == orderUnknown {
		r.order = decideOrder(r.row, at)
	}
	day, dated, err := r.date(at.date)
	if err != nil {
		return false, 0, err
	}
	line.Start = day.Truncate(24 * time.Hour)
	line.End = line.Start.AddDate(0, 0, 1)
	if dated {
		line.BillingMonth = charge.PackMonth(day)
	}
	if len(r.row.Cell(at.periodStart)) > 0 {
		period, known, err := r.date(at.periodStart)
		if err != nil {
			return false, 0, err
		}
		if !known {
			return true, at.periodStart, nil
		}
		if period.Day() == 1 || !dated {
			line.BillingMonth = charge.PackMonth(period)
		}
	}
	return !dated, at.date, nil
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
	r.cost = amount(at.cost)
	if len(r.cost) == 0 && bad < 0 {
		bad = at.cost
	}
	line.Quantity = amount(at.quantity)
	line.Billed, line.Effective, line.Contracted = r.cost, r.cost, r.cost
	covered := r.kind.category == charge.CategoryUsage && (r.kind.unused || r.model == modelCommitted)
	if r.expect == KindAmortized && covered {
		line.Billed, line.Contracted = zero, zero // billed by its purchase, which this kind leaves out
	}
	line.List = r.list(amount(at.listCost), amount(at.listPrice))
	return bad
}

// list is the cost at retail prices: as the export tells it; else, for usage
// priced in the currency of the bill, retail price by quantity; else what was
// billed. A retail price of nothing means that there is none.
func (r *Reader) list(cost, price []byte) []byte {
	line := &r.line
	switch {
	case r.kind.unused: // nothing was used that retail would charge
		return zero
	case len(cost) > 0:
		return cost
	case r.kind.category != charge.CategoryUsage || !nonzero(price) || len(line.Quantity) == 0:
		return r.cost
	case r.at.pricingCurrency >= 0 && !bytes.Equal(r.row.Cell(r.at.pricingCurrency), line.Currency):
		return r.cost
	}
	unit, _ := money.Parse(string(price)) // both were checked
	quantity, _ := money.Parse(string(line.Quantity))
	r.sums = append(r.sums[:0], money.Text(unit.Mul(quantity))...)
	if money.CheckSource(r.sums) != nil { // finer than any amount is kept
		return r.cost
	}
	return r.sums
}
