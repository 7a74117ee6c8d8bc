package money

import (
	"errors"
	"fmt"

	"github.com/shopspring/decimal"
)

// The bounds of a number at the source. They are wider than any real bill and
// narrow enough that a hostile file cannot make the machine compute with
// millions of digits. Postgres repeats them as CHECKs (see db/migrations).
const (
	integerDigitsMax = 18
	scaleMax         = 30
)

// magnitudeMax bounds every amount: 1e15 units of any currency.
var magnitudeMax = decimal.New(1, 15)

// ErrNotANumber refuses text outside the grammar of an amount.
var ErrNotANumber = errors.New("not a decimal amount")

// ErrOutOfRange refuses an amount that is too large or too finely divided.
var ErrOutOfRange = errors.New("amount out of range")

// Parse reads an amount as a provider prints it: -?digits[.digits][e-?digits].
// Scientific notation is legal, since half of all real cost cells use it. NaN,
// Inf, underscores, thousands separators, blanks, any plus sign (FOCUS allows
// none, not even in the exponent) and digits of other scripts are refused with
// ErrNotANumber; 1e15 units or more, or more than 30 places, with ErrOutOfRange.
func Parse(text string) (decimal.Decimal, error) {
	err := Check([]byte(text))
	if err != nil {
		return decimal.Zero, err
	}
	amount, err := decimal.NewFromString(text)
	if err != nil {
		return decimal.Zero, fmt.Errorf("%q: %w", excerpt(text), ErrNotANumber)
	}
	if amount.Abs().Cmp(magnitudeMax) >= 0 || -amount.Exponent() > scaleMax {
		return decimal.Zero, fmt.Errorf("%q: %w", excerpt(text), ErrOutOfRange)
	}
	return amount, nil
}

// Check says whether text is in the grammar of an amount, without computing
// it: the hot path carries text and only checks it. Range is checked again by
// Parse on groups and by Postgres on rows.
func Check(text []byte) error {
	rest := text
	if len(rest) > 0 && rest[0] == '-' {
		rest = rest[1:]
	}
	whole, rest := digits(rest)
	if whole < 1 || whole > integerDigitsMax {
		return fmt.Errorf("%q: %w", excerpt(string(text)), ErrNotANumber)
	}
	if len(rest) > 0 && rest[0] == '.' {
		var places int
		places, rest = digits(rest[1:])
		if places < 1 || places > scaleMax {
			return fmt.Errorf("%q: %w", excerpt(string(text)), ErrNotANumber)
		}
	}
	if len(rest) > 0 && (rest[0] == 'e' || rest[0] == 'E') {
		rest = rest[1:]
		if len(rest) > 0 && rest[0] == '-' {
			rest = rest[1:]
		}
		var exponent int
		exponent, rest = digits(rest)
		if exponent < 1 || exponent > 2 {
			return fmt.Errorf("%q: %w", excerpt(string(text)), ErrNotANumber)
		}
	}
	if len(rest) > 0 {
		return fmt.Errorf("%q: %w", excerpt(string(text)), ErrNotANumber)
	}
	return nil
}

// digits counts the ASCII digits that text starts with and returns what follows.
func digits(text []byte) (int, []byte) {
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	return n, text[n:]
}

// excerpt keeps an error readable when a hostile cell is megabytes long.
func excerpt(text string) string {
	if len(text) > 64 {
		return text[:61] + "..."
	}
	return text
}
