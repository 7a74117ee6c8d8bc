package sample

import (
	"math/big"
	"math/bits"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// amount is a sum of money or a price in units of 1e-10 dollars, the finest
// that AWS prints in an unblended cost.
type amount int64

// quantity is a measured usage in units of 1e-6.
type quantity int64

const (
	amountPlaces   = 10
	quantityPlaces = 6
	unitQuantity   = quantity(1_000_000)
	oneDollar      = amount(10_000_000_000)
)

// dollars reads a price of the built-in tables; text that is not a price is a
// mistake in this package and stops the program.
func dollars(text string) amount {
	negative := strings.HasPrefix(text, "-")
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	if len(fraction) > amountPlaces {
		panic("sample: a price finer than 1e-10: " + text)
	}
	digits := whole + fraction + strings.Repeat("0", amountPlaces-len(fraction))
	units, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		panic("sample: not a price: " + text)
	}
	if negative {
		units = -units
	}
	return amount(units)
}

// times is what q units cost at a rate; what lies beyond 1e-10 is cut, as the
// provider does.
func (rate amount) times(q quantity) amount {
	return amount(mulDiv(int64(rate), int64(q), int64(unitQuantity)))
}

// percent is hundredths of a in whole per cent, cut beyond 1e-10.
func (a amount) percent(rate int64) amount { return amount(mulDiv(int64(a), rate, 100)) }

// cents cuts to whole cents, as taxes on a provider's bill are.
func (a amount) cents() amount { return a - a%(oneDollar/100) }

func (a amount) text() string { return string(appendScaled(nil, int64(a), amountPlaces)) }

func (q quantity) text() string { return string(appendScaled(nil, int64(q), quantityPlaces)) }

// mulDiv is a*b/c toward zero through 128 bits, so that no product overflows.
func mulDiv(a, b, c int64) int64 {
	negative := (a < 0) != (b < 0)
	high, low := bits.Mul64(magnitude(a), magnitude(b))
	result, _ := bits.Div64(high, low, uint64(c)) // panics where the result has no room
	if result > 1<<63-1 {
		panic("sample: an amount beyond the range of the generator")
	}
	if negative {
		return -int64(result)
	}
	return int64(result)
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return uint64(-v)
	}
	return uint64(v)
}

// appendScaled prints value/10^places as the provider's Java does: below 1e-6 in
// scientific notation (5E-7, -1.25E-7), else plain with at least one place.
func appendScaled(b []byte, value int64, places int) []byte {
	if value == 0 {
		return append(b, "0.0"...)
	}
	if value < 0 {
		b = append(b, '-')
	}
	var store [20]byte
	digits := strconv.AppendUint(store[:0], magnitude(value), 10)
	for len(digits) > 1 && digits[len(digits)-1] == '0' && places > 0 {
		digits = digits[:len(digits)-1]
		places--
	}
	exponent := len(digits) - 1 - places
	if exponent < -6 {
		b = append(b, digits[0])
		if len(digits) > 1 {
			b = append(b, '.')
			b = append(b, digits[1:]...)
		}
		b = append(b, 'E')
		return strconv.AppendInt(b, int64(exponent), 10)
	}
	if exponent < 0 {
		b = append(b, "0.00000000"[:1-exponent]...)
		return append(b, digits...)
	}
	b = append(b, digits[:exponent+1]...)
	if places == 0 {
		return append(b, ".0"...)
	}
	b = append(b, '.')
	return append(b, digits[exponent+1:]...)
}

// total adds amounts without a bound: what no longer fits spills into a big
// integer.
type total struct {
	pending int64
	spilled big.Int
}

func (t *total) add(a amount) {
	t.pending += int64(a)
	if magnitude(t.pending) >= 1<<61 {
		t.spilled.Add(&t.spilled, big.NewInt(t.pending))
		t.pending = 0
	}
}

// decimal is the total, exactly.
func (t *total) decimal() decimal.Decimal {
	sum := new(big.Int).Add(&t.spilled, big.NewInt(t.pending))
	return decimal.NewFromBigInt(sum, -amountPlaces)
}

// plain prints a price without an exponent, as descriptions do.
func (a amount) plain() string {
	return decimal.New(int64(a), -amountPlaces).String()
}

// merge adds another total.
func (t *total) merge(other *total) {
	t.spilled.Add(&t.spilled, &other.spilled)
	t.add(amount(other.pending))
}
