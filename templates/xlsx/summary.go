package xlsx

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"magam/domain/invoice"
	"magam/domain/money"
	"magam/templates/texts"
)

const trendMonths = 6

// page is the summary as it is written, row by row.
type page struct {
	stream *excelize.StreamWriter
	row    int
	err    error
}

func (p *page) put(cells ...any) int {
	p.row++
	if p.err == nil && len(cells) > 0 {
		p.err = p.stream.SetRow(fmt.Sprintf("A%d", p.row), cells)
	}
	return p.row
}

// summary is what the document says, on one page: totals by formula from the
// sheets behind it, how the source was converted, and the months before.
func (b *book) summary() error {
	p, err := b.beginSummary(24, 26, 16, 16, 16, 22, 22)
	if err != nil {
		return err
	}
	b.particulars(p)
	b.totals(p)
	b.quarter(p)
	b.sources(p)
	first, last := b.months(p)
	if b.texts {
		p.put()
		p.put(b.cell(b.look.quiet, b.words.TextNumbers))
	}
	if p.err != nil {
		return p.err
	}
	err = b.chart(first, last)
	if err != nil {
		return err
	}
	return p.stream.Flush()
}

func (b *book) beginSummary(widths ...float64) (*page, error) {
	stream, err := b.begin(b.words.SheetSummary, "")
	if err != nil {
		return nil, err
	}
	for i, width := range widths {
		err = stream.SetColWidth(i+1, i+1, width)
		if err != nil {
			return nil, err
		}
	}
	return &page{stream: stream}, nil
}

func (b *book) cell(style int, value any) excelize.Cell {
	return excelize.Cell{StyleID: style, Value: value}
}

func (b *book) particulars(p *page) {
	title := b.title
	if b.s.Number == "" {
		title += " (" + b.words.Draft + ")"
	}
	p.put(b.cell(b.look.title, title+" · "+b.s.Customer.Name))
	p.put(b.cell(b.look.quiet, b.about()))
	p.put()
	text := func(label, value string) { b.particular(p, label, value) }
	day := func(label string, value invoice.Date) {
		if value.IsZero() {
			text(label, "-")
			return
		}
		p.put(b.cell(b.look.label, label), b.cell(b.look.day, value.Time))
	}
	text(b.words.Number, b.number())
	text(b.words.Corrects, b.s.Corrects)
	text(b.words.Supplier, b.s.Issuer.Name)
	text(b.words.Recipient, b.s.Customer.Name)
	text(b.words.BusinessNumber, texts.BusinessNumber(b.s.Customer))
	text(b.words.BillingPeriod, b.words.SpanText(b.s))
	day(b.words.IssuedOn, b.s.IssuedOn)
	day(b.words.DueOn, b.s.DueOn)
	text(b.words.Bank, b.s.Bank)
	text(b.words.Salesman, strings.TrimSpace(b.s.Salesman.Name+" "+b.s.Salesman.Email))
	p.put()
}

// particular is one line of the title block; what is empty has none.
func (b *book) particular(p *page, label, value string) {
	if value != "" {
		p.put(b.cell(b.look.label, label), b.cell(b.look.text, value))
	}
}

// totals stand under each other, the supply value by formula from the products.
func (b *book) totals(p *page) {
	p.put(b.cell(b.look.head, b.words.Total), b.cell(b.look.headRight, b.amountCaption()),
		b.cell(b.look.headRight, b.words.TaxBase))
	amounts := "D" // the products' last column
	if b.s.IsQuarter() {
		amounts = "E"
	}
	formula := fmt.Sprintf("%s!%s%d", quoted(b.words.SheetProducts), amounts, sumRow)
	first := p.put(b.cell(b.look.text, b.words.Supply),
		excelize.Cell{StyleID: b.look.amount, Value: number(b.s.Supply), Formula: formula})
	for _, t := range b.s.Taxes {
		label := fmt.Sprintf("%s · %s %s%%", b.words.Tax, b.words.TaxText(t.Category), money.Text(t.Rate))
		p.put(b.cell(b.look.text, label), b.cell(b.look.amount, number(t.Tax)),
			b.cell(b.look.amount, number(t.Base)))
	}
	if len(b.s.Taxes) == 0 {
		p.put(b.cell(b.look.text, b.words.Tax), b.cell(b.look.amount, number(b.s.Tax)))
	}
	if !b.s.AfterTax.IsZero() {
		p.put(b.cell(b.look.text, b.words.AfterTax), b.cell(b.look.amount, number(b.s.AfterTax)))
	}
	p.put(b.cell(b.look.strong, b.words.Total), excelize.Cell{
		StyleID: b.look.strongAmount,
		Value:   number(b.s.Total),
		Formula: fmt.Sprintf("SUM(B%d:B%d)", first, p.row),
	})
	p.put()
}

