package sample

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
)

// sheet is one sheet of the workbook in the making.
type sheet struct {
	name    string
	columns []string
	rows    [][]string
}

func newSheet(name, columns string) *sheet {
	return &sheet{name: name, columns: strings.Fields(strings.ReplaceAll(columns, ",", " "))}
}

// add appends a row from pairs of column and text. A column that the sheet lacks
// is a mistake in this package.
func (s *sheet) add(pairs ...string) {
	row := make([]string, len(s.columns))
	for i := 0; i < len(pairs); i += 2 {
		at := -1
		for j, column := range s.columns {
			if column == pairs[i] {
				at = j
			}
		}
		if at < 0 {
			panic("sample: sheet " + s.name + " has no column " + pairs[i])
		}
		row[at] = pairs[i+1]
	}
	s.rows = append(s.rows, row)
}

// csv is the sheet as a file.
func (s *sheet) csv() []byte {
	var text strings.Builder
	for _, row := range append([][]string{s.columns}, s.rows...) {
		for i, cell := range row {
			if i > 0 {
				text.WriteByte(',')
			}
			text.WriteString(quoted(cell))
		}
		text.WriteByte('\n')
	}
	return []byte(text.String())
}

// writeMaster writes the folder of sheets.
func writeMaster(opts Options) ([]SheetSummary, error) {
	sheets := []*sheet{
		issuerSheet(),
		peopleSheet(),
		customersSheet(opts),
		organizationsSheet(),
		groupsSheet(),
		accountsSheet(opts),
		contactsSheet(opts),
		sourcesSheet(opts),
		pricesSheet(opts),
		sharedCostsSheet(opts),
		plansSheet(),
		feesSheet(opts),
		adjustmentsSheet(opts),
		creditsSheet(opts),
		tagsSheet(opts),
		ratesSheet(opts),
		taxesSheet(),
		taxRulesSheet(),
		budgetsSheet(opts),
		commitmentsSheet(opts),
		thresholdsSheet(),
		holidaysSheet(opts),
	}
	var written []SheetSummary
	for _, s := range sheets {
		err := writeWhole(filepath.Join(opts.Dir, "master", s.name+".csv"), s.csv())
		if err != nil {
			return nil, fmt.Errorf("sheet %s: %w", s.name, err)
		}
		written = append(written, SheetSummary{Sheet: s.name, Rows: len(s.rows)})
	}
	return written, nil
}

// monthsBefore is a month as text, so many before the sample's.
func (o Options) monthsBefore(n int) string { return o.Month.Add(-n).String() }

func number(n int) string { return strconv.Itoa(n) }
