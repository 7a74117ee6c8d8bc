package invoice_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/pricing"
)

// due is page 05: which adjustments fall due this month, and what each comes to.
func (d *document) due() {
	var billed []money.Currency
	for _, g := range d.Groups {
		if !slices.Contains(billed, g.Currency) {
			billed = append(billed, g.Currency)
		}
	}
	for _, a := range d.Adjustments {
		turn, value, parts := d.Month.Sub(a.Month), a.Value.Rat(), 1
		if a.Repeat == "monthly" && turn >= 0 && (a.To.IsZero() || !d.Month.After(a.To)) {
			turn = 0
		}
		if _, err := fmt.Sscanf(a.Repeat, "instalments:%d", &parts); err == nil && turn >= 0 && turn < parts {
			a.Currency = cmp.Or(a.Currency, only(billed))
			even := slices.Repeat([]exact{whole(1)}, parts)
			value = split(value, even, max(a.Currency.Places(), -a.Value.Exponent()))[turn]
		}
		ours := a.Provider == d.Provider || a.Provider == "" && (a.Kind == "percent" || d.first)
		if ours && turn >= 0 && turn < parts {
			d.park(fits(a.Approver, a.Author), "E_ADJUSTMENT nobody else approved it")
			d.owed = append(d.owed, owed{a, value})
		}
	}
	slices.SortFunc(d.owed, func(a, b owed) int { return cmp.Compare(a.ID, b.ID) })
}

// adjust is page 05: all adjustments of a stage see the same amounts. Late are the
// sums in the document's currency where the bill is in another.
func (d *document) adjust(stage credit.Stage, step invoice.StepName, late bool) {
	all := d.own()
	for _, c := range all {
		if !late {
			c.base = when(!atCost(c), c.now)
		}
	}
	for _, a := range d.owed {
		flat, own := a.Kind == "flat", a.Currency == d.Customer.Currency
		currencies, waits := []money.Currency{a.Currency}, flat && own && d.foreign()
		if a.Currency == "" || !flat && own {
			currencies = d.sources
		}
		if a.Stage == stage {
			d.park(flat && a.Currency == "" && len(d.sources) != 1, "E_ADJUSTMENT it names no currency")
			d.park(waits && stage == credit.StageBeforeDiscount, "E_ADJUSTMENT it would need an inverse rate")
		}
		for _, currency := range currencies {
			if a.Stage == stage && waits == late {
				d.apply(a, step, currency, all.that(func(c *cell) bool {
					return c.in == currency && fits(a.SubAccount, c.SubAccount)
				}))
			}
		}
	}
}

// apply is page 05: a percentage of each charge, or a sum over the lines above zero.
func (d *document) apply(a owed, step invoice.StepName, currency money.Currency, charges cells) {
	lines := charges.merged()
	switch {
	case a.Kind == "percent":
		for _, c := range charges {
			d.add(c, step, a.ID, percent(c.base, a.value))
		}
	case lines.total(positive).Sign() == 0:
		d.add(d.stand(a.SubAccount, "adjustment", a.ID, currency), step, a.ID, a.value)
	default:
		for i, share := range lines.split(a.value, positive, 10) {
			d.spread(share, charges.by((*cell).key)[i], positive, step, a.ID)
		}
	}
}

// price is page 04: the one rule of these kinds that wins, and what it does.
func (d *document) price(kinds string) {
	var together cells
	for _, c := range d.own() {
		if bound := kinds == "minimum" || kinds == "cap"; bound && (atCost(c) || !c.ChargeMonth.IsZero()) {
			continue // a correction was bounded with its own month
		}
		c.rule = d.rule(c.Group, kinds)
		switch value := c.rule.Value.Rat(); c.rule.Kind {
		case pricing.KindDiscount:
			d.add(c, invoice.StepPrice, c.rule.ID, percent(c.now, minus(value)))
		case pricing.KindMarkup:
			d.add(c, invoice.StepPrice, c.rule.ID, percent(c.now, value))
		case pricing.KindUnitPrice:
			d.add(c, invoice.StepPrice, c.rule.ID, sum(times(c.used, value), c.before, minus(c.now)))
		case pricing.KindTier, pricing.KindMinimum, pricing.KindCap:
			together = append(together, c)
		}
	}
	for _, pool := range together.by(func(c *cell) string {
		return fmt.Sprint(c.rule.ID, cmp.Or(c.ChargeMonth, d.Month), c.accountIf(c.rule.Pool))
	}) {
		r := pool[0].rule
		missing := sum(r.Value.Rat(), minus(pool.total(now)))
		switch {
		case r.Kind == pricing.KindTier:
			d.tiers(pool, r)
		case len(pool.by((*cell).currency)) > 1:
			d.park(true, "E_CONTRACT a bound over two currencies")
		case (r.Kind == pricing.KindMinimum) == (missing.Sign() > 0):
			d.spread(missing, pool, func(c *cell) exact { return above(c.now) }, invoice.StepPrice, r.ID)
		}
	}
}

