package money

import (
	"errors"
	"fmt"
	"sort"

	"github.com/shopspring/decimal"
)

// ErrNoShares refuses to split something among nobody.
var ErrNoShares = errors.New("no shares to split over")

// Split divides total in proportion to shares, each part a multiple of 10^-places.
//
// The parts always sum to total exactly: each is first truncated, then the
// leftover units go one by one to the largest remainders, earlier shares
// winning ties. Rounding each part on its own would lose or invent cents.
// Shares may be negative or zero; when they sum to zero the parts are even.
// What total has beyond places goes to the part that is served first.
func Split(total decimal.Decimal, shares []decimal.Decimal, places int32) ([]decimal.Decimal, error) {
	if len(shares) == 0 {
		return nil, fmt.Errorf("split %s: %w", total, ErrNoShares)
	}
	weights := shares
	whole := Sum(shares...)
	if whole.IsZero() {
		weights = make([]decimal.Decimal, len(shares))
		for i := range weights {
			weights[i] = decimal.NewFromInt(1)
		}
		whole = decimal.NewFromInt(int64(len(shares)))
	}

	parts := make([]decimal.Decimal, len(weights))
	remainders := make([]decimal.Decimal, len(weights))
	for i, weight := range weights {
		// Exact: total*weight/whole is never written down, only its quotient
		// and what is left of it, which has the quotient's sign times whole's.
		quotient, remainder := total.Mul(weight).QuoRem(whole, places)
		parts[i] = quotient
		remainders[i] = remainder.Mul(decimal.NewFromInt(int64(whole.Sign())))
	}
	return handOut(parts, remainders, total.Sub(Sum(parts...)), Unit(places)), nil
}

// Fit rounds exact amounts so that they sum to total: each is truncated to
// places, then the units that are missing go one by one to those that lost
// most, earlier amounts winning ties. Unlike Split it leaves every amount
// within one unit of where it was, whatever the signs, as long as total is the
// sum of exact rounded to the same unit.
func Fit(exact []decimal.Decimal, total decimal.Decimal, places int32) ([]decimal.Decimal, error) {
	if len(exact) == 0 {
		return nil, fmt.Errorf("fit to %s: %w", total, ErrNoShares)
	}
	parts := make([]decimal.Decimal, len(exact))
	remainders := make([]decimal.Decimal, len(exact))
	for i, amount := range exact {
		parts[i] = amount.Truncate(places)
		remainders[i] = amount.Sub(parts[i])
	}
	return handOut(parts, remainders, total.Sub(Sum(parts...)), Unit(places)), nil
}

// handOut gives the leftover away one unit at a time, first to the remainders
// that reach furthest in the leftover's own direction: a part that was cut
// upwards is no candidate for another unit up.
func handOut(
	parts, remainders []decimal.Decimal, leftover, unit decimal.Decimal,
) []decimal.Decimal {
	if leftover.IsZero() {
		return parts
	}
	step := unit
	if leftover.IsNegative() {
		step = unit.Neg()
	}
	order := make([]int, len(parts))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool {
		return remainders[order[a]].Cmp(remainders[order[b]])*step.Sign() > 0
	})

	for i := 0; leftover.Abs().Cmp(unit) >= 0; i = (i + 1) % len(order) {
		parts[order[i]] = parts[order[i]].Add(step)
		leftover = leftover.Sub(step)
	}
	parts[order[0]] = parts[order[0]].Add(leftover)
	return parts
}
