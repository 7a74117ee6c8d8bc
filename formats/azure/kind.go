package azure

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/formats/table"
)

// Kind says how an export tells the cost of reservations and savings plans. The
// zero value is one that its rows do not tell: without a commitment in it, both
// kinds hold the same figures.
type Kind uint8

// The kinds. They are alternatives of the same cost and never add up.
const (
	KindActual    Kind = iota + 1 // the purchase is a row, what it covers costs nothing
	KindAmortized                 // the purchase is spread over the rows it covers
)

var kindNames = [...]string{"unknown", "actual", "amortized"}

// String is the word of the export's settings.
func (k Kind) String() string { return kindNames[min(int(k), len(kindNames)-1)] }

// chargeType is what one of Azure's charge types means (docs/spec/22-format-azure.md).
type chargeType struct {
	category charge.Category
	class    charge.Class
	unused   bool // the part of a commitment that nothing used; only amortized costs have it
}

// chargeTypes holds every type that Azure documents, in plain spelling. A type
// that is not here is quarantined with its amount.
var chargeTypes = map[string]chargeType{
	"usage":              {charge.CategoryUsage, charge.ClassRegular, false},
	"purchase":           {charge.CategoryPurchase, charge.ClassRegular, false},
	"refund":             {charge.CategoryAdjustment, charge.ClassCorrection, false},
	"unusedreservation":  {charge.CategoryUsage, charge.ClassRegular, true},
	"unusedsavingsplan":  {charge.CategoryUsage, charge.ClassRegular, true},
	"roundingadjustment": {charge.CategoryAdjustment, charge.ClassRegular, false},
	"tax":                {charge.CategoryTax, charge.ClassRegular, false},
	"credit":             {charge.CategoryCredit, charge.ClassRegular, false},
}

// pricingModel is how a row was priced.
type pricingModel uint8

const (
	modelOther pricingModel = iota
	modelOnDemand
	modelSpot
	modelCommitted
)

var pricingModels = map[string]pricingModel{
	"": modelOnDemand, "ondemand": modelOnDemand, "spot": modelSpot,
	"reservation": modelCommitted, "savingsplan": modelCommitted, "savingsplans": modelCommitted,
}

// kindOf says which kind the current row gives away, if any. Only costs count:
// a row of nothing is the same in both.
func (r *Reader) kindOf() Kind {
	if !nonzero(r.cost) {
		return 0
	}
	committed := r.model == modelCommitted
	switch {
	case r.kind.unused, committed && r.kind.category == charge.CategoryUsage:
		return KindAmortized
	case r.kind.category == charge.CategoryPurchase && (committed || len(r.line.CommitmentID) > 0):
		return KindActual
	default:
		return 0
	}
}

// checkKind refuses a file that turns out to be of the other kind: booking it
// would bill commitments twice, or not at all.
func (r *Reader) checkKind() error {
	told := r.kindOf()
	if told == 0 || told == r.expect {
		return nil
	}
	return &fault.Error{
		Code: fault.Schema, Place: fault.Place{File: r.rows.File(), Line: r.rows.Line()},
		Value: string(r.line.LineType),
		What:  fmt.Sprintf("stands only in %s costs, and the source is read as %s", told, r.expect),
		Cure:  fmt.Sprintf("set the source's format to azure-%s, or deliver the %s export", told, r.expect),
	}
}

// KindOf reads up to rowsMax rows for one that gives the kind away.
func KindOf(rows table.Rows, rowsMax int) (Kind, error) {
	reader, err := New(rows, 0, KindActual)
	if err != nil {
		return 0, err
	}
	for range rowsMax {
		if err := rows.Next(); errors.Is(err, io.EOF) {
			return 0, nil
		} else if err != nil {
			return 0, err
		}
		reader.readNames()
		reader.cost = reader.row.Cell(reader.at.cost)
		if told := reader.kindOf(); told != 0 {
			return told, nil
		}
	}
	return 0, nil
}

// nonzero tells an amount that is something. What follows an exponent is scale.
func nonzero(amount []byte) bool {
	if at := bytes.IndexAny(amount, "eE"); at >= 0 {
		amount = amount[:at]
	}
	return bytes.ContainsAny(amount, "123456789")
}
