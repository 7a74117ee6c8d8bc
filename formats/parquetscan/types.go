package parquetscan

import (
	"time"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
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
		return damaged("the column %q is stored as %s, which does not fit its meaning", element.Name,
			l.physical)
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
	case deprecated.Map, deprecated.MapKeyValue, deprecated.List, deprecated.Bson, deprecated.Interval:
		return meansUnknown
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
	switch element.ConvertedType.V { //nolint:exhaustive // the others count no time
	case deprecated.TimeMillis, deprecated.TimestampMillis:
		return int64(time.Millisecond)
	case deprecated.TimeMicros, deprecated.TimestampMicros:
		return int64(time.Microsecond)
	default:
		return 0
	}
}
