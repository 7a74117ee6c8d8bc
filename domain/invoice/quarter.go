package invoice

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
	"magam/domain/tax"
)

// A quarter's document (ruling R-20, docs/spec/18-quarterly.md) holds its months
// whole, each as it was drafted and approved: with its lines, rates, credits,
// adjustments and terms. Of its own it has the tax on their sums, and the totals.

// Quarter makes one document of a month's draft and of the months that were
// deferred to it, all of one provider; without any it is the month's own. What
// the draft took from the bill and of credits stays the month's own: the other
// months have booked theirs.
func Quarter(own Draft, deferred []Snapshot) (Draft, error) {
	if len(deferred) == 0 {
		return own, nil
	}
	months := append(slices.Clone(deferred), own.Snapshot)
	slices.SortStableFunc(months, func(a, b Snapshot) int { return a.Month.Sub(b.Month) })
	whole := own.Snapshot
	whole.Sources, whole.Lines, whole.Credits, whole.Adjustments, whole.Fees = nil, nil, nil, nil, nil
	whole.Months = months
	for _, month := range months {
		err := whole.takes(month)
		if err != nil {
			return own, err
		}
		whole.Provisional = whole.Provisional || month.Provisional
		if month.DataAsOf.After(whole.DataAsOf.Time) {
			whole.DataAsOf = month.DataAsOf
		}
	}
	var err error
	whole.Taxes, err = quarterTaxes(whole)
	if err != nil {
		return own, err
	}
	whole.addUp()
	own.Snapshot = whole
	return own, Verify(whole)
}

// takes refuses a month that cannot stand on this document: both were drafted by
// contracts that differ in what a document has only one of.
func (s Snapshot) takes(month Snapshot) error {
	for _, pair := range [][3]string{
		{"issuer", month.Issuer.Code, s.Issuer.Code},
		{"currency", string(month.Currency), string(s.Currency)},
	} {
		if pair[1] != pair[2] {
			return fault.New(
				fault.Quarter,
				fmt.Sprintf("%s was drafted with the %s %s, %s with %s: they cannot be one document",
					month.Month, pair[0], pair[1], s.Month, pair[2]),
				"keep the contract's "+pair[0]+" in the customers sheet until the quarter has ended, "+
					"then retry the parked customer",
			)
		}
	}
	return nil
}

// taxedAt is what is taxed together.
type taxedAt struct {
	category tax.Category
	rate     string
}

// quarterTaxes adds up what the months tax at one rate in one category and taxes
// each sum once. A month keeps its own rate where the law changes within the quarter.
func quarterTaxes(s Snapshot) ([]TaxTotal, error) {
	var totals []TaxTotal
	place := map[taxedAt]int{}
	for _, month := range s.Months {
		for _, one := range month.Taxes {
			key := taxedAt{one.Category, one.Rate.String()}
			at, known := place[key]
			if !known {
				at = len(totals)
				place[key] = at
				totals = append(totals, TaxTotal{Category: one.Category, Rate: one.Rate})
			}
			totals[at].Base = totals[at].Base.Add(one.Base)
		}
	}
	for i, one := range totals {
		owed, err := tax.Of(one.Base, one.Rate, s.TaxRounding, s.Currency)
		if err != nil {
			return nil, taxRoundingFault(err)
		}
		totals[i].Tax = owed
	}
	slices.SortFunc(totals, func(a, b TaxTotal) int {
		return cmp.Or(taxOrder(a.Category)-taxOrder(b.Category), cmp.Compare(a.Category, b.Category),
			a.Rate.Cmp(b.Rate))
	})
	return totals, nil
}

// verifyMonths checks each month as the document that it was when it was
// approved, and that they are months of one quarter and of one contract.
func verifyMonths(s Snapshot) error {
	if len(s.Sources)+len(s.Lines)+len(s.Credits)+len(s.Adjustments)+len(s.Fees) > 0 {
		return errors.New("a quarter's document has figures of no month")
	}
	last := len(s.Months) - 1
	if last < 1 || s.Months[last].Month != s.Month {
		return fmt.Errorf("its %d months do not end with %s", last+1, s.Month)
	}
	before := s.Month.QuarterStart().Add(-1)
	for i, month := range s.Months {
		switch {
		case !month.Month.After(before) || month.IsQuarter() || month.Number != "":
			return fmt.Errorf("%s is no month of its own after %s", month.Month, before)
		case month.Deferred != (i < last):
			return fmt.Errorf("%s is not what was deferred to %s", month.Month, s.Month)
		case month.Provider != s.Provider || month.Customer.Code != s.Customer.Code:
			return fmt.Errorf("%s is of %s %s", month.Month, month.Customer.Code, month.Provider)
		}
		err := errors.Join(s.takes(month), Verify(month))
		if err != nil {
			return err
		}
		before = month.Month
	}
	return nil
}

// verifyQuarterTaxes taxes the sums of the months again.
func verifyQuarterTaxes(s Snapshot) error {
	want, err := quarterTaxes(s)
	if err != nil {
		return err
	}
	same := slices.EqualFunc(want, s.Taxes, func(a, b TaxTotal) bool {
		return a.Category == b.Category && a.Rate.Equal(b.Rate) && a.Base.Equal(b.Base) && a.Tax.Equal(b.Tax)
	})
	if !same {
		return fmt.Errorf("the taxes are %v, the months' sums give %v", s.Taxes, want)
	}
	return nil
}

// IsQuarter says whether the document bills several months of a quarter.
func (s Snapshot) IsQuarter() bool { return len(s.Months) > 0 }

// Parts are the months that a document bills, each as a document of its own,
// oldest first: itself, where it bills one.
func (s Snapshot) Parts() []Snapshot {
	if s.IsQuarter() {
		return s.Months
	}
	return []Snapshot{s}
}

// Own is the part of the document's own month: what it takes from that month's
// bill. Earlier months of a quarter are accounted for in their own closes.
func (s Snapshot) Own() Snapshot {
	parts := s.Parts()
	return parts[len(parts)-1]
}

// Carried is the supply value of the earlier months that a quarter's document bills.
func (s Snapshot) Carried() decimal.Decimal {
	if !s.IsQuarter() {
		return decimal.Zero
	}
	return s.Supply.Sub(s.Own().Supply)
}

// Span is the first and the last month that a document bills.
func (s Snapshot) Span() (first, last period.Month) { return s.Parts()[0].Month, s.Month }

// SourceCurrencies are those that the lines of all months were billed in, sorted.
func (s Snapshot) SourceCurrencies() []money.Currency {
	seen := map[money.Currency]bool{}
	for _, part := range s.Parts() {
		for _, source := range part.Sources {
			seen[source.Currency] = true
		}
	}
	return sortedCurrencies(seen)
}

// LineCount is how many lines a document has, over all its months.
func (s Snapshot) LineCount() int { return len(s.allLines()) }

// allLines are the lines of all months, in order.
func (s Snapshot) allLines() []Line {
	if !s.IsQuarter() {
		return s.Lines
	}
	var lines []Line
	for _, month := range s.Months {
		lines = append(lines, month.Lines...)
	}
	return lines
}

// LineAt finds a line by its place, from 1 on through all months, with the month
// that it is of. The line keeps the position that it has in its month.
func (s Snapshot) LineAt(place int) (part Snapshot, line Line, found bool) {
	for _, part := range s.Parts() {
		if place >= 1 && place <= len(part.Lines) {
			return part, part.Lines[place-1], true
		}
		place -= len(part.Lines)
	}
	return Snapshot{}, Line{}, false
}
