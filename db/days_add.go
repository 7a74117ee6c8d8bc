package db

import (
	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/money"
)

// daysAtOnce is how many rows wait to be added together.
const daysAtOnce = 32

// bookedDay is a row that waits to be added.
type bookedDay struct {
	hash             uint64
	key              dayKey
	asBilled         bool
	quantity, billed money.Narrow
	others           otherSums
}

// add books a line under its day and ids. asBilled says that all its costs are
// the billed one. Rows whose amounts are narrow, nearly all, wait for each other.
func (d *days) add(ids *[6]int32, line *charge.Line, asBilled bool) error {
	key := dayKey{dayOf(line.Start.Unix()), ids[0], ids[1], ids[2], ids[4], ids[5]}
	one := &d.waiting[d.waits]
	if !one.read(line, asBilled) {
		d.flush()
		return d.addWide(key, line, asBilled)
	}
	one.key, one.hash = key, key.hash()
	d.waits++
	if d.waits == daysAtOnce {
		d.flush()
	}
	return nil
}

// read says whether all amounts are narrow.
func (b *bookedDay) read(line *charge.Line, asBilled bool) bool {
	var fits, narrow bool
	b.asBilled = asBilled
	b.quantity, fits = money.ReadNarrow(line.Quantity)
	b.billed, narrow = money.ReadNarrow(line.Billed)
	fits = fits && narrow
	if asBilled {
		return fits
	}
	for i, text := range [...][]byte{line.Effective, line.List, line.Contracted} {
		b.others[i], narrow = money.ReadNarrow(text)
		fits = fits && narrow
	}
	return fits
}

// flush adds the rows that wait. What they need from memory that no cache holds
// is read for all of them first: reads that do not wait for each other overlap,
// and finding one sum after the other took a tenth of the worker's time.
func (d *days) flush() {
	waiting := d.waiting[:d.waits]
	d.waits = 0
	for 4*(int(d.count)+len(waiting)) >= 3*len(d.slots) {
		d.grow()
	}
	mask := uint64(len(d.slots) - 1)
	var slots [daysAtOnce]uint64
	for i := range waiting {
		slots[i] = d.slots[waiting[i].hash&mask]
	}
	for i := range waiting {
		if slots[i] != 0 {
			d.touched += d.sum(int32(uint32(slots[i])) - 1).rows
		}
	}
	for i := range waiting {
		d.addNarrow(&waiting[i])
	}
}

func (d *days) addNarrow(one *bookedDay) {
	index := d.find(&one.key, one.hash)
	sum := d.sum(index)
	d.begin(sum, index, one.asBilled)
	sum.rows++
	d.put(&sum.quantity, index, atQuantity, one.quantity)
	d.put(&sum.billed, index, atBilled, one.billed)
	if sum.others == 0 {
		return
	}
	if one.asBilled {
		one.others = otherSums{one.billed, one.billed, one.billed}
	}
	others := &d.others[sum.others-1]
	for i, amount := range one.others {
		d.put(&others[i], index, atOthers+i, amount)
	}
}

// addWide books a line of which some amount does not fit into a money.Narrow.
func (d *days) addWide(key dayKey, line *charge.Line, asBilled bool) error {
	index := d.find(&key, key.hash())
	sum := d.sum(index)
	d.begin(sum, index, asBilled)
	sum.rows++
	for place, text := range [...][]byte{
		line.Quantity, line.Billed, line.Effective, line.List, line.Contracted,
	} {
		if place >= atOthers && sum.others == 0 {
			break
		}
		if len(text) == 0 {
			continue
		}
		amount, err := money.Parse(string(text))
		if err != nil {
			return err
		}
		d.widen(index, place, amount)
	}
	return nil
}

// begin gives a sum other costs than the billed one, once a row has them.
func (d *days) begin(sum *daySum, index int32, asBilled bool) {
	if sum.others != 0 || asBilled {
		return
	}
	d.others = append(d.others, otherSums{sum.billed, sum.billed, sum.billed})
	sum.others = int32(len(d.others))
	if wide := d.wide[index]; wide != nil {
		wide[atOthers], wide[atOthers+1], wide[atOthers+2] = wide[atBilled], wide[atBilled], wide[atBilled]
	}
}

// put adds an amount where it fits: nearly always to its sum.
func (d *days) put(sum *money.Narrow, index int32, place int, amount money.Narrow) {
	if !sum.Add(amount) {
		d.widen(index, place, amount.Decimal())
	}
}

func (d *days) widen(index int32, place int, amount decimal.Decimal) {
	if d.wide == nil {
		d.wide = map[int32]*[amountCount]decimal.Decimal{}
	}
	wide := d.wide[index]
	if wide == nil {
		wide = new([amountCount]decimal.Decimal)
		d.wide[index] = wide
	}
	wide[place] = wide[place].Add(amount)
}
