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

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"

	"magam/domain/charge"
	"magam/domain/fault"
)

// meaning is what a leaf's values are, whatever holds them.
type meaning uint8

const (
	meansText meaning = iota + 1
	meansBoolean
	meansSigned
	meansUnsigned
	meansDecimal
	meansDate
	meansTime
	meansTimestamp
	meansInt96
	meansFloat
	meansDouble
	meansUUID
	meansJSON
	meansUnknown
)

// The bound of a decimal: 38 digits take 16 bytes; nothing real takes more.
const (
	decimalBytesMax = 64
	scaleMax        = 255
)

// setType finds out what the leaf's values mean. A type that has no text is
// only refused where the column is wanted.
func (l *leaf) setType(element *format.SchemaElement) error {
	l.physical = element.Type.V
	switch l.physical {
	case format.Boolean, format.ByteArray:
	case format.Int32, format.Float:
		l.width = 4
	case format.Int64, format.Double:
		l.width = 8
	case format.Int96:
		l.width = 12
	case format.FixedLenByteArray:
		l.width = int(element.TypeLength.V)
		if l.width <= 0 || l.width > fieldBytesMax {
			return damaged("the values of %q claim %d bytes each", element.Name, l.width)
		}
	default:
		return damaged("the column %q is of an unknown type", element.Name)
	}
	l.means = meaningOf(element)
	switch logical := element.LogicalType.Value.(type) {
	case *format.DecimalType:
		l.scale = int(logical.Scale)
	case *format.TimestampType:
		l.unit = unitOf(logical.Unit)
	case *format.TimeType:
		l.unit = unitOf(logical.Unit)
	default:
		l.scale, l.unit = int(element.Scale.V), convertedUnit(element)
	}
	if !l.fits() {
		return damaged("the column %q is stored as %s, which does not fit its meaning", element.Name, l.physical)
	}
	if l.means == meansDecimal && (l.scale < 0 || l.scale > scaleMax) {
		return damaged("the decimals of %q claim %d places", element.Name, l.scale)
	}
	return nil
}

// inBytes says that the leaf's values are bytes and no numbers.
func (l *leaf) inBytes() bool {
	return l.physical == format.ByteArray || l.physical == format.FixedLenByteArray ||
		l.physical == format.Int96
}

// fits says whether what holds the values can hold what they mean.
func (l *leaf) fits() bool {
	whole := l.physical == format.Int32 || l.physical == format.Int64
	switch l.means {
	case meansText, meansJSON:
		return l.physical == format.ByteArray || l.physical == format.FixedLenByteArray
	case meansSigned, meansUnsigned, meansTime, meansTimestamp:
		return whole
	case meansDate:
		return l.physical == format.Int32
	case meansDecimal:
		return whole || l.inBytes() && l.physical != format.Int96
	case meansBoolean:
		return l.physical == format.Boolean
	case meansInt96:
		return l.physical == format.Int96
	case meansFloat:
		return l.physical == format.Float
	case meansDouble:
		return l.physical == format.Double
	case meansUUID, meansUnknown:
		return true
	default:
		return false
	}
}

func meaningOf(element *format.SchemaElement) meaning {
	if logical := logicalMeaning(element); logical != 0 {
		return logical
	}
	if element.ConvertedType.Valid {
		if converted := convertedMeaning(element.ConvertedType.V); converted != 0 {
			return converted
		}
	}
	switch element.Type.V {
	case format.Boolean:
		return meansBoolean
	case format.Int32, format.Int64:
		return meansSigned
	case format.Int96:
		return meansInt96
	case format.Float:
		return meansFloat
	case format.Double:
		return meansDouble
	case format.ByteArray:
		return meansText // older writers leave the annotation away
	case format.FixedLenByteArray:
		return meansUnknown
	default:
		return meansUnknown
	}
}

func logicalMeaning(element *format.SchemaElement) meaning {
	kind := element.Type.V
	switch logical := element.LogicalType.Value.(type) {
	case *format.StringType, *format.EnumType:
		return meansText
	case *format.JsonType:
		return meansJSON
	case *format.DecimalType:
		return meansDecimal
	case *format.DateType:
		return meansDate
	case *format.TimeType:
		return meansTime
	case *format.TimestampType:
		return meansTimestamp
	case *format.UUIDType:
		if kind == format.FixedLenByteArray && element.TypeLength.V == 16 {
			return meansUUID
		}
		return meansUnknown
	case *format.IntType:
		if logical.IsSigned {
			return meansSigned
		}
		return meansUnsigned
	case nil:
		return 0
	case *format.NullType:
		return 0
	default:
		return meansUnknown
	}
}

func convertedMeaning(converted deprecated.ConvertedType) meaning {
	switch converted {
	case deprecated.UTF8, deprecated.Enum:
		return meansText
	case deprecated.Json:
		return meansJSON
	case deprecated.Decimal:
		return meansDecimal
	case deprecated.Date:
		return meansDate
	case deprecated.TimeMillis, deprecated.TimeMicros:
		return meansTime
	case deprecated.TimestampMillis, deprecated.TimestampMicros:
		return meansTimestamp
	case deprecated.Uint8, deprecated.Uint16, deprecated.Uint32, deprecated.Uint64:
		return meansUnsigned
	case deprecated.Int8, deprecated.Int16, deprecated.Int32, deprecated.Int64:
		return meansSigned
	default:
		return meansUnknown
	}
}

func unitOf(unit format.TimeUnit) int64 {
	if unit.Value == nil {
		return 0
	}
	return int64(unit.Value.Duration())
}

func convertedUnit(element *format.SchemaElement) int64 {
	switch element.ConvertedType.V {
	case deprecated.TimeMillis, deprecated.TimestampMillis:
		return int64(time.Millisecond)
	case deprecated.TimeMicros, deprecated.TimestampMicros:
		return int64(time.Microsecond)
	default:
		return 0
	}
}

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
		if last := dst[len(dst)-1]; err == nil && (last == 'N' || last == 'f') { // NaN, Inf: no number of JSON's
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
		return &problem{code: fault.Encoding, what: "the text is not UTF-8", value: string(text[:min(len(text), 64)])}
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
		narrow := false
		if number, narrow = narrowNumber(v.bytes); !narrow {
			return appendPoint(dst, wideNumber(v.bytes).Append(nil, 10), l.scale), nil
		}
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