// sources say what was converted, and at which rate. The provider's own bill is
// not among them: it is the reseller's cost.
func (b *book) sources(p *page) {
	if len(b.s.SourceCurrencies()) == 0 {
		return
	}
	p.put(b.cell(b.look.head, b.words.Currency), b.cell(b.look.headRight, b.words.SourceTotal),
		b.cell(b.look.headRight, b.words.Rate), b.cell(b.look.headRight, b.words.RatePer),
		b.cell(b.look.head, b.words.RateOn), b.cell(b.look.head, b.words.RateKind))
	for _, month := range b.s.Parts() {
		for _, source := range month.Sources {
			p.put(b.source(month, source)...)
		}
	}
	p.put()
}

// source is one source currency of a month, with its rate where it has one.
func (b *book) source(month invoice.Snapshot, source invoice.SourceTotal) []any {
	if isText(source.Net) || isText(source.Rate) {
		b.texts = true
	}
	label := string(source.Currency)
	if b.s.IsQuarter() {
		label = b.words.MonthText(month.Month) + " · " + label
	}
	cells := []any{b.cell(b.look.text, label), b.cell(b.look.source, number(source.Net))}
	if source.Currency == b.s.Currency {
		return cells
	}
	rateOn := b.cell(b.look.text, "-")
	if !source.RateOn.IsZero() {
		rateOn = b.cell(b.look.day, source.RateOn.Time)
	}
	return append(
		cells,
		b.cell(b.look.rate, number(source.Rate)),
		b.cell(b.look.amount, int64(max(source.Per, 1))),
		rateOn,
		b.cell(b.look.text, strings.TrimSpace(
			b.words.RateText(source.RateType)+" "+b.words.RuleText(source.RateRule))),
	)
}

// quarter says what each month of a quarter brings to the supply value.
func (b *book) quarter(p *page) {
	if !b.s.IsQuarter() {
		return
	}
	p.put(b.cell(b.look.head, b.words.Month), b.cell(b.look.headRight, b.amountCaption()))
	for _, month := range b.s.Months {
		p.put(b.cell(b.look.text, b.words.MonthText(month.Month)),
			b.cell(b.look.amount, number(month.Supply)))
	}
	p.put()
}

// months are what the chart shows, this document's own month last.
func (b *book) months(p *page) (first, last int) {
	history := append([]invoice.MonthTotal(nil), b.s.History...)
	history = append(history, invoice.MonthTotal{Month: b.s.Month, Total: b.s.Own().Total})
	history = history[max(0, len(history)-trendMonths):]
	p.put(b.cell(b.look.head, b.words.Month),
		b.cell(b.look.headRight, b.words.Trend+" ("+string(b.s.Currency)+")"),
		b.cell(b.look.headRight, b.words.MonthText(b.s.Month)))
	first = p.row + 1
	for i, m := range history {
		cells := []any{b.cell(b.look.month, m.Month.Start()), b.cell(b.look.amount, number(m.Total))}
		if i == len(history)-1 {
			cells = append(cells, excelize.Cell{
				StyleID: b.look.amount, Value: number(m.Total), Formula: fmt.Sprintf("B%d", first+i),
			})
		}
		p.put(cells...)
	}
	return first, p.row
}

// chart is native, so that it follows the cells; grey with the month in question
// in the accent colour.
func (b *book) chart(first, last int) error {
	sheet := quoted(b.words.SheetSummary)
	accent := strings.TrimPrefix(b.s.Color, "#")
	if accent == "" {
		accent = "1F4E79"
	}
	solid := func(color string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	// The month in question is a series of its own, drawn over its grey bar.
	series := func(column, color string) excelize.ChartSeries {
		return excelize.ChartSeries{
			Name:       fmt.Sprintf("%s!$%s$%d", sheet, column, first-1),
			Categories: fmt.Sprintf("%s!$A$%d:$A$%d", sheet, first, last),
			Values:     fmt.Sprintf("%s!$%s$%d:$%s$%d", sheet, column, first, column, last),
			Fill:       solid(color),
		}
	}
	gap, whole, no := uint(60), 100, false
	title := b.words.Trend + " (" + string(b.s.Currency) + ")"
	small := excelize.Font{Size: 9, Color: "6E6E6E"}
	return b.file.AddChart(b.words.SheetSummary, "D4", &excelize.Chart{
		Type:       excelize.Col,
		Series:     []excelize.ChartSeries{series("B", "BEBEBE"), series("C", accent)},
		Overlap:    &whole,
		VaryColors: &no,
		Title:      excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: title, Font: &small}}},
		Legend:     excelize.ChartLegend{Position: "none"},
		Dimension:  excelize.ChartDimension{Width: 560, Height: 250},
		GapWidth:   &gap,
		XAxis:      excelize.ChartAxis{Font: small, NumFmt: excelize.ChartNumFmt{CustomNumFmt: monthFormat}},
		YAxis: excelize.ChartAxis{
			Font:   small,
			NumFmt: excelize.ChartNumFmt{CustomNumFmt: amountFormat(b.s.Currency)},
		},
		Border: excelize.LineOptions{Type: excelize.LineNone},
	})
}
