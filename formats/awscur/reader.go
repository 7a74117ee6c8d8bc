// Package awscur reads AWS's cost and usage reports into charge lines: the legacy
// one, as CSV or parquet, and CUR 2.0 of Data Exports.
//
// It owns what the reports' columns and line item types mean
// (docs/spec/20-format-aws-cur.md, 25-format-aws-data-exports.md). It does not own
// the manifest (see awsmanifest) nor how a file becomes rows (see csvscan and its
// neighbours).
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
	sums  sums

	tagMaps   cache[[]byte]
	products  cache[product]
	discounts cache[discount]
	mapped    bool // some row so far has its discount in the map
	lined     bool // some row so far is a discount
}

// New checks the header. Rows of another billing period than month are set
// aside; a zero month takes every row's own.
func New(rows table.Rows, month charge.Month) (*Reader, error) {
	header := rows.Header()
	if err := header.Require(rows.File(), spellingOf(header).names(required)...); err != nil {
		return nil, err
	}
	return &Reader{
		rows: rows, row: rows.Row(), at: columnsOf(header), month: month,
		tagMaps: cache[[]byte]{decode: decodeTags}, products: cache[product]{decode: decodeProduct},
		discounts: cache[discount]{decode: decodeDiscount},
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
	if r.mapped && r.lined {
		return nil, nil, r.refuseTwice()
	}
	if code != "" {
		aside := table.SetAside(r.rows, &r.line, code, column)
		if r.line.Category == 0 {
			aside.Category = string(r.line.LineType) // as it is written
		}
		return nil, aside, nil
	}
	return &r.line, nil, nil
}

// refuseTwice refuses a file that tells discounts in the map and as lines: AWS
// writes one or the other, and both together would be taken off twice.
func (r *Reader) refuseTwice() error {
	return &fault.Error{
		Code: fault.Schema, Place: fault.Place{File: r.rows.File(), Line: r.rows.Line(), Column: "discount"},
		What: "discounts stand in the discount map and also as lines of their own",
		Cure: "export with one of the two: see manual discount compatibility in the export's definition",
	}
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
	if at.maps.product >= 0 {
		r.readProduct()
	}
	r.kind = lineTypes[string(line.LineType)]
	line.Category, line.Class = r.kind.category, r.kind.class
	line.PricingCategory = r.pricingCategory()
}

// readProduct takes from the product map what has no column of its own.
func (r *Reader) readProduct() {
	cell := r.row.Cell(r.at.maps.product)
	if !isFilled(cell) {
		return
	}
	line, found := &r.line, r.products.read(cell)
	line.ServiceName = orElse(line.ServiceName, found.name)
	line.Region = orElse(line.Region, found.region)
	line.SkuID = orElse(line.SkuID, found.sku)
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
	if maps := &r.at.maps; maps.tags >= 0 || maps.category >= 0 || maps.allTags >= 0 {
		return r.readTagMaps()
	}
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

// readTagMaps reads the maps of CUR 2.0. The column of all tags holds what the two
// others do: where the export has it, they are left alone.
func (r *Reader) readTagMaps() []byte {
	maps := r.at.maps
	if maps.allTags >= 0 {
		maps.tags, maps.category = -1, -1
	}
	r.tags = r.tags[:0]
	for i, column := range [...]int{maps.tags, maps.category, maps.allTags} {
		if i > 0 {
			r.tags = append(r.tags, mapSeparator)
		}
		if cell := r.row.Cell(column); isFilled(cell) {
			r.tags = append(r.tags, cell...)
		}
	}
	if len(r.tags) == len("\x00\x00") {
		return nil
	}
	return r.tagMaps.read(r.tags)
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
	amounts, partner := r.readAmounts()
	switch {
	case !ok:
		return fault.Date, at.periodStart
	case amounts >= 0:
		return fault.Number, amounts
	case r.kind.category == 0:
		return fault.UnknownType, at.kind
	case r.kind.neverNegative() && negative(line.Billed):
		return fault.NegativeNotAllowed, at.unblended
	case partner:
		return fault.UnknownType, at.maps.discount
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
