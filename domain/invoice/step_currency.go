package invoice

import (
	"time"

	"magam/domain/money"
	"magam/domain/tax"
)

// convertCurrency freezes the document's rates and turns every line over, at
// full precision. A line that is in the document's currency already has no step.
func convertCurrency(b *bill) error {
	for _, l := range b.lines {
		l.net = l.running
		rate, err := b.rate(l.key.source)
		if err != nil {
			return err
		}
		if l.key.source != b.in.Customer.Currency {
			l.base = rate.Convert(l.base)
			l.convert(b.in.Customer.Currency, rate)
		}
	}
	return nil
}

// convert replaces the running amount: the step's delta is the converted amount.
func (l *line) convert(to money.Currency, rate tax.Conversion) {
	l.running = rate.Convert(l.net)
	l.currency = to
	l.steps = append(l.steps, placed{Step: Step{
		Name: StepCurrency, Rule: rate.On.Format(time.DateOnly), Currency: to, Delta: l.running,
	}})
}

// rate finds a currency's rate once per document, so that everything in it,
// also what is added after tax, is turned over alike.
func (b *bill) rate(from money.Currency) (tax.Conversion, error) {
	if known, found := b.rates[from]; found {
		return known, nil
	}
	contract := b.in.Customer.Contract
	rate, err := tax.Find(b.in.Rates, tax.Request{
		Month: b.in.Month, From: from, To: b.in.Customer.Currency,
		Rule: contract.FXRule, Type: contract.FXType,
		Holidays: b.in.Holidays, MonthOver: b.in.MonthHasEnded,
	})
	if err != nil {
		return tax.Conversion{}, err
	}
	b.rates[from] = rate
	return rate, nil
}

// sourceTotals adds up what each source currency contributed and at which rate.
func sourceTotals(b *bill) ([]SourceTotal, error) {
	totals := map[money.Currency]*SourceTotal{}
	for _, l := range b.lines {
		rate, err := b.rate(l.key.source)
		if err != nil {
			return nil, err
		}
		source, known := totals[l.key.source]
		if !known {
			source = sourceTotal(l.key.source, rate)
			totals[l.key.source] = source
		}
		source.Billed = source.Billed.Add(l.billed)
		source.Net = source.Net.Add(l.net)
		source.Converted = source.Converted.Add(rate.Convert(l.net))
	}
	var sorted []SourceTotal
	for _, currency := range sortedCurrencies(totals) {
		sorted = append(sorted, *totals[currency])
	}
	return sorted, nil
}

func sourceTotal(currency money.Currency, rate tax.Conversion) *SourceTotal {
	total := &SourceTotal{
		Currency: currency, Rate: rate.Value, Per: rate.Per, RateType: rate.Type, RateRule: rate.Rule,
	}
	if !rate.On.IsZero() {
		total.RateOn = NewDate(rate.On)
	}
	return total
}
