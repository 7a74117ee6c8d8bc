package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
)

// months are what a document bills, oldest first: itself, where it bills one month.
func (s snapshot) months() []snapshot {
	if len(s.Months) > 0 {
		return s.Months
	}
	return []snapshot{s}
}

// own is the part of the document's own month, earlier the others.
func (s snapshot) own() snapshot       { return s.months()[len(s.months())-1] }
func (s snapshot) earlier() []snapshot { return s.months()[:len(s.months())-1] }

// checkQuarter works a quarter's document out from its months: each adds up as a
// document of its own, and tax is owed on their sums at each rate.
func (in *inspection) checkQuarter(d document, s snapshot) {
	name := d.name()
	supply, afterTax, bases := new(big.Rat), new(big.Rat), sums[[2]string]{}
	for i, month := range s.Months {
		own := d
		own.number = name + " " + month.Month
		in.checkLines(own, month)
		in.checkTaxes(own, month)
		in.checkRounding(own, month)
		if last := i == len(s.Months)-1; month.Deferred == last || last != (month.Month == s.Month) {
			in.find(own.number, "deferred months and then the document's own", "another order")
		}
		supply = plus(supply, in.amount(name, month.Supply.String()))
		afterTax = plus(afterTax, in.amount(name, month.AfterTax.String()))
		for _, one := range month.Taxes {
			rate := text(in.amount(name, one.Rate.String()))
			bases.add([2]string{one.Category, rate}, in.amount(name, one.Base.String()))
		}
	}
	in.differ(name+" supply = its months", supply, in.amount(name, s.Supply.String()))
	in.differ(name+" after tax = its months", afterTax, in.amount(name, s.AfterTax.String()))
	tax := new(big.Rat)
	for _, one := range s.Taxes {
		base, rate := in.amount(name, one.Base.String()), in.amount(name, one.Rate.String())
		key := [2]string{one.Category, text(rate)}
		in.differ(name+" "+one.Category+" base = its months", bases.at(key), base)
		delete(bases, key)
		owed := in.amount(name, one.Tax.String())
		exact := new(big.Rat).Quo(new(big.Rat).Mul(base, rate), big.NewRat(100, 1))
		in.differ(name+" "+one.Category+" tax",
			in.rounded(name, exact, s.TaxRounding, smallest(s.Currency)), owed)
		tax = plus(tax, owed)
	}
	for key, base := range bases {
		in.find(fmt.Sprintf("%s %s base at %s", name, key[0], key[1]), text(base), "no such tax")
	}
	in.differ(name+" tax = its categories", tax, in.amount(name, s.Tax.String()))
}

// checkQuarters holds each quarter's document against the months that it bills:
// their frozen bytes stand in it as they are, each month on one document, and
// none waits for a quarter that has one.
func checkQuarters(ctx context.Context, in *inspection) (int, error) {
	billed := map[string][]string{}
	var name, number, digest, month string
	looked := 0
	err := in.query(ctx, "quarters", []any{&name, &number, &digest, &month}, func() error {
		looked++
		if number == "" {
			in.find(name, "a number that bills it: its quarter has one", "none")
			return nil
		}
		billed[number] = append(billed[number], digest)
		return nil
	}, in.month)
	if err != nil {
		return looked, err
	}
	for _, d := range in.documents {
		var s struct{ Months []json.RawMessage }                  // as the bytes are, not as they read
		if d.number == "" || json.Unmarshal(d.bytes, &s) != nil { // unreadable: found by documents
			continue
		}
		var held []string
		for _, month := range s.Months[:max(0, len(s.Months)-1)] {
			held = append(held, digestOf(month))
		}
		if want, found := fmt.Sprint(billed[d.number]), fmt.Sprint(held); want != found {
			in.find(d.number+" earlier months", want, found)
		}
	}
	return looked, nil
}
