package closing

import (
	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/party"
	"magam/domain/period"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// Behind is one kind of source rows that may stand behind a document's line.
type Behind struct {
	Bill, Item int32
	Group      charge.Group // what the rules look at, summed
}

// LineRules are what decides on which line a row stands.
type LineRules struct {
	Contract party.Contract
	TaxRules []tax.Rule
	Moved    []pricing.Transfer // of the customer: what a shared cost took is not retained
}

// BehindLine keeps the kinds that the rules of basis and tax put on this very
// line: what is retained, or taxed otherwise, stands elsewhere.
func BehindLine(
	line invoice.Line, candidates []Behind, rules LineRules, month period.Month,
) ([]Behind, error) {
	var behind []Behind
	for _, one := range candidates {
		if pricing.Retained(one.Group, rules.Contract) && !pricing.TakenGroup(rules.Moved, one.Group) {
			continue
		}
		category, err := tax.Categorize(rules.TaxRules, one.Group, month)
		if err != nil {
			return nil, err
		}
		if category == line.TaxCategory {
			behind = append(behind, one)
		}
	}
	return behind, nil
}

// SumBehind is what several kinds of rows cost, and how many there are.
func SumBehind(behind []Behind) (rows int64, billed decimal.Decimal) {
	for _, one := range behind {
		rows, billed = rows+one.Group.Rows, billed.Add(one.Group.Billed)
	}
	return rows, money.Sum(billed)
}

// TracePart is one file of a month's deliveries, on the way back from a line to
// its rows.
type TracePart struct {
	ID, Delivery int64
	Source       string
	Format       string // of the delivery
	Month        period.Month
	Ordinal      int
	Key          string // path in the source's store
	Bytes        int64
	Digest       string // sha256 of the original file
	ArchiveKey   string // where it lies
	Archived     bool   // its rows left the books: the file alone answers
	Aside        []int64
}

// Matcher says whether a row of a file stands behind a line.
type Matcher func(row *charge.Line) bool

// Archiving is a delivery on its way out of the books.
type Archiving struct {
	Delivery int64
	Source   string
	Done     bool   // its rows left before
	Open     string // months that it holds and that are not closed: it stays
}

// Archived is what archiving a delivery took out of the books.
type Archived struct {
	Parts, Rows int64
}
