package invoice

import (
	"fmt"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// serviceAdjustment is the product of an adjustment that has no charges to be
// shared over and therefore stands on a line of its own.
const serviceAdjustment = "adjustment"

func adjustBefore(b *bill) error {
	return adjustItems(b, credit.StageBeforeDiscount, StepAdjustmentBefore)
}

func adjustAfter(b *bill) error {
	return adjustItems(b, credit.StageAfterDiscount, StepAdjustmentAfter)
}

// adjustItems applies one stage in source currency. All adjustments of the
// stage see the same amounts, those from before it (ruling R-6).
func adjustItems(b *bill, stage credit.Stage, name StepName) error {
	items := b.own()
	charges := chargesOf(items)
	for turn, adjustment := range b.adjustments {
		if adjustment.Stage != stage {
			continue
		}
		currencies, err := b.currenciesOf(adjustment)
		if err != nil {
			return err
		}
		for _, currency := range currencies {
			err := b.adjust(adjustment, currency, name, turn, items, charges)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// adjust applies one adjustment to the items of one currency.
func (b *bill) adjust(
	a credit.Adjustment, currency money.Currency, name StepName, turn int,
	items []*item, charges []credit.Charge,
) error {
	var touched []*item
	var seen []credit.Charge
	for i, one := range items {
		if one.group.Currency == currency {
			touched, seen = append(touched, one), append(seen, charges[i])
		}
	}
	deltas, rest, err := spread(a, touched, seen)
	if err != nil {
		return err
	}
	for i, one := range touched {
		one.add(name, a.ID, turn, deltas[i])
		b.note(a, currency, deltas[i])
	}
	if !rest.IsZero() {
		own := ownItem(b.in.Provider, a, currency)
		own.add(name, a.ID, turn, rest)
		b.items = append(b.items, own)
		b.note(a, currency, rest)
	}
	return nil
}

// spread shares an adjustment out over items. A flat sum is shared in two turns,
// since the customer sees lines: first over the finest lines by what each comes
// to with its discounts, then inside each line over what is above zero.
func spread(
	a credit.Adjustment, items []*item, charges []credit.Charge,
) ([]decimal.Decimal, decimal.Decimal, error) {
	if a.Kind == credit.KindPercent {
		return a.Spread(charges)
	}
	members := map[lineKey][]int{}
	for i, one := range items {
		members[keyOf(one)] = append(members[keyOf(one)], i)
	}
	keys := slices.SortedFunc(maps.Keys(members), compareKeys)
	lines := make([]credit.Charge, len(keys))
	for at, key := range keys {
		lines[at].Account = key.account
		for _, member := range members[key] {
			lines[at].Base = lines[at].Base.Add(charges[member].Base)
		}
	}
	shares, rest, err := a.Spread(lines)
	if err != nil {
		return nil, rest, err
	}
	deltas := make([]decimal.Decimal, len(items))
	for at, share := range shares {
		inside := make([]credit.Charge, len(members[keys[at]]))
		for i, member := range members[keys[at]] {
			inside[i] = charges[member]
		}
		part := a
		part.Value = share
		parts, _, err := part.Spread(inside)
		if err != nil {
			return nil, rest, err
		}
		for i, member := range members[keys[at]] {
			deltas[member] = parts[i]
		}
	}
	return deltas, rest, nil
}

// currenciesOf says in which source currencies an adjustment applies: none
// where it is in the document's currency and waits for the conversion.
func (b *bill) currenciesOf(a credit.Adjustment) ([]money.Currency, error) {
	sources := b.sources
	if a.Kind == credit.KindPercent {
		if a.Currency == "" || a.Currency == b.in.Customer.Currency {
			return sources, nil
		}
		return []money.Currency{a.Currency}, nil
	}
	switch {
	case a.Currency == "" && len(sources) == 1:
		return sources, nil
	case a.Currency == "":
		return nil, adjustmentFault(a, fmt.Sprintf("it names no currency and the bill has %d", len(sources)),
			"name its currency in the adjustments sheet")
	case a.Currency != b.in.Customer.Currency || !b.foreign():
		return []money.Currency{a.Currency}, nil
	case a.Stage == credit.StageBeforeDiscount:
		return nil, adjustmentFault(a, "before the discount it would need an inverse exchange rate",
			"make it after-discount, or give it in the source currency")
	default:
		return nil, nil
	}
}

// adjustConverted applies the flat after-discount adjustments that are given in
// the document's currency, once its lines are.
func adjustConverted(b *bill) error {
	if !b.foreign() {
		return nil
	}
	charges := make([]credit.Charge, len(b.lines))
	for i, l := range b.lines {
		charges[i] = l.charge()
	}
	lines := b.lines
	for turn, a := range b.adjustments {
		late := a.Stage == credit.StageAfterDiscount && a.Kind == credit.KindFlat &&
			a.Currency == b.in.Customer.Currency
		if !late {
			continue
		}
		deltas, rest, err := a.Spread(charges)
		if err != nil {
			return err
		}
		for i, l := range lines {
			l.add(StepInvoiceAdjust, a.ID, turn, a.Currency, deltas[i])
			b.note(a, a.Currency, deltas[i])
		}
		if !rest.IsZero() {
			own := lineOf([]*item{ownItem(b.in.Provider, a, a.Currency)})
			own.add(StepInvoiceAdjust, a.ID, turn, a.Currency, rest)
			b.lines = append(b.lines, own)
			b.note(a, a.Currency, rest)
		}
	}
	sortLines(b.lines)
	return nil
}

// note adds to what the document's own section says about an adjustment.
func (b *bill) note(a credit.Adjustment, currency money.Currency, delta decimal.Decimal) {
	key := useKey{a.ID, currency}
	b.uses[key] = b.uses[key].Add(delta)
}

// ownItem is an empty item for an adjustment to stand on.
func ownItem(provider string, a credit.Adjustment, currency money.Currency) *item {
	own := &item{category: tax.Taxable, group: charge.Group{
		Provider: provider, SubAccount: a.SubAccount, Currency: currency,
		ServiceCode: serviceAdjustment, ServiceName: or(a.Reason, a.ID), UsageType: a.ID,
		Category: charge.CategoryAdjustment,
	}}
	own.add(StepBilled, "", 0, decimal.Zero)
	return own
}

// chargesOf shows items to an adjustment: what passes at cost has no base.
func chargesOf(items []*item) []credit.Charge {
	charges := make([]credit.Charge, len(items))
	for i, one := range items {
		charges[i] = credit.Charge{
			Account: one.group.SubAccount,
			Service: one.group.ServiceCode, ServiceName: one.group.ServiceName,
			Amount: one.running,
		}
		if !pricing.AtCost(one.group) {
			charges[i].Base = one.running
		}
	}
	return charges
}

func adjustmentFault(a credit.Adjustment, why, cure string) error {
	return &fault.Error{
		Code:  fault.AdjustmentTerm,
		Place: fault.Place{File: "adjustments"},
		What:  fmt.Sprintf("adjustment %s cannot be carried out: %s", a.ID, why),
		Cure:  cure + ", then retry the parked customer",
	}
}
