package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// columnsMax is how wide a table may be: what a terminal and a mail show whole.
const columnsMax = 100

// narrowest is how far a column that may give way gives way.
const narrowest = 8

// column is one column of a table. Only those that say so give way where the
// table is too wide: an amount, a number or a code is never cut.
type column struct {
	title string
	right bool // figures, so that their digits stand below each other
	cut   bool // may lose its end
	wrap  bool // may go over several lines
}

// The kinds of columns.
func plain(title string) column   { return column{title: title} }
func figure(title string) column  { return column{title: title, right: true} }
func cut(title string) column     { return column{title: title, cut: true} }
func wrapped(title string) column { return column{title: title, wrap: true} }

// listing is the one table style of the house.
type listing struct {
	out     io.Writer
	bold    bool
	columns []column
	rows    [][]string
	foot    []string
	apart   bool // a line between rows, where cells go over several lines
}

// newTable begins a table on the answer's stream.
func newTable(s *session, columns ...column) *listing {
	return &listing{out: s.out, bold: isTerminal(s.out) && os.Getenv("NO_COLOR") == "", columns: columns}
}

// row adds a row, a cell for each column.
func (l *listing) row(cells ...any) { l.rows = append(l.rows, l.cells(cells)) }

// footer ends the table with a row apart.
func (l *listing) footer(cells ...any) { l.foot = l.cells(cells) }

func (l *listing) cells(cells []any) []string {
	texts := make([]string, len(l.columns))
	for i, cell := range cells {
		texts[i] = fmt.Sprint(cell)
	}
	return texts
}

// print writes the table; one without rows is left out.
func (l *listing) print() {
	if len(l.rows) == 0 {
		return
	}
	writer := table.NewWriter()
	writer.SetOutputMirror(l.out)
	writer.SetStyle(table.StyleLight)
	writer.Style().Format.Header = text.FormatDefault
	writer.Style().Format.Footer = text.FormatDefault
	if l.bold {
		writer.Style().Color.Header = text.Colors{text.Bold}
	}
	widths := l.widths()
	header, configs := table.Row{}, make([]table.ColumnConfig, len(l.columns))
	for i, one := range l.columns {
		header = append(header, one.title)
		configs[i] = table.ColumnConfig{Number: i + 1}
		if one.right {
			configs[i].Align, configs[i].AlignHeader, configs[i].AlignFooter = text.AlignRight, text.AlignRight, text.AlignRight
		}
		if one.wrap {
			configs[i].WidthMax, configs[i].WidthMaxEnforcer = widths[i], text.WrapSoft
		}
	}
	writer.AppendHeader(header)
	writer.SetColumnConfigs(configs)
	writer.Style().Options.SeparateRows = l.apart
	for _, row := range l.rows {
		writer.AppendRow(l.fitted(row, widths))
	}
	if l.foot != nil {
		writer.AppendFooter(l.fitted(l.foot, widths))
	}
	writer.Render()
}

// widths gives every column what it needs, and takes from the widest of those
// that give way until the table fits.
func (l *listing) widths() []int {
	widths := make([]int, len(l.columns))
	total := 3*len(l.columns) + 1 // the lines between, and their margins
	for i, one := range l.columns {
		widths[i] = text.LongestLineLen(one.title)
		for _, row := range append(l.rows, l.foot) {
			if row != nil {
				widths[i] = max(widths[i], text.LongestLineLen(row[i]))
			}
		}
		total += widths[i]
	}
	for ; total > columnsMax; total-- {
		widest := -1
		for i, one := range l.columns {
			gives := (one.cut || one.wrap) && widths[i] > max(narrowest, text.LongestLineLen(one.title))
			if gives && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
	}
	return widths
}

// fitted cuts what may be cut, and shows that it did.
func (l *listing) fitted(row []string, widths []int) table.Row {
	cells := make(table.Row, len(row))
	for i, cell := range row {
		if l.columns[i].cut {
			cell = text.Snip(strings.ReplaceAll(cell, "\n", " "), widths[i], "…")
		}
		cells[i] = cell
	}
	return cells
}

// isTerminal says whether people read along.
func isTerminal(w io.Writer) bool {
	file, isFile := w.(*os.File)
	if !isFile {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
