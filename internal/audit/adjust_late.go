package audit

import "math/big"

// compareLate holds the adjustments that follow the conversion, and those after
// tax, against what falls due of each.
func (b *bill) compareLate() {
	name := b.document.name()
	number := func(text interface{ String() string }) *big.Rat { return b.in.amount(name, text.String()) }
	frozen := sums[string]{}
	for _, l := range b.frozen.Lines {
		for _, step := range l.Steps {
			if step.Name == "invoice-adjustment" {
				frozen.add(step.Rule, number(step.Delta))
			}
		}
	}
	owed, exact := plus(number(b.frozen.Supply), number(b.frozen.Tax)), new(big.Rat)
	for _, a := range b.due() {
		switch {
		case a.row["stage"] == "after-tax" && a.row["kind"] == "percent":
			exact = plus(exact, percent(owed, a.value))
		case a.row["stage"] == "after-tax":
			turned := b.in.rateOf(b.contract, b.currencyOf(a.row), b.frozen.Currency, b.sheet).of(a.value)
			exact = plus(exact, turned)
		case b.late(a.row):
			b.in.differ(name+" adjustment "+a.row["id"], a.value, frozen.at(a.row["id"]))
		}
	}
	unit := smallest(b.frozen.Currency)
	once := b.in.rounded(name, exact, b.frozen.Rounding.Mode, unit)
	b.in.differ(name+" after tax", once, number(b.frozen.AfterTax))
}
