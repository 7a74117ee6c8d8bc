package invoice_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// cell is a charge, or a line: what it has come to so far.
type cell struct {
	charge.Group
	at                      pricing.Place // from where a shared cost may take it,
	gone                    string        // and the one that does
	taxed                   tax.Category
	rule                    pricing.Rule
	in                      money.Currency // of now
	now, before, base, used exact          // before: by adjustments; base: not at cost; used: what was consumed
}

type cells []*cell

func now(c *cell) exact      { return c.now }
func used(c *cell) exact     { return c.used }
func base(c *cell) exact     { return c.base }
func positive(c *cell) exact { return above(c.base) }

func (c *cell) currency() string { return string(c.Currency) }

// accountIf is the cell's account where a rule or a fee sees each alone.
func (c *cell) accountIf(alone string) string {
	return map[string]string{"account": c.SubAccount}[alone]
}

// key is the finest line of page 02.
func (c *cell) key() string {
	of := []string{c.SubAccount, c.ServiceCode, c.UsageType, c.Unit, string(c.Currency), string(c.taxed)}
	return strings.Join(of, "\t")
}

// order is page 01: which of two charges is the earlier.
func (c *cell) order() string {
	return strings.Join([]string{
		c.SubAccount, c.ServiceCode, c.ServiceName, c.UsageType, c.Unit, string(c.Currency), c.BillingAccount,
		c.Region, c.SkuID, c.InvoiceIssuer, c.BillingEntity, c.LineType,
		fmt.Sprint(uint8(c.Category), uint8(c.Class)), c.CommitmentID, c.Tags, c.ChargeMonth.String(),
	}, "\t")
}

// on is an empty cell of the same product on an account.
func (c *cell) on(account string) *cell {
	one := cell{Group: c.Group, taxed: c.taxed, in: c.Currency, now: whole(0), base: whole(0), used: whole(0)}
	one.SubAccount = account
	return &one
}

func (cs cells) that(is func(*cell) bool) cells {
	return slices.DeleteFunc(slices.Clone(cs), func(c *cell) bool { return !is(c) })
}

// by gathers cells that have a name in common, in the order of the names.
func (cs cells) by(name func(*cell) string) (groups []cells) {
	named := map[string]cells{}
	for _, c := range cs {
		named[name(c)] = append(named[name(c)], c)
	}
	for _, one := range slices.Sorted(maps.Keys(named)) {
		groups = append(groups, named[one])
	}
	return groups
}

// merged are the finest lines of some cells, in order.
func (cs cells) merged() (lines cells) {
	for _, line := range cs.by((*cell).key) {
		one := line[0].on(line[0].SubAccount)
		one.Category, one.now, one.base, one.used = 0, line.total(now), line.total(base), line.total(used)
		lines = append(lines, one)
	}
	return lines
}

func (cs cells) each(of func(*cell) exact) (amounts []exact) {
	for _, c := range cs {
		amounts = append(amounts, of(c))
	}
	return amounts
}

func (cs cells) total(of func(*cell) exact) exact { return sum(cs.each(of)...) }

func (cs cells) split(amount exact, weight func(*cell) exact, places int32) []exact {
	return split(amount, cs.each(weight), places)
}

// own is what the customer itself bears, in order.
func (d *document) own() cells {
	own := d.cells.that(func(c *cell) bool { return c.gone == "" })
	slices.SortStableFunc(own, func(a, b *cell) int { return cmp.Compare(a.order(), b.order()) })
	return own
}

// spread shares an amount over cells by weight, to ten places.
func (d *document) spread(
	amount exact, over cells, weight func(*cell) exact, step invoice.StepName, rule string,
) {
	for i, part := range over.split(amount, weight, 10) {
		d.add(over[i], step, rule, part)
	}
}

// add is one step of a cell.
func (d *document) add(c *cell, step invoice.StepName, rule string, amount exact) {
	c.now = sum(c.now, amount)
	if step == invoice.StepAdjustmentBefore {
		c.before = sum(c.before, amount)
	}
	d.put(string(step), c.key(), rule, amount)
}

func (d *document) put(what, of, rule string, amount exact) {
	name := strings.TrimSpace(what + " " + of + " " + rule)
	d.figures[name] = sum(d.figures[name], amount)
}

// enter opens a cell for what the provider billed, or what was moved.
func (d *document) enter(g charge.Group, step invoice.StepName, rule string, amount exact) *cell {
	c := (&cell{Group: g, taxed: d.category(g)}).on(g.SubAccount)
	d.cells = append(d.cells, c)
	d.add(c, step, rule, amount)
	d.sees(g.Currency)
	return c
}

