package xlsx

import (
	"github.com/shopspring/decimal"

	"magam/domain/invoice"
	"magam/domain/money"
)

// savings is the evidence of the savings fees: what each commitment's use costs
// at list price, what the commitment cost, and what the fee is taken of. A
// document without such a fee has no such sheet.
func (b *book) savings() []tableSheet {
	rows := byMonth(b.s, b.savingsOf)
	if len(rows) == 0 {
		return nil
	}
	return []tableSheet{{
		name: b.words.Savings, count: len(rows),
		columns: b.dated([]tableColumn{
			{b.words.Commitment, kindText, false},
			{b.words.Currency, kindText, false},
			{b.words.AtList, kindSource, false},
			{b.words.CommitmentCost, kindSource, false},
			{b.words.Saved, kindSource, false},
			{b.words.Amount, kindSource, false},
		}),
		row: func(i int) []any { return b.datedRow(rows[i].month, rows[i].row...) },
	}}
}

func (b *book) savingsOf(month invoice.Snapshot) [][]any {
	var rows [][]any
	for _, fee := range invoice.Evidenced(month) {
		amount := func(of decimal.Decimal) sum { return sum{of, fee.Currency} }
		for _, one := range fee.Savings {
			rows = append(rows, []any{
				one.Name,
				string(fee.Currency),
				amount(one.Baseline),
				amount(one.Cost),
				amount(one.Saved()),
				"",
			})
		}
		if !fee.CarriedIn.IsZero() {
			rows = append(rows, []any{
				b.words.CarriedIn, string(fee.Currency), "", "", amount(fee.CarriedIn), "",
			})
		}
		rows = append(rows, []any{
			b.words.FeeOfSaved + " " + money.Text(fee.Rate) + " %", string(fee.Currency), "", "", "",
			amount(fee.Amount),
		})
	}
	return rows
}
