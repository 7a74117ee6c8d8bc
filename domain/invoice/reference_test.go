package invoice_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"sort"
	"strings"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// The reference computes a customer's month a second time, from the pages of
// docs/spec: in fractions of whole numbers, a function to a page. It shares with
// the engine the shape of the input and its words, and no arithmetic. Where the
// two differ, the page decides who is wrong.
type reference struct {
	in                                    invoice.Input
	first                                 bool             // takes the sums that name no provider
	spent                                 map[string]exact // of credits, on the month's documents
	cells                                 []*cell          // charges, then from gather on the finest lines
	sources                               []money.Currency
	figures                               map[string]exact // credits used, fees and what they carry on, by name
	supply, taxed, after, assigned, keeps exact
}

// cell is a charge or a line; in is the currency that now is in.
type cell struct {
	charge.Group
	category                                    tax.Category
	in                                          money.Currency
	now, before, base, net, billed, consumption exact
}

// parked is panicked where a page says that the customer is parked.
type parked string

// referenceMonth is ruling R-8: sums without a provider on the largest document,
// credits without one there first, and what they leave on the next.
func referenceMonth(inputs []invoice.Input) []*reference {
	documents, supplies, order := make([]*reference, len(inputs)), []exact{}, []int{}
	for i, in := range inputs {
		in.Credits = slices.DeleteFunc(
			slices.Clone(in.Credits),
			func(c credit.Credit) bool { return c.Provider == "" },
		)
		order, supplies = append(
			order,
			i,
		), append(
			supplies,
			referenceDocument(in, false, map[string]exact{}).supply,
		)
	}
	sort.SliceStable(order, func(a, b int) bool { return supplies[order[a]].Cmp(supplies[order[b]]) > 0 })
	spent := map[string]exact{}
	for turn, i := range order {
		documents[i] = referenceDocument(inputs[i], turn == 0, spent)
	}
	return documents
}

// referenceDocument is page 02, the order of operations.
func referenceDocument(in invoice.Input, first bool, spent map[string]exact) *reference {
	d := &reference{
		in:       in,
		first:    first,
		spent:    spent,
		figures:  map[string]exact{},
		assigned: whole(0),
		keeps:    whole(0),
	}
	d.basis()
	d.adjust(credit.StageBeforeDiscount, false)
	d.price()
	d.charge()
	d.adjust(credit.StageAfterDiscount, false)
	d.gather()
	d.useCredits(false)
	for _, c := range d.cells {
		c.net, c.in = c.now, in.Customer.Currency
		c.now, c.base = times(c.now, d.rate(c.Currency)), times(c.base, d.rate(c.Currency))
	}
	d.adjust(credit.StageAfterDiscount, true)
	d.useCredits(true)
	d.round()
	d.tax()
	return d
}

// basis is page 03.
func (d *reference) basis() {
	contract := d.in.Customer.Contract
	for _, g := range d.in.Groups {
		c := &cell{Group: g, in: g.Currency, now: g.Billed.Rat(), billed: g.Billed.Rat(), before: whole(0)}
		discount := g.Class == charge.ClassDiscount || g.Class == charge.ClassPartnerDiscount
		if g.Category == charge.CategoryTax && contract.ProviderTax != "pass" ||
			g.Category != charge.CategoryTax && g.Class == charge.ClassPartnerDiscount &&
				contract.PartnerDiscount != "pass" {
			d.keeps = sum(d.keeps, c.billed)
			continue
		}
		switch {
		case atCost(g):
		case contract.PriceBasis == "effective":
			c.now = g.Effective.Rat()
		case contract.PriceBasis == "list" && (discount || ofPlan(g)):
			c.now = whole(0)
		case contract.PriceBasis == "list" && (!g.List.IsZero() || g.CommitmentID != ""):
			c.now = g.List.Rat()
		}
		c.category, d.assigned = d.categorize(g), sum(d.assigned, c.billed)
		c.consumption = unless(!consumes(g), g.Quantity.Rat())
		d.cells = append(d.cells, c)
		d.sees(g.Currency)
	}
	sort.SliceStable(d.cells, func(a, b int) bool { return d.cells[a].order() < d.cells[b].order() })
}

