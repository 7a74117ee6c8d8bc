package audit

import (
	"math/big"
	"slices"
	"strings"
)

// pool is what one table of tiers, one minimum or one cap sees together.
type pool struct {
	rule  row
	month string
	items []*item
}

// pools gathers charges by the rule that sums them up, their month of use and,
// where the rule says so, their account.
type pools map[string]*pool

func (p pools) put(rule row, one *item, month string) {
	key := rule["id"] + "\x00" + one.monthOfUse(month)
	if rule["pool"] == "account" {
		key += "\x00" + one.account
	}
	if p[key] == nil {
		p[key] = &pool{rule: rule, month: one.monthOfUse(month)}
	}
	p[key].items = append(p[key].items, one)
}

// price lets the one most telling rule price each charge, then raises what stays
// below a minimum and lowers what goes beyond a cap (docs/spec/04).
func (b *bill) price() {
	tables := pools{}
	for _, one := range b.own() {
		rule, tie := b.rules.winner(&one.charged, b.month, "discount", "markup", "unit-price", "tier")
		if tie {
			b.in.find(b.subject(one)+" price rule", "one",
				"two with an equal claim, "+rule["id"]+" among them")
		}
		switch rule["kind"] {
		case "discount":
			one.add("price", rule["id"],
				minus(new(big.Rat), percent(one.running, b.in.number(rule, "value"))))
		case "markup":
			one.add("price", rule["id"], percent(one.running, b.in.number(rule, "value")))
		case "unit-price":
			one.reprice(rule["id"], times(one.amount(), b.in.number(rule, "value")))
		case "tier":
			tables.put(rule, one, b.month)
		}
	}
	for _, key := range sorted(tables) {
		b.tier(tables[key])
	}
	b.bound("minimum")
	b.bound("cap")
}

// amount is the quantity that a price per unit counts.
func (i *item) amount() *big.Rat {
	if i.consumes() {
		return i.quantity
	}
	return new(big.Rat)
}

// reprice puts a price in place of the basis; an adjustment before it stays.
func (i *item) reprice(rule string, price *big.Rat) {
	basis := i.running
	for step, delta := range i.steps {
		if step.name == "adjustment-before" {
			basis = minus(basis, delta)
		}
	}
	i.add("price", rule, minus(price, basis))
}

// tier prices a pool's whole quantity by its table and divides the price in
// proportion to the quantities.
func (b *bill) tier(p *pool) {
	var table []row
	for _, r := range b.rules.all {
		if sameTable(r, p.rule) && r.covers(p.month) {
			table = append(table, r)
		}
	}
	slices.SortStableFunc(table, func(x, y row) int {
		return b.in.number(x, "tier_from").Cmp(b.in.number(y, "tier_from"))
	})
	quantities := make([]*big.Rat, len(p.items))
	for i, one := range p.items {
		quantities[i] = one.amount()
	}
	whole := total(quantities)
	price := b.tierPrice(table, new(big.Rat).Abs(whole))
	if whole.Sign() < 0 { // given back as it would have been charged
		price.Neg(price)
	}
	parts := slices.Repeat([]*big.Rat{price}, len(p.items)) // of nought, nothing
	if whole.Sign() != 0 {
		parts = divide(price, quantities, finely)
	}
	for i, one := range p.items {
		one.reprice(p.rule["id"], parts[i])
	}
}

// tierPrice is what a quantity costs by a table: each unit at its own tier's
// price, or all of them at that of the tier that the whole reaches.
func (b *bill) tierPrice(table []row, quantity *big.Rat) *big.Rat {
	price := new(big.Rat)
	for _, r := range table {
		from, each := b.in.number(r, "tier_from"), b.in.number(r, "value")
		if quantity.Cmp(from) <= 0 {
			break
		}
		if r["tier_kind"] == "volume" {
			price = times(quantity, each)
			continue
		}
		within := quantity
		if to := b.in.number(r, "tier_to"); r["tier_to"] != "" && to.Sign() != 0 && quantity.Cmp(to) > 0 {
			within = to
		}
		price = plus(price, times(minus(within, from), each))
	}
	return price
}

// bound compares what a scope came to with its minimum, or its cap, and divides
// the difference in proportion to what is above nought. Corrections of earlier
// months were bounded with their own.
func (b *bill) bound(kind string) {
	bounded := pools{}
	for _, one := range b.own() {
		if one.atCost() || one.used != "" {
			continue
		}
		rule, tie := b.rules.winner(&one.charged, b.month, kind)
		if tie {
			b.in.find(b.subject(one)+" "+kind, "one", "two with an equal claim, "+rule["id"]+" among them")
		}
		if rule != nil {
			bounded.put(rule, one, b.month)
		}
	}
	for _, key := range sorted(bounded) {
		p := bounded[key]
		amounts, weights := make([]*big.Rat, len(p.items)), make([]*big.Rat, len(p.items))
		for i, one := range p.items {
			amounts[i], weights[i] = one.running, above(one.running)
		}
		lacks := minus(b.in.number(p.rule, "value"), total(amounts))
		if kind == "minimum" && lacks.Sign() <= 0 || kind == "cap" && lacks.Sign() >= 0 {
			continue
		}
		for i, part := range divide(lacks, weights, finely) {
			p.items[i].add("price", p.rule["id"], part)
		}
	}
}

// subject names a charge in findings.
func (b *bill) subject(one *item) string {
	return strings.Join([]string{b.document.name(), one.account, one.service, one.usageType}, " ")
}
