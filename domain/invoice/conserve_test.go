package invoice_test

import (
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/credit"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
)

// TestEveryRuleConserves: whatever rules are at work, in every currency what is
// billed and moved is assigned or retained, and the lines bear what is assigned.
func TestEveryRuleConserves(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inputs := anyMonth(t)
		drafts, errs := invoice.AssembleMonth(inputs)
		for i, draft := range drafts {
			billed, taken, lines := sums{}, sums{}, sums{}
			for _, g := range inputs[i].Groups {
				billed.add(g.Currency, g.Billed)
			}
			for _, moved := range inputs[i].Transfers {
				billed.add(moved.Currency, moved.Billed)
			}
			for _, share := range draft.Shares {
				taken.add(share.Currency, share.Assigned, share.Retained)
				lines.add(share.Currency, share.Assigned.Neg())
			}
			require.Equal(t, billed.text(), taken.text(), "also where the customer is parked")
			if errs[i] != nil {
				continue
			}
			for _, l := range draft.Snapshot.Lines {
				for _, step := range l.Steps {
					if slices.Contains([]invoice.StepName{"billed", "benefit", "shared"}, step.Name) {
						lines.add(l.Source, step.Delta)
					}
				}
			}
			require.Empty(t, lines.text(), "what is left of the lines without what is assigned")
		}
	})
}

// TestNoOrderLeavesATrace: rows, transfers, rules, credits, adjustments, fees, rates
// and providers in any order give the same bytes.
func TestNoOrderLeavesATrace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inputs := anyMonth(t)
		shuffled := make([]invoice.Input, len(inputs))
		for i, in := range inputs {
			in.Groups = rapid.Permutation(in.Groups).Draw(t, "groups")
			in.Rules = rapid.Permutation(in.Rules).Draw(t, "rules")
			in.Credits = rapid.Permutation(in.Credits).Draw(t, "credits")
			in.Adjustments = rapid.Permutation(in.Adjustments).Draw(t, "adjustments")
			in.Fees = rapid.Permutation(in.Fees).Draw(t, "fees")
			in.Plans = rapid.Permutation(in.Plans).Draw(t, "plans")
			in.TaxRules = rapid.Permutation(in.TaxRules).Draw(t, "tax rules")
			in.Transfers = rapid.Permutation(in.Transfers).Draw(t, "transfers")
			in.Rates = rapid.Permutation(in.Rates).Draw(t, "rates")
			in.Holidays = rapid.Permutation(in.Holidays).Draw(t, "holidays")
			shuffled[len(inputs)-1-i] = in
		}
		require.Equal(t, spelled(t, inputs), spelled(t, shuffled))
	})
}

// spelled is a month's documents in their one spelling, by provider.
func spelled(t require.TestingT, inputs []invoice.Input) map[string]string {
	spelled := map[string]string{}
	drafts, errs := invoice.AssembleMonth(inputs)
	for i, draft := range drafts {
		if errs[i] != nil {
			spelled["a document is parked"] = ""
			continue
		}
		canonical, err := draft.Snapshot.Canonical()
		require.NoError(t, err)
		spelled[inputs[i].Provider] = string(canonical)
	}
	if _, parked := spelled["a document is parked"]; parked {
		return nil // one parks all
	}
	return spelled
}

// TestCreditsOverMonths closes up to a year of random months, each with what the
// ones before left of the credits: no balance falls below nought, none grows, and
// used and left are what was granted.
func TestCreditsOverMonths(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		credits := anyCredits(t)
		granted, used := map[string]decimal.Decimal{}, map[string]decimal.Decimal{}
		for i := range credits {
			granted[credits[i].ID] = credits[i].Balance
			if credits[i].Currency == "" {
				credits[i].Currency = money.USD
			}
			credits[i].Valid = rapid.SampledFrom([]period.Span{
				{}, {From: october.Add(-8)}, {From: october.Add(-9), To: october.Add(-5)}, {To: october},
			}).Draw(t, "valid")
		}
		for back := rapid.IntRange(0, 11).Draw(t, "months"); back >= 0; back-- {
			in := dollars(rapid.SliceOfN(anyGroup(), 0, 4).Draw(t, "groups")...)
			in.Rates = listings
			valid := func(c credit.Credit) bool { return c.Valid.Covers(october.Add(-back)) }
			in.Credits = slices.DeleteFunc(slices.Clone(credits),
				func(c credit.Credit) bool { return !valid(c) })
			for i := range in.Credits {
				in.Credits[i].Valid = period.Span{} // the month itself is always October here
			}
			draft, err := invoice.Assemble(in)
			require.NoError(t, err)
			for _, use := range draft.CreditUses {
				at := slices.IndexFunc(credits, func(c credit.Credit) bool { return c.ID == use.ID })
				require.True(t, valid(credits[at]), "an expired credit is not used")
				require.True(t, use.Used.IsPositive())
				require.False(t, use.Remaining.IsNegative())
				require.True(t, use.Used.Add(use.Remaining).Equal(credits[at].Balance))
				credits[at].Balance = use.Remaining
				used[use.ID] = used[use.ID].Add(use.Used)
			}
			if s := draft.Snapshot; len(s.Sources) == 1 && len(s.Credits) > 0 {
				require.False(t, s.Supply.IsNegative(), "a credit leaves no document below nought")
			}
		}
		for _, one := range credits {
			require.True(t, granted[one.ID].Equal(used[one.ID].Add(one.Balance)), one.ID)
		}
	})
}

// TestACreditNeverRaisesABill: a month with one more credit owes no more, and a
// month with a larger balance owes no more than with a smaller.
func TestACreditNeverRaisesABill(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := dollars(rapid.SliceOfN(anyGroup(), 0, 6).Draw(t, "groups")...)
		in.Rates = listings
		with := func(balance int64) decimal.Decimal {
			more := in
			more.Credits = []credit.Credit{{ID: "c", Currency: money.USD, Balance: decimal.New(balance, -2)}}
			return assemble(t, more).Supply
		}
		less := rapid.Int64Range(0, 1e8).Draw(t, "less")
		more := less + rapid.Int64Range(0, 1e8).Draw(t, "more")
		require.False(t, with(less).GreaterThan(assemble(t, in).Supply))
		require.False(t, with(more).GreaterThan(with(less)))
	})
}

// sums adds up by currency.
type sums map[money.Currency]decimal.Decimal

func (s sums) add(currency money.Currency, amounts ...decimal.Decimal) {
	s[currency] = s[currency].Add(money.Sum(amounts...))
}

func (s sums) text() map[money.Currency]string {
	text := map[money.Currency]string{}
	for currency, sum := range s {
		if !sum.IsZero() {
			text[currency] = money.Text(sum)
		}
	}
	return text
}
