package pricing

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/money"
	"magam/domain/period"
)

// The two ways to read a table of tiers.
const (
	TierGraduated = "graduated" // each unit at the price of the tier it falls into
	TierVolume    = "volume"    // every unit at the price of the tier that the whole reaches
)

// Whose quantities are summed before tiers, minimums and caps apply. Empty is
// the customer.
const (
	PoolCustomer = "customer"
	PoolAccount  = "account"
)

// Tiers is one table: the rows of an id that are in force in a month, from
// nought to open. A row covers what lies above its tier_from, up to and with
// its tier_to.
type Tiers struct {
	rows []Rule
}

// TiersOf gathers the table that a row belongs to.
func TiersOf(rules []Rule, row Rule, month period.Month) (Tiers, error) {
	var table Tiers
	for _, rule := range rules {
		if rule.Kind == KindTier && rule.ID == row.ID && rule.Customer == row.Customer &&
			rule.Valid.Covers(month) {
			table.rows = append(table.rows, rule)
		}
	}
	slices.SortStableFunc(table.rows, func(a, b Rule) int { return a.TierFrom.Cmp(b.TierFrom) })
	return table, table.check()
}

// check refuses a table with a hole or an overlap. The import does so first;
// this is the second look, since a quantity in a hole would cost nothing.
func (t Tiers) check() error {
	end := money.Zero
	for i, row := range t.rows {
		open := row.TierTo.IsZero()
		last := i == len(t.rows)-1
		if !row.TierFrom.Equal(end) || open != last || row.TierKind != t.rows[0].TierKind {
			return row.Refused("its tiers do not follow each other from 0 to open")
		}
		end = row.TierTo
	}
	if kind := t.rows[0].TierKind; kind != TierGraduated && kind != TierVolume {
		return t.rows[0].Refused(fmt.Sprintf("tier_kind %q is not graduated or volume", kind))
	}
	return nil
}

// Price is what a month's whole quantity costs, in source currency and at full
// precision. A quantity below nought, which corrections may leave, is given
// back as it would have been charged.
func (t Tiers) Price(quantity decimal.Decimal) decimal.Decimal {
	if quantity.IsNegative() {
		return t.Price(quantity.Neg()).Neg()
	}
	price := money.Zero
	for _, row := range t.rows {
		within := quantity
		if !row.TierTo.IsZero() && quantity.Cmp(row.TierTo) > 0 {
			within = row.TierTo
		}
		switch {
		case row.TierKind == TierGraduated:
			price = price.Add(within.Sub(row.TierFrom).Mul(row.Value))
		case within.Equal(quantity):
			return quantity.Mul(row.Value)
		}
		if within.Equal(quantity) {
			break
		}
	}
	return price
}
