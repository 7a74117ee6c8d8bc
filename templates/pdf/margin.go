package pdf

import (
	"fmt"
	"strings"

	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/johnfercher/maroto/v2/pkg/components/page"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/props"

	"magam/domain/fault"
	margins "magam/domain/margin"
	"magam/domain/money"
	"magam/templates/fonts"
	"magam/templates/texts"
)

// MarginMark is what a page of margins says of itself to machines: nothing that
// carries it may be attached to a customer's mail.
const MarginMark = "finance-only"

// report is a month's report to finance on its way to paper.
type report struct {
	paper
	r       margins.Report
	w       *texts.MarginWords
	edition int
	digest  string
	failed  error // the first text that cannot be printed
}

// MarginReport prints a month's report for finance: totals, parked customers,
// what leaks, the proof and what each step added. It stays within a few pages;
// what they have no room for is in the workbook, and they say how much.
func MarginReport(r margins.Report, edition int, digest, language string) ([]byte, error) {
	printed, err := marginBytes(r, edition, digest, language)
	if err != nil {
		return nil, fmt.Errorf("print the report of %s: %w", r.Month, err)
	}
	return printed, nil
}

func marginBytes(r margins.Report, edition int, digest, language string) ([]byte, error) {
	words, err := texts.MarginFor(language)
	if err != nil {
		return nil, err
	}
	accent, err := parseAccent(r.Color)
	if err != nil {
		return nil, err
	}
	m := &report{
		paper: paper{used: map[rune]struct{}{}, accent: accent},
		r:     r, w: words, edition: edition, digest: digest[:min(digestShown, len(digest))],
	}
	filled, err := m.fill()
	if err != nil {
		return nil, err
	}
	var pages []core.Page
	for i, strips := range filled.pages {
		made := page.New()
		for _, s := range strips {
			made.Add(s.row)
		}
		made.Add(gap(capacity - height(strips...)).row)
		made.Add(m.foot(i+1, len(filled.pages)).row)
		pages = append(pages, made)
	}
	if m.failed != nil {
		return nil, m.failed
	}
	printer := m.printer(properties{
		issued: r.Month.LastDay(), author: r.Issuer, title: joined(" ", words.Title, r.Month.String()),
		subject: r.Month.String(), keywords: MarginMark,
	})
	printer.AddPages(pages...)
	generated, err := printer.Generate()
	if err != nil {
		return nil, err
	}
	return generated.GetBytes(), verifyMargin(generated.GetBytes(), m)
}

// fill puts the sections on pages, in the order in which finance asks: what came
// of it, what is missing, and whether it is right.
func (m *report) fill() (*flow, error) {
	f := newFlow(m.runningHead)
	f.put(m.title()...)
	totals, err := m.totals()
	if err != nil {
		return nil, err
	}
	f.place(totals)
	f.put(m.notes()...)
	chart, err := m.chart()
	if err != nil {
		return nil, err
	}
	if height(chart...) > f.room() {
		f.turn()
	}
	f.put(chart...)
	for _, section := range []table{
		m.parked(), m.unbilled(), m.unmapped(), m.underBilled(), m.decisions(), m.alarms(), m.retained(),
		m.proof(), m.reconciled(), m.steps(),
	} {
		if len(section.rows) > 0 {
			f.place(section)
		}
	}
	return f, nil
}

// set is a piece of text in the form in which the fonts have it.
func (m *report) set(value string, s style, baseline float64) core.Component {
	fitted, err := fonts.Fit(value)
	if err != nil && m.failed == nil {
		m.failed = err
	}
	return m.piece(fitted, s, 0, 0, baseline)
}

