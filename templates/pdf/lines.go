package pdf

import (
	"fmt"

	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/shopspring/decimal"

	"magam/domain/money"
	"magam/domain/tax"
)

const (
	headHeight = 7.0
	itemHeight = 6.0
	leading    = 4.0 // from one line of wrapped text to the next
)

// columns of the lines' table: the source column is left out where everything
// is in the document's own currency.
type columns struct{ name, source, amount int }

func (d *document) columns() columns {
	for _, source := range d.s.SourceCurrencies() {
		if source != d.s.Currency {
			return columns{6, 3, 3}
		}
	}
	return columns{9, 0, 3}
}

// lines sets the products, the largest first, with sums carried over page breaks.
func (d *document) lines() table {
	c := d.columns()
	t := table{
		head: func() []strip {
			cells := []core.Col{
				col.New(c.name).Add(d.piece(d.words.Item, strong, 0, 0, middle(headHeight, sizeText))),
			}
			if c.source > 0 {
				cells = append(cells, d.right(c.source, d.sourceCaption(), strong, headHeight))
			}
			caption := fmt.Sprintf("%s (%s)", d.words.Amount, d.s.Currency)
			cells = append(cells, d.right(c.amount, caption, strong, headHeight))
			return []strip{line(headHeight, ruled(ruleBlack, 0.2), cells...)}
		},
		carried: func(rows int) []strip { return []strip{d.sums(c, d.words.CarriedForward, rows, quiet)} },
		brought: func(rows int) []strip {
			return append([]strip{d.sums(c, d.words.BroughtForward, rows, quiet)}, d.goesOn(rows)...)
		},
		foot: []strip{d.sums(c, d.words.Subtotal, len(d.products), strong), gap(5)},
	}
	for _, p := range d.products {
		if p.heads {
			t.rows = append(t.rows, d.month(c, p))
		} else {
			t.rows = append(t.rows, d.item(c, p))
		}
		t.heads = append(t.heads, p.heads)
	}
	if len(t.rows) == 0 {
		t.rows = []strip{line(itemHeight, ruled(ruleGrey, 0.1),
			col.New(grid).Add(d.piece(d.words.NothingCharged, quiet, 0, 0, middle(itemHeight, sizeText))))}
	}
	return t
}

func (d *document) item(c columns, p product) strip {
	name := p.name
	if d.mixed() && p.category != tax.Taxable {
		name += " (" + d.words.TaxText(p.category) + ")"
	}
	wrapped := wrap(name, plain, float64(c.name)*column-gutter, 2)
	tall := itemHeight + float64(max(len(wrapped), 1)-1)*leading
	first := col.New(c.name)
	for i, text := range wrapped {
		first.Add(d.piece(text, plain, 0, 0, middle(itemHeight, sizeText)+float64(i)*leading))
	}
	cells := []core.Col{first}
	if c.source > 0 {
		value := printed(p.shown, p.source)
		if !d.oneSource() {
			value = priced(p.shown, p.source)
		}
		cells = append(cells, d.right(c.source, value, plain, itemHeight))
	}
	cells = append(cells, d.right(c.amount, printed(p.amount, d.s.Currency), plain, itemHeight))
	return line(tall, ruled(ruleGrey, 0.1), cells...)
}

// month heads the products of one month of a quarter, with their sums.
func (d *document) month(c columns, p product) strip {
	cells := []core.Col{col.New(c.name).Add(d.piece(p.name, strong, 0, 0, middle(headHeight, sizeText)))}
	if c.source > 0 {
		value := ""
		if d.oneSource() {
			value = printed(p.shown, d.s.SourceCurrencies()[0])
		}
		cells = append(cells, d.right(c.source, value, strong, headHeight))
	}
	cells = append(cells, d.right(c.amount, printed(p.amount, d.s.Currency), strong, headHeight))
	return line(headHeight, ruled(ruleGrey, 0.1), cells...)
}

// goesOn names the month again whose products a page break has cut.
func (d *document) goesOn(rows int) []strip {
	if d.products[rows].heads {
		return nil
	}
	for i := rows - 1; i >= 0; i-- {
		if d.products[i].heads {
			return []strip{line(headHeight, ruled(ruleGrey, 0.1),
				col.New(grid).Add(d.piece(d.products[i].name, strong, 0, 0, middle(headHeight, sizeText))))}
		}
	}
	return nil
}

// oneSource says whether the source column can be summed: it holds one currency.
func (d *document) oneSource() bool { return len(d.s.SourceCurrencies()) == 1 }

// mixed says whether some products are taxed unlike others: only then is each marked.
func (d *document) mixed() bool {
	seen := make(map[tax.Category]bool)
	for _, p := range d.products {
		if !p.heads {
			seen[p.category] = true
		}
	}
	return len(seen) > 1
}

// sums is a row of the columns' sums over the first rows. The source column is
// summed where it holds one currency alone.
func (d *document) sums(c columns, caption string, rows int, s style) strip {
	source, amount := decimal.Zero, decimal.Zero
	for _, p := range d.products[:rows] {
		if !p.heads {
			source, amount = source.Add(p.shown), amount.Add(p.amount)
		}
	}
	cells := []core.Col{col.New(c.name).Add(d.piece(caption, s, 0, 0, middle(headHeight, sizeText)))}
	if c.source > 0 {
		value := ""
		if d.oneSource() {
			value = printed(source, d.s.SourceCurrencies()[0])
		}
		cells = append(cells, d.right(c.source, value, s, headHeight))
	}
	cells = append(cells, d.right(c.amount, printed(amount, d.s.Currency), s, headHeight))
	return line(headHeight, ruled(ruleBlack, 0.2), cells...)
}

func (d *document) right(size int, value string, s style, tall float64) core.Col {
	made := col.New(size)
	if value != "" {
		made.Add(d.piece(value, s.toRight(), 0, 0, middle(tall, sizeText)))
	}
	return made
}

// sourceCaption names the source column, by its currency where there is one.
func (d *document) sourceCaption() string {
	if d.oneSource() {
		return fmt.Sprintf("%s (%s)", d.words.Amount, d.s.SourceCurrencies()[0])
	}
	return d.words.SourceTotal
}

// notes end the document.
func (d *document) notes() []strip {
	var sentences []string
	if d.columns().source > 0 {
		places := int32(0)
		for _, source := range d.s.SourceCurrencies() {
			places = max(places, source.Places())
		}
		sentences = append(sentences,
			fmt.Sprintf(d.words.FullDigits, money.Text(decimal.NewFromInt32(places))))
	}
	if d.s.Provisional {
		sentences = append(sentences, d.words.ProvisionalNote)
	}
	var strips []strip
	for _, sentence := range sentences {
		for _, text := range wrap(sentence, quiet, contentWidth, 3) {
			strips = append(strips, line(leading+0.4, nil,
				col.New(grid).Add(d.piece(text, quiet, 0, 0, middle(leading, sizeText)))))
		}
	}
	return strips
}
