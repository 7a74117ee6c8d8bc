// Package master writes the workbook that finance keeps: empty with notes,
// drop-downs and examples, or filled with what stands in the books.
//
// It owns how the workbook looks. It does not own what it means (see
// domain/master), nor how it is read back (see formats/master): what is written
// here reads back cell by cell as it was, and the same content is the same
// bytes.
package master

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"magam/domain/master"
)

// Template writes the empty workbook in a language, ko or en, with example
// rows that an import passes over.
func Template(language string, to io.Writer) error {
	return write(language, nil, true, to)
}

// Export writes tables back. A sheet without rows keeps its header, so that
// importing the export changes nothing.
func Export(language string, tables []master.Table, to io.Writer) error {
	return write(language, tables, false, to)
}

// firstRow is the first row for data: below the names and the captions.
const firstRow = 3

// dropDownRows is how far drop-downs reach.
const dropDownRows = 2000

// writer builds one workbook.
type writer struct {
	file     *excelize.File
	language string
	styles   styles
}

func write(language string, tables []master.Table, examples bool, to io.Writer) error {
	w := &writer{file: excelize.NewFile(), language: language}
	defer w.file.Close() //nolint:errcheck // nothing was opened
	err := w.makeStyles()
	if err != nil {
		return err
	}
	err = w.guide(examples)
	if err != nil {
		return fmt.Errorf("write the guide: %w", err)
	}
	for _, sheet := range master.Sheets {
		err = w.sheet(sheet, rowsOf(sheet, tables, examples), examples)
		if err != nil {
			return fmt.Errorf("write the sheet %s: %w", sheet.Name, err)
		}
	}
	w.file.SetActiveSheet(0)
	return w.save(to)
}

// rowsOf are the rows to write: the table's, or the examples, marked with # so
// that nobody imports them unawares.
func rowsOf(sheet master.Sheet, tables []master.Table, examples bool) []map[string]string {
	var rows []map[string]string
	if examples {
		first := sheet.Columns[0].Name
		for _, example := range sheet.Examples {
			row := map[string]string{}
			for name, text := range example {
				row[name] = text
			}
			row[first] = strings.TrimSpace("# " + row[first])
			rows = append(rows, row)
		}
		return rows
	}
	for _, table := range tables {
		if table.Sheet == sheet.Name {
			for _, row := range table.Rows {
				rows = append(rows, row.Cells)
			}
		}
	}
	return rows
}

func (w *writer) sheet(sheet master.Sheet, rows []map[string]string, examples bool) error {
	_, err := w.file.NewSheet(sheet.Name)
	if err != nil {
		return err
	}
	for i, column := range sheet.Columns {
		err = w.column(sheet, i, column)
		if err != nil {
			return err
		}
	}
	for i, row := range rows {
		err = w.row(sheet, firstRow+i, row, examples)
		if err != nil {
			return err
		}
	}
	return w.page(sheet)
}

// column writes a column's head: its name, caption, note and drop-down.
func (w *writer) column(sheet master.Sheet, at int, column master.Column) error {
	letters, err := excelize.ColumnNumberToName(at + 1)
	if err != nil {
		return err
	}
	form := w.styles.text
	if isNumber(column) {
		form = w.styles.number
	}
	head := w.styles.head
	if column.Required {
		head = w.styles.headRequired
	}
	words := master.In(w.language, column.Ko, column.En)
	note := excelize.Comment{
		Cell:   letters + "1",
		Author: "magam",
		Width:  320,
		Height: noteHeight(w.noteOf(column)),
		Paragraph: []excelize.RichTextRun{
			{Text: w.noteOf(column), Font: &excelize.Font{Size: 9, Family: fontFamily}},
		},
	}
	for _, step := range []func() error{
		func() error { return w.file.SetColStyle(sheet.Name, letters, form) },
		func() error { return w.file.SetColWidth(sheet.Name, letters, letters, width(column)) },
		func() error { return w.file.SetCellStr(sheet.Name, letters+"1", column.Name) },
		func() error { return w.file.SetCellStyle(sheet.Name, letters+"1", letters+"1", head) },
		func() error { return w.file.SetCellStr(sheet.Name, letters+"2", words.Caption) },
		func() error { return w.file.SetCellStyle(sheet.Name, letters+"2", letters+"2", w.styles.caption) },
		func() error { return w.file.AddComment(sheet.Name, note) },
		func() error { return w.dropDown(sheet, letters, column) },
	} {
		err = step()
		if err != nil {
			return fmt.Errorf("column %s: %w", column.Name, err)
		}
	}
	return nil
}

// row writes one row. Text is always a text cell, never a formula; a number is
// a number cell of the very digits, where a spreadsheet keeps them all.
func (w *writer) row(sheet master.Sheet, number int, row map[string]string, example bool) error {
	for i, column := range sheet.Columns {
		text := row[column.Name]
		if text == "" {
			continue
		}
		name := master.CellName(i, number)
		var err error
		if isNumber(column) && keepsDigits(text) {
			err = w.file.SetCellDefault(sheet.Name, name, text)
		} else {
			err = w.file.SetCellStr(sheet.Name, name, text)
		}
		if err == nil && example {
			style := w.styles.example
			if isNumber(column) {
				style = w.styles.exampleNumber
			}
			err = w.file.SetCellStyle(sheet.Name, name, name, style)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func isNumber(column master.Column) bool {
	return slices.Contains([]master.Type{master.TypeDecimal, master.TypePercent, master.TypeInteger},
		column.Type)
}

// keepsDigits says whether a spreadsheet's fifteen digits hold a plain number.
func keepsDigits(text string) bool {
	digits := strings.TrimLeft(strings.NewReplacer("-", "", ".", "").Replace(text), "0")
	return len(digits) <= 15 && strings.Trim(text, "0123456789.-") == ""
}

// dropDown offers a column's words: allowed ones, suggested ones, or the codes
// of the sheet that it refers to.
func (w *writer) dropDown(sheet master.Sheet, letters string, column master.Column) error {
	offer := excelize.NewDataValidation(true)
	offer.SetSqref(fmt.Sprintf("%s%d:%s%d", letters, firstRow, letters, dropDownRows))
	words := column.CodeWords()
	// Whoever may write several words, or a word with a number, is only offered them.
	open := column.Type == master.TypeChoices || strings.Contains(strings.Join(column.Codes, ""), "{")
	switch {
	case column.Refers != "":
		offer.SetSqrefDropList(fmt.Sprintf("%s!$A$%d:$A$%d", column.Refers, firstRow, dropDownRows))
		open = true
	case column.Type == master.TypeBool:
		words = []string{"yes", "no"}
	case len(words) == 0:
		words, open = column.Suggest, true
	}
	if column.Refers == "" {
		if len(words) == 0 {
			return nil
		}
		err := offer.SetDropList(words)
		if err != nil {
			return err
		}
	}
	offer.ShowErrorMessage = !open
	if !open {
		offer.SetError(excelize.DataValidationErrorStyleStop, column.Name, strings.Join(words, ", "))
	}
	return w.file.AddDataValidation(sheet.Name, offer)
}
