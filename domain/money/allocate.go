package money

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// Allocate divides total by an allocation key, each part a multiple of
// 10^-places, and gives what is left over to one part that was named beforehand.
//
// It differs from Split in who has the rest: there the parts that lost most,
// here the one whom the contract names (golden case G-5). The parts sum to
// total exactly. Weights below zero count as zero; where none is above zero the
// parts are even.
func Allocate(
	total decimal.Decimal, weights []decimal.Decimal, places int32, remainderTo int,
) ([]decimal.Decimal, error) {
	if len(weights) == 0 || remainderTo < 0 || remainderTo >= len(weights) {
		return nil, fmt.Errorf("allocate %s: %w", total, ErrNoShares)
	}
	shares := make([]decimal.Decimal, len(weights))
	for i, weight := range weights {
		shares[i] = decimal.Max(weight, Zero)
	}
	whole := Sum(shares...)
	if whole.IsZero() {
		for i := range shares {
			shares[i] = decimal.NewFromInt(1)
		}
		whole = decimal.NewFromInt(int64(len(shares)))
	}
	parts := make([]decimal.Decimal, len(shares))
	for i, share := range shares {
		parts[i], _ = total.Mul(share).QuoRem(whole, places)
	}
	parts[remainderTo] = parts[remainderTo].Add(total.Sub(Sum(parts...)))
	return parts, nil
}
