// Package master reads the workbook that finance keeps, or a folder of CSVs
// named after its sheets, into the tables of domain/master.
//
// It owns the file formats: zip directories, cells, dates, the caption row. It
// does not own what a cell must hold (see domain/master.Validate).
//
// The workbook's XML is read here, row by row, rather than by the library that
// writes it: two advisories of 2026 let a workbook of a few bytes make that
// library allocate gigabytes or panic, and it gives a number's text without
// saying whether a person sees 5 or 5 %. Nothing here allocates by what a file
// claims, only by what it holds, within the bounds of bounds.go.
package master

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	"magam/domain/fault"
	"magam/domain/master"
)

// Result is what a workbook holds: its tables, and the problems of its cells
// that only a reader can see, such as a formula that was never computed.
type Result struct {
	Tables   []master.Table   `json:"tables"`
	Problems []master.Problem `json:"problems"`
}

// Read reads a workbook (XLSX) or a zip of CSV files from its bytes. A file
// that is no such thing, or is larger than any honest one, is refused whole.
func Read(content []byte) (Result, error) {
	if bytes.HasPrefix(content, []byte{0xD0, 0xCF, 0x11, 0xE0}) {
		return Result{}, fault.New(fault.UnknownFormat,
			"the file is an old .xls or is protected by a password",
			"save it as an Excel workbook (.xlsx) without a password")
	}
	archive, err := openZip(content)
	if err != nil {
		return Result{}, err
	}
	for _, file := range archive.File {
		if file.Name == workbookPart {
			return readWorkbook(archive)
		}
	}
	return ReadFolder(archive)
}

// TaskName names Task where children are started.
const TaskName = "read-master"

// message is what a child says to its parent: a result, or why there is none.
type message struct {
	Result  Result   `json:"result"`
	Refused *refusal `json:"refused,omitempty"`
}

type refusal struct {
	Code  fault.Code  `json:"code"`
	Place fault.Place `json:"place"`
	What  string      `json:"what"`
	Cure  string      `json:"cure"`
}

// Task reads a workbook from one end and writes its tables as JSON to the
// other: what a child process with limits runs.
func Task(in io.Reader, out io.Writer) error {
	content, err := io.ReadAll(io.LimitReader(in, fileBytesMax+1))
	if err != nil {
		return err
	}
	result, err := Read(content)
	said := message{Result: result}
	if err != nil {
		var coded *fault.Error
		if !errors.As(err, &coded) {
			return err
		}
		what := coded.What
		if coded.Err != nil {
			what += ": " + coded.Err.Error()
		}
		said = message{Refused: &refusal{coded.Code, coded.Place, what, coded.Cure}}
	}
	return json.NewEncoder(out).Encode(said)
}

// Decode reads what Task wrote; a refusal is the error it was.
func Decode(output []byte) (Result, error) {
	var said message
	err := json.Unmarshal(output, &said)
	if err != nil {
		return Result{}, fmt.Errorf("read the tables: %w", err)
	}
	if no := said.Refused; no != nil {
		return Result{}, &fault.Error{Code: no.Code, Place: no.Place, What: no.What, Cure: no.Cure}
	}
	return said.Result, nil
}

// tableReader turns the rows of one sheet into a table: the header first, a
// caption row passed over, examples left out.
type tableReader struct {
	sheet    master.Sheet
	table    master.Table
	problems []master.Problem
	captions bool // a row of captions may follow the header
}

func newTableReader(name string, captions bool) *tableReader {
	sheet, _ := master.Find(name) // an unknown sheet is Validate's to name
	return &tableReader{sheet: sheet, table: master.Table{Sheet: name}, captions: captions}
}

// cell is one cell as a reader found it.
type cell struct {
	column int
	text   string
	wrong  string // what is wrong with it, where only the reader can see that
	cure   string
}

