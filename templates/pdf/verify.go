package pdf

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/templates/texts"
)

// Verify reads the finished bytes back and holds the figures that a reader sees
// against the snapshot: what is owed, the totals, every tax, the sum of the
// amount column and each sum carried over a page. It knows nothing of how the
// page was made, only where its captions stand, so that a fault in laying out
// cannot hide itself. What differs is refused with E_CONSERVATION.
func Verify(pdf []byte, s invoice.Snapshot) error {
	words, err := texts.For(s.Language)
	if err != nil {
		return err
	}
	pages, err := extract(pdf)
	if err != nil {
		return err
	}
	r := &reading{words: words, currency: s.Currency, months: map[string]string{}}
	for _, month := range s.Months {
		r.months[words.MonthText(month.Month)] = ""
	}
	for _, page := range pages {
		r.read(page)
	}

	wanted := []figure{
		{words.AmountDue, withSymbol(s.Total, s.Currency)},
		{words.Supply, printed(s.Supply, s.Currency)},
		{words.Total, printed(s.Total, s.Currency)},
		{words.Subtotal, printed(s.Supply, s.Currency)},
		{words.Amount, printed(money.Sum(r.amounts...), s.Currency)},
		{words.Customer, s.Customer.Code},
	}
	found := []figure{
		{words.AmountDue, r.owed},
		{words.Supply, r.totals[words.Supply]},
		{words.Total, r.totals[words.Total]},
		{words.Subtotal, r.subtotal},
		{words.Amount, printed(s.Supply, s.Currency)},
		{words.Customer, customerOf(pdf)},
	}
	taxes := make([]decimal.Decimal, len(s.Taxes))
	for i, t := range s.Taxes {
		taxes[i] = t.Tax
	}
	if len(taxes) == 0 {
		taxes = []decimal.Decimal{s.Tax}
	}
	for i, tax := range taxes {
		wanted = append(wanted, figure{words.Tax, printed(tax, s.Currency)})
		found = append(found, figure{words.Tax, r.tax(i)})
	}
	for _, month := range s.Months {
		name := words.MonthText(month.Month)
		wanted = append(wanted, figure{name, printed(month.Supply, s.Currency)})
		found = append(found, figure{name, r.months[name]})
	}
	for _, carried := range r.carried {
		wanted = append(wanted, figure{words.CarriedForward, carried.want})
		found = append(found, figure{words.CarriedForward, carried.found})
	}
	for i := range wanted {
		if wanted[i] != found[i] {
			return &fault.Error{
				Code:  fault.Conservation,
				Place: fault.Place{Column: wanted[i].caption},
				Value: found[i].value,
				What:  fmt.Sprintf("is printed where the snapshot has %q", wanted[i].value),
				Cure:  "nothing was sent; report it with the document's number",
			}
		}
	}
	return nil
}

type figure struct{ caption, value string }

// reading is what a reader found on the pages, in the order of reading.
type reading struct {
	words    *texts.Words
	currency money.Currency
	owed     string
	totals   map[string]string
	taxes    []string
	inLines  bool
	ended    bool
	amounts  []decimal.Decimal
	subtotal string
	months   map[string]string // of a quarter, by their headings among the lines
	carried  []struct{ want, found string }
}

func (r *reading) tax(i int) string {
	if i < len(r.taxes) {
		return r.taxes[i]
	}
	return ""
}

// read takes one page's lines of text, top to bottom.
func (r *reading) read(page []textLine) {
	if r.totals == nil {
		r.totals = map[string]string{}
	}
	for _, line := range page {
		caption, last := line.pieces[0], line.pieces[len(line.pieces)-1]
		switch {
		case r.ended:
		case caption.text == r.words.Item && strings.HasPrefix(last.text, r.words.Amount):
			r.inLines = true
		case r.inLines && caption.text == r.words.CarriedForward:
			r.carry(last.text)
			r.inLines = false
		case r.inLines && caption.text == r.words.BroughtForward:
			r.carry(last.text)
		case r.inLines && caption.text == r.words.Subtotal && len(line.pieces) > 1:
			r.subtotal, r.inLines, r.ended = last.text, false, true
		case r.inLines && r.heads(caption.text) && len(line.pieces) > 1:
			r.months[caption.text] = last.text
		case r.inLines:
			amount, err := money.Parse(strings.ReplaceAll(last.text, ",", ""))
			if len(line.pieces) > 1 && err == nil {
				r.amounts = append(r.amounts, amount)
			}
		default:
			r.readTotals(line)
		}
	}
}

// heads says whether a caption is a month's, over its lines.
func (r *reading) heads(caption string) bool {
	_, isMonth := r.months[caption]
	return isMonth
}

// readTotals takes what stands over the lines: the amount band and the table
// in the right half of the page.
func (r *reading) readTotals(line textLine) {
	const rightHalf = margin + half*column - 1
	last := line.pieces[len(line.pieces)-1]
	if last.size > sizeFigure+1 && strings.Contains(last.text, strings.TrimSpace(r.currency.Symbol())) {
		r.owed = last.text
	}
	for _, piece := range line.pieces[:len(line.pieces)-1] {
		switch {
		case piece.x < rightHalf:
		case piece.text == r.words.Supply || piece.text == r.words.Total:
			r.totals[piece.text] = last.text
		case strings.HasPrefix(piece.text, r.words.Tax+" · ") || piece.text == r.words.Tax:
			r.taxes = append(r.taxes, last.text)
		}
	}
}

func (r *reading) carry(found string) {
	want := printed(money.Sum(r.amounts...), r.currency)
	r.carried = append(r.carried, struct{ want, found string }{want, found})
}

// customerOf is the code of whose document this is, from its keywords.
func customerOf(pdf []byte) string {
	marks, _, _ := strings.Cut(keywordsOf(pdf), " number=")
	return strings.TrimPrefix(marks, "customer=")
}
