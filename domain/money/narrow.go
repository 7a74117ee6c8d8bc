package money

import (
	"math/big"
	"math/bits"

	"github.com/shopspring/decimal"
)

// NarrowPlaces is how finely a Narrow is divided.
const NarrowPlaces = 20

// Narrow is an exact sum in sixteen bytes, for tables of very many sums: a
// 128-bit count of units of 1e-20. Amounts that are divided more finely, and
// sums beyond 1.7e18, do not fit; their owner keeps them as decimals. The zero
// Narrow is nought.
type Narrow struct {
	high, low uint64 // two's complement
}

// ReadNarrow reads an amount as CheckSource lets it pass. It says false where
// the amount does not fit; empty text is nought.
func ReadNarrow(text []byte) (Narrow, bool) {
	if len(text) == 0 {
		return Narrow{}, true
	}
	digits, scale, negative, narrow := shortNumber(text)
	if !narrow || scale > NarrowPlaces {
		return Narrow{}, false
	}
	unit := narrowUnits[scale]
	var n Narrow
	n.high, n.low = bits.Mul64(digits, unit.low)
	n.high += digits * unit.high // below 1e15 units of currency: no carry is lost
	if negative {
		n = n.negated()
	}
	return n, true
}

// narrowUnits is how many units of 1e-20 one digit of a scale is worth.
var narrowUnits = func() (units [NarrowPlaces + 1]Narrow) {
	for scale := range units {
		value := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(NarrowPlaces-scale)), nil)
		units[scale] = Narrow{
			high: new(big.Int).Rsh(value, 64).Uint64(),
			low:  new(big.Int).And(value, new(big.Int).SetUint64(^uint64(0))).Uint64(),
		}
	}
	return units
}()

// Add adds other. It says false, and changes nothing, where the sum does not fit.
func (n *Narrow) Add(other Narrow) bool {
	low, carry := bits.Add64(n.low, other.low, 0)
	high, _ := bits.Add64(n.high, other.high, carry)
	if (n.high^high)&(other.high^high)>>63 == 1 {
		return false // both signs differ from the sum's
	}
	n.high, n.low = high, low
	return true
}

// Magnitude is the count of units without its sign, and the sign.
func (n Narrow) Magnitude() (high, low uint64, negative bool) {
	if n.high>>63 == 1 {
		n = n.negated()
		negative = true
	}
	return n.high, n.low, negative
}

// Decimal is the sum for arithmetic off the hot path.
func (n Narrow) Decimal() decimal.Decimal {
	sum := new(big.Int).SetInt64(int64(n.high))
	sum.Lsh(sum, 64)
	sum.Add(sum, new(big.Int).SetUint64(n.low))
	return decimal.NewFromBigInt(sum, -NarrowPlaces)
}

func (n Narrow) negated() Narrow {
	low, borrow := bits.Sub64(0, n.low, 0)
	high, _ := bits.Sub64(0, n.high, borrow)
	return Narrow{high: high, low: low}
}
