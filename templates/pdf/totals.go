package pdf

import (
	"fmt"

	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/johnfercher/maroto/v2/pkg/core"

	"magam/domain/invoice"
	"magam/domain/money"
	"magam/templates/fonts"
)

const totalsRow = 6.6

// totals sets supply value, tax and total at the right, the chart at their left,
// and under both one quiet line on where the figures come from.
func (d *document) totals() ([]strip, error) {
	type entry struct {
		made core.Col
		tall float64
	}
	var rows []entry
	add := func(label, base, value string, bold bool) {
		figure := style{size: sizeFigure, bold: bold}
		caption := style{size: sizeText, bold: bold, grey: !bold}
		baseline := middle(totalsRow, sizeText)
		made := col.New(half).Add(d.piece(value, figure.toRight(), 0, 0, baseline))
		tall := totalsRow
		room := half*column - 3 - fonts.Width(value, bold, sizeFigure)
		switch {
		case base == "" || fonts.Width(label+" ("+base+")", bold, sizeText) <= room:
			if base != "" {
				label += " (" + base + ")"
			}
			made.Add(d.piece(label, caption, 0, 0, baseline))
		default:
			made.Add(d.piece(label, caption, 0, 0, baseline), d.piece(base, quiet, 0, 0, baseline+leading))
			tall += leading
		}
		rows = append(rows, entry{made.WithStyle(ruled(ruleGrey, 0.1)), tall})
	}

	add(d.words.Supply, "", printed(d.s.Supply, d.s.Currency), false)
	for _, t := range d.s.Taxes {
		label := fmt.Sprintf("%s · %s %s%%", d.words.Tax, d.words.TaxText(t.Category), money.Text(t.Rate))
		base := d.words.TaxBase + " " + printed(t.Base, d.s.Currency)
		add(label, base, printed(t.Tax, d.s.Currency), false)
	}
	if len(d.s.Taxes) == 0 {
		add(d.words.Tax, "", printed(d.s.Tax, d.s.Currency), false)
	}
	if !d.s.AfterTax.IsZero() {
		add(d.words.AfterTax, "", printed(d.s.AfterTax, d.s.Currency), false)
	}
	add(d.words.Total, "", printed(d.s.Total, d.s.Currency), true)

	strips := make([]strip, 0, len(rows)+2)
	used := 0.0
	for i, made := range rows {
		beside := col.New(half)
		if i == 0 && len(d.s.History) > 0 {
			beside.Add(d.trend())
		}
		strips = append(strips, line(made.tall, nil, beside, made.made))
		used += made.tall
	}
	if len(d.s.History) > 0 && used < trendHeight {
		strips = append(strips, gap(trendHeight-used))
	}
	origin, err := d.origin()
	return append(strips, origin...), err
}

// origin says what the amounts were before conversion, at which rate, and up to
// when the provider's changes are in. The provider's own bill is not shown: it
// is the reseller's cost.
func (d *document) origin() ([]strip, error) {
	strips := []strip{gap(2.5)}
	for _, month := range d.s.Parts() {
		sentences, err := d.originOf(month)
		if err != nil {
			return nil, err
		}
		for _, sentence := range sentences {
			for _, text := range wrap(sentence, quiet, contentWidth, 2) {
				strips = append(strips, line(leading+0.4, nil,
					col.New(grid).Add(d.piece(text, quiet, 0, 0, middle(leading, sizeText)))))
			}
		}
	}
	return append(strips, gap(5)), nil
}

// originOf is what is said of one month.
func (d *document) originOf(month invoice.Snapshot) ([]string, error) {
	state := d.words.Final
	if month.Provisional {
		state = d.words.Provisional
	}
	dated := joined(" ", d.words.DataAsOf, d.words.DateText(month.DataAsOf)) + " (" + state + ")"
	var sentences []string
	for i, source := range month.Sources {
		net, err := show(source.Net, source.Currency)
		if err != nil {
			return nil, err
		}
		sentence := ""
		if source.Currency != d.s.Currency {
			per := ""
			if source.Per > 1 {
				per = fmt.Sprintf(" / %d %s", source.Per, source.Currency)
			}
			kind := joined(" ", d.words.RateText(source.RateType), d.words.DateText(source.RateOn),
				d.words.RuleText(source.RateRule))
			sentence = fmt.Sprintf("%s %s · %s %s%s (%s)", d.words.SourceTotal,
				priced(net, source.Currency), d.words.Rate, money.Grouped(source.Rate, 2), per, kind)
		}
		if i == len(month.Sources)-1 {
			sentence = joined(" · ", sentence, dated)
		}
		if sentence != "" {
			sentences = append(sentences, sentence)
		}
	}
	if len(sentences) == 0 {
		sentences = []string{dated}
	}
	sentences[0] = joined(" · ", d.monthOf(month), sentences[0])
	return sentences, nil
}
