package money

import (
	"fmt"
	"math/big"
	"math/bits"

	"github.com/shopspring/decimal"
)

// The bounds that CheckSource enforces, in digits: below 1e15 and 30 places.
const wholeDigitsMax = 15

// Tally adds up amounts as the text they came in, exactly and without
// allocating, for control totals over millions of rows.
//
// Amounts of one scale share a 128-bit sum of their digits: nothing is
// rescaled until Total, so nothing can overflow before 2^63 rows. A number of
// more than 18 digits takes the slow path through decimal. The zero Tally is
// ready to use.
type Tally struct {
	low  [scaleMax + 1]uint64
	high [scaleMax + 1]uint64 // two's complement with low
	wide decimal.Decimal
}

// Add adds one amount; empty text is nothing. What Parse refuses is refused.
func (t *Tally) Add(text []byte) error {
	if len(text) == 0 {
		return nil
	}
	digits, scale, negative, narrow := shortNumber(text)
	if !narrow {
		amount, err := Parse(string(text))
		if err != nil {
			return err
		}
		t.wide = t.wide.Add(amount)
		return nil
	}
	var carry uint64
	if negative {
		t.low[scale], carry = bits.Sub64(t.low[scale], digits, 0)
		t.high[scale], _ = bits.Sub64(t.high[scale], 0, carry)
		return nil
	}
	t.low[scale], carry = bits.Add64(t.low[scale], digits, 0)
	t.high[scale], _ = bits.Add64(t.high[scale], 0, carry)
	return nil
}

// Total is the exact sum of everything added.
func (t *Tally) Total() decimal.Decimal {
	total := t.wide
	for scale := range t.low {
		if t.low[scale] == 0 && t.high[scale] == 0 {
			continue
		}
		sum := new(big.Int).SetInt64(int64(t.high[scale]))
		sum.Lsh(sum, 64)
		sum.Add(sum, new(big.Int).SetUint64(t.low[scale]))
		total = total.Add(decimal.NewFromBigInt(sum, -int32(scale)))
	}
	return total
}

// CheckSource says whether Parse would accept text: its grammar and its
// bounds, in one pass and without allocating. Readers ask it of every cell.
func CheckSource(text []byte) error {
	if _, _, _, narrow := shortNumber(text); narrow {
		return nil
	}
	if err := Check(text); err != nil {
		return err
	}
	if _, err := Parse(string(text)); err != nil {
		return fmt.Errorf("%q: %w", excerpt(string(text)), ErrOutOfRange)
	}
	return nil
}

// shortNumber reads text of at most 18 significant digits within the bounds of
// a source amount. What it does not read is either wide or wrong: Parse tells.
func shortNumber(text []byte) (digits uint64, scale int, negative, narrow bool) {
	i := 0
	if i < len(text) && text[i] == '-' {
		negative = true
		i++
	}
	start, point := i, -1
	for ; i < len(text); i++ {
		c := text[i] - '0'
		if c <= 9 {
			if digits >= 1e17 {
				return 0, 0, false, false
			}
			digits = digits*10 + uint64(c)
			continue
		}
		if text[i] != '.' || point >= 0 {
			break
		}
		point = i
	}
	whole := i - start
	if point >= 0 {
		whole = point - start
		scale = i - point - 1
		if scale == 0 {
			return 0, 0, false, false
		}
	}
	if whole == 0 || whole > wholeDigitsMax {
		return 0, 0, false, false
	}
	if i < len(text) {
		exponent, ok := shortExponent(text[i:])
		if !ok {
			return 0, 0, false, false
		}
		// Digits move right of the point only: a growing exponent takes the slow path.
		scale += exponent
	}
	return digits, scale, negative, scale <= scaleMax
}

// shortExponent reads e-N and e0, and gives N.
func shortExponent(text []byte) (int, bool) {
	if len(text) < 3 || len(text) > 4 || text[0]|0x20 != 'e' || text[1] != '-' {
		return 0, false
	}
	exponent := 0
	for _, c := range text[2:] {
		if c < '0' || c > '9' {
			return 0, false
		}
		exponent = exponent*10 + int(c-'0')
	}
	return exponent, true
}