// tiers is page 04: the sum of what was used is priced by the table that holds in its month.
func (d *document) tiers(pool cells, r pricing.Rule) {
	counted := pool.that(func(c *cell) bool { return c.used.Sign() != 0 })
	units := counted.by(func(c *cell) string { return c.Unit + c.currency() })
	d.park(len(units) > 1, "E_CONTRACT quantities that have no sum (R-16)")
	total, volume, table := size(pool.total(used)), whole(0), []slice{}
	for _, row := range d.Rules {
		if row.ID == r.ID && row.Kind == r.Kind && row.Valid.Covers(cmp.Or(pool[0].ChargeMonth, d.Month)) {
			s := slice{row.TierFrom.Rat(), row.TierTo.Rat(), row.Value.Rat()}
			table = append(table, s)
			if s.within(total).Sign() > 0 && (s.to.Sign() == 0 || total.Cmp(s.to) <= 0) {
				volume = times(total, s.price)
			}
		}
	}
	price := volume
	if r.TierKind == "graduated" {
		price = graduated(total, table)
	}
	for _, c := range pool {
		d.add(c, invoice.StepPrice, r.ID, sum(c.before, minus(c.now)))
	}
	price = times(price, whole(pool.total(used).Sign()))
	d.spread(price, pool, used, invoice.StepPrice, r.ID)
}

// rule is page 04: which rule of these kinds wins, and that nobody guesses.
func (d *document) rule(g charge.Group, kinds string) pricing.Rule {
	var tags map[string]string
	_ = json.Unmarshal([]byte(g.Tags), &tags)
	winners := best(d.Rules, func(r pricing.Rule) string {
		tag := []string{r.TagKey}
		if value, held := tags[r.TagKey]; held && fits(r.TagValue, value) {
			tag = append(tag, r.TagKey)
		}
		rank := filled([]string{strings.Trim(r.Customer, "*"), d.Customer.Code}, tag,
			[]string{r.SubAccount, g.SubAccount}, []string{r.Region, g.Region}, []string{r.SKU, g.SkuID},
			[]string{r.UsageType, g.UsageType}, []string{r.Service, g.ServiceCode, g.ServiceName},
			[]string{r.InvoicingEntity, g.InvoiceIssuer}, []string{r.BillingEntity, g.BillingEntity},
			[]string{r.Provider, g.Provider})
		if !slices.Contains(strings.Fields(kinds), string(r.Kind)) || !touches(r.Category, g) ||
			!r.Valid.Covers(cmp.Or(g.ChargeMonth, d.Month)) {
			return ""
		}
		if rank != "" && r.TagKey != "" {
			return rank[:3] // two tag rules that meet tie, whatever else they fill
		}
		return rank
	})
	for _, r := range winners {
		d.park(r.ID != winners[0].ID, "E_RULE_TIE two price rules (R-14)")
	}
	return append(winners, pricing.Rule{})[0]
}

// best is how pages 04 and 09 choose: the rows that fill the more telling columns,
// several where they tie. A row of no rank does not match.
func best[T any](rows []T, rank func(T) string) (winners []T) {
	top := ""
	for _, row := range rows {
		if rank := rank(row); rank > top {
			top, winners = rank, []T{row}
		} else if rank == top && top != "" {
			winners = append(winners, row)
		}
	}
	return winners
}

// filled spells which columns a row fills, the more telling first. A column is what
// the row says and then what it may say; one that says anything else has no rank.
func filled(columns ...[]string) string {
	spelled := "."
	for _, column := range columns {
		if column[0] != "" && !slices.Contains(column[1:], column[0]) {
			return ""
		}
		spelled += map[bool]string{true: "1", false: "0"}[column[0] != ""]
	}
	return spelled
}

// touches is page 04: what a rule's category lets it price.
func touches(category string, g charge.Group) bool {
	bought := g.Category == charge.CategoryUsage || g.Category == charge.CategoryPurchase
	follows := g.Category == charge.CategoryAdjustment && g.Class != charge.ClassRegular
	return category == g.Category.String() ||
		category == "" && (bought || follows) || category == "Usage" && follows
}

// consumes is ruling R-15: use and purchases, no negation, no discount line, and nothing that went unused.
func consumes(g charge.Group) bool {
	bought := g.Category == charge.CategoryUsage || g.Category == charge.CategoryPurchase
	negation := g.CommitmentID != "" && g.Billed.IsNegative() && g.Class == charge.ClassRegular
	return bought && !negation && !strings.HasPrefix(g.LineType, "Unused") &&
		(g.Class == charge.ClassRegular || g.Class == charge.ClassCorrection)
}

// isUse is page 03: what of a commitment counts at list.
func isUse(g charge.Group) bool { return g.Category == charge.CategoryUsage && consumes(g) }
