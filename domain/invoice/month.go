package invoice

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/credit"
	"magam/domain/pricing"
)

// AssembleMonth assembles all of one customer's documents of a month, one input
// per provider. It differs from assembling them one by one in what has no
// provider: a credit, a fee or a flat adjustment without one is used once, on the
// document with the largest supply value, and a credit's rest flows over to the
// next largest (ruling R-8). A percentage without a provider is a percentage of
// each document.
//
// The results stand in the order of the inputs. Where one is parked its error
// stands beside it; the others are assembled all the same.
func AssembleMonth(inputs []Input) ([]Draft, []error) {
	drafts, errs := make([]Draft, len(inputs)), make([]error, len(inputs))
	order := bySupply(inputs)
	spent := map[string]CreditUse{}
	flatDone := false
	for _, i := range order {
		in := inputs[i]
		in.Credits = remaining(in.Credits, spent)
		if flatDone {
			in.Adjustments, in.Fees = ofProviderOnly(in.Adjustments), withoutSums(in.Fees)
		}
		drafts[i], errs[i] = Assemble(in)
		flatDone = flatDone || errs[i] == nil
		for _, use := range drafts[i].CreditUses {
			spent[use.ID] = use
		}
	}
	return drafts, errs
}

// bySupply orders the inputs by the supply value they would have without what
// is shared between them, the largest first, providers in order where equal.
func bySupply(inputs []Input) []int {
	order := make([]int, len(inputs))
	supplies := make([]Snapshot, len(inputs))
	for i, in := range inputs {
		order[i] = i
		if len(inputs) == 1 {
			break
		}
		in.Credits = slices.DeleteFunc(slices.Clone(in.Credits), func(c credit.Credit) bool {
			return c.Provider == ""
		})
		in.Adjustments, in.Fees = ofProviderOnly(in.Adjustments), withoutSums(in.Fees)
		draft, err := Assemble(in)
		if err == nil {
			supplies[i] = draft.Snapshot
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(supplies[b].Supply.Cmp(supplies[a].Supply),
			cmp.Compare(inputs[a].Provider, inputs[b].Provider))
	})
	return order
}

// remaining lowers the balances by what earlier documents of the month used.
func remaining(credits []credit.Credit, spent map[string]CreditUse) []credit.Credit {
	left := slices.Clone(credits)
	for i := range left {
		if use, used := spent[left[i].ID]; used {
			left[i].Balance, left[i].Currency = use.Remaining, use.Currency
		}
	}
	return left
}

// ofProviderOnly leaves out the flat adjustments that were applied once already.
func ofProviderOnly(adjustments []credit.Adjustment) []credit.Adjustment {
	return slices.DeleteFunc(slices.Clone(adjustments), func(a credit.Adjustment) bool {
		return a.Provider == "" && a.Kind != credit.KindPercent
	})
}

// withoutSums takes the flat part from the fees of no provider, which was
// charged once already; their rate is taken of each document.
func withoutSums(fees []pricing.Fee) []pricing.Fee {
	rest := slices.Clone(fees)
	for i := range rest {
		if rest[i].Provider == "" {
			rest[i].Flat = decimal.Zero
		}
	}
	return rest
}
