package xlsx

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
)

// The rows of every table's sheet: a title block, the sums, the header, the data.
const (
	titleRow = 1
	aboutRow = 2
	sumRow   = 3
	headRow  = 4
	dataRow  = 5
)

// kind is what a column holds.
type kind int

const (
	kindText kind = iota + 1
	kindAmount
	kindSource
	kindQuantity
	kindMonth
)

// tableColumn is one column; a summed one has its sum, by formula, over the header.
type tableColumn struct {
	caption string
	kind    kind
	sum     bool
}

// tableSheet is one sheet: a table under a title block.
type tableSheet struct {
	name    string
	columns []tableColumn
	count   int
	row     func(i int) []any // string, decimal.Decimal, sum or period.Month, column by column
}

// sum is an amount in a currency that other rows of its column do not share.
type sum struct {
	amount   decimal.Decimal
	currency money.Currency
}

// widths that fit what most cells hold; longer ones run on or are seen in the cell.
const (
	widthMin    = 9.0
	widthMax    = 58.0
	widthSample = 5000
)

// write streams a sheet: memory does not grow with its rows.
func (b *book) write(t tableSheet) error {
	if t.count+headRow > rowsMax {
		return &fault.Error{
			Code:  fault.Bound,
			Place: fault.Place{File: t.name},
			Value: fmt.Sprint(t.count),
			What:  "rows are more than a sheet holds",
			Cure:  "split the customer's accounts over two documents",
		}
	}
	sums, sources, widths, err := b.survey(t)
	if err != nil {
		return err
	}
	stream, err := b.begin(t.name, fmt.Sprintf("$%d:$%d", headRow, headRow))
	if err != nil {
		return err
	}
	for i, width := range widths {
		err = stream.SetColWidth(i+1, i+1, width)
		if err != nil {
			return err
		}
	}
	err = stream.SetPanes(&excelize.Panes{
		Freeze: true, YSplit: headRow, TopLeftCell: fmt.Sprintf("A%d", dataRow), ActivePane: "bottomLeft",
		Selection: []excelize.Selection{{SQRef: "A1", ActiveCell: "A1", Pane: "bottomLeft"}},
	})
	if err != nil {
		return err
	}
	err = b.heading(stream, t, sums, sources)
	if err != nil {
		return err
	}
	for i := range t.count {
		err = stream.SetRow(fmt.Sprintf("A%d", dataRow+i), b.cells(t, t.row(i)))
		if err != nil {
			return err
		}
	}
	last, err := excelize.CoordinatesToCellName(len(t.columns), max(headRow+t.count, headRow+1))
	if err != nil {
		return err
	}
	err = b.file.AutoFilter(t.name, fmt.Sprintf("A%d:%s", headRow, last), nil)
	if err != nil {
		return err
	}
	return stream.Flush()
}

// survey adds up and measures a sheet before it is written: its sums stand at
// the top, and columns get their widths before their first row. It tells which
// columns hold an amount that had to be written as text.
func (b *book) survey(t tableSheet) ([]decimal.Decimal, []bool, []float64, error) {
	sums := make([]decimal.Decimal, len(t.columns))
	texts := make([]bool, len(t.columns))
	widths := make([]float64, len(t.columns))
	for i, column := range t.columns {
		widths[i] = max(widthMin, letters(column.caption)+4)
	}
	for i := range t.count {
		for j, value := range t.row(i) {
			shown := ""
			switch value := value.(type) {
			case string:
				err := checkText(t.name, value)
				if err != nil {
					return nil, nil, nil, err
				}
				shown = value
			case decimal.Decimal, sum:
				amount := amountOf(value)
				sums[j] = sums[j].Add(amount)
				texts[j] = texts[j] || isText(amount)
				b.texts = b.texts || isText(amount)
				shown = amount.String() + ",,,"
			}
			if i < widthSample {
				widths[j] = min(max(widths[j], letters(shown)+2), widthMax)
			}
		}
	}
	for i := range sums {
		widths[i] = min(max(widths[i], letters(sums[i].String())+5), widthMax)
	}
	return sums, texts, widths, nil
}

