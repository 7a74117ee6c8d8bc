package pricing

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
)

// PlanRow is one slice of a plan's table: one row of the plans sheet.
type PlanRow struct {
	Plan     string
	From, To decimal.Decimal // in Currency; To zero is open
	Rate     decimal.Decimal // per cent
	Minimum  decimal.Decimal // of the whole fee, in Currency
	Currency money.Currency
	Valid    period.Span
}

// Plan is a table of rates over an amount, in force in a month.
type Plan struct {
	Name     string
	Currency money.Currency
	Minimum  decimal.Decimal
	slices   []PlanRow
}

// PlanOf gathers the table of a plan as it is in force in a month. One that is
// not, or that leaves a hole, parks the customer.
func PlanOf(rows []PlanRow, name string, month period.Month) (Plan, error) {
	plan := Plan{Name: name}
	for _, row := range rows {
		if row.Plan == name && row.Valid.Covers(month) {
			plan.slices = append(plan.slices, row)
			plan.Minimum = decimal.Max(plan.Minimum, row.Minimum)
		}
	}
	if len(plan.slices) == 0 {
		return plan, planFault(fmt.Sprintf("plan %s is not in force in %s", name, month))
	}
	slices.SortStableFunc(plan.slices, func(a, b PlanRow) int { return a.From.Cmp(b.From) })
	plan.Currency = plan.slices[0].Currency
	end := money.Zero
	for i, row := range plan.slices {
		last := i == len(plan.slices)-1
		if !row.From.Equal(end) || row.To.IsZero() != last || row.Currency != plan.Currency {
			return plan, planFault(
				fmt.Sprintf("the slices of plan %s do not follow each other from 0 to open", name),
			)
		}
		end = row.To
	}
	return plan, nil
}

// Fee is what the plan takes of a month's base, each slice at its own rate, and
// at least its minimum. A base below nought counts as nought.
func (p Plan) Fee(base decimal.Decimal) decimal.Decimal {
	fee := money.Zero
	for _, slice := range p.slices {
		if base.Cmp(slice.From) <= 0 {
			break
		}
		within := base
		if !slice.To.IsZero() && base.Cmp(slice.To) > 0 {
			within = slice.To
		}
		fee = fee.Add(money.Percent(within.Sub(slice.From), slice.Rate))
	}
	return decimal.Max(fee, p.Minimum)
}

func planFault(what string) error {
	return &fault.Error{
		Code: fault.Contract, Place: fault.Place{File: "plans"}, What: what,
		Cure: "correct the plans sheet, then retry the parked customer",
	}
}
