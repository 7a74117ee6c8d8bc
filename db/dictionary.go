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

	slots   []int32 // open addressing over local ids plus one; zero is free
	hashes  []uint64
	ends    []int // end of each tuple in memory
	memory  []byte
	ids     []int32 // of resolved tuples, by local id
	scratch []byte
}

func newDictionary(upsert string, columns func([][]byte) []any) *dictionary {
	d := &dictionary{upsert: upsert, columns: columns}
	d.forget()
	return d
}

// begin starts a tuple; field adds one of its fields; local finds it.
func (d *dictionary) begin() { d.scratch = d.scratch[:0] }

func (d *dictionary) field(text []byte) {
	d.scratch = binary.AppendUvarint(d.scratch, uint64(len(text)))
	d.scratch = append(d.scratch, text...)
}

// local gives the local id of the tuple that was begun.
func (d *dictionary) local() int32 {
	hash := xxhash.Sum64(d.scratch)
	mask := uint64(len(d.slots) - 1)
	at := hash & mask
	for ; d.slots[at] != 0; at = (at + 1) & mask {
		known := d.slots[at] - 1
		if d.hashes[known] == hash && bytes.Equal(d.tuple(int(known)), d.scratch) {
			return known
		}
	}
	added := int32(len(d.ends))
	d.slots[at] = added + 1
	d.hashes = append(d.hashes, hash)
	d.memory = append(d.memory, d.scratch...)
	d.ends = append(d.ends, len(d.memory))
	if 2*len(d.ends) > len(d.slots) {
		d.grow()
	}
	return added
}

func (d *dictionary) tuple(local int) []byte {
	start := 0
	if local > 0 {
		start = d.ends[local-1]
	}
	return d.memory[start:d.ends[local]]
}

func (d *dictionary) grow() {
	d.slots = make([]int32, 2*len(d.slots))
	mask := uint64(len(d.slots) - 1)
	for local, hash := range d.hashes {
		at := hash & mask
		for d.slots[at] != 0 {
			at = (at + 1) & mask
		}
		d.slots[at] = int32(local) + 1
	}
}

// full says whether the dictionary should forget before the next chunk.
func (d *dictionary) full() bool {
	return len(d.ends) > dictionaryEntriesMax || len(d.memory) > dictionaryBytesMax
}

func (d *dictionary) forget() {
	d.slots = make([]int32, 1024)
	d.hashes, d.ends, d.memory, d.ids = d.hashes[:0], d.ends[:0], d.memory[:0], d.ids[:0]
}

// resolve gives every tuple that is new since the last chunk its id in the
// database, adding those that no part has brought before.
func (d *dictionary) resolve(ctx context.Context, pool *pgxpool.Pool) error {
	from := len(d.ids)
	if from == len(d.ends) {
		return nil
	}
	count := len(d.ends) - from
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
