package master

import (
	"strconv"
	"strings"
)

// Table is what one sheet holds.
type Table struct {
	Sheet   string   `json:"sheet"`
	Columns []string `json:"columns,omitempty"` // as the file has them, so that problems name its cells
	Rows    []Row    `json:"rows"`
}

// Row is one row of a sheet.
type Row struct {
	Number int               `json:"number"` // as the sheet counts, the header being 1
	Cells  map[string]string `json:"cells"`  // column to text; empty cells left out
}

// Get is a cell's text, or what empty means in its column.
func (r Row) Get(sheet Sheet, column string) string {
	if text := r.Cells[column]; text != "" {
		return text
	}
	known, ok := sheet.Column(column)
	if !ok {
		return ""
	}
	return known.Default
}

// Find finds a sheet's table among tables; absent is an empty one.
func find(tables []Table, sheet string) (Table, bool) {
	for _, table := range tables {
		if table.Sheet == sheet {
			return table, true
		}
	}
	return Table{Sheet: sheet}, false
}

// List splits a cell that holds several texts: at semicolons or commas where
// there are any, since service names have blanks in them, else at blanks.
func List(cell string) []string {
	separator := func(r rune) bool { return r == ' ' }
	if strings.ContainsAny(cell, ";,") {
		separator = func(r rune) bool { return r == ';' || r == ',' }
	}
	var list []string
	for _, one := range strings.FieldsFunc(cell, separator) {
		if one = strings.TrimSpace(one); one != "" {
			list = append(list, one)
		}
	}
	return list
}

// CellName is a cell's name as spreadsheets write it: column 0 of row 1 is A1.
func CellName(column, row int) string {
	var letters string
	for n := column; n >= 0; n = n/26 - 1 {
		letters = string(rune('A'+n%26)) + letters
	}
	return letters + strconv.Itoa(row)
}
