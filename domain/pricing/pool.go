package pricing

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/money"
	"magam/domain/period"
)

// poolPlaces is how finely a pool's price is divided over its charges. It is
// far below any unit that is rounded to, and the parts sum to the whole anyway.
const poolPlaces = 10

// Priced is one charge of a pool: its group, and what it has come to so far.
type Priced struct {
	Group   charge.Group
	Running decimal.Decimal // in the group's currency
}

// PoolKey says which charges one rule sees together: those of a month of use,
// and, where the rule's pool says so, of one account.
type PoolKey struct {
	Rule    string
	Month   period.Month
	Account string
}

// PoolOf is where a charge belongs.
func (r Rule) PoolOf(g charge.Group, billed period.Month) PoolKey {
	key := PoolKey{Rule: r.ID, Month: monthOfUse(g, billed)}
	if r.Pool == PoolAccount {
		key.Account = g.SubAccount
	}
	return key
}

// PriceTiers prices a pool: the quantities are summed, the sum is priced, and the
// price is divided in proportion to the quantities, so that the parts sum to it
// exactly. It returns what each charge costs; what consumes nothing costs nothing.
//
// Quantities of two units or of two currencies (ruling R-16) have no sum: the
// customer is parked. What has no quantity, such as a benefit that was moved,
// is in no unit.
func PriceTiers(rules []Rule, row Rule, month period.Month, pool []Priced) ([]decimal.Decimal, error) {
	table, err := TiersOf(rules, row, month)
	if err != nil {
		return nil, err
	}
	quantities := make([]decimal.Decimal, len(pool))
	var units, currencies []string
	for i, one := range pool {
		if Consumes(one.Group) && !one.Group.Quantity.IsZero() {
			quantities[i] = one.Group.Quantity
			units = append(units, one.Group.Unit)
			currencies = append(currencies, string(one.Group.Currency))
		}
	}
	for what, found := range map[string][]string{"currencies": currencies, "units": units} {
		slices.Sort(found)
		if found = slices.Compact(found); len(found) > 1 {
			return nil, row.Refused(fmt.Sprintf("its tiers would sum %s %s and %s", what, found[0], found[1]))
		}
	}
	total := money.Sum(quantities...)
	if total.IsZero() {
		return make([]decimal.Decimal, len(pool)), nil
	}
	return money.Split(table.Price(total), quantities, poolPlaces)
}

// Bound is what a minimum or a cap adds to each charge of a pool. Nothing where
// the sum keeps within it; else the difference, divided in proportion to the
// charges above zero.
func (r Rule) Bound(pool []Priced) ([]decimal.Decimal, error) {
	sum := money.Zero
	weights := make([]decimal.Decimal, len(pool))
	for i, one := range pool {
		if one.Group.Currency != pool[0].Group.Currency {
			return nil, r.Refused(fmt.Sprintf("it would bound %s and %s together",
				pool[0].Group.Currency, one.Group.Currency))
		}
		sum = sum.Add(one.Running)
		weights[i] = decimal.Max(one.Running, money.Zero)
	}
	keeps := sum.Cmp(r.Value) >= 0
	if r.Kind == KindCap {
		keeps = sum.Cmp(r.Value) <= 0
	}
	if keeps {
		return make([]decimal.Decimal, len(pool)), nil
	}
	return money.Split(r.Value.Sub(sum), weights, poolPlaces)
}
