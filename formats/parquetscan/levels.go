package parquetscan

import (
	"encoding/binary"
	"math/bits"
)

// wordBytes is what is read at once of packed bits.
const wordBytes = 8

// levels reads numbers of a few bits: runs of one of them, and packed ones,
// mixed. So are the levels of nulls and lists written, and the numbers of a
// dictionary's values.
type levels struct {
	rest   []byte
	width  uint // bits of a number
	run    uint64
	same   uint32 // of a run
	packed bool
	words  []byte // packed numbers, from the eight that are being read on
	at     uint   // of the next one among the eight
}

// open begins with text. Bits are read by the word, so behind text there must
// be memory of the same page, which grow provides.
func (l *levels) open(text []byte, width uint) { *l = levels{rest: text, width: width} }

// next is the next number.
func (l *levels) next() (uint32, error) {
	for l.run == 0 {
		if l.width == 0 {
			return 0, nil // where all are zero, some writers write nothing
		}
		if err := l.nextRun(); err != nil {
			return 0, err
		}
	}
	l.run--
	if !l.packed {
		return l.same, nil
	}
	at := l.at * l.width
	number := uint32(l.word(at/8) >> (at % 8) & (1<<l.width - 1))
	if l.at++; l.at == 8 {
		l.at, l.words = 0, l.words[min(l.width, uint(len(l.words))):]
	}
	return number, nil
}

// word is the eight bytes from there on; what is behind the end reads as zero.
func (l *levels) word(from uint) uint64 {
	if uint(len(l.words)) >= from+wordBytes {
		return binary.LittleEndian.Uint64(l.words[from:])
	}
	var last [wordBytes]byte
	if from < uint(len(l.words)) {
		copy(last[:], l.words[from:])
	}
	return binary.LittleEndian.Uint64(last[:])
}

func (l *levels) nextRun() error {
	head, n := binary.Uvarint(l.rest)
	if n <= 0 {
		return damaged("a page has fewer levels or values than it claims")
	}
	l.rest = l.rest[n:]
	l.packed = head&1 == 1
	if l.packed {
		// The last eight of a page may be cut short.
		groups := min(head>>1, uint64(len(l.rest)))
		length := min(groups*uint64(l.width), uint64(len(l.rest)))
		l.words, l.at, l.run = l.rest[:length], 0, min(8*groups, 8*length/uint64(l.width))
		l.rest = l.rest[length:]
		return nil
	}
	var text [4]byte
	length := int(l.width+7) / 8
	if length > len(l.rest) {
		return damaged("a page ends within a run")
	}
	copy(text[:], l.rest[:length])
	l.run, l.same, l.rest = head>>1, binary.LittleEndian.Uint32(text[:]), l.rest[length:]
	return nil
}

// bitsOf is how many bits a level of up to highest takes.
func bitsOf(highest uint8) uint { return uint(bits.Len8(highest)) }