// row takes one row. Cells are in the order of their columns.
func (r *tableReader) row(number int, cells []cell) {
	if len(cells) == 0 {
		return
	}
	if r.table.Columns == nil {
		r.header(cells)
		return
	}
	// An example row is marked in the first column that it fills. #REF! is no mark.
	if cells[0].wrong == "" && strings.HasPrefix(strings.TrimSpace(cells[0].text), "#") {
		return
	}
	if number == 2 && r.captions && r.isCaption(cells) {
		return
	}
	texts := map[string]string{}
	for _, one := range cells {
		name := ""
		if one.column < len(r.table.Columns) {
			name = r.table.Columns[one.column]
		}
		if one.wrong == "" && name == "" && strings.TrimSpace(one.text) != "" {
			one.wrong, one.cure = "lies in a column without a name",
				"name the column in row 1, or empty the cell"
		}
		if one.wrong != "" {
			r.problem(number, name, one)
			continue
		}
		texts[name] = one.text
	}
	delete(texts, "")
	if canonical := r.sheet.CanonicalRow(texts); len(canonical) > 0 {
		r.table.Rows = append(r.table.Rows, master.Row{Number: number, Cells: canonical})
	}
}

func (r *tableReader) header(cells []cell) {
	r.table.Columns = make([]string, cells[len(cells)-1].column+1)
	for _, one := range cells {
		r.table.Columns[one.column] = strings.ToLower(strings.TrimSpace(one.text))
	}
}

func (r *tableReader) problem(number int, column string, one cell) {
	r.problems = append(r.problems, master.Problem{
		Sheet: r.table.Sheet, Cell: master.CellName(one.column, number), Row: number, Column: column,
		Code: fault.Master, Value: one.text, What: one.wrong, Cure: one.cure,
	})
}

// isCaption says whether the second row is captions: the ones of the template,
// or others that no data could be, since every cell of a column with a form
// breaks it and some are not even Latin letters.
func (r *tableReader) isCaption(cells []cell) bool {
	same, formed, broken, foreign := 0, 0, 0, 0
	for _, one := range cells {
		if one.column >= len(r.table.Columns) {
			continue
		}
		column, known := r.sheet.Column(r.table.Columns[one.column])
		text := strings.TrimSpace(one.text)
		if !known || text == "" {
			continue
		}
		if text == column.Ko.Caption || text == column.En.Caption {
			same++
		}
		if column.Type == master.TypeText || column.Type == master.TypeList {
			continue
		}
		formed++
		if !column.Accepts(column.Canonical(text)) {
			broken++
		}
		if strings.ContainsFunc(text, func(r rune) bool { return r > 0x7f }) {
			foreign++
		}
	}
	return same*2 > len(cells) || (formed > 0 && formed == broken && foreign > 0)
}

// gather puts tables into the order of the schema, so that the same content
// gives the same result however a file orders its sheets.
func gather(readers []*tableReader) Result {
	order := map[string]int{}
	for i, sheet := range master.Sheets {
		order[sheet.Name] = i + 1
	}
	sort.SliceStable(readers, func(a, b int) bool {
		return order[readers[a].table.Sheet] < order[readers[b].table.Sheet]
	})
	var result Result
	for _, reader := range readers {
		if reader.table.Columns == nil {
			continue // not even a header: the sheet is not there
		}
		result.Tables = append(result.Tables, reader.table)
		result.Problems = append(result.Problems, reader.problems...)
	}
	return result
}

// isOurs says whether a sheet or file is for reading at all. A guide, and
// whatever finance marks with #, is for people.
func isOurs(name string) bool {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "guide", "안내", "readme":
		return false
	default:
		return !strings.HasPrefix(strings.TrimSpace(name), "#")
	}
}

// known is the schema's spelling of a sheet's name.
func known(name string) string {
	trimmed := strings.ToLower(strings.TrimSpace(name))
	if _, found := master.Find(trimmed); found {
		return trimmed
	}
	return name
}
