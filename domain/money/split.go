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

	unit := Unit(places)
	parts := make([]decimal.Decimal, len(weights))
	remainders := make([]decimal.Decimal, len(weights))
	given := decimal.Zero
	for i, weight := range weights {
		// Exact: compare total*weight/whole by its quotient and remainder.
		quotient, remainder := total.Mul(weight).QuoRem(whole, places)
		parts[i] = quotient
		remainders[i] = remainder.Abs()
		given = given.Add(quotient)
	}

	return handOut(parts, remainders, total.Sub(given), unit), nil
}

// handOut gives the leftover away one unit at a time, largest remainder first.
func handOut(
	parts, remainders []decimal.Decimal, leftover, unit decimal.Decimal,
) []decimal.Decimal {
	order := make([]int, len(parts))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool {
		return remainders[order[a]].Cmp(remainders[order[b]]) > 0
	})

	step := unit
	if leftover.IsNegative() {
		step = unit.Neg()
	}
	for i := 0; leftover.Abs().Cmp(unit) >= 0; i = (i + 1) % len(order) {
		parts[order[i]] = parts[order[i]].Add(step)
		leftover = leftover.Sub(step)
	}
	parts[order[0]] = parts[order[0]].Add(leftover)
	return parts
}
