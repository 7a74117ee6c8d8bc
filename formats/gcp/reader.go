// Package gcp reads Google Cloud's usage cost exports, standard and detailed,
// into charge lines.
//
// It owns what the columns of BigQuery's billing tables mean
// (docs/spec/23-format-gcp.md), nested or flattened. It does not own how a file
// becomes rows (see csvscan, jsonscan and parquetscan).
//
// Every row comes out once: as a line for its cost and one for each of its
// credits, all with the row's number, or set aside whole with its net amount.
package gcp

import (
	"bytes"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/formats/table"
)

// Reader is a charge.Reader over one file of an export.
type Reader struct {
	rows     table.Rows
	row      *table.Row
	at       columns
	month    charge.Month // of the delivery; zero takes the rows' own
	line     charge.Line
	category charge.Category // of the row's cost
	pricing  []byte
	fee      bool // the row is a commitment's fee
	credits  []credit
	given    int  // how many of them came out already
	unread   bool // some amount of the row could not be read
	literals literals
	tags     tagCache
}

// New checks the header. A zero month takes every row's own invoice month;
// otherwise rows of another are set aside.
func New(rows table.Rows, month charge.Month) (*Reader, error) {
	if err := check(rows); err != nil {
		return nil, err
	}
	return &Reader{rows: rows, row: rows.Row(), at: columnsOf(rows.Header()), month: month}, nil
}

