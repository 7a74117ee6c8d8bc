package money

import (
	"errors"
	"fmt"

	"github.com/shopspring/decimal"
)

// Mode is how a contract rounds.
type Mode string

// The modes of rounding. All are symmetric: a credit of 1.5 rounds to the
// negative of what a charge of 1.5 rounds to.
const (
	ModeTruncate Mode = "truncate" // toward zero (절사), the default in Korea
	ModeHalfUp   Mode = "half-up"  // to the nearest, a half away from zero (반올림)
	ModeCeil     Mode = "ceil"     // away from zero (올림)
)

// ErrUnknownMode refuses a mode that no contract may name.
var ErrUnknownMode = errors.New("unknown rounding mode")

// Round rounds amount to a multiple of unit by mode. Unit is the smallest
// sum that may remain: 1, 10 or 1000 won, 0.01 dollars. This is the only
// rounding in the house.
func Round(amount decimal.Decimal, mode Mode, unit decimal.Decimal) (decimal.Decimal, error) {
	if !unit.IsPositive() {
		return decimal.Zero, fmt.Errorf("round to a multiple of %s: %w", unit, ErrOutOfRange)
	}
	whole, rest := amount.QuoRem(unit, 0)
	away := false
	switch mode {
	case ModeTruncate:
	case ModeHalfUp:
		away = rest.Abs().Add(rest.Abs()).Cmp(unit) >= 0
	case ModeCeil:
		away = !rest.IsZero()
	default:
		return decimal.Zero, fmt.Errorf("%q: %w", string(mode), ErrUnknownMode)
	}
	if away {
		whole = whole.Add(decimal.NewFromInt(int64(amount.Sign())))
	}
	return whole.Mul(unit), nil
}

// Quotient divides and rounds half up to places. It is for printed unit prices
// and averages (the month-average rate has 4 places), never for owed amounts.
func Quotient(dividend, divisor decimal.Decimal, places int32) decimal.Decimal {
	return dividend.DivRound(divisor, places)
}

// Unit returns the smallest sum of a number of decimal places: 2 gives 0.01.
func Unit(places int32) decimal.Decimal {
	return decimal.New(1, -places)
}
