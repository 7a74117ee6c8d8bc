package azure

import (
	"bytes"
	"time"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/formats/table"
)

// order is how a file writes a date with slashes. It is decided once for the
// whole file, never row by row.
type order uint8

const (
	orderUnknown order = iota
	orderMonth         // 9/30/2023, Azure's own
	orderDay           // 30/9/2023
)

// decideOrder looks at the first row. The last day of a billing period is never
// below 28, so where the file has that column, it tells by itself. Without it
// the schema counts: month first.
func decideOrder(row *table.Row, at *columns) order {
	for _, column := range []int{at.periodEnd, at.date, at.periodStart} {
		first, second, _, ok := slashed(row.Cell(column))
		switch {
		case ok && first > 12 && second <= 12:
			return orderDay
		case ok && second > 12 && first <= 12:
			return orderMonth
		}
	}
	return orderMonth
}

// date reads a cell. It fails for good where the cell is a date only in the
// other order: then every date before it may have been read wrongly.
func (r *Reader) date(column int) (time.Time, bool, error) {
	text := r.row.Cell(column)
	if instant, ok := charge.ParseInstant(text); ok {
		return instant, true, nil
	}
	if bytes.IndexByte(text, '.') > 0 { // 30.09.2023 has one reading only
		day, month, year, ok := numbers(text, '.')
		return dayOf(year, month, day, ok)
	}
	first, second, year, ok := slashed(text)
	month, day := first, second
	if r.order == orderDay {
		month, day = second, first
	}
	instant, valid, _ := dayOf(year, month, day, ok)
	if _, other, _ := dayOf(year, day, month, ok); !valid && other {
		return time.Time{}, false, &fault.Error{
			Code:  fault.Schema,
			Place: fault.Place{File: r.rows.File(), Line: r.rows.Line(), Column: r.rows.Header()[column]},
			Value: string(text),
			What:  "does not read like the dates before it: which number is the month cannot be known",
			Cure:  "have the export delivered with its dates as Azure writes them, YYYY-MM-DD or MM/DD/YYYY",
		}
	}
	return instant, valid, nil
}

func dayOf(year, month, day int, ok bool) (time.Time, bool, error) {
	if !ok || month < 1 || month > 12 || day < 1 {
		return time.Time{}, false, nil
	}
	instant := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return instant, instant.Day() == day, nil
}

// slashed reads a/b/yyyy, and a/b/yyyy 00:00:00, which older exports have.
func slashed(text []byte) (first, second, year int, ok bool) {
	text = bytes.TrimSuffix(text, []byte(" 00:00:00"))
	return numbers(text, '/')
}

// numbers reads two numbers of one or two digits and a year of four.
func numbers(text []byte, between byte) (first, second, year int, ok bool) {
	a, rest, found := bytes.Cut(text, []byte{between})
	b, c, more := bytes.Cut(rest, []byte{between})
	if !found || !more || len(a) == 0 || len(a) > 2 || len(b) == 0 || len(b) > 2 || len(c) != 4 {
		return 0, 0, 0, false
	}
	var fine [3]bool
	first, fine[0] = number(a)
	second, fine[1] = number(b)
	year, fine[2] = number(c)
	return first, second, year, fine == [3]bool{true, true, true}
}

func number(digits []byte) (int, bool) {
	n := 0
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}
