package db

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"

	"github.com/cespare/xxhash/v2"
	"github.com/jackc/pgx/v5"
)

// The bounds of one dictionary's memory while a part is loaded. Beyond them it
// forgets everything between two chunks and asks the database again.
const (
	dictionaryEntriesMax = 1 << 17
	dictionaryBytesMax   = 8 << 20
)

// dictionary gives each tuple of text fields the id of its row in a dim table.
//
// While a chunk is scanned, tuples get local ids; those not seen before go along
// with the chunk and are resolved with one statement, while the next chunk is
// scanned. Tuples are compared in full, never by hash alone: a collision would
// book cost on the wrong entry.
type dictionary struct {
	upsert  string // takes hashes and one array per column, gives hash and id
	columns func(tuples [][]byte) []any

	slots   []slot   // open addressing
	starts  []uint32 // of each tuple in memory, by local id
	memory  []byte
	taken   int // tuples that have gone along with a chunk
	scratch []byte
	hash    uint64 // of scratch
	seen    slot   // where the hash leads first
	last    int32  // local id found last; rows of one tuple come in long runs
	touched byte   // keeps what is read ahead from being left out

	ids []int32 // of resolved tuples, by local id; of who resolves (see partLoad.settle)
}

// slot leads from a hash to a tuple without a second look-up: two reads of
// memory that no cache holds are most of what finding a tuple costs.
type slot struct {
	hash  uint64
	start uint32
	next  int32 // local id plus one; zero is free
}

func newDictionary(upsert string, columns func([][]byte) []any) *dictionary {
	d := &dictionary{upsert: upsert, columns: columns}
	d.forget()
	return d
}

// begin starts a tuple; field adds one of its fields; look and local find it.
func (d *dictionary) begin() { d.scratch = d.scratch[:0] }

func (d *dictionary) field(text []byte) {
	d.scratch = binary.AppendUvarint(d.scratch, uint64(len(text)))
	d.scratch = append(d.scratch, text...)
}

// look reads what finding the tuple that was begun will need from memory that
// no cache holds. Looks at several dictionaries overlap; finds would not.
func (d *dictionary) look() {
	if d.last != none && bytes.Equal(d.tuple(int(d.last)), d.scratch) {
		return
	}
	d.last = none
	d.hash = xxhash.Sum64(d.scratch)
	d.seen = d.slots[d.hash&uint64(len(d.slots)-1)]
}

// local gives the local id of the tuple that was looked at. A tuple names the
// length of each of its fields, so one that starts like another is that other.
func (d *dictionary) local() int32 {
	if d.last != none {
		return d.last
	}
	if d.seen.hash == d.hash && d.seen.next != 0 && bytes.HasPrefix(d.memory[d.seen.start:], d.scratch) {
		d.last = d.seen.next - 1
		return d.last
	}
	mask := uint64(len(d.slots) - 1)
	at := d.hash & mask
	for ; d.slots[at].next != 0; at = (at + 1) & mask {
		known := &d.slots[at]
		if known.hash == d.hash && bytes.HasPrefix(d.memory[known.start:], d.scratch) {
			d.last = known.next - 1
			return d.last
		}
	}
	d.last = int32(len(d.starts))
	start := uint32(len(d.memory))
	d.slots[at] = slot{hash: d.hash, start: start, next: d.last + 1}
	d.starts = append(d.starts, start)
	d.memory = append(d.memory, d.scratch...)
	if 2*len(d.starts) > len(d.slots) {
		d.grow()
	}
	return d.last
}

// id gives the id in the database of a tuple that is resolved; nought for none.
func (d *dictionary) id(local int32) int32 {
	if local == none {
		return 0
	}
	return d.ids[local]
}

func (d *dictionary) tuple(local int) []byte {
	if local+1 < len(d.starts) {
		return d.memory[d.starts[local]:d.starts[local+1]]
	}
	return d.memory[d.starts[local]:]
}

func (d *dictionary) grow() {
	old := d.slots
	d.slots = make([]slot, 2*len(old))
	mask := uint64(len(d.slots) - 1)
	for _, known := range old {
		if known.next == 0 {
			continue
		}
		at := known.hash & mask
		for d.slots[at].next != 0 {
			at = (at + 1) & mask
		}
		d.slots[at] = known
	}
}

// full says whether the dictionary should forget before the next chunk.
func (d *dictionary) full() bool {
	return len(d.starts) > dictionaryEntriesMax || len(d.memory) > dictionaryBytesMax
}

func (d *dictionary) forget() {
	d.slots = make([]slot, 1024)
	d.starts, d.memory, d.ids = d.starts[:0], d.memory[:0], d.ids[:0]
	d.last, d.taken = none, 0
}

// fresh is a run of tuples: a view of a dictionary's memory that stays good while
// more is added behind it, and until the dictionary forgets.
type fresh struct {
	memory []byte
	starts []uint32
}

// takeFresh gives the tuples that are new since it was last asked.
func (d *dictionary) takeFresh() fresh {
	taken := fresh{memory: d.memory, starts: d.starts[d.taken:]}
	d.taken = len(d.starts)
	return taken
}

func (f fresh) tuples() [][]byte {
	tuples := make([][]byte, len(f.starts))
	for i, start := range f.starts {
		end := uint32(len(f.memory))
		if i+1 < len(f.starts) {
			end = f.starts[i+1]
		}
		tuples[i] = f.memory[start:end]
	}
	return tuples
}

// asking is the question for the ids of fresh tuples.
type asking struct {
	of        *dictionary
	arguments []any
	positions map[[sha256.Size]byte]int
	open      int // tuples without an id
}

// ask makes room for the ids of fresh tuples and gives the question for them.
func (d *dictionary) ask(new fresh) *asking {
	tuples, from := new.tuples(), len(d.ids)
	d.ids = append(d.ids, make([]int32, len(tuples))...)
	question := &asking{of: d, open: len(tuples), positions: make(map[[sha256.Size]byte]int, len(tuples))}
	hashes := make([][]byte, len(tuples))
	for i, tuple := range tuples {
		hash := sha256.Sum256(tuple)
		hashes[i] = hash[:]
		question.positions[hash] = from + i
	}
	question.arguments = append([]any{hashes}, d.columns(tuples)...)
	return question
}

// read takes the answer in. A tuple that another part adds at the same moment
// may be missing in it.
func (q *asking) read(rows pgx.Rows) error {
	var hash []byte
	var id int32
	_, err := pgx.ForEachRow(rows, []any{&hash, &id}, func() error {
		position, ours := q.positions[[sha256.Size]byte(hash)]
		if ours && q.of.ids[position] == 0 {
			q.of.ids[position] = id
			q.open--
		}
		return nil
	})
	return err
}

// fieldsOf splits tuples back into one array of text per column.
func fieldsOf(tuples [][]byte, columns int) [][]string {
	fields := make([][]string, columns)
	for column := range fields {
		fields[column] = make([]string, len(tuples))
	}
	for i, tuple := range tuples {
		for column := range fields {
			length, size := binary.Uvarint(tuple)
			fields[column][i] = string(tuple[size : size+int(length)])
			tuple = tuple[size+int(length):]
		}
	}
	return fields
}
