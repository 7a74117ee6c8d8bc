package invoice

import (
	"cmp"
	"fmt"
	"slices"

	"magam/domain/pricing"
)

// The turns of the price step on a line: what sets the price, then its bounds.
const (
	turnPrice = iota
	turnMinimum
	turnCap
)

// applyPrices lets the one most specific rule price each item, and then the
// minimum and the cap that its contract sets. Tables of tiers, minimums and caps
// see the items of a month together.
func applyPrices(b *bill) error {
	tables := pools{}
	rules := pricing.NewIndex(b.in.Rules, b.in.Customer.Code)
	for _, one := range b.own() {
		rule, err := rules.Select(one.group, b.in.Month)
		if err != nil {
			return err
		}
		if rule == nil {
			continue
		}
		switch rule.Kind {
		case pricing.KindDiscount, pricing.KindMarkup:
			one.add(StepPrice, rule.ID, turnPrice, rule.Percentage(one.running))
		case pricing.KindUnitPrice:
			one.reprice(rule.ID, rule.UnitAmount(one.group))
		case pricing.KindTier:
			tables.put(*rule, one, b)
		case pricing.KindMinimum, pricing.KindCap: // never chosen here: bounds come below
		default:
			return rule.Refused(fmt.Sprintf("kind %q is unknown", string(rule.Kind)))
		}
	}
	for _, table := range tables.sorted() {
		prices, err := pricing.PriceTiers(b.in.Rules, table.rule, table.key.Month, table.charges())
		if err != nil {
			return err
		}
		for i, one := range table.items {
			one.reprice(table.rule.ID, prices[i])
		}
	}
	err := boundPrices(b, rules, pricing.KindMinimum, turnMinimum)
	if err != nil {
		return err
	}
	return boundPrices(b, rules, pricing.KindCap, turnCap)
}

// boundPrices raises what stays below its minimum, or lowers what goes beyond
// its cap. A correction of an earlier month was bounded with that month.
func boundPrices(b *bill, rules *pricing.Index, kind pricing.Kind, turn int) error {
	if !rules.Bounds(kind) {
		return nil
	}
	bounded := pools{}
	for _, one := range b.own() {
		if pricing.AtCost(one.group) || !one.group.ChargeMonth.IsZero() {
			continue
		}
		rule, err := rules.SelectBound(kind, one.group, b.in.Month)
		if err != nil {
			return err
		}
		if rule != nil {
			bounded.put(*rule, one, b)
		}
	}
	for _, pool := range bounded.sorted() {
		deltas, err := pool.rule.Bound(pool.charges())
		if err != nil {
			return err
		}
		for i, one := range pool.items {
			one.add(StepPrice, pool.rule.ID, turn, deltas[i])
		}
	}
	return nil
}

// pool is the items that one rule sees together.
type pool struct {
	key   pricing.PoolKey
	rule  pricing.Rule
	items []*item
}

type pools map[pricing.PoolKey]*pool

func (p pools) put(rule pricing.Rule, one *item, b *bill) {
	key := rule.PoolOf(one.group, b.in.Month)
	if p[key] == nil {
		p[key] = &pool{key: key, rule: rule}
	}
	p[key].items = append(p[key].items, one)
}

// sorted lists the pools in an order that depends on nothing but what they are.
func (p pools) sorted() []*pool {
	all := make([]*pool, 0, len(p))
	for _, one := range p {
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b *pool) int {
		return cmp.Or(cmp.Compare(a.key.Rule, b.key.Rule), a.key.Month.Sub(b.key.Month),
			cmp.Compare(a.key.Account, b.key.Account))
	})
	return all
}

func (p *pool) charges() []pricing.Priced {
	charges := make([]pricing.Priced, len(p.items))
	for i, one := range p.items {
		charges[i] = pricing.Priced{Group: one.group, Running: one.running}
	}
	return charges
}
