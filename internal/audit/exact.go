package audit

import (
	"fmt"
	"math/big"
	"slices"
)

// checkTaxes taxes every category again, with the document's own mode: to the
// last unit of its currency.
func (in *inspection) checkTaxes(d document, s snapshot) {
	name := d.name()
	bases, tax := sums[string]{}, new(big.Rat)
	for _, line := range s.Lines {
		bases.add(line.TaxCategory, in.amount(name, line.Amount.String()))
	}
	listed := map[string]bool{}
	for _, one := range s.Taxes {
		listed[one.Category] = true
		base, owed := in.amount(name, one.Base.String()), in.amount(name, one.Tax.String())
		in.differ(name+" "+one.Category+" base = its lines", bases.at(one.Category), base)
		exact := new(big.Rat).Mul(base, in.amount(name, one.Rate.String()))
		exact.Quo(exact, big.NewRat(100, 1))
		in.differ(name+" "+one.Category+" tax",
			in.rounded(name, exact, s.TaxRounding, smallest(s.Currency)), owed)
		tax = plus(tax, owed)
	}
	for category, base := range bases {
		if !listed[category] && base.Sign() != 0 {
			in.find(name+" "+category+" base", text(base), "no such category")
		}
	}
	in.differ(name+" tax = its categories", tax, in.amount(name, s.Tax.String()))
}

// checkRounding rounds again what stands together: a line, a product or the
// document, and turns every source over again at its frozen rate.
func (in *inspection) checkRounding(d document, s snapshot) {
	name := d.name()
	exact, rounded := sums[string]{}, sums[string]{}
	for _, line := range s.Lines {
		part := ""
		switch s.Rounding.Point {
		case "line":
			part = fmt.Sprint(line.Position)
		case "product":
			part = line.Service
		}
		amount := in.amount(name, line.Amount.String())
		rounded.add(part, amount)
		for _, step := range line.Steps {
			if step.Name == "rounding" {
				amount = new(big.Rat).Sub(amount, in.amount(name, step.Delta.String()))
			}
		}
		exact.add(part, amount)
	}
	unit := in.amount(name, s.Rounding.Unit.String())
	for _, part := range sorted(exact) {
		in.differ(name+" rounded "+part, in.rounded(name, exact.at(part), s.Rounding.Mode, unit),
			rounded.at(part))
	}
	rates := map[string]*big.Rat{}
	for _, source := range s.Sources {
		if source.Per == 0 {
			in.find(name+" "+source.Currency+" rate", "per some units", "per 0")
			continue
		}
		rate := new(big.Rat).Quo(in.amount(name, source.Rate.String()), big.NewRat(int64(source.Per), 1))
		rates[source.Currency] = rate
		in.differ(name+" "+source.Currency+" converted",
			new(big.Rat).Mul(rate, in.amount(name, source.Net.String())),
			in.amount(name, source.Converted.String()))
	}
	for _, line := range s.Lines {
		for _, step := range line.Steps {
			if rate := rates[line.Source]; step.Name == "currency" && rate != nil {
				in.differ(fmt.Sprintf("%s line %d converted", name, line.Position),
					new(big.Rat).Mul(rate, in.amount(name, line.Net.String())),
					in.amount(name, step.Delta.String()))
			}
		}
	}
}

// rounded rounds to a multiple of a unit. All modes treat a credit like a charge.
func (in *inspection) rounded(name string, amount *big.Rat, mode string, unit *big.Rat) *big.Rat {
	if unit.Sign() <= 0 {
		in.find(name+" rounding unit", "above 0", text(unit))
		return amount
	}
	units := new(big.Rat).Quo(new(big.Rat).Abs(amount), unit)
	whole, rest := new(big.Int).QuoRem(units.Num(), units.Denom(), new(big.Int))
	up := false
	switch mode {
	case "truncate":
	case "half-up":
		up = new(big.Int).Lsh(rest, 1).Cmp(units.Denom()) >= 0
	case "ceil":
		up = rest.Sign() != 0
	default:
		in.find(name+" rounding mode", "truncate, half-up or ceil", mode)
	}
	if up {
		whole.Add(whole, big.NewInt(1))
	}
	owed := new(big.Rat).Mul(new(big.Rat).SetInt(whole), unit)
	if amount.Sign() < 0 {
		owed.Neg(owed)
	}
	return owed
}

// smallest is a currency's smallest unit that can be owed.
func smallest(currency string) *big.Rat {
	switch {
	case slices.Contains([]string{"KRW", "JPY", "VND", "CLP", "ISK", "XAF", "XOF", "PYG"}, currency):
		return big.NewRat(1, 1)
	case slices.Contains([]string{"BHD", "KWD", "OMR", "JOD", "TND"}, currency):
		return big.NewRat(1, 1000)
	default:
		return big.NewRat(1, 100)
	}
}
