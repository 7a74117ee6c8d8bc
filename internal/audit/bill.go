package audit

import (
	"math/big"
	"slices"
)

// bill is a document worked out anew from its rows and its sheets: every step in
// source currency but the credits, in the order of docs/spec/02.
type bill struct {
	in       *inspection
	month    string
	document document
	frozen   snapshot
	contract row
	rules    priceRules
	sheet    func(string) []row
	carried  map[[2]string]*big.Rat // fee and currency -> what the month before left
	billedIn string                 // the only currency of its rows, or empty
	items    []*item
	fees     map[feeOf]feeTaken
}

// item is one charge on its way through the steps.
type item struct {
	charged
	taxed   string // its tax category
	taker   string // the shared cost that takes it away whole, or empty
	running *big.Rat
	steps   sums[stepOf]
}

// stepOf is a step's name and the rule that it names.
type stepOf struct{ name, rule string }

func (i *item) add(name, rule string, delta *big.Rat) {
	i.running = plus(i.running, delta)
	i.steps.add(stepOf{name, rule}, delta)
}

// enter puts a charge among the items.
func (b *bill) enter(c charged, category string) *item {
	one := &item{charged: c, taxed: category, running: new(big.Rat), steps: sums[stepOf]{}}
	b.items = append(b.items, one)
	return one
}

// own are the items that the customer itself bears, not those that others take.
func (b *bill) own() []*item {
	return slices.DeleteFunc(slices.Clone(b.items), func(one *item) bool { return one.taker != "" })
}

// sources are the currencies that the bill came in. An adjustment that stands
// alone brings none.
func (b *bill) sources() []string {
	var currencies []string
	for _, one := range b.items {
		if one.payer != "" || one.service != adjustmentAlone {
			currencies = append(currencies, one.currency)
		}
	}
	slices.Sort(currencies)
	return slices.Compact(currencies)
}

// place is the grain on which shared cost is taken from who holds it.
type place struct {
	payer, account, currency, service, usageType, issuer, entity, commitment, used string
	category, class                                                                int
}

func (c *charged) place(usageType string) place {
	service := c.service
	if service == "" {
		service = c.serviceName
	}
	return place{
		c.payer, c.account, c.currency, service, usageType, c.issuer, c.entity, c.commitment, c.used,
		c.category, c.class,
	}
}

// open begins with what the rows cost: what the contract keeps is left out, what
// others take is taken as it came, and the rest stands on the contract's basis.
func (b *bill) open(rows []charged, moves []moveIn) {
	takers := map[place]string{}
	for _, m := range moves {
		if m.taken {
			takers[m.place(m.usageType)] = m.rule
		}
	}
	for _, c := range rows {
		if b.billedIn = c.currency; c.currency != rows[0].currency {
			b.billedIn = ""
			break
		}
	}
	basis := b.contract["price_basis"]
	for _, c := range rows {
		taker, taken := takers[c.place("")]
		kept := c.category == providerTax && b.contract["provider_tax"] != "pass" ||
			c.category != providerTax && c.class == partnerDiscount &&
				b.contract["partner_discount"] != "pass"
		if kept && !taken {
			continue
		}
		one := b.enter(c, taxed(b.sheet("tax_rules"), &c, b.month))
		one.taker = taker
		one.add("billed", "", c.billed)
		if !taken {
			one.add("basis", basis, minus(c.basis(basis), c.billed))
		}
	}
	for _, m := range moves {
		if m.kind != "benefit" {
			continue
		}
		c := m.charged
		c.billed = new(big.Rat)
		one := b.enter(c, taxed(b.sheet("tax_rules"), &c, b.month))
		one.taker = takers[m.place(m.usageType)]
		one.add("benefit", m.rule, m.billed)
		switch {
		case one.taker != "":
		case basis == "effective":
			one.add("basis", basis, minus(m.effective, m.billed))
		case basis == "list":
			one.add("basis", basis, minus(new(big.Rat), m.billed))
		}
	}
	b.inTurn(moves)
}

// inTurn puts what was moved to its place among the provider's charges.
func (b *bill) inTurn(moves []moveIn) {
	if len(moves) > 0 {
		slices.SortStableFunc(b.items, func(x, y *item) int { return inTurn(x.charged, y.charged) })
	}
}

// basis is what a contract prices a charge from (docs/spec/03).
func (c *charged) basis(by string) *big.Rat {
	switch {
	case c.atCost() || by == "" || by == "billed":
		return c.billed
	case by == "effective":
		return c.effective
	case c.class == discount || c.class == partnerDiscount || c.commitment != "" && !c.isUse():
		return new(big.Rat)
	case c.list.Sign() == 0:
		return c.billed
	default:
		return c.list
	}
}

// share takes away what others bear and adds what the customer bears of it.
func (b *bill) share(moves []moveIn) {
	for _, one := range b.items {
		if one.taker != "" {
			one.add("shared", one.taker, minus(new(big.Rat), one.running))
		}
	}
	for _, m := range moves {
		if m.kind == "shared" && !m.taken {
			c := m.charged
			c.billed, c.effective = new(big.Rat), new(big.Rat)
			b.enter(c, taxed(b.sheet("tax_rules"), &c, b.month)).add("shared", m.rule, m.billed)
		}
	}
	b.inTurn(moves)
}

// pool shares each of the provider's credits over the accounts that were charged,
// where the contract says so.
func (b *bill) pool() {
	if b.contract["provider_credit"] != "pooled" {
		return
	}
	type charge struct{ currency, account string }
	type credit struct{ service, name, usageType, unit, currency, taxed string }
	charges, earned := sums[charge]{}, map[credit][]*item{}
	for _, one := range b.own() {
		if !one.atCost() {
			charges.add(charge{one.currency, one.account}, one.running)
		} else if one.category == providerCredit {
			key := credit{one.service, one.serviceName, one.usageType, one.unit, one.currency, one.taxed}
			earned[key] = append(earned[key], one)
		}
	}
	for key, credits := range earned {
		var accounts []string
		for one, sum := range charges {
			if one.currency == key.currency && sum.Sign() > 0 {
				accounts = append(accounts, one.account)
			}
		}
		slices.Sort(accounts)
		whole, weights := new(big.Rat), make([]*big.Rat, len(accounts))
		for i, account := range accounts {
			weights[i] = charges.at(charge{key.currency, account})
		}
		for _, one := range credits {
			whole = plus(whole, one.running)
		}
		for i, part := range divide(whole, weights, finely) {
			given := credits[0].charged
			given.account, given.quantity, given.billed = accounts[i], new(big.Rat), new(big.Rat)
			given.effective, given.list = new(big.Rat), new(big.Rat)
			b.enter(given, key.taxed).add("pooled", "pooled", part)
		}
		for _, one := range credits {
			if len(accounts) > 0 {
				one.add("pooled", "pooled", minus(new(big.Rat), one.running))
			}
		}
	}
}
