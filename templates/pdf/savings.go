package pdf

import (
	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/shopspring/decimal"

	"magam/domain/invoice"
	"magam/domain/money"
)

// savings is the evidence of the savings fees: what each commitment's use costs
// at list price, what the commitment cost, and what the fee is taken of.
func (d *document) savings() (table, error) {
	t := table{
		before: d.section(d.words.Savings, d.words.AlreadyIncluded),
		head: func() []strip {
			return []strip{line(headHeight, ruled(ruleBlack, 0.2),
				col.New(half).Add(d.piece(d.words.Commitment, strong, 0, 0, middle(headHeight, sizeText))),
				d.right(2, d.words.AtList, strong, headHeight),
				d.right(2, d.words.CommitmentCost, strong, headHeight),
				d.right(2, d.words.Saved, strong, headHeight))}
		},
		foot: []strip{gap(5)},
	}
	for _, month := range d.s.Parts() {
		for _, fee := range invoice.Evidenced(month) {
			err := d.saved(&t, d.monthOf(month), fee)
			if err != nil {
				return table{}, err
			}
		}
	}
	return t, nil
}

// saved is the evidence of one fee.
func (d *document) saved(t *table, month string, fee invoice.FeeUse) error {
	for _, one := range fee.Savings {
		name := joined(" · ", month, one.Name)
		err := d.saving(t, name, fee.Currency, &one.Baseline, &one.Cost, one.Saved())
		if err != nil {
			return err
		}
	}
	if !fee.CarriedIn.IsZero() {
		name := joined(" · ", month, d.words.CarriedIn)
		err := d.saving(t, name, fee.Currency, nil, nil, fee.CarriedIn)
		if err != nil {
			return err
		}
	}
	name := joined(" · ", month, d.words.FeeOfSaved+" "+money.Text(fee.Rate)+" %")
	return d.saving(t, name, fee.Currency, nil, nil, fee.Amount)
}

// saving is one row of the evidence; a figure that it does not have stays empty.
func (d *document) saving(
	t *table, name string, currency money.Currency, baseline, cost *decimal.Decimal, saved decimal.Decimal,
) error {
	var texts []string
	for _, amount := range []*decimal.Decimal{baseline, cost, &saved} {
		text := ""
		if amount != nil {
			shown, err := show(*amount, currency)
			if err != nil {
				return err
			}
			text = priced(shown, currency)
		}
		texts = append(texts, text)
	}
	t.rows = append(t.rows, d.reasoned(name, half,
		d.right(2, texts[0], plain, itemHeight),
		d.right(2, texts[1], plain, itemHeight),
		d.right(2, texts[2], plain, itemHeight)))
	return nil
}
