package parquetscan

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go/format"

	"magam/domain/charge"
	"magam/domain/fault"
)

// value is one value as it is stored: a number, or bytes.
type value struct {
	number int64
	bytes  []byte
}

// render writes a value as a cell's text or, inside of a map or list, as JSON.
func (l *leaf) render(dst []byte, v value) ([]byte, error) {
	if !l.json {
		return l.renderText(dst, v)
	}
	switch l.means {
	case meansText:
		if err := checkText(v.bytes); err != nil {
			return dst, err
		}
		return charge.AppendTagText(dst, v.bytes), nil
	case meansBoolean, meansSigned, meansUnsigned, meansDecimal, meansJSON:
		return l.renderText(dst, v)
	case meansFloat, meansDouble:
		start := len(dst)
		dst, err := l.renderText(dst, v)
		if last := dst[len(dst)-1]; err == nil &&
			(last == 'N' || last == 'f') { // NaN, Inf: no number of JSON's
			dst = append(dst[:start], "null"...)
		}
		return dst, err
	case meansDate, meansTime, meansTimestamp, meansInt96, meansUUID, meansUnknown:
		dst, err := l.renderText(append(dst, '"'), v)
		return append(dst, '"'), err
	default:
		return dst, nil
	}
}

func (l *leaf) renderText(dst []byte, v value) ([]byte, error) {
	switch l.means {
	case meansText, meansJSON:
		return append(dst, v.bytes...), checkText(v.bytes)
	case meansBoolean:
		return strconv.AppendBool(dst, v.number != 0), nil
	case meansSigned:
		return strconv.AppendInt(dst, v.number, 10), nil
	case meansUnsigned:
		if l.physical == format.Int32 {
			return strconv.AppendUint(dst, uint64(uint32(v.number)), 10), nil
		}
		return strconv.AppendUint(dst, uint64(v.number), 10), nil
	case meansDecimal:
		return l.appendDecimal(dst, v)
	case meansDate:
		return time.Unix(v.number*86400, 0).UTC().AppendFormat(dst, time.DateOnly), nil
	case meansTime, meansTimestamp:
		return l.appendTime(dst, v.number)
	case meansInt96:
		return appendInt96(dst, v.bytes), nil
	case meansFloat:
		// The shortest text that reads back to the same binary fraction.
		return fmt.Append(dst, math.Float32frombits(uint32(v.number))), nil
	case meansDouble:
		return appendDouble(dst, uint64(v.number)), nil
	case meansUUID:
		return appendUUID(dst, v.bytes), nil
	case meansUnknown:
		return dst, &problem{code: fault.Parquet, what: "the column is of a type that has no text"}
	default:
		return dst, damaged("the column is of no known type")
	}
}

// checkText refuses what no text holds, as csvscan does.
func checkText(text []byte) error {
	if bytes.IndexByte(text, 0) >= 0 {
		return &problem{code: fault.Encoding, what: "the text holds a NUL byte"}
	}
	if !utf8.Valid(text) {
		return &problem{
			code:  fault.Encoding,
			what:  "the text is not UTF-8",
			value: string(text[:min(len(text), 64)]),
		}
	}
	return nil
}

// appendDecimal writes an unscaled number with its point.
func (l *leaf) appendDecimal(dst []byte, v value) ([]byte, error) {
	number := v.number
	if l.inBytes() {
		if len(v.bytes) == 0 || len(v.bytes) > decimalBytesMax {
			return dst, damaged("a decimal has %d bytes", len(v.bytes))
		}
		narrow, fits := narrowNumber(v.bytes)
		if !fits {
			return appendPoint(dst, wideNumber(v.bytes).Append(nil, 10), l.scale), nil
		}
		number = narrow
	}
	var digits [20]byte
	return appendPoint(dst, strconv.AppendInt(digits[:0], number, 10), l.scale), nil
}

// narrowNumber reads a big-endian two's complement number, where 8 bytes hold it.
func narrowNumber(text []byte) (int64, bool) {
	sign := byte(int8(text[0]) >> 7) // of which all bytes are that may be left away
	for ; len(text) > 8; text = text[1:] {
		if text[0] != sign {
			return 0, false
		}
	}
	if (text[0]^sign)&0x80 != 0 {
		return 0, false
	}
	number := int64(int8(text[0]))
	for _, c := range text[1:] {
		number = number<<8 | int64(c)
	}
	return number, true
}

func wideNumber(text []byte) *big.Int {
	number := new(big.Int).SetBytes(text)
	if text[0] >= 0x80 {
		number.Sub(number, new(big.Int).Lsh(big.NewInt(1), uint(8*len(text))))
	}
	return number
}

// appendPoint writes digits with the last scale of them after the point.
func appendPoint(dst, digits []byte, scale int) []byte {
	if digits[0] == '-' {
		dst, digits = append(dst, '-'), digits[1:]
	}
	if scale == 0 {
		return append(dst, digits...)
	}
	whole := len(digits) - scale
	if whole > 0 {
		dst = append(append(dst, digits[:whole]...), '.')
		return append(dst, digits[whole:]...)
	}
	dst = append(dst, "0."...)
	for range -whole {
		dst = append(dst, '0')
	}
	return append(dst, digits...)
}

// appendTime writes an instant as RFC 3339 in UTC, or a time of day, with a
// fraction only where there is one. Instants that are not adjusted to UTC are
// read as if they were: in cost data all are.
func (l *leaf) appendTime(dst []byte, number int64) ([]byte, error) {
	if l.unit == 0 {
		return dst, damaged("the column's times have no unit")
	}
	perSecond := int64(time.Second) / l.unit
	seconds, rest := number/perSecond, number%perSecond
	if rest < 0 {
		seconds, rest = seconds-1, rest+perSecond
	}
	at := time.Unix(seconds, rest*l.unit).UTC()
	if l.means == meansTime {
		return at.AppendFormat(dst, "15:04:05.999999999"), nil
	}
	return at.AppendFormat(dst, time.RFC3339Nano), nil
}

// appendInt96 writes the instant of older writers: nanoseconds of a Julian day.
func appendInt96(dst, stored []byte) []byte {
	const epoch = 2_440_588 // the Julian day of 1970-01-01
	nanos := int64(binary.LittleEndian.Uint64(stored))
	day := int64(binary.LittleEndian.Uint32(stored[8:])) - epoch
	at := time.Unix(day*86400+nanos/int64(time.Second), nanos%int64(time.Second)).UTC()
	return at.AppendFormat(dst, time.RFC3339Nano)
}

// appendDouble writes the shortest text that reads back to the same binary
// fraction: what the source has is no decimal, and this is the one decimal that
// everybody means by it. Very large and very small ones get an exponent.
func appendDouble(dst []byte, bits uint64) []byte {
	const long = 40
	start := len(dst)
	dst = strconv.AppendFloat(dst, math.Float64frombits(bits), 'f', -1, 64)
	if len(dst)-start > long {
		dst = strconv.AppendFloat(dst[:start], math.Float64frombits(bits), 'e', -1, 64)
	}
	return dst
}

func appendUUID(dst, stored []byte) []byte {
	dst = append(hex.AppendEncode(dst, stored[:4]), '-')
	dst = append(hex.AppendEncode(dst, stored[4:6]), '-')
	dst = append(hex.AppendEncode(dst, stored[6:8]), '-')
	dst = append(hex.AppendEncode(dst, stored[8:10]), '-')
	return hex.AppendEncode(dst, stored[10:16])
}
