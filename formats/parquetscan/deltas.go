package parquetscan

import "encoding/binary"

// blockValuesMax bounds a block of differences; writers use 128.
const blockValuesMax = 1 << 16

// deltas reads whole numbers that are written as differences, in blocks with a
// least difference each, and small blocks of a width each.
type deltas struct {
	rest   []byte
	perRun uint64 // numbers of a small block
	runs   uint64 // small blocks of a block
	left   uint64 // numbers of the page
	last   int64
	first  bool
	least  int64
	widths []byte // of the small blocks that follow in this block
	run    uint64 // numbers left of the small block
	width  uint
	bits   []byte // of the small block
	at     uint   // bit of the next one
}

// open reads the head.
func (d *deltas) open(page []byte) error {
	*d = deltas{rest: page, first: true}
	var block uint64
	for _, into := range []*uint64{&block, &d.runs, &d.left} {
		if err := d.number(into); err != nil {
			return err
		}
	}
	if block == 0 || block > blockValuesMax || d.runs == 0 || block%d.runs != 0 || block/d.runs%8 != 0 {
		return damaged("differences come in %d blocks of %d", d.runs, block)
	}
	d.perRun = block / d.runs
	return d.signed(&d.last)
}

func (d *deltas) number(into *uint64) error {
	number, n := binary.Uvarint(d.rest)
	if n <= 0 {
		return damaged("differences are cut off")
	}
	*into, d.rest = number, d.rest[n:]
	return nil
}

func (d *deltas) signed(into *int64) error {
	number, n := binary.Varint(d.rest)
	if n <= 0 {
		return damaged("differences are cut off")
	}
	*into, d.rest = number, d.rest[n:]
	return nil
}

// next is the next number. Sums wrap around, as they did for the writer.
func (d *deltas) next() (int64, error) {
	if d.left == 0 {
		return 0, damaged("a page has fewer values than it claims")
	}
	d.left--
	if d.first {
		d.first = false
		return d.last, nil
	}
	if d.run == 0 {
		if err := d.nextRun(); err != nil {
			return 0, err
		}
	}
	d.run--
	d.last += d.least + int64(bitsAt(d.bits, d.at, d.width))
	d.at += d.width
	return d.last, nil
}

func (d *deltas) nextRun() error {
	if len(d.widths) == 0 {
		if err := d.signed(&d.least); err != nil {
			return err
		}
		if d.runs > uint64(len(d.rest)) {
			return damaged("differences are cut off")
		}
		d.widths, d.rest = d.rest[:d.runs], d.rest[d.runs:]
	}
	d.width, d.widths = uint(d.widths[0]), d.widths[1:]
	if d.width > 64 {
		return damaged("differences claim %d bits each", d.width)
	}
	length := d.perRun * uint64(d.width) / 8
	if length > uint64(len(d.rest)) {
		return damaged("differences are cut off")
	}
	d.bits, d.rest, d.at, d.run = d.rest[:length], d.rest[length:], 0, d.perRun
	return nil
}

// bitsAt reads width bits from bit at on; a width of 64 may lie in nine bytes.
func bitsAt(text []byte, at, width uint) uint64 {
	if width == 0 {
		return 0
	}
	var word [16]byte
	copy(word[:], text[at/8:min(at/8+9, uint(len(text)))])
	number := binary.LittleEndian.Uint64(word[:]) >> (at % 8)
	if spill := at % 8; spill > 0 {
		number |= uint64(word[8]) << (64 - spill)
	}
	if width == 64 {
		return number
	}
	return number & (1<<width - 1)
}

// afterDeltas is what follows differences: they do not say how long they are,
// so they are walked through.
func afterDeltas(page []byte) ([]byte, error) {
	var d deltas
	if err := d.open(page); err != nil {
		return nil, err
	}
	for left := int64(d.left) - 1; left > 0; left -= int64(d.perRun) {
		if err := d.nextRun(); err != nil {
			return nil, err
		}
	}
	return d.rest, nil
}
