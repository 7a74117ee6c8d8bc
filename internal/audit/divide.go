package audit

import (
	"math/big"
	"slices"
)

// finely is to how many places a sum is divided over charges.
const finely = 10

// hundredth is one per cent.
var hundredth = big.NewRat(1, 100)

func minus(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }

func times(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }

// percent is a rate of a base.
func percent(base, rate *big.Rat) *big.Rat { return times(times(base, rate), hundredth) }

// total adds up.
func total(amounts []*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for _, amount := range amounts {
		sum.Add(sum, amount)
	}
	return sum
}

// cut drops what an amount has beyond some places.
func cut(amount *big.Rat, places int) *big.Rat {
	shift := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	shifted := times(amount, new(big.Rat).SetInt(shift))
	return new(big.Rat).SetFrac(new(big.Int).Quo(shifted.Num(), shifted.Denom()), shift)
}

// divide shares a sum out in proportion to weights: each part is cut, and the
// units that are left go one each to those that lost most, the earlier first.
// Weights that sum to nought are even.
func divide(sum *big.Rat, weights []*big.Rat, places int) []*big.Rat {
	if len(weights) == 0 {
		return nil
	}
	whole := total(weights)
	if whole.Sign() == 0 {
		weights = slices.Repeat([]*big.Rat{big.NewRat(1, 1)}, len(weights))
		whole = total(weights)
	}
	parts, lost := make([]*big.Rat, len(weights)), make([]*big.Rat, len(weights))
	turns := make([]int, len(weights))
	for i, weight := range weights {
		exact := new(big.Rat).Quo(times(sum, weight), whole)
		parts[i], turns[i] = cut(exact, places), i
		lost[i] = minus(exact, parts[i])
	}
	left := minus(sum, total(parts))
	if left.Sign() == 0 {
		return parts
	}
	unit := new(big.Rat).SetFrac(big.NewInt(int64(left.Sign())),
		new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil))
	slices.SortStableFunc(turns, func(a, b int) int { return lost[b].Cmp(lost[a]) * unit.Sign() })
	for i := 0; new(big.Rat).Abs(left).Cmp(new(big.Rat).Abs(unit)) >= 0; i = (i + 1) % len(turns) {
		parts[turns[i]], left = plus(parts[turns[i]], unit), minus(left, unit)
	}
	parts[turns[0]] = plus(parts[turns[0]], left)
	return parts
}