// stand opens a cell for a sum of our own.
func (d *document) stand(account, service, id string, currency money.Currency) *cell {
	c := nothing(currency)
	c.SubAccount, c.ServiceCode, c.UsageType, c.Category = account, service, id, charge.CategoryAdjustment
	d.cells = append(d.cells, c)
	return c
}

func nothing(currency money.Currency) *cell {
	return (&cell{Group: charge.Group{Currency: currency}, taxed: tax.Taxable}).on("")
}

// sees adds to the currencies of the bill.
func (d *document) sees(currency money.Currency) {
	d.sources = slices.Compact(slices.Sorted(slices.Values(append(d.sources, currency))))
}

func (d *document) park(when bool, why string) {
	if when {
		d.parked = cmp.Or(d.parked, why)
	}
}

func (d *document) foreign() bool {
	return slices.ContainsFunc(d.sources, func(c money.Currency) bool { return c != d.Customer.Currency })
}

// only is the one currency of several, or none.
func only(currencies []money.Currency) money.Currency {
	if len(currencies) != 1 {
		return ""
	}
	return currencies[0]
}

func atCost(c *cell) bool {
	return c.Category == charge.CategoryCredit || c.Category == charge.CategoryTax
}

// fits lets an empty column match anything.
func fits(column, value string) bool { return column == "" || column == value }

// exact is an amount in fractions of whole numbers; none at all is nought.
type exact = *big.Rat

func whole(n int) exact        { return big.NewRat(int64(n), 1) }
func unit(places int32) exact  { return decimal.New(1, -places).Rat() }
func minus(a exact) exact      { return new(big.Rat).Neg(a) }
func size(a exact) exact       { return new(big.Rat).Abs(a) }
func times(a, b exact) exact   { return new(big.Rat).Mul(a, b) }
func over(a, b exact) exact    { return new(big.Rat).Quo(a, b) }
func percent(a, b exact) exact { return over(times(a, b), whole(100)) }
func least(of ...exact) exact  { return slices.MinFunc(of, (*big.Rat).Cmp) }
func most(of ...exact) exact   { return slices.MaxFunc(of, (*big.Rat).Cmp) }
func above(a exact) exact      { return most(a, whole(0)) }

func sum(amounts ...exact) exact {
	total := new(big.Rat)
	for _, amount := range amounts {
		if amount != nil {
			total.Add(total, amount)
		}
	}
	return total
}

func when(yes bool, amount exact) exact {
	if yes {
		return amount
	}
	return whole(0)
}

// rounded is page 08: cut toward nought, or one unit further from it.
func rounded(amount exact, mode money.Mode, unit exact) exact {
	units := over(size(amount), unit)
	down := new(big.Rat).SetInt(new(big.Int).Quo(units.Num(), units.Denom()))
	lost := sum(units, minus(down))
	half := lost.Cmp(big.NewRat(1, 2)) >= 0
	if mode == money.ModeHalfUp && half || mode == money.ModeCeil && lost.Sign() > 0 {
		down = sum(down, whole(1))
	}
	return times(times(down, unit), whole(amount.Sign()))
}

// split is page 01: a total is shared in proportion, evenly where there is none.
func split(total exact, weights []exact, places int32) []exact {
	parts, all := make([]exact, len(weights)), sum(weights...)
	for i, weight := range weights {
		if parts[i] = over(total, whole(len(weights))); all.Sign() != 0 {
			parts[i] = over(times(total, weight), all)
		}
	}
	return fit(total, parts, places)
}

// fit is page 01: each part is cut, then what is missing of the total goes a unit
// each to those that lost most, the earlier first; what is finer, to the first.
func fit(total exact, amounts []exact, places int32) []exact {
	parts, lost, order := make([]exact, len(amounts)), make([]exact, len(amounts)), make([]int, len(amounts))
	left := total
	for i, amount := range amounts {
		parts[i], order[i] = rounded(amount, money.ModeTruncate, unit(places)), i
		lost[i], left = sum(amount, minus(parts[i])), sum(left, minus(parts[i]))
	}
	slices.SortStableFunc(order, func(a, b int) int { return lost[b].Cmp(lost[a]) * left.Sign() })
	for i := 0; left.Sign() != 0; i++ {
		step := times(unit(places), whole(left.Sign()))
		if size(left).Cmp(unit(places)) < 0 {
			step, i = left, 0
		}
		at := order[i%len(order)]
		parts[at], left = sum(parts[at], step), sum(left, minus(step))
	}
	return parts
}
