package db

import (
	"encoding/binary"
	"errors"
	"math/bits"

	"magam/domain/money"
)

// errNumeric refuses text that a reader should have refused: a slip of ours.
var errNumeric = errors.New("not an amount within the bounds of the books")

// The bounds of money.Parse, enforced again where bytes become a number in the
// books: `charge` has no CHECK per row, since that would cost more than this.
const (
	numericWholeMax   = 15 // digits before the point: below 1e15
	numericPlacesMax  = 30
	numericWrittenMax = 18 // digits written before the point, leading zeros too
	numericDigitsMax  = numericWrittenMax + numericPlacesMax
	numericNegative   = 0x4000
)

var tens = [...]int16{1, 10, 100, 1000}

// appendNumeric appends the field of a binary COPY that holds text exactly,
// every trailing zero kept. Empty text is nought.
func appendNumeric(dst, text []byte) ([]byte, error) {
	var digits [numericDigitsMax]byte // without leading zeros
	count, point, places, negative, ok := splitNumber(text, &digits)
	if !ok || count > 0 && point > numericWholeMax || places > numericPlacesMax {
		return dst, errNumeric
	}
	// Postgres counts in digits of base 10,000, aligned to the decimal point.
	// The first holds one to four of ours, and stands weight groups before the point.
	weight := (point+3)>>2 - 1
	lead := point - weight*4
	var groups [numericDigitsMax/4 + 2]int16
	last := -1
	for i, group, left := 0, 0, lead; i < count; i++ {
		left--
		groups[group] += int16(digits[i]) * tens[left]
		if digits[i] != 0 {
			last = group
		}
		if left == 0 {
			group, left = group+1, 4
		}
	}
	if last < 0 {
		weight, negative = 0, false
	}
	sign := uint16(0)
	if negative {
		sign = numericNegative
	}
	dst = binary.BigEndian.AppendUint32(dst, uint32(8+2*(last+1)))
	dst = binary.BigEndian.AppendUint16(dst, uint16(last+1))
	dst = binary.BigEndian.AppendUint16(dst, uint16(int16(weight)))
	dst = binary.BigEndian.AppendUint16(dst, sign)
	dst = binary.BigEndian.AppendUint16(dst, uint16(places))
	for _, group := range groups[:last+1] {
		dst = binary.BigEndian.AppendUint16(dst, uint16(group))
	}
	return dst, nil
}

// splitNumber reads -?digits[.digits][e-?digits] into its digits without
// leading zeros, the position of the decimal point relative to the first of
// them, and the places after it.
func splitNumber(text []byte, digits *[numericDigitsMax]byte) (count, point, places int, negative, ok bool) {
	if len(text) == 0 {
		return 0, 0, 0, false, true
	}
	i := 0
	if text[0] == '-' {
		negative = true
		i = 1
	}
	start, dot := i, -1
	for ; i < len(text); i++ {
		c := text[i] - '0'
		if c > 9 {
			if text[i] != '.' || dot >= 0 {
				break
			}
			dot = i
			continue
		}
		if count == 0 && c == 0 {
			if dot >= 0 {
				point--
			}
			continue
		}
		if count == len(digits) {
			return 0, 0, 0, false, false
		}
		digits[count] = c
		count++
		if dot < 0 {
			point++
		}
	}
	written := i - start
	if dot >= 0 {
		written, places = dot-start, i-dot-1
	}
	if written < 1 || written > numericWrittenMax || dot >= 0 && places < 1 || places > numericPlacesMax {
		return 0, 0, 0, false, false
	}
	if i < len(text) {
		exponent, fine := readExponent(text[i:])
		if !fine {
			return 0, 0, 0, false, false
		}
		point += exponent
		places = max(0, places-exponent)
	}
	return count, point, places, negative, true
}

// readExponent reads e-?digits of at most two digits.
func readExponent(text []byte) (int, bool) {
	if text[0]|0x20 != 'e' {
		return 0, false
	}
	text = text[1:]
	sign := 1
	if len(text) > 0 && text[0] == '-' {
		sign = -1
		text = text[1:]
	}
	if len(text) < 1 || len(text) > 2 {
		return 0, false
	}
	exponent := 0
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		exponent = exponent*10 + int(c-'0')
	}
	return sign * exponent, true
}

// appendNarrow appends the field of a binary COPY that holds a narrow sum,
// without trailing zeros.
func appendNarrow(dst []byte, sum money.Narrow) []byte {
	const groupsMax = 10 // of four digits each: 128 bits are 39 digits
	high, low, negative := sum.Magnitude()
	var groups [groupsMax]uint16 // the last one first
	count, first := 0, 0         // first is the last group that is not zero
	for ; high|low != 0; count++ {
		var rest uint64
		high, rest = high/1e4, high%1e4
		low, rest = bits.Div64(rest, low, 1e4)
		groups[count] = uint16(rest)
		if rest == 0 && first == count {
			first++
		}
	}
	if count == 0 {
		return append(dst, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0)
	}
	sign, places := uint16(0), max(0, money.NarrowPlaces-4*first)
	if negative {
		sign = numericNegative
	}
	if places > 0 {
		for unit := uint16(10); groups[first]%unit == 0; unit *= 10 {
			places--
		}
	}
	dst = binary.BigEndian.AppendUint32(dst, uint32(8+2*(count-first)))
	dst = binary.BigEndian.AppendUint16(dst, uint16(count-first))
	dst = binary.BigEndian.AppendUint16(dst, uint16(int16(count-1-money.NarrowPlaces/4)))
	dst = binary.BigEndian.AppendUint16(dst, sign)
	dst = binary.BigEndian.AppendUint16(dst, uint16(places))
	for i := count - 1; i >= first; i-- {
		dst = binary.BigEndian.AppendUint16(dst, groups[i])
	}
	return dst
}
