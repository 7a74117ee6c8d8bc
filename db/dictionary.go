package db

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/cespare/xxhash/v2"
	"github.com/jackc/pgx/v5/pgxpool"
)

// The bounds of one dictionary's memory while a part is loaded. Beyond them it
// forgets everything between two chunks and asks the database again.
const (
	dictionaryEntriesMax = 1 << 17
	dictionaryBytesMax   = 8 << 20
)

// dictionary gives each tuple of text fields the id of its row in a dim table.
//
// While a chunk is scanned, tuples get local ids; at the chunk's end those not
// seen before are resolved with one statement. Tuples are compared in full,
// never by hash alone: a collision would book cost on the wrong entry.
type dictionary struct {
	upsert  string // takes hashes and one array per column, gives hash and id
	columns func(tuples [][]byte) []any

	slots   []slot   // open addressing
	starts  []uint32 // of each tuple in memory, by local id
	memory  []byte
	ids     []int32 // of resolved tuples, by local id
	scratch []byte
	hash    uint64 // of scratch
	seen    slot   // where the hash leads first
	last    int32  // local id found last; rows of one tuple come in long runs
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
	d.last = none
}

// resolve gives every tuple that is new since the last chunk its id in the
// database, adding those that no part has brought before.
func (d *dictionary) resolve(ctx context.Context, pool *pgxpool.Pool) error {
	from := len(d.ids)
	if from == len(d.starts) {
		return nil
	}
	count := len(d.starts) - from
	hashes, tuples := make([][]byte, count), make([][]byte, count)
	positions := make(map[[sha256.Size]byte]int, count)
	for i := range count {
		tuples[i] = d.tuple(from + i)
		hash := sha256.Sum256(tuples[i])
		hashes[i] = hash[:]
		positions[hash] = from + i
	}
	d.ids = append(d.ids, make([]int32, count)...)
	arguments := append([]any{hashes}, d.columns(tuples)...)
	// A row that another part adds at the same moment is seen the second time.
	for attempt := 0; count > 0; attempt++ {
		if attempt == 10 {
			return fmt.Errorf("resolve a dictionary: %d entries were not given an id", count)
		}
		found, err := d.ask(ctx, pool, arguments, positions)
		if err != nil {
			return fmt.Errorf("resolve a dictionary: %w", err)
		}
		count -= found
	}
	return nil
}

// ask runs the upsert and returns how many tuples got an id that had none.
func (d *dictionary) ask(
	ctx context.Context, pool *pgxpool.Pool, arguments []any, positions map[[sha256.Size]byte]int,
) (int, error) {
	rows, err := pool.Query(ctx, d.upsert, arguments...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	found := 0
	for rows.Next() {
		var hash []byte
		var id int32
		if err := rows.Scan(&hash, &id); err != nil {
			return 0, err
		}
		position, ours := positions[[sha256.Size]byte(hash)]
		if ours && d.ids[position] == 0 {
			d.ids[position] = id
			found++
		}
	}
	return found, rows.Err()
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
