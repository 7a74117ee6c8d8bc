package invoice

import (
	"fmt"
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

// refuseShared and refuseFees hold the places of two steps whose sheets are
// read but not carried out yet: a row of theirs parks its customer.
func refuseShared(b *bill) error { return refuseRows("shared_costs", b.in.SharedRows) }

func refuseFees(b *bill) error { return refuseRows("fees", b.in.FeeRows) }

func refuseRows(sheet string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(ids))
	return &fault.Error{
		Code:  fault.RuleNotBuilt,
		Place: fault.Place{File: sheet},
		What:  fmt.Sprintf("rows %s cannot be carried out yet", strings.Join(sorted, ", ")),
		Cure:  "end the rows or bill them as an adjustment, then retry the parked customer",
	}
}
