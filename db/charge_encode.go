package db

import (
	"bytes"
	"encoding/binary"
	"math"

	"magam/domain/charge"
	"magam/domain/fault"
)

const (
	chargeFields = 15
	// idsAt is where the first id's bytes lie in a row: after the count of fields,
	// part_id and row_no, and the id's own length.
	idsAt      = 2 + 12 + 8 + 4
	idBytes    = 4 + 4
	resourceAt = idsAt + 3*idBytes
	// epochMicros is what lies between Go's epoch and Postgres's, in microseconds.
	epochMicros = 946684800 * 1_000_000
)

// encode appends a line as a row of a binary COPY, with local ids for its
// dictionaries, and counts it. A cost that is spelled like the billed one is
// left out: it costs Postgres as much as ten ids to take in a number.
func (l *partLoad) encode(dst []byte, line *charge.Line) ([]byte, error) {
	if line.Row > math.MaxInt32 {
		return dst, fault.New(fault.RowTooLarge, "the part has more than 2,147,483,647 rows",
			"split the export")
	}
	if err := l.control.Book(line); err != nil {
		return dst, err
	}
	l.rows++
	start := len(dst)
	put := binary.BigEndian
	dst = put.AppendUint16(dst, chargeFields)
	dst = put.AppendUint64(put.AppendUint32(dst, 8), uint64(l.part))
	dst = put.AppendUint32(put.AppendUint32(dst, 4), uint32(line.Row))
	locals := l.dictionaries.local(line)
	for _, local := range locals {
		dst = put.AppendUint32(put.AppendUint32(dst, 4), uint32(local))
	}
	dst = put.AppendUint64(put.AppendUint32(dst, 8), uint64(line.Start.UnixMicro()-epochMicros))
	dst = put.AppendUint64(put.AppendUint32(dst, 8), uint64(line.End.UnixMicro()-epochMicros))
	var err error
	for _, amount := range [...][]byte{line.Quantity, line.Billed} {
		if dst, err = appendNumeric(dst, amount); err != nil {
			return dst, err
		}
	}
	asBilled := true
	for _, cost := range [...][]byte{line.Effective, line.List, line.Contracted} {
		if bytes.Equal(cost, line.Billed) {
			dst = append(dst, 0xff, 0xff, 0xff, 0xff) // NULL: as billed
			continue
		}
		asBilled = false
		if dst, err = appendNumeric(dst, cost); err != nil {
			return dst, err
		}
	}
	if len(line.ResourceID) > 0 && l.dictionaries.resource.add(line.ResourceID, start+resourceAt) {
		l.dictionaries.resource.flush(dst)
	}
	return dst, l.days.add(&locals, line, asBilled)
}
