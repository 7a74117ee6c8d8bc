package invoice

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/credit"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/tax"
)

// addTax taxes the supply value: rounded once per rate and category, on what is
// left after credits (ruling R-7).
func addTax(b *bill) error {
	name := b.snapshot.TaxName
	if name != tax.None && b.in.TaxRate == nil {
		_, err := tax.InForce(nil, name, b.in.Month)
		return err
	}
	taxes, err := taxTotals(b.snapshot, tax.Rates{Standard: b.in.TaxRate, Reduced: b.in.ReducedRate})
	if err != nil {
		return err
	}
	b.snapshot.Taxes = taxes
	return nil
}

// taxTotals adds up the lines of each category and taxes each sum once.
func taxTotals(s Snapshot, rates tax.Rates) ([]TaxTotal, error) {
	bases := make(map[tax.Category]decimal.Decimal)
	for _, l := range s.Lines {
		bases[l.TaxCategory] = bases[l.TaxCategory].Add(l.Amount)
	}
	var totals []TaxTotal
	for category, base := range bases {
		percentage, err := rates.Percentage(category, s.TaxName, s.Month)
		if err != nil {
			return nil, err
		}
		owed, err := tax.Of(base, percentage, s.TaxRounding, s.Currency)
		if err != nil {
			return nil, taxRoundingFault(err)
		}
		totals = append(totals, TaxTotal{Category: category, Rate: percentage, Base: base, Tax: owed})
	}
	slices.SortFunc(totals, func(a, b TaxTotal) int {
		return cmp.Or(taxOrder(a.Category)-taxOrder(b.Category), cmp.Compare(a.Category, b.Category))
	})
	return totals, nil
}

func taxRoundingFault(err error) error {
	return &fault.Error{
		Code: fault.Contract, What: "the contract's tax rounding cannot be carried out", Err: err,
		Cure: "correct tax_rounding in the customers sheet, then retry the parked customer",
	}
}

// taxOrder is how the categories follow one another on a page.
func taxOrder(category tax.Category) int {
	switch category {
	case tax.Taxable:
		return 1
	case tax.Reduced:
		return 2
	case tax.ZeroRated:
		return 3
	case tax.Exempt:
		return 4
	case tax.AlreadyTaxed:
		return 5
	default:
		return 6
	}
}

// adjustAfterTax adds what stands outside the supply value: turned over at the
// document's frozen rate and rounded once, all together, with the difference
// apportioned so that what is shown sums to what is owed.
func adjustAfterTax(b *bill) error {
	var shown []AdjustmentUse
	var exact []decimal.Decimal
	owed := b.snapshot.supply().Add(b.snapshot.taxed())
	for _, a := range b.adjustments {
		if a.Stage != credit.StageAfterTax {
			continue
		}
		amount, err := b.afterTax(a, owed)
		if err != nil {
			return err
		}
		exact = append(exact, amount)
		shown = append(shown, AdjustmentUse{
			ID: a.ID, ReasonCode: a.ReasonCode, Reason: a.Reason,
			Stage: string(a.Stage), Currency: b.in.Customer.Currency,
		})
	}
	places := b.in.Customer.Currency.Places()
	once := Rounding{Mode: b.snapshot.Rounding.Mode, Unit: money.Unit(places)}
	rounded, err := Apportion(exact, once, places)
	if err != nil {
		return roundingFault(err)
	}
	for i := range shown {
		shown[i].Amount = rounded[i]
	}
	b.snapshot.Adjustments = append(usesOf(b), shown...)
	return nil
}

// afterTax is one adjustment in the document's currency, at full precision. A
// percentage is taken of supply and tax together.
func (b *bill) afterTax(a credit.Adjustment, owed decimal.Decimal) (decimal.Decimal, error) {
	if a.Kind == credit.KindPercent {
		return money.Percent(owed, a.Value), nil
	}
	currency := a.Currency
	if currency == "" {
		if len(b.sources) != 1 {
			return decimal.Zero, adjustmentFault(a,
				fmt.Sprintf("it names no currency and the bill has %d", len(b.sources)),
				"name its currency in the adjustments sheet")
		}
		currency = b.sources[0]
	}
	rate, err := b.rate(currency)
	if err != nil {
		return decimal.Zero, err
	}
	return rate.Convert(a.Value), nil
}
