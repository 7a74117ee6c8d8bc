package tax

import (
	"fmt"

	"github.com/shopspring/decimal"

	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
)

// None is the contract's word for a document without any tax of ours.
const None = "none"

// InForce finds the rate of a tax in a month. Rates are data with a date: a tax
// without one parks the customer rather than being taken for nought.
func InForce(rates []Rate, name string, month period.Month) (*Rate, error) {
	if name == "" || name == None {
		return nil, nil
	}
	for i := range rates {
		if rates[i].Tax == name && rates[i].Valid.Covers(month) {
			return &rates[i], nil
		}
	}
	return nil, fault.New(fault.TaxMissing,
		fmt.Sprintf("no rate of %s is in force in %s", name, month),
		"add it to the taxes sheet, then retry the parked customer")
}

// Percentage is what a category pays of a rate. Only taxable lines pay; the
// other three are shown with their base and no tax, each for its own reason.
func (c Category) Percentage(rate *Rate) decimal.Decimal {
	if c == Taxable && rate != nil {
		return rate.Rate
	}
	return decimal.Zero
}

// Of is the tax on a base: the percentage of it, rounded once, to the smallest
// unit of the document's currency. An empty mode is truncation (절사).
func Of(
	base, percentage decimal.Decimal, mode money.Mode, currency money.Currency,
) (decimal.Decimal, error) {
	if mode == "" {
		mode = money.ModeTruncate
	}
	return money.Round(money.Percent(base, percentage), mode, money.Unit(currency.Places()))
}
