package invoice

import (
	"slices"
	"strings"

	"magam/domain/fault"
	"magam/domain/pricing"
)

// applyPrices lets the one most specific rule change each item.
func applyPrices(b *bill) error {
	for _, one := range b.items {
		rule, err := pricing.Select(b.in.Rules, b.in.Customer.Code, one.group, b.in.Month)
		if err != nil {
			return err
		}
		if rule == nil {
			continue
		}
		delta, err := rule.Delta(one.running)
		if err != nil {
			return err
		}
		one.add(StepPrice, rule.ID, 0, delta)
	}
	return nil
}

// refuseUnbuilt holds the place of two steps, shared costs and fees, whose
// sheets are read but not carried out yet: a row of theirs, or any other row
// that asks for what is not built, parks its customer with that reason.
func refuseUnbuilt(b *bill) error {
	if len(b.in.Unbuilt) == 0 {
		return nil
	}
	return fault.New(fault.RuleNotBuilt,
		strings.Join(slices.Sorted(slices.Values(b.in.Unbuilt)), "; "),
		"end the rows or bill them as an adjustment, then retry the parked customer")
}
