package invoice

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/fault"
	"magam/domain/pricing"
)

// takenOf lists what shared costs take from the customer, by the place it is
// taken from.
func takenOf(transfers []pricing.Transfer) map[pricing.Place]pricing.Transfer {
	taken := map[pricing.Place]pricing.Transfer{}
	for _, t := range transfers {
		if t.Taken {
			taken[t.Place()] = t
		}
	}
	return taken
}

// takeBenefits opens an item for each amount that a benefit policy moved to or
// from an account of the customer. It is use of the covered service from then
// on. On an effective basis it counts what it moved of the effective cost; on a
// list basis nothing, since the use itself is paid at list.
func takeBenefits(b *bill, taken map[pricing.Place]pricing.Transfer) error {
	for _, t := range sortedTransfers(b.in.Transfers) {
		if t.Kind != pricing.TransferBenefit {
			continue
		}
		one, err := b.enter(t.Group())
		if err != nil {
			return err
		}
		one.group.Effective = t.Effective
		one.add(StepBenefit, t.Rule, 0, t.Billed)
		by, shared := taken[t.Place()]
		one.shared, one.place = by.Rule, t.Place()
		if shared {
			continue
		}
		switch basis := b.in.Customer.Contract.PriceBasis; basis {
		case pricing.BasisEffective:
			one.add(StepBasis, basis, 0, t.Effective.Sub(t.Billed))
		case pricing.BasisList:
			one.add(StepBasis, basis, 0, t.Billed.Neg())
		}
	}
	return nil
}

// shareCosts takes away what others bear and adds what the customer bears of
// what is shared: at cost, since price rules are done. What is taken must be
// what stands in the month's list to the last digit: if data or accounts changed
// since the list was made, the month must be shared anew first.
func shareCosts(b *bill) error {
	left := map[pricing.Place]decimal.Decimal{}
	for place, t := range takenOf(b.in.Transfers) {
		left[place] = t.Billed
	}
	for _, one := range b.items {
		if one.shared == "" {
			continue
		}
		left[one.place] = left[one.place].Add(one.running)
		one.add(StepShared, one.shared, 0, one.running.Neg())
	}
	for place, rest := range left {
		if !rest.IsZero() {
			return fault.New(fault.Conservation,
				fmt.Sprintf("%s %s of what is shared of account %s, %s, does not agree with the month's list",
					rest, place.Currency, place.SubAccount, place.Service),
				"data or accounts changed since costs were shared: start the close of the month again")
		}
	}
	for _, t := range sortedTransfers(b.in.Transfers) {
		if t.Kind != pricing.TransferShared || t.Taken {
			continue
		}
		one, err := b.enter(t.Group())
		if err != nil {
			return err
		}
		one.add(StepShared, t.Rule, 0, t.Billed)
	}
	b.sortItems()
	slices.Sort(b.sources)
	b.sources = slices.Compact(b.sources)
	return nil
}

func sortedTransfers(transfers []pricing.Transfer) []pricing.Transfer {
	sorted := slices.Clone(transfers)
	pricing.SortTransfers(sorted)
	return sorted
}
