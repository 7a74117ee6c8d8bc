package invoice_test

import (
	"fmt"
	"math/big"
	"slices"
	"sort"
	"strings"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/money"
	"magam/domain/tax"
)

type exact = *big.Rat

func whole(n int64) exact { return new(big.Rat).SetInt64(n) }

func unit(places int32) exact {
	return new(
		big.Rat,
	).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil))
}

// sum adds up; nothing counts as nought.
func sum(amounts ...exact) exact {
	total := new(big.Rat)
	for _, amount := range amounts {
		if amount != nil {
			total.Add(total, amount)
		}
	}
	return total
}

func minus(a exact) exact      { return new(big.Rat).Neg(a) }
func times(a, b exact) exact   { return new(big.Rat).Mul(a, b) }
func over(a, b exact) exact    { return new(big.Rat).Quo(a, b) }
func percent(a, b exact) exact { return over(times(a, b), whole(100)) }
func above(a exact) exact      { return unless(a.Sign() < 0, a) }

func unless(no bool, amount exact) exact {
	if no {
		return whole(0)
	}
	return amount
}

func least(a, b exact) exact {
	if a.Cmp(b) < 0 {
		return a
	}
	return b
}

func pick(amounts []exact, places []int) []exact {
	picked := make([]exact, len(places))
	for i, place := range places {
		picked[i] = amounts[place]
	}
	return picked
}

// cut is toward nought, to a multiple of a step.
func cut(amount, step exact) exact {
	steps := over(amount, step)
	return times(new(big.Rat).SetInt(new(big.Int).Quo(steps.Num(), steps.Denom())), step)
}

// rounded is page 08: symmetric in the sign.
func rounded(amount exact, mode string, step exact) exact {
	down := cut(amount, step)
	lost := over(new(big.Rat).Abs(sum(amount, minus(down))), step)
	if mode == "half-up" && lost.Cmp(big.NewRat(1, 2)) >= 0 || mode == "ceil" && lost.Sign() > 0 {
		return sum(down, times(step, whole(int64(amount.Sign()))))
	}
	return down
}

// split is page 01: in proportion, evenly where there is no proportion.
func split(total exact, weights []exact, places int32) []exact {
	parts, all := make([]exact, len(weights)), sum(weights...)
	for i, weight := range weights {
		if parts[i] = over(total, whole(int64(len(weights)))); all.Sign() != 0 {
			parts[i] = over(times(total, weight), all)
		}
	}
	return fit(parts, total, places)
}

// fit is page 01: each part is cut, what is missing goes to those that lost
// most, the earlier first where two lost the same.
func fit(amounts []exact, total exact, places int32) []exact {
	parts, lost, order := make([]exact, len(amounts)), make([]exact, len(amounts)), make([]int, len(amounts))
	for i, amount := range amounts {
		parts[i], order[i] = cut(amount, unit(places)), i
		lost[i] = sum(amount, minus(parts[i]))
	}
	left := sum(total, minus(sum(parts...)))
	step := times(unit(places), whole(int64(left.Sign())))
	sort.SliceStable(order, func(a, b int) bool {
		return lost[order[a]].Cmp(lost[order[b]])*left.Sign() > 0
	})
	for i := 0; len(order) > 0 && left.Sign() != 0; i++ {
		if new(big.Rat).Abs(left).Cmp(unit(places)) < 0 {
			step, i = left, 0 // finer than the places: to who is served first
		}
		at := order[i%len(order)]
		parts[at], left = sum(parts[at], step), sum(left, minus(step))
	}
	return parts
}

// fits lets an empty column match anything.
func fits(column string, values ...string) bool {
	return column == "" || slices.Contains(values, column)
}

// filled spells which columns are filled, so that the more specific sorts higher.
func filled(columns ...string) string {
	spelled := ""
	for _, column := range columns {
		spelled += map[bool]string{true: "1", false: "0"}[column != ""]
	}
	return spelled
}

func park(when bool, why string) {
	if when {
		panic(parked(why))
	}
}

// key is the finest line that a charge belongs to.
func (c *cell) key() string {
	return fmt.Sprintf(
		"%s\t%s\t%s\t%s\t%s\t%s",
		c.SubAccount,
		c.ServiceCode,
		c.UsageType,
		c.Unit,
		c.Currency,
		c.category,
	)
}

// order is page 01: which of two charges is the earlier one.
func (c *cell) order() string {
	return strings.Join([]string{
		c.SubAccount,
		c.ServiceCode,
		c.ServiceName,
		c.UsageType,
		c.Unit,
		string(c.Currency),
		c.BillingAccount,
		c.Region,
		c.SkuID,
		c.InvoiceIssuer,
		c.BillingEntity,
		c.Category.String(),
		c.Class.String(),
		c.CommitmentID,
		c.Tags,
		c.ChargeMonth.String(),
	}, "\t")
}

func (c *cell) adjusted(delta exact, stage credit.Stage) {
	c.now = sum(c.now, delta)
	if stage == credit.StageBeforeDiscount {
		c.before = sum(c.before, delta)
	}
}

// stand gives a sum a line of its own.
func (d *reference) stand(account, service, id string, currency money.Currency, amount exact) {
	d.cells = append(d.cells, &cell{
		in: currency, category: tax.Taxable, now: amount, before: whole(0), base: whole(0), net: whole(0),
		billed: whole(0), consumption: whole(0), Group: charge.Group{
			SubAccount:  account,
			ServiceCode: service,
			UsageType:   id,
			Currency:    currency,
			Category:    charge.CategoryAdjustment,
		},
	})
}

func (d *reference) sees(currency money.Currency) {
	if !slices.Contains(d.sources, currency) {
		d.sources = append(d.sources, currency)
		slices.Sort(d.sources)
	}
}