// adjust is page 05: every adjustment of a stage sees the same amounts. Late are
// the sums in the document's currency where the bill is in another.
func (d *reference) adjust(stage credit.Stage, late bool) {
	cells, base := d.cells, make([]exact, len(d.cells))
	for i, c := range cells {
		base[i] = unless(atCost(c.Group), c.now)
		if late {
			base[i] = c.base
		}
	}
	for _, a := range d.due(stage) {
		for _, currency := range d.currenciesOf(a.Adjustment, late) {
			lines := map[string][]int{}
			sums, keys := []exact{}, []string{}
			for i, c := range cells {
				if c.in != currency || a.SubAccount != "" && a.SubAccount != c.SubAccount {
					continue
				}
				if a.Kind == "percent" {
					c.adjusted(percent(base[i], a.value), stage)
				} else if lines[c.key()] = append(lines[c.key()], i); len(lines[c.key()]) == 1 {
					keys = append(keys, c.key())
				}
			}
			for _, key := range keys {
				sums = append(sums, above(sum(pick(base, lines[key])...)))
			}
			if a.Kind == "flat" && sum(sums...).Sign() == 0 {
				d.stand(a.SubAccount, "adjustment", a.ID, currency, a.value)
				continue
			}
			for k, share := range split(a.value, sums, 10) {
				inside := pick(base, lines[keys[k]])
				for i := range inside {
					inside[i] = above(inside[i])
				}
				for i, part := range split(share, inside, 10) {
					cells[lines[keys[k]][i]].adjusted(part, stage)
				}
			}
		}
	}
	if late {
		sort.SliceStable(d.cells, func(a, b int) bool { return d.cells[a].key() < d.cells[b].key() })
	}
}

// price is page 04: the most specific rule, then the minimum, then the cap.
func (d *reference) price() {
	for _, kinds := range []string{"discount markup unit-price tier", "minimum", "cap"} {
		pools, names := map[string][]*cell{}, []string{}
		rules := map[string]pricing.Rule{}
		for _, c := range d.cells {
			r := d.ruleFor(c.Group, kinds)
			switch bound := kinds == "minimum" || kinds == "cap"; {
			case r == nil || bound && (atCost(c.Group) || !c.ChargeMonth.IsZero()):
			case r.Kind == "discount":
				c.now = sum(c.now, percent(c.now, minus(r.Value.Rat())))
			case r.Kind == "markup":
				c.now = sum(c.now, percent(c.now, r.Value.Rat()))
			case r.Kind == "unit-price":
				c.now = sum(times(c.consumption, r.Value.Rat()), c.before)
			default:
				name := fmt.Sprint(r.ID, "|", d.usedIn(c.Group))
				if r.Pool == "account" {
					name += "|" + c.SubAccount
				}
				if pools[name] = append(pools[name], c); len(pools[name]) == 1 {
					names, rules[name] = append(names, name), *r
				}
			}
		}
		for _, name := range names {
			if r := rules[name]; r.Kind == "tier" {
				d.priceTiers(r, pools[name])
			} else {
				bind(r, pools[name])
			}
		}
	}
}

func (d *reference) priceTiers(r pricing.Rule, pool []*cell) {
	total, weights, units := whole(0), []exact{}, map[string]bool{}
	for _, c := range pool {
		total, weights = sum(total, c.consumption), append(weights, c.consumption)
		if consumes(c.Group) {
			units[c.Unit+"|"+string(c.Currency)] = true
		}
	}
	park(len(units) > 1, "quantities that have no sum (R-16)")
	price, size := whole(0), new(big.Rat).Abs(total)
	for _, row := range d.in.Rules {
		from, to := row.TierFrom.Rat(), row.TierTo.Rat()
		if row.ID != r.ID || row.Kind != "tier" || row.Customer != r.Customer ||
			!row.Valid.Covers(d.usedIn(pool[0].Group)) ||
			size.Cmp(from) <= 0 {
			continue
		}
		open := row.TierTo.IsZero() || size.Cmp(to) <= 0
		switch {
		case row.TierKind == "graduated" && open:
			price = sum(price, times(sum(size, minus(from)), row.Value.Rat()))
		case row.TierKind == "graduated":
			price = sum(price, times(sum(to, minus(from)), row.Value.Rat()))
		case open:
			price = times(size, row.Value.Rat())
		}
	}
	if total.Sign() < 0 {
		price = minus(price)
	}
	if total.Sign() == 0 {
		weights = nil
	}
	for i, c := range pool {
		c.now = c.before
		if parts := split(price, weights, 10); len(parts) > 0 {
			c.now = sum(c.before, parts[i])
		}
	}
}

func bind(r pricing.Rule, pool []*cell) {
	total, weights := whole(0), []exact{}
	for _, c := range pool {
		park(c.Currency != pool[0].Currency, "a bound over two currencies")
		total, weights = sum(total, c.now), append(weights, above(c.now))
	}
	missing := sum(r.Value.Rat(), minus(total))
	if r.Kind == "minimum" && missing.Sign() <= 0 || r.Kind == "cap" && missing.Sign() >= 0 {
		return
	}
	for i, part := range split(missing, weights, 10) {
		pool[i].now = sum(pool[i].now, part)
	}
}

