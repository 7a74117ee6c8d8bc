package db

import (
	"encoding/binary"
	"math/bits"

	"github.com/shopspring/decimal"

	"magam/domain/money"
)

// The bounds of the daily sums that are kept in memory while a part is loaded.
// Beyond them they are written down, and added up when the delivery is sealed.
const (
	daysBytesMax = 24 << 20
	wideDaysMax  = 4096
	dayBlock     = 4096 // sums are kept in blocks, so that growing never copies them
)

// days adds up a part's rows by day and ids while they are read, so that
// sealing need not. Sums are exact. The database compares them with its own
// rows before anything is published.
type days struct {
	slots  []uint64 // open addressing: half of the hash over the index plus one
	blocks [][]daySum
	count  int32
	others []otherSums

	waiting [daysAtOnce]bookedDay
	waits   int
	touched int32 // keeps what flush reads ahead from being left out

	wide map[int32]*[amountCount]decimal.Decimal // by index: what a money.Narrow does not hold
}

// dayKey is a day, counted as Postgres does, and the local ids of what closes
// and reports tell apart.
type dayKey struct {
	day, bill, account, item, tagSet, commitment int32
}

// daySum is 64 bytes: one read of memory that no cache holds.
type daySum struct {
	key              dayKey
	others           int32 // place in days.others plus one; zero while all costs are the billed one
	rows             int32 // a part has no more
	quantity, billed money.Narrow
}

// otherSums are of the effective, list and contracted cost.
type otherSums [3]money.Narrow

// The places of a row's amounts, in the order of its columns.
const (
	atQuantity = iota
	atBilled
	atOthers
	amountCount = 5
)

// dayOf counts the UTC day of an instant as Postgres does, from 2000 on.
func dayOf(unixSeconds int64) int32 {
	const perDay = 86400
	day := unixSeconds / perDay
	if unixSeconds%perDay < 0 {
		day--
	}
	return int32(day - 10957)
}

func (d *days) sum(index int32) *daySum { return &d.blocks[index/dayBlock][index%dayBlock] }

// find gives the index of a key's sum, making one where there is none.
func (d *days) find(key *dayKey, hash uint64) int32 {
	if 4*int(d.count) >= 3*len(d.slots) {
		d.grow()
	}
	mask := uint64(len(d.slots) - 1)
	at := hash & mask
	for ; d.slots[at] != 0; at = (at + 1) & mask {
		index := int32(uint32(d.slots[at])) - 1
		if d.slots[at]>>32 == hash>>32 && d.sum(index).key == *key {
			return index
		}
	}
	index := d.count
	d.count++
	d.slots[at] = hash>>32<<32 | uint64(d.count)
	if int(index/dayBlock) == len(d.blocks) {
		d.blocks = append(d.blocks, make([]daySum, dayBlock))
	}
	*d.sum(index) = daySum{key: *key}
	return index
}

func (d *days) grow() {
	d.slots = make([]uint64, max(4096, 2*len(d.slots)))
	mask := uint64(len(d.slots) - 1)
	for index := range d.count {
		hash := d.sum(index).key.hash()
		at := hash & mask
		for d.slots[at] != 0 {
			at = (at + 1) & mask
		}
		d.slots[at] = hash>>32<<32 | uint64(index+1)
	}
}

func (k *dayKey) hash() uint64 {
	const one, two, three = 0x9e3779b97f4a7c15, 0xc2b2ae3d27d4eb4f, 0x165667b19e3779f9
	high, low := bits.Mul64(uint64(uint32(k.day))<<32|uint64(uint32(k.bill))^one,
		uint64(uint32(k.account))<<32|uint64(uint32(k.item))^two)
	mixed := high ^ low ^ three
	high, low = bits.Mul64(mixed, (uint64(uint32(k.tagSet))<<32|uint64(uint32(k.commitment)))^one)
	return high ^ low
}

// full says whether the sums should be written down before the next chunk; those
// of rows that wait count at most a few kilobytes.
func (d *days) full() bool {
	const sumBytes, otherBytes = 64 + 16, 48
	return int(d.count)*sumBytes+len(d.others)*otherBytes > daysBytesMax || len(d.wide) > wideDaysMax
}

// forget starts anew in the same memory.
func (d *days) forget() {
	clear(d.slots)
	d.count, d.others, d.wide = 0, d.others[:0], nil
}

const dayFields = 13

// encode appends a sum as a row of a binary COPY into charge_daily.
func (d *days) encode(dst []byte, delivery int64, index int32, dims *dictionaries) ([]byte, error) {
	sum := d.sum(index)
	put := binary.BigEndian
	dst = put.AppendUint16(dst, dayFields)
	dst = put.AppendUint64(put.AppendUint32(dst, 8), uint64(delivery))
	dst = put.AppendUint32(put.AppendUint32(dst, 4), uint32(sum.key.day))
	for _, id := range [...]int32{
		dims.bill.id(sum.key.bill), dims.account.id(sum.key.account), dims.item.id(sum.key.item),
		dims.tagSet.id(sum.key.tagSet), dims.commitment.id(sum.key.commitment),
	} {
		dst = put.AppendUint32(put.AppendUint32(dst, 4), uint32(id))
	}
	dst = put.AppendUint64(put.AppendUint32(dst, 8), uint64(sum.rows))
	amounts := [amountCount]money.Narrow{sum.quantity, sum.billed, sum.billed, sum.billed, sum.billed}
	if sum.others > 0 {
		copy(amounts[atOthers:], d.others[sum.others-1][:])
	}
	wide := d.wide[index]
	if wide == nil {
		for _, amount := range amounts {
			dst = appendNarrow(dst, amount)
		}
		return dst, nil
	}
	if sum.others == 0 {
		wide[atOthers], wide[atOthers+1], wide[atOthers+2] = wide[atBilled], wide[atBilled], wide[atBilled]
	}
	var err error
	for place, amount := range amounts {
		total := amount.Decimal().Add(wide[place])
		if dst, err = appendNumeric(dst, []byte(money.Text(total))); err != nil {
			return dst, err
		}
	}
	return dst, nil
}
