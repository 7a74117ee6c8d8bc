package pdf

import (
	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/johnfercher/maroto/v2/pkg/core"

	"magam/domain/invoice"
)

// credits lists each credit with its reason, the invoice on which it was used,
// what it took off and what is left.
func (d *document) credits() (table, error) {
	t := table{
		before: d.section(d.words.Credits, d.words.AlreadyIncluded),
		head: func() []strip {
			return []strip{line(headHeight, ruled(ruleBlack, 0.2),
				col.New(half).Add(d.piece(d.words.Reason, strong, 0, 0, middle(headHeight, sizeText))),
				d.right(2, d.words.Used, strong, headHeight),
				d.right(2, d.words.Remaining, strong, headHeight),
				d.right(2, d.words.Expires, strong, headHeight))}
		},
		foot: []strip{gap(5)},
	}
	for _, month := range d.s.Parts() {
		for _, credit := range month.Credits {
			made, err := d.credit(month, credit)
			if err != nil {
				return table{}, err
			}
			t.rows = append(t.rows, made)
		}
	}
	return t, nil
}

func (d *document) credit(month invoice.Snapshot, credit invoice.CreditUse) (strip, error) {
	used, err := show(credit.Used, credit.Currency)
	if err != nil {
		return strip{}, err
	}
	remaining, err := show(credit.Remaining, credit.Currency)
	if err != nil {
		return strip{}, err
	}
	expires := d.words.Never
	if !credit.Expires.IsZero() {
		expires = d.words.MonthText(credit.Expires)
	}
	reason := joined(" · ", d.monthOf(month), d.s.Number, credit.ID, credit.Reason)
	return d.reasoned(reason, half,
		d.right(2, priced(used.Neg(), credit.Currency), plain, itemHeight),
		d.right(2, priced(remaining, credit.Currency), plain, itemHeight),
		d.right(2, expires, plain, itemHeight)), nil
}

// monthOf names the month that something is of, where a document bills several.
func (d *document) monthOf(month invoice.Snapshot) string {
	if !d.s.IsQuarter() {
		return ""
	}
	return d.words.MonthText(month.Month)
}

// adjustments lists each adjustment with its reason and where it was applied.
func (d *document) adjustments() (table, error) {
	note := d.words.AlreadyIncluded
	if !d.s.AfterTax.IsZero() {
		note = d.words.AfterTaxIncluded
	}
	t := table{
		before: d.section(d.words.Adjustments, note),
		head: func() []strip {
			return []strip{line(headHeight, ruled(ruleBlack, 0.2),
				col.New(7).Add(d.piece(d.words.Reason, strong, 0, 0, middle(headHeight, sizeText))),
				d.right(2, d.words.Stage, strong, headHeight),
				d.right(3, d.words.Amount, strong, headHeight))}
		},
		foot: []strip{gap(5)},
	}
	for _, month := range d.s.Parts() {
		for _, adjustment := range month.Adjustments {
			amount, err := show(adjustment.Amount, adjustment.Currency)
			if err != nil {
				return table{}, err
			}
			reason := joined(" · ", d.monthOf(month), adjustment.Reason, adjustment.ReasonCode)
			t.rows = append(t.rows, d.reasoned(reason, 7,
				d.right(2, d.words.StageText(adjustment.Stage), plain, itemHeight),
				d.right(3, priced(amount, adjustment.Currency), plain, itemHeight)))
		}
	}
	return t, nil
}

// section is a heading with a quiet remark.
func (d *document) section(heading, remark string) []strip {
	const tall = 6.0
	return []strip{line(tall, nil,
		col.New(3).Add(d.piece(heading, style{size: sizeFigure, bold: true}, 0, 0, middle(tall, sizeFigure))),
		col.New(9).Add(d.piece(remark, quiet.toRight(), 0, 0, middle(tall, sizeFigure))))}
}

// reasoned is a row that starts with a reason in words.
func (d *document) reasoned(reason string, size int, cells ...core.Col) strip {
	wrapped := wrap(reason, plain, float64(size)*column-gutter, 2)
	first := col.New(size)
	for i, text := range wrapped {
		first.Add(d.piece(text, plain, 0, 0, middle(itemHeight, sizeText)+float64(i)*leading))
	}
	tall := itemHeight + float64(max(len(wrapped), 1)-1)*leading
	return line(tall, ruled(ruleGrey, 0.1), append([]core.Col{first}, cells...)...)
}
