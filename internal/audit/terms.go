package audit

import (
	"context"
	"fmt"
	"math/big"
	"strings"
)

// checkTerms compares what a final document says of its contract with the sheets
// that it was made from: its currency and roundings, the percentage of every
// tax category, and the rate of every source currency.
func checkTerms(ctx context.Context, in *inspection) (int, error) {
	sheets, err := in.sheets(ctx)
	if err != nil {
		return 0, err
	}
	looked := 0
	for _, d := range in.documents {
		s, readable := d.frozen()
		if !d.decided() || !readable {
			continue
		}
		contract, known := sheets.contract(d, in.month)
		if known { // else found by prices
			looked++
			versions := func(name string) []row { return sheets.sheet(d.id, name) }
			in.compareTerms(d.name(), s.own(), contract, versions)
		}
	}
	return looked, nil
}

func (in *inspection) compareTerms(name string, s snapshot, contract row, sheet func(string) []row) {
	currency, unit := contract.or("currency", "KRW"), in.number(contract, "rounding_unit")
	if unit.Sign() == 0 {
		unit = smallest(currency)
	}
	for _, pair := range [][3]string{
		{"currency", currency, s.Currency},
		{"rounding", contract.or("rounding_point", "document"), s.Rounding.Point},
		{"rounding mode", contract.or("rounding_mode", "truncate"), s.Rounding.Mode},
		{"tax", contract.or("tax", "kr-vat"), s.TaxName},
		{"tax rounding", contract.or("tax_rounding", "truncate"), s.TaxRounding},
	} {
		if pair[1] != pair[2] {
			in.find(name+" "+pair[0], pair[1], pair[2])
		}
	}
	in.differ(name+" rounding unit", unit, in.amount(name, s.Rounding.Unit.String()))
	in.compareTaxRates(name, s, sheet("taxes"))
	for _, source := range s.Sources {
		frozen := strings.TrimSpace(
			fmt.Sprintf("%s per %d, %s %s %s", text(in.amount(name, source.Rate.String())),
				source.Per, source.RateType, source.RateRule, source.RateOn),
		)
		if listed := in.rateOf(contract, source.Currency, currency, sheet).String(); listed != frozen {
			in.find(name+" rate of "+source.Currency, listed, frozen)
		}
	}
}

// compareTaxRates compares what each category pays with the taxes sheet.
func (in *inspection) compareTaxRates(name string, s snapshot, taxes []row) {
	kinds := map[string]string{"taxable": "standard", "reduced": "reduced"}
	for _, one := range s.Taxes {
		rate := new(big.Rat)
		for _, r := range taxes {
			if r["tax"] == s.TaxName && r.or("kind", "standard") == kinds[one.Category] &&
				r.covers(in.month) {
				rate = in.number(r, "rate")
				break
			}
		}
		in.differ(name+" "+one.Category+" rate", rate, in.amount(name, one.Rate.String()))
	}
}
