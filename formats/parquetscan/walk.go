package parquetscan

import (
	"encoding/binary"
	"errors"
)

// The kinds of values in thrift's compact protocol.
const (
	thriftStop = iota
	thriftTrue
	thriftFalse
	thriftInt8
	thriftInt16
	thriftInt32
	thriftInt64
	thriftDouble
	thriftBinary
	thriftList
	thriftSet
	thriftMap
	thriftStruct
)

// The bounds of a header. A struct of the footer takes up to a kilobyte decoded.
const (
	thriftDepthMax    = 16
	thriftStructsMax  = 200_000
	thriftElementsMax = 2_000_000
)

// errShort says that a struct goes on after what is at hand.
var errShort = errors.New("the header goes on")

// walker steps over thrift values. The decoder that comes after it believes
// every length that it reads and would allocate gigabytes for a list of ten
// bytes; what has been walked is as long as it says.
type walker struct {
	text     []byte
	at       int
	structs  int
	elements int
}

// structLength is the length of the struct at the start of text; errShort where
// text ends before it does.
func structLength(text []byte) (int, error) {
	w := walker{text: text}
	err := w.value(thriftStruct, 0)
	return w.at, err
}

func (w *walker) value(kind byte, depth int) error {
	if depth > thriftDepthMax {
		return damaged("a header is nested too deep")
	}
	switch kind {
	case thriftTrue, thriftFalse:
		return nil // a field's kind is its value
	case thriftInt8:
		return w.skip(1)
	case thriftInt16, thriftInt32, thriftInt64:
		_, err := w.number()
		return err
	case thriftDouble:
		return w.skip(8)
	case thriftBinary:
		length, err := w.number()
		if err != nil {
			return err
		}
		return w.skip(length)
	case thriftList, thriftSet:
		return w.list(depth)
	case thriftMap:
		return w.pairs(depth)
	case thriftStruct:
		return w.fields(depth)
	default:
		return damaged("a header holds values of an unknown kind")
	}
}

func (w *walker) fields(depth int) error {
	if w.structs++; w.structs > thriftStructsMax {
		return damaged("a header has more than %d parts", thriftStructsMax)
	}
	for {
		field, err := w.byte()
		if err != nil {
			return err
		}
		if field == thriftStop {
			return nil
		}
		if field>>4 == 0 { // the field's id follows
			if _, err := w.number(); err != nil {
				return err
			}
		}
		if err := w.value(field&0xf, depth+1); err != nil {
			return err
		}
	}
}

func (w *walker) list(depth int) error {
	head, err := w.byte()
	if err != nil {
		return err
	}
	length, kind := uint64(head>>4), head&0xf
	if length == 0xf {
		if length, err = w.number(); err != nil {
			return err
		}
	}
	for range length {
		if err := w.element(kind, depth); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) pairs(depth int) error {
	length, err := w.number()
	if err != nil || length == 0 {
		return err
	}
	kinds, err := w.byte()
	if err != nil {
		return err
	}
	for range length {
		if err := w.element(kinds>>4, depth); err != nil {
			return err
		}
		if err := w.element(kinds&0xf, depth); err != nil {
			return err
		}
	}
	return nil
}

// element is a value in a list, where a truth takes a byte. Every element takes
// at least one, so that a list cannot be longer than what is at hand.
func (w *walker) element(kind byte, depth int) error {
	if w.elements++; w.elements > thriftElementsMax {
		return damaged("a header lists more than %d values", thriftElementsMax)
	}
	if kind == thriftTrue || kind == thriftFalse {
		return w.skip(1)
	}
	return w.value(kind, depth+1)
}

func (w *walker) number() (uint64, error) {
	value, n := binary.Uvarint(w.text[w.at:])
	if n < 0 {
		return 0, damaged("a header holds a number that is too long")
	}
	if n == 0 {
		return 0, errShort
	}
	w.at += n
	return value, nil
}

func (w *walker) byte() (byte, error) {
	if w.at == len(w.text) {
		return 0, errShort
	}
	w.at++
	return w.text[w.at-1], nil
}

func (w *walker) skip(length uint64) error {
	if length > uint64(len(w.text)-w.at) {
		return errShort
	}
	w.at += int(length)
	return nil
}
