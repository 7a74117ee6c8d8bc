// Package money holds exact amounts: strict parsing, the only rounding of the
// house, and splits whose parts always sum to the whole.
//
// It owns the grammar of a number, the modes of rounding and the apportioning
// of a rounded total. It does not own exchange rates or tax (see tax), nor what
// is rounded when (see invoice).
//
// No function here or in any caller of money passes through a binary float.
package money

import "github.com/shopspring/decimal"

// Zero is the amount nought.
var Zero = decimal.Zero

// Hundred is the divisor of a percentage.
var Hundred = decimal.NewFromInt(100)

// Percent returns rate per cent of base, at full precision: Percent(200, 10) is 20.
func Percent(base, rate decimal.Decimal) decimal.Decimal {
	return base.Mul(rate).Shift(-2)
}

// Sum adds amounts of one currency. The sum of nothing is zero.
func Sum(amounts ...decimal.Decimal) decimal.Decimal {
	total := decimal.Zero
	for _, amount := range amounts {
		total = total.Add(amount)
	}
	return total
}

// Text prints an amount with every digit that is not a trailing nought, and no
// exponent. Nought is always "0", never "-0" or "0.00": amounts of different scale
// that are equal print alike, so that digests over texts compare amounts.
func Text(amount decimal.Decimal) string { return amount.String() }
