package master

import (
	"fmt"

	"magam/domain/fault"
)

// Problem is one thing that keeps a workbook from being imported, at its cell.
type Problem struct {
	Sheet  string     `json:"sheet"`
	Cell   string     `json:"cell"` // A1, where a row is meant
	Row    int        `json:"row"`
	Column string     `json:"column"`
	Code   fault.Code `json:"code"`
	Value  string     `json:"value"`
	What   string     `json:"what"`
	Cure   string     `json:"cure"`
}

// problemsMax bounds a report: nobody reads more, and a hostile workbook could
// have millions.
const problemsMax = 5000

// Error reads like every coded error of the house.
func (p Problem) Error() string {
	place := p.Sheet
	if p.Cell != "" {
		place += "!" + p.Cell
	}
	return (&fault.Error{
		Code: p.Code, Place: fault.Place{File: place, Column: p.Column}, What: p.What, Value: p.Value,
		Cure: p.Cure,
	}).Error()
}

// inspection walks tables and gathers problems.
type inspection struct {
	tables   map[string]Table
	imported map[string]bool // sheets of the workbook; the others stand as they are
	problems []Problem

	organizations map[string]bool // customer and code, looked up once
}

func (in *inspection) rows(sheet string) []Row { return in.tables[sheet].Rows }

// known says whether a sheet is there at all, in the workbook or the books.
func (in *inspection) known(sheet string) bool {
	_, ok := in.tables[sheet]
	return ok
}

// report notes a problem at a cell. A stored row that the workbook makes wrong
// is named as such: it has no cell in the file at hand.
func (in *inspection) report(sheet string, row Row, column string, code fault.Code, what, cure string) {
	if len(in.problems) >= problemsMax {
		return
	}
	problem := Problem{
		Sheet: sheet, Row: row.Number, Column: column, Code: code,
		Value: row.Cells[column], What: what, Cure: cure,
	}
	if in.imported[sheet] {
		problem.Cell = CellName(in.tables[sheet].position(column), row.Number)
	} else {
		problem.What = "stored row, not in this workbook: " + what
	}
	in.problems = append(in.problems, problem)
}

// position is where a column stands in the file, or in the schema where the
// file does not have it.
func (t Table) position(column string) int {
	for i, name := range t.Columns {
		if name == column {
			return i
		}
	}
	sheet, _ := Find(t.Sheet)
	return max(0, sheet.Position(column))
}

// at names a row for a message about another one.
func at(sheet string, row Row) string { return fmt.Sprintf("%s row %d", sheet, row.Number) }
