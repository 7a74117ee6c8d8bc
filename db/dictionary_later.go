package db

import (
	"encoding/binary"

	"github.com/cespare/xxhash/v2"
)

// laterAtOnce is how many values are found together.
const laterAtOnce = 32

// later is a dictionary of single values, many of them, whose rows wait until
// several can be found together: what finding them needs from memory that no
// cache holds is then read at the same time and not one after the other.
type later struct {
	*dictionary
	waiting [laterAtOnce]laterValue
	waits   int
	texts   []byte // tuples of the values that wait
}

type laterValue struct {
	hash       uint64
	start, end int // in texts
	at         int // where in the chunk the local id goes
	slot       slot
}

func newLater(d *dictionary) later { return later{dictionary: d} }

// add has a value's local id put at a place of the rows that flush is given. It
// says true where flush is due before the next.
func (l *later) add(value []byte, at int) bool {
	start := len(l.texts)
	l.texts = binary.AppendUvarint(l.texts, uint64(len(value)))
	l.texts = append(l.texts, value...)
	l.waiting[l.waits] = laterValue{
		hash: xxhash.Sum64(l.texts[start:]), start: start, end: len(l.texts), at: at,
	}
	l.waits++
	return l.waits == laterAtOnce
}

// flush finds what waits, and puts the local ids into rows.
func (l *later) flush(rows []byte) {
	waiting := l.waiting[:l.waits]
	mask := uint64(len(l.slots) - 1)
	for i := range waiting {
		waiting[i].slot = l.slots[waiting[i].hash&mask]
	}
	for i := range waiting {
		if one := &waiting[i]; one.slot.next != 0 {
			l.touched += l.memory[one.slot.start]
		}
	}
	for i := range waiting {
		one := &waiting[i]
		l.hash, l.seen, l.last = one.hash, one.slot, none
		l.scratch = l.texts[one.start:one.end]
		binary.BigEndian.PutUint32(rows[one.at:], uint32(l.local()))
	}
	l.waits, l.texts, l.scratch, l.last = 0, l.texts[:0], nil, none
}
