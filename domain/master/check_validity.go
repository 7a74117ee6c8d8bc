package master

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"magam/domain/fault"
)

// extent is a row's validity as whole numbers, both ends included, so that
// months and days compare alike.
type extent struct{ from, to int }

func (e extent) overlaps(other extent) bool { return e.from <= other.to && other.from <= e.to }

// extentOf reads a row's validity. A sheet without one is always in force.
func (s Sheet) extentOf(row Row) extent {
	e := extent{math.MinInt, math.MaxInt}
	switch s.Validity {
	case ValidMonths:
		if from := month(row.Cells["from"]); !from.IsZero() {
			e.from = from.Year()*12 + from.Number()
		}
		if to := month(row.Cells["to"]); !to.IsZero() {
			e.to = to.Year()*12 + to.Number()
		}
	case ValidDays:
		const secondsOfDay = 24 * 60 * 60
		if from := day(row.Cells["from"]); !from.IsZero() {
			e.from = int(from.Unix() / secondsOfDay)
		}
		if to := day(row.Cells["to"]); !to.IsZero() {
			e.to = int(to.Unix() / secondsOfDay)
		}
	case ValidAlways:
	}
	return e
}

// checkValidity finds validities that end before they begin, and two rows of
// one key in force at the same time.
func (in *inspection) checkValidity() {
	for _, sheet := range Sheets {
		if !in.imported[sheet.Name] {
			continue
		}
		for _, row := range in.rows(sheet.Name) {
			if e := sheet.extentOf(row); e.from > e.to {
				in.report(sheet.Name, row, "to", fault.Date, "lies before from, "+row.Cells["from"],
					"let the validity end after it begins")
			}
		}
		if len(sheet.Key) > 0 {
			in.checkOverlaps(sheet, sheet.Key, in.rows(sheet.Name))
		}
	}
}

// checkOverlaps reports each row that shares time with an earlier one of the same key.
func (in *inspection) checkOverlaps(sheet Sheet, key []string, rows []Row) {
	for _, group := range grouped(rows, func(row Row) string { return sheet.keyOf(row, key) }) {
		for _, pair := range clashes(sheet, group) {
			first, second := pair[0], pair[1]
			what := "repeats " + at(sheet.Name, first) + ": one row per " + strings.Join(key, ", ")
			cure := "delete one of them"
			if sheet.Validity != ValidAlways {
				what = fmt.Sprintf("is in force together with %s (%s): one row at a time per %s",
					at(sheet.Name, first), span(first), strings.Join(key, ", "))
				cure = "end one of them before the other begins"
			}
			in.report(sheet.Name, second, key[len(key)-1], fault.Overlap, what, cure)
		}
	}
}

// clashes sweeps rows by their beginning; each is compared with the one that
// lasts longest so far, so that a hostile sheet costs no more than sorting it.
func clashes(sheet Sheet, rows []Row) [][2]Row {
	if len(rows) < 2 {
		return nil
	}
	sorted := append([]Row(nil), rows...)
	sort.SliceStable(sorted,
		func(a, b int) bool { return sheet.extentOf(sorted[a]).from < sheet.extentOf(sorted[b]).from })
	var pairs [][2]Row
	lasting := sorted[0]
	for _, row := range sorted[1:] {
		e, last := sheet.extentOf(row), sheet.extentOf(lasting)
		if e.overlaps(last) {
			first, second := lasting, row
			if second.Number < first.Number {
				first, second = second, first
			}
			pairs = append(pairs, [2]Row{first, second})
		}
		if e.to > last.to {
			lasting = row
		}
	}
	return pairs
}

// keyOf is what tells rows apart, addresses without regard to case.
func (s Sheet) keyOf(row Row, key []string) string {
	parts := make([]string, len(key))
	for i, name := range key {
		parts[i] = row.Get(s, name)
		if column, _ := s.Column(name); column.Type == TypeEmail {
			parts[i] = strings.ToLower(parts[i])
		}
	}
	return strings.Join(parts, "\x1f")
}

// grouped gathers rows of one key, groups and rows in the order of the sheet.
func grouped(rows []Row, key func(Row) string) [][]Row {
	index := map[string]int{}
	var groups [][]Row
	for _, row := range rows {
		name := key(row)
		i, seen := index[name]
		if !seen {
			i = len(groups)
			index[name] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], row)
	}
	return groups
}

// span prints a row's validity for people.
func span(row Row) string {
	from, to := row.Cells["from"], row.Cells["to"]
	switch {
	case from == "" && to == "":
		return "always"
	case to == "":
		return "from " + from
	case from == "":
		return "to " + to
	default:
		return from + " to " + to
	}
}
