package credit

import (
	"github.com/shopspring/decimal"

	"magam/domain/money"
)

// Charge is what a credit or an adjustment may see of a line.
type Charge struct {
	Account              string
	Service, ServiceName string
	Amount               decimal.Decimal // the running amount
	// Base is what percentages and shares are taken of: the running amount
	// without the provider's credits and taxes (ruling R-6).
	Base decimal.Decimal
}

// spreadPlaces is how finely a flat adjustment is divided over its lines. It is
// far below any unit that is rounded to, and the parts sum to the whole anyway.
const spreadPlaces = 10

// Spread says what an adjustment adds to each charge. A percentage is taken of
// each base. A flat sum is shared in proportion to the charges above zero, so
// that tax and product totals follow it; where there is none to share it over
// it comes back as rest, to stand on a line of its own.
//
// All adjustments of one stage must be given the same charges: two of -10 % on
// 100 make 80, not 81 (ruling R-6).
func (a Adjustment) Spread(charges []Charge) (deltas []decimal.Decimal, rest decimal.Decimal, err error) {
	deltas = make([]decimal.Decimal, len(charges))
	weights := make([]decimal.Decimal, len(charges))
	shared := decimal.Zero
	for i, charge := range charges {
		if a.SubAccount != "" && a.SubAccount != charge.Account {
			continue
		}
		if a.Kind == KindPercent {
			deltas[i] = money.Percent(charge.Base, a.Value)
			continue
		}
		if charge.Base.IsPositive() {
			weights[i] = charge.Base
			shared = shared.Add(charge.Base)
		}
	}
	switch {
	case a.Kind == KindPercent:
		return deltas, decimal.Zero, nil
	case shared.IsZero():
		return deltas, a.Value, nil
	}
	deltas, err = money.Split(a.Value, weights, spreadPlaces)
	return deltas, decimal.Zero, err
}