// charge is page 15, the fees.
func (d *reference) charge() {
	cells := d.cells
	for _, f := range slices.SortedFunc(slices.Values(d.in.Fees), func(a, b pricing.Fee) int { return cmp.Compare(a.ID, b.ID) }) {
		if !f.Valid.Covers(d.in.Month) || f.Provider != "" && f.Provider != d.in.Provider {
			continue
		}
		flat := unless(f.Provider == "" && !d.first, f.Flat.Rat())
		isSum := f.Plan != "" || flat.Sign() != 0 || !f.Minimum.IsZero()
		bases, costs := map[[2]string]exact{}, map[[2]string]exact{}
		for _, c := range cells {
			support := strings.Contains(c.ServiceCode+" "+c.ServiceName, "Support") ||
				strings.Contains(c.BillingEntity, "Marketplace")
			if !touches("", c.Group) || slices.Contains(f.ExcludeServices, c.ServiceCode) ||
				slices.Contains(f.ExcludeServices, c.ServiceName) || f.Kind == "support" && support {
				continue
			}
			where := [2]string{"", string(c.Currency)}
			if f.Per == "account" {
				where[0] = c.SubAccount
			}
			if f.Kind != "savings" {
				bases[where] = sum(bases[where], c.now)
			} else if c.CommitmentID != "" {
				costs[where] = sum(costs[where], c.Effective.Rat())
				bases[where] = sum(
					bases[where],
					unless(c.Category != charge.CategoryUsage || !consumes(c.Group), c.List.Rat()),
				)
			}
		}
		if f.Kind == "savings" {
			d.saved(f, bases, costs)
			continue
		}
		currency := string(f.Currency)
		if isSum && currency == "" {
			park(len(d.sources) > 1, "a sum without a currency")
			currency = string(append(slices.Clone(d.sources), d.in.Customer.Currency)[0])
		}
		if isSum && len(bases) == 0 && f.Per != "account" {
			bases[[2]string{"", currency}] = whole(0)
		}
		for _, where := range slices.SortedFunc(maps.Keys(bases), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
			base := bases[where]
			park(isSum && where[1] != currency, "a sum of two currencies")
			amount := sum(flat, unless(f.Plan != "", percent(above(base), f.Rate.Rat())))
			if f.Plan != "" {
				amount = sum(amount, d.plan(f.Plan, where[1], base))
			}
			if amount.Cmp(f.Minimum.Rat()) < 0 {
				amount = f.Minimum.Rat()
			}
			d.fee(f, where, amount)
		}
	}
}

// gather makes the finest lines.
func (d *reference) gather() {
	lines := map[string]*cell{}
	for _, c := range d.cells {
		l := lines[c.key()]
		if l == nil {
			l = &cell{Group: c.Group, category: c.category, in: c.in}
			l.Category = 0 // a line is no charge of any kind
			lines[c.key()] = l
		}
		l.ServiceName = max(l.ServiceName, c.ServiceName)
		l.now, l.billed = sum(l.now, c.now), sum(l.billed, c.billed)
		l.consumption, l.base = sum(l.consumption, c.consumption), sum(l.base, unless(atCost(c.Group), c.now))
	}
	d.cells = nil
	for _, key := range slices.Sorted(maps.Keys(lines)) {
		d.cells = append(d.cells, lines[key])
	}
}

// round is page 08.
func (d *reference) round() {
	contract, places := d.in.Customer.Contract, d.in.Customer.Currency.Places()
	mode, step := string(contract.RoundingMode), contract.RoundingUnit.Rat()
	parts, names := map[string][]*cell{}, []string{}
	for _, l := range d.cells {
		name := map[string]string{"line": l.key(), "product": l.ServiceCode}[contract.RoundingPoint]
		if parts[name] = append(parts[name], l); len(parts[name]) == 1 {
			names = append(names, name)
		}
	}
	d.supply = whole(0)
	for _, name := range names {
		amounts, sizes := []exact{}, []exact{}
		for _, l := range parts[name] {
			amounts, sizes = append(amounts, l.now), append(sizes, new(big.Rat).Abs(l.now))
		}
		fine, owed := rounded(sum(amounts...), mode, unit(places)), rounded(sum(amounts...), mode, step)
		more := split(sum(owed, minus(fine)), sizes, places)
		for i, amount := range fit(amounts, fine, places) {
			parts[name][i].now = sum(amount, more[i])
		}
		d.supply = sum(d.supply, owed)
	}
}

// tax is page 09, and what page 05 says of adjustments after it.
func (d *reference) tax() {
	contract, places := d.in.Customer.Contract, d.in.Customer.Currency.Places()
	d.taxed, d.after = whole(0), whole(0)
	taxable := whole(0)
	for _, l := range d.cells {
		taxable = sum(taxable, unless(l.category != tax.Taxable, l.now))
	}
	if d.in.TaxRate != nil {
		d.taxed = rounded(
			percent(taxable, d.in.TaxRate.Rate.Rat()),
			string(contract.TaxRounding),
			unit(places),
		)
	}
	for _, a := range d.due(credit.StageAfterTax) {
		if a.Kind == "percent" {
			d.after = sum(d.after, percent(sum(d.supply, d.taxed), a.value))
			continue
		}
		if a.Currency == "" {
			park(len(d.sources) != 1, "an adjustment without a currency")
			a.Currency = d.sources[0]
		}
		d.after = sum(d.after, times(a.value, d.rate(a.Currency)))
	}
	d.after = rounded(d.after, string(contract.RoundingMode), unit(places))
}