// heading writes the title block, the sums and the header.
func (b *book) heading(
	stream *excelize.StreamWriter, t tableSheet, sums []decimal.Decimal, texts []bool,
) error {
	title := strings.Join([]string{t.name, b.s.Customer.Name, b.words.MonthsText(b.s)}, " · ")
	err := stream.SetRow(fmt.Sprintf("A%d", titleRow),
		[]any{excelize.Cell{StyleID: b.look.title, Value: title}}, excelize.RowOpts{Height: 26})
	if err != nil {
		return err
	}
	err = stream.SetRow(fmt.Sprintf("A%d", aboutRow),
		[]any{excelize.Cell{StyleID: b.look.quiet, Value: b.about()}})
	if err != nil {
		return err
	}
	row := make([]any, len(t.columns))
	head := make([]any, len(t.columns))
	for i, column := range t.columns {
		style := b.look.head
		if column.kind != kindText && column.kind != kindMonth {
			style = b.look.headRight
		}
		head[i] = excelize.Cell{StyleID: style, Value: column.caption}
		switch {
		case i == 0:
			row[i] = excelize.Cell{StyleID: b.look.total, Value: b.words.SumOfColumn}
		case column.sum && !texts[i]:
			letter, err := excelize.ColumnNumberToName(i + 1)
			if err != nil {
				return err
			}
			row[i] = excelize.Cell{
				StyleID: b.sumStyle(column),
				Value:   number(sums[i]),
				Formula: fmt.Sprintf("SUM(%s%d:%s%d)", letter, dataRow, letter,
					max(headRow+t.count, dataRow)),
			}
		case column.sum:
			// A formula would leave out the cells that are text: the exact sum stands in its place.
			row[i] = excelize.Cell{StyleID: b.sumStyle(column), Value: number(sums[i])}
		}
	}
	err = stream.SetRow(fmt.Sprintf("A%d", sumRow), row)
	if err != nil {
		return err
	}
	return stream.SetRow(fmt.Sprintf("A%d", headRow), head, excelize.RowOpts{Height: 20})
}

func (b *book) sumStyle(column tableColumn) int {
	if column.kind == kindAmount {
		return b.look.totalAmount
	}
	return b.look.totalSource
}

// cells turns a row's values into cells. Text is always a typed string: what
// starts with = is never a formula.
func (b *book) cells(t tableSheet, values []any) []any {
	made := make([]any, len(values))
	for i, value := range values {
		switch value := value.(type) {
		case string:
			made[i] = excelize.Cell{StyleID: b.look.text, Value: value}
		case decimal.Decimal:
			made[i] = excelize.Cell{StyleID: b.numberStyle(t.columns[i].kind, value), Value: number(value)}
		case sum:
			style := b.look.source
			if value.currency.Places() == 0 && value.amount.IsInteger() {
				style = b.look.whole
			}
			made[i] = excelize.Cell{StyleID: style, Value: number(value.amount)}
		case period.Month:
			made[i] = b.monthCell(value)
		}
	}
	return made
}

func amountOf(value any) decimal.Decimal {
	if s, isSum := value.(sum); isSum {
		return s.amount
	}
	amount, _ := value.(decimal.Decimal)
	return amount
}

// numberStyle is a column's, but for quantities: a format with decimals that may
// be absent leaves a point behind whole ones.
func (b *book) numberStyle(k kind, value decimal.Decimal) int {
	switch k {
	case kindAmount:
		return b.look.amount
	case kindQuantity:
		if value.IsInteger() {
			return b.look.whole
		}
		return b.look.quantity
	case kindSource:
		return b.look.source
	case kindText, kindMonth:
		return b.look.text
	default:
		return b.look.text
	}
}

func (b *book) monthCell(month period.Month) any {
	if month.IsZero() {
		return excelize.Cell{StyleID: b.look.text, Value: b.words.Never}
	}
	return excelize.Cell{StyleID: b.look.month, Value: month.Start().In(time.UTC)}
}

// letters counts a text's width in letters of Latin: those of Hangul and kanji
// are nearly two.
func letters(text string) float64 {
	width := 0.0
	for _, r := range text {
		if r > 0x10FF {
			width += 1.9
		} else {
			width += 1.05
		}
	}
	return width
}
