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

// KindReduced is the taxes sheet's word for a reduced rate (軽減税率).
const KindReduced = "reduced"

// InForce finds the standard rate of a tax in a month. Rates are data with a
// date: a tax without one parks the customer rather than being taken for nought.
func InForce(rates []Rate, name string, month period.Month) (*Rate, error) {
	if name == "" || name == None {
		return nil, nil
	}
	if found := find(rates, name, "", month); found != nil {
		return found, nil
	}
	return nil, missing(name, "rate", month)
}

// ReducedInForce finds the reduced rate of a tax in a month: nil where there is
// none, which only matters to a document that has something to tax by it.
func ReducedInForce(rates []Rate, name string, month period.Month) *Rate {
	return find(rates, name, KindReduced, month)
}

func find(rates []Rate, name, kind string, month period.Month) *Rate {
	for i := range rates {
		reduced := rates[i].Kind == KindReduced
		if rates[i].Tax == name && reduced == (kind == KindReduced) && rates[i].Valid.Covers(month) {
			return &rates[i]
		}
	}
	return nil
}

func missing(name, what string, month period.Month) error {
	return fault.New(fault.TaxMissing,
		fmt.Sprintf("no %s of %s is in force in %s", what, name, month),
		"add it to the taxes sheet, then retry the parked customer")
}

// Rates are what a document taxes its lines by.
type Rates struct {
	Standard, Reduced *Rate // nil where there is none
}

// Percentage is what a category pays. Taxable lines pay the standard rate,
// reduced ones the reduced rate; the other three are shown with their base and
// no tax, each for its own reason. A reduced rate that is asked for and missing
// parks the customer.
func (r Rates) Percentage(category Category, name string, month period.Month) (decimal.Decimal, error) {
	if name == "" || name == None {
		return decimal.Zero, nil
	}
	var rate *Rate
	switch category {
	case Taxable:
		rate = r.Standard
	case Reduced:
		rate = r.Reduced
	case ZeroRated, Exempt, AlreadyTaxed:
		return decimal.Zero, nil
	}
	if rate == nil {
		return decimal.Zero, missing(name, string(category)+" rate", month)
	}
	return rate.Rate, nil
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
