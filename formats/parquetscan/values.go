package parquetscan

import (
	"encoding/binary"

	"github.com/parquet-go/parquet-go/format"
)

// stored is how a page holds its values.
type stored uint8

const (
	storedPlain stored = iota + 1
	storedTerms        // numbers of a dictionary's values
	storedTruths
	storedDeltas
	storedLengths
	storedPrefixes
	storedStreams
)

// values reads the values of one page, nulls left out. It keeps nothing of
// them: each is computed when it is asked for.
type values struct {
	kind     stored
	physical format.Type
	width    int
	rest     []byte
	at       int    // bit of a plain truth, value of a stream
	ids      levels // of terms and truths
	numbers  deltas
	prefixes deltas
	last     []byte // value before, of which the next one repeats a prefix
}

func (v *values) open(of *leaf, page []byte, encoding format.Encoding) error {
	*v = values{physical: of.physical, width: of.width, rest: page, last: v.last[:0]}
	switch encoding {
	case format.Plain:
		v.kind = storedPlain
		return nil
	case oldDictionary, format.RLEDictionary:
		return v.openTerms(of, page)
	case format.RLE:
		return v.openTruths(page)
	case format.DeltaBinaryPacked:
		v.kind = storedDeltas
		if v.physical != format.Int32 && v.physical != format.Int64 {
			return damaged("values of %s are encoded as %s", v.physical, encoding)
		}
		return v.numbers.open(page)
	case format.DeltaLengthByteArray:
		v.kind = storedLengths
		return v.openLengths(page)
	case format.DeltaByteArray:
		v.kind = storedPrefixes
		rest, err := afterDeltas(page)
		if err == nil {
			err = v.prefixes.open(page)
		}
		if err != nil {
			return err
		}
		return v.openLengths(rest)
	case format.ByteStreamSplit:
		v.kind = storedStreams
		if v.width == 0 || len(page)%v.width != 0 {
			return damaged("values of %s are encoded as %s", v.physical, encoding)
		}
		return nil
	case format.BitPacked:
		return damaged("values are encoded as %s", encoding)
	default:
		return damaged("values are encoded in an unknown way, %d", encoding)
	}
}

func (v *values) openTerms(of *leaf, page []byte) error {
	v.kind = storedTerms
	if !of.terms.some {
		return damaged("a page without a dictionary refers to it")
	}
	if len(page) == 0 {
		return nil // all are null
	}
	if page[0] > 32 {
		return damaged("a dictionary's numbers claim %d bits", page[0])
	}
	v.ids.open(page[1:], uint(page[0]))
	return nil
}

func (v *values) openTruths(page []byte) error {
	v.kind = storedTruths
	if v.physical != format.Boolean {
		return damaged("values of %s are encoded as RLE", v.physical)
	}
	_, err := v.ids.openCounted(page, 1, format.RLE)
	return err
}

func (v *values) openLengths(page []byte) error {
	if v.physical != format.ByteArray && v.physical != format.FixedLenByteArray {
		return damaged("values of %s are encoded as bytes", v.physical)
	}
	rest, err := afterDeltas(page)
	if err != nil {
		return err
	}
	v.rest = rest
	return v.numbers.open(page)
}

// next is the next value.
func (v *values) next() (value, error) {
	switch v.kind {
	case storedPlain:
		return v.plain()
	case storedTruths:
		truth, err := v.ids.next()
		return value{number: int64(truth)}, err
	case storedDeltas:
		number, err := v.numbers.next()
		if v.physical == format.Int32 {
			number = int64(int32(number))
		}
		return value{number: number}, err
	case storedLengths:
		length, err := v.numbers.next()
		if err != nil {
			return value{}, err
		}
		text, err := v.take(length)
		return value{bytes: text}, err
	case storedPrefixes:
		return v.prefixed()
	case storedStreams:
		return v.streamed()
	case storedTerms: // the leaf reads those itself
		return value{}, damaged("a page has no values of its own")
	default:
		return value{}, damaged("a page has no values")
	}
}

func (v *values) plain() (value, error) {
	switch v.physical {
	case format.Boolean:
		if v.at/8 >= len(v.rest) {
			return value{}, damaged("a page has fewer values than it claims")
		}
		truth := v.rest[v.at/8] >> (v.at % 8) & 1
		v.at++
		return value{number: int64(truth)}, nil
	case format.ByteArray:
		length, err := v.take(4)
		if err != nil {
			return value{}, err
		}
		text, err := v.take(int64(binary.LittleEndian.Uint32(length)))
		return value{bytes: text}, err
	case format.Int32, format.Int64, format.Int96, format.Float, format.Double, format.FixedLenByteArray:
		text, err := v.take(int64(v.width))
		if err != nil {
			return value{}, err
		}
		return v.fixed(text), nil
	default:
		return value{}, damaged("a page's values are of an unknown type")
	}
}

func (v *values) take(length int64) ([]byte, error) {
	if length < 0 || length > int64(len(v.rest)) {
		return nil, damaged("a page has fewer values than it claims")
	}
	text := v.rest[:length]
	v.rest = v.rest[length:]
	return text, nil
}

// fixed reads a value of a fixed width.
func (v *values) fixed(text []byte) value {
	switch v.physical {
	case format.Int32:
		return value{number: int64(int32(binary.LittleEndian.Uint32(text)))}
	case format.Float:
		return value{number: int64(binary.LittleEndian.Uint32(text))}
	case format.Int64, format.Double:
		return value{number: int64(binary.LittleEndian.Uint64(text))}
	case format.Int96, format.FixedLenByteArray, format.Boolean, format.ByteArray:
		return value{bytes: text}
	default:
		return value{bytes: text}
	}
}

// prefixed is a value that repeats the beginning of the one before.
func (v *values) prefixed() (value, error) {
	prefix, err := v.prefixes.next()
	if err != nil {
		return value{}, err
	}
	length, err := v.numbers.next()
	if err != nil {
		return value{}, err
	}
	if prefix < 0 || prefix > int64(len(v.last)) {
		return value{}, damaged("a value repeats more than there was before it")
	}
	suffix, err := v.take(length)
	if err != nil {
		return value{}, err
	}
	if v.last = append(v.last[:prefix], suffix...); len(v.last) > fieldBytesMax {
		return value{}, damaged("a value is longer than 1 MB")
	}
	if v.physical == format.FixedLenByteArray && len(v.last) != v.width {
		return value{}, damaged("a value has %d bytes, not %d", len(v.last), v.width)
	}
	return value{bytes: v.last}, nil
}

// streamed gathers a value whose bytes lie apart, each with its like.
func (v *values) streamed() (value, error) {
	count := len(v.rest) / v.width
	if v.at >= count {
		return value{}, damaged("a page has fewer values than it claims")
	}
	v.last = v.last[:0]
	for i := range v.width {
		v.last = append(v.last, v.rest[i*count+v.at])
	}
	v.at++
	return v.fixed(v.last), nil
}