func (m *report) title() []strip {
	baseline := titleHeight - 3.4
	issuer := wrap(m.r.Issuer, style{size: sizeFigure, bold: true}, half*column-gutter, 1)
	documents := fmt.Sprintf(m.w.FinalCount, m.r.Final)
	if m.r.Drafts > 0 {
		documents += " · " + fmt.Sprintf(m.w.DraftCount, m.r.Drafts)
	}
	strips := []strip{
		line(titleHeight, nil,
			col.New(half).
				Add(m.set(strings.Join(issuer, ""), style{size: sizeFigure, bold: true}, baseline)),
			col.New(half).
				Add(m.set(m.w.Title, style{size: sizeTitle, bold: true, right: true}, baseline))),
		filled(0.9, m.accent),
		gap(3),
		line(
			rowHeight,
			nil,
			col.New(half).
				Add(m.set(m.w.MonthText(m.r.Month), style{size: sizeFigure, bold: true}, middle(rowHeight, sizeText))),
			col.New(half).
				Add(m.set(joined(" · ", m.w.StateText(string(m.r.State)), documents), plain.toRight(),
					middle(rowHeight, sizeText))),
		),
		line(
			rowHeight,
			nil,
			col.New(half).Add(m.set(m.w.FinanceOnly, quiet, middle(rowHeight, sizeText))),
			col.New(half).
				Add(m.set(fmt.Sprintf("%s %d", m.w.Edition, m.edition), quiet.toRight(), middle(rowHeight, sizeText))),
		),
		gap(4),
	}
	return strips
}

func (m *report) runningHead() []strip {
	return []strip{
		line(7, ruled(ruleGrey, 0.2),
			col.New(8).Add(m.set(joined(" · ", m.w.Title, m.r.Issuer), quiet, 4)),
			col.New(4).Add(m.set(m.w.MonthText(m.r.Month), quiet.toRight(), 4))),
		gap(3),
	}
}

func (m *report) foot(page, pages int) strip {
	return line(footHeight, &props.Cell{
		BorderType: borderTop, BorderColor: &ruleGrey, BorderThickness: 0.2,
	}, col.New(8).Add(m.set(m.w.FinanceOnly, quiet, 5.6)), col.New(4).Add(
		m.set(pageText(m.w.Page, page, pages), quiet.toRight(), 5.6),
		m.set(fmt.Sprintf("%s/%d · %s", m.r.Month, m.edition, m.digest), quiet.toRight(), 5.6+leading)))
}

func (m *report) notes() []strip {
	sentences := []string{m.w.RoundedNote, m.w.RetainedNote}
	if m.r.Drafts > 0 {
		sentences = append(sentences, m.w.DraftNote)
	}
	var strips []strip
	for _, sentence := range sentences {
		for _, text := range wrap(sentence, quiet, contentWidth, 3) {
			strips = append(strips, line(leading+0.4, nil,
				col.New(grid).Add(m.set(text, quiet, middle(leading, sizeText)))))
		}
	}
	return strips
}

// verifyMargin reads the finished bytes back: every total of the report stands on
// them as it is shown.
func verifyMargin(made []byte, m *report) error {
	pages, err := extract(made)
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for _, page := range pages {
		for _, line := range page {
			for _, piece := range line.pieces {
				there[piece.text] = true
			}
		}
	}
	shown, err := margins.Shown(m.r.Totals)
	if err != nil {
		return err
	}
	for _, total := range shown {
		for _, want := range []string{
			printed(total.Converted, total.Currency), printed(total.Sold, total.Currency),
			printed(total.Margin(), total.Currency),
		} {
			if !there[want] {
				return &fault.Error{
					Code:  fault.Conservation,
					Value: want,
					What:  "is a total of the report and not on its pages",
					Cure:  "nothing was sent; report it with the month",
				}
			}
		}
	}
	return nil
}

// figures of a position as columns of a table.
func (m *report) figures(p margins.Position) []string {
	rate := "-"
	if percent, known := p.Percent(); known {
		rate = money.Grouped(percent, 2) + " %"
	}
	return []string{
		printed(p.Converted, p.Currency), printed(p.Sold, p.Currency), printed(p.Margin(), p.Currency), rate,
	}
}