// Next yields the next line, or a row set aside, never both.
func (r *Reader) Next() (*charge.Line, *charge.Quarantined, error) {
	if r.given < len(r.credits) {
		r.toCredit(&r.credits[r.given])
		r.given++
		return &r.line, nil, nil
	}
	if err := r.rows.Next(); err != nil {
		return nil, nil, err
	}
	r.line.Row++
	r.given = 0
	r.readNames()
	code, column := r.judge()
	if code != "" {
		aside := r.setAside(code, column)
		r.credits = r.credits[:0]
		return nil, aside, nil
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
	providerCode = []byte("gcp")
	providerName = []byte("Google Cloud")
	marketplace  = []byte("Google Cloud Marketplace")
	standard     = []byte("Standard")
	committed    = []byte("Committed")
	dynamic      = []byte("Dynamic")
	zero         = []byte("0")
)

// readNames fills in everything that is text.
func (r *Reader) readNames() {
	line, at := &r.line, &r.at
	line.Provider, line.ProviderName = providerCode, providerName
	line.BillingAccountID = r.row.Cell(at.account)
	line.InvoiceIssuer = r.row.Cell(at.seller)
	line.BillingEntity = r.billingEntity()
	line.Currency = r.row.Cell(at.currency)
	line.SubAccountID = r.row.Cell(at.project)
	line.SubAccountName = r.row.Cell(at.projectName)
	line.LineType = r.row.Cell(at.kind)
	line.ServiceCode = r.either(at.serviceID, at.service)
	line.ServiceName = r.row.Cell(at.service)
	line.UsageType = r.row.Cell(at.skuName)
	line.Region = r.either(at.region, at.location)
	line.SkuID = r.row.Cell(at.sku)
	line.SkuPriceID = shortest(r.row.Cell(at.tier))
	line.Description = r.row.Cell(at.adjusted)
	line.ResourceID = r.either(at.resource, at.resourceName)
	line.CommitmentID = r.row.Cell(at.subscription)
	line.Tags = r.tags.read([4][]byte{
		r.row.Cell(at.tags[0]), r.row.Cell(at.tags[1]), r.row.Cell(at.tags[2]), r.row.Cell(at.tags[3]),
	})
}

// shortest leaves off the noughts that end a number's places: parquet prints all
// that its type has, JSON none, and a tier is one price in both.
func shortest(number []byte) []byte {
	if bytes.IndexByte(number, '.') < 0 || bytes.ContainsAny(number, "eE") {
		return number
	}
	return bytes.TrimSuffix(bytes.TrimRight(number, "0"), []byte("."))
}

// billingEntity tells Google's own services from those it sells for others.
func (r *Reader) billingEntity() []byte {
	if bytes.HasPrefix(r.row.Cell(r.at.transaction), []byte("THIRD_PARTY")) ||
		string(r.row.Cell(r.at.publisher)) == "PARTNER" {
		return marketplace
	}
	return providerName
}

// judge reads instants and amounts and says what keeps the row from being
// booked, if anything, and in which column.
func (r *Reader) judge() (fault.Code, int) {
	line, at := &r.line, &r.at
	var dated, started, ended bool
	line.BillingMonth, dated = parseMonth(r.row.Cell(at.month))
	line.Start, started = charge.ParseInstant(r.row.Cell(at.start))
	line.End, ended = charge.ParseInstant(r.row.Cell(at.end))
	unknown := r.categorize()
	amount := r.readAmounts()
	r.category, r.pricing = line.Category, r.pricingCategory()
	line.PricingCategory = r.pricing
	credits := r.readCredits()
	switch {
	case !dated:
		return fault.Date, at.month
	case amount >= 0:
		return fault.Number, amount
	case credits == fault.Number:
		return fault.Number, at.credits
	case unknown >= 0:
		return fault.UnknownType, unknown
	case credits != "":
		return credits, at.credits
	case !money.IsCurrency(line.Currency):
		return fault.Currency, at.currency
	case r.month != 0 && line.BillingMonth != r.month:
		return fault.PeriodMismatch, at.month
	case !started:
		return fault.Date, at.start
	case !ended || line.End.Before(line.Start):
		return fault.Date, at.end
	}
	return "", 0
}

// parseMonth reads invoice.month: 202610.
func parseMonth(text []byte) (charge.Month, bool) {
	if len(text) != 6 {
		return 0, false
	}
	n := 0
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	year, month := n/100, n%100
	if year < 1 || month < 1 || month > 12 {
		return 0, false
	}
	return charge.Month(year*12 + month - 1), true
}

// pricingCategory is FOCUS's, told from the consumption model and the SKU.
func (r *Reader) pricingCategory() []byte {
	if r.line.Category != charge.CategoryUsage || r.line.Class != charge.ClassRegular {
		return nil
	}
	model := r.row.Cell(r.at.model)
	switch {
	case len(model) > 0 && !bytes.EqualFold(model, []byte("default")):
		return committed
	case bytes.Contains(r.line.UsageType, []byte("Spot")) || bytes.Contains(r.line.UsageType, []byte("Preemptible")):
		return dynamic
	default:
		return standard
	}
}

// readAmounts fills in the amounts of the cost and returns the first column that
// holds none, or -1. What is no amount is left empty.
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
	if r.unread = len(line.Billed) == 0; r.unread && bad < 0 {
		bad = at.cost
	}
	line.Effective = line.Billed
	if line.List = amount(at.listCost); len(line.List) == 0 {
		line.List = line.Billed
	}
	if line.Contracted = amount(at.contracted); len(line.Contracted) == 0 {
		line.Contracted = line.Billed
	}
	line.Quantity, line.Unit = amount(at.priced), r.row.Cell(at.pricedUnit)
	if len(line.Quantity) == 0 {
		line.Quantity, line.Unit = amount(at.used), r.row.Cell(at.usedUnit)
	}
	if r.fee {
		line.List = zero // who pays list prices pays the use, not the commitment
		if len(line.CommitmentID) == 0 {
			line.CommitmentID = line.SkuID
		}
	}
	return bad
}

// setAside keeps the row with what all its lines would have been worth
// together; where one amount is unknown the row's is.
func (r *Reader) setAside(code fault.Code, column int) *charge.Quarantined {
	whole := [4][][]byte{{r.line.Billed}, {r.line.Effective}, {r.line.List}, {r.line.Contracted}}
	kind := r.line
	for i := range r.credits {
		r.toCredit(&r.credits[i])
		for j, amount := range [4][]byte{r.line.Billed, r.line.Effective, r.line.List, r.line.Contracted} {
			whole[j] = append(whole[j], amount)
		}
	}
	r.line = kind
	for j, into := range []*[]byte{&r.line.Billed, &r.line.Effective, &r.line.List, &r.line.Contracted} {
		if *into = nil; !r.unread {
			*into = sum(whole[j]...)
		}
	}
	row := table.SetAside(r.rows, &r.line, code, column)
	if r.category == 0 {
		row.Category = string(r.row.Cell(r.at.kind)) // as it is written
	}
	return row
}
