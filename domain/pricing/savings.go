package pricing

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/money"
)

// Saving is what one commitment saved in one month: the evidence behind a
// savings fee. The stated baseline is the list price of the use that it covered;
// the cost is everything it cost that month, amortized, unused hours included.
type Saving struct {
	CommitmentID   string
	Name           string          `json:",omitempty"` // what it is called on the document, which hides whose account it is
	Baseline, Cost decimal.Decimal // in one source currency
}

// Saved is the baseline less the cost; below nought where a commitment lay idle.
func (s Saving) Saved() decimal.Decimal { return s.Baseline.Sub(s.Cost) }

// Savings adds up a fee's commitments, in the order of their ids.
func (f Fee) Savings(groups []charge.Group) []Saving {
	found := map[string]*Saving{}
	for _, g := range groups {
		if g.CommitmentID == "" || !f.Counts(g) {
			continue
		}
		one := found[g.CommitmentID]
		if one == nil {
			one = &Saving{CommitmentID: g.CommitmentID}
			found[g.CommitmentID] = one
		}
		one.Cost = one.Cost.Add(g.Effective)
		if used(g) {
			one.Baseline = one.Baseline.Add(g.List)
		}
	}
	savings := make([]Saving, 0, len(found))
	for _, one := range found {
		savings = append(savings, *one)
	}
	slices.SortFunc(savings, func(a, b Saving) int { return cmp.Compare(a.CommitmentID, b.CommitmentID) })
	return savings
}

// Share is what the fee takes of what was saved this month, together with what
// earlier months left to make up for. Nothing where nothing was saved: what
// lies below nought then is carried to the next month.
func (f Fee) Share(savings []Saving, carried decimal.Decimal) (amount, carry decimal.Decimal) {
	saved := carried
	for _, one := range savings {
		saved = saved.Add(one.Saved())
	}
	if saved.IsNegative() {
		return money.Zero, saved
	}
	return money.Percent(saved, f.Rate), money.Zero
}
