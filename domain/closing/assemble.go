package closing

import (
	"sort"

	"github.com/shopspring/decimal"

	"magam/domain/credit"
	"magam/domain/invoice"
)

// Shared is what a customer has beside its providers: credits and flat
// adjustments that name none.
type Shared struct {
	Credits     []credit.Credit
	Adjustments []credit.Adjustment
}

// Assemble drafts all of a customer's documents of a month, in the order of the
// providers. What names no provider is used once (ruling R-8): flat adjustments
// on the document with the largest supply, credits there first and what is left
// of them on the next. The first error parks the customer.
func Assemble(inputs []invoice.Input, shared Shared) ([]invoice.Draft, error) {
	drafts := make([]invoice.Draft, len(inputs))
	supplies := make([]decimal.Decimal, len(inputs))
	order := make([]int, len(inputs))
	for i, in := range inputs {
		draft, err := invoice.Assemble(in)
		if err != nil {
			return nil, err
		}
		drafts[i], supplies[i], order[i] = draft, draft.Snapshot.Supply, i
	}
	if len(shared.Credits)+len(shared.Adjustments) == 0 {
		return drafts, nil
	}
	sort.SliceStable(order, func(a, b int) bool {
		return supplies[order[a]].Cmp(supplies[order[b]]) > 0
	})

	used := map[string]decimal.Decimal{}
	for turn, i := range order {
		in := inputs[i]
		if turn == 0 {
			in.Adjustments = append(append([]credit.Adjustment{}, in.Adjustments...), shared.Adjustments...)
		}
		in.Credits = append([]credit.Credit{}, in.Credits...)
		for _, one := range shared.Credits {
			one.Balance = one.Balance.Sub(used[one.ID])
			in.Credits = append(in.Credits, one)
		}
		draft, err := invoice.Assemble(in)
		if err != nil {
			return nil, err
		}
		for _, use := range draft.CreditUses {
			used[use.ID] = used[use.ID].Add(use.Used)
		}
		drafts[i] = draft
	}
	return drafts, nil
}

// Split takes what names no provider out of a customer's credits and
// adjustments. A percentage is the same on one document as on two, so it stays
// with each of them.
func Split(
	credits []credit.Credit, adjustments []credit.Adjustment,
) (ownCredits []credit.Credit, ownAdjustments []credit.Adjustment, shared Shared) {
	for _, one := range credits {
		if one.Provider == "" {
			shared.Credits = append(shared.Credits, one)
		} else {
			ownCredits = append(ownCredits, one)
		}
	}
	for _, one := range adjustments {
		if one.Provider == "" && one.Kind == credit.KindFlat {
			shared.Adjustments = append(shared.Adjustments, one)
		} else {
			ownAdjustments = append(ownAdjustments, one)
		}
	}
	return ownCredits, ownAdjustments, shared
}
