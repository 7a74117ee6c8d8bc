package invoice_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
	"magam/domain/pricing"
	"magam/domain/tax"
)

func (d *reference) fee(f pricing.Fee, where [2]string, amount exact) {
	d.figures["fee "+f.ID+" "+where[0]+" "+where[1]] = amount
	if amount.Sign() != 0 {
		d.stand(where[0], string(f.Kind)+"-fee", f.ID, money.Currency(where[1]), amount)
		d.sees(money.Currency(where[1]))
	}
}

// saved is the savings fee: what lies below nought is carried on.
func (d *reference) saved(f pricing.Fee, baselines, costs map[[2]string]exact) {
	for _, currency := range slices.Clone(d.sources) {
		where := [2]string{"", string(currency)}
		carried := d.in.Carried[invoice.CarryKey{Fee: f.ID, Currency: currency}].Rat()
		if costs[where] == nil && carried.Sign() == 0 {
			continue
		}
		saved := sum(baselines[where], minus(sum(costs[where])), carried)
		d.fee(f, where, percent(above(saved), f.Rate.Rat()))
		d.figures["carry "+f.ID+" "+where[1]] = sum(saved, minus(above(saved)))
	}
}

func (d *reference) plan(name, currency string, base exact) exact {
	fee, minimum := whole(0), whole(0)
	for _, row := range d.in.Plans {
		if row.Plan != name || !row.Valid.Covers(d.in.Month) {
			continue
		}
		park(string(row.Currency) != currency, "a plan in another currency")
		top := base
		if to := row.To.Rat(); to.Sign() > 0 && to.Cmp(base) < 0 {
			top = to
		}
		fee = sum(fee, percent(above(sum(top, minus(row.From.Rat()))), row.Rate.Rat()))
		if row.Minimum.Rat().Cmp(minimum) > 0 {
			minimum = row.Minimum.Rat()
		}
	}
	if fee.Cmp(minimum) < 0 {
		return minimum
	}
	return fee
}

// ruleFor is page 04: who wins, and that nobody guesses.
func (d *reference) ruleFor(g charge.Group, kinds string) *pricing.Rule {
	var tags map[string]string
	_ = json.Unmarshal([]byte(g.Tags), &tags)
	var best *pricing.Rule
	top, tied, tagged := "", "", ""
	for i := range d.in.Rules {
		r := &d.in.Rules[i]
		value, present := tags[r.TagKey]
		if !slices.Contains(strings.Fields(kinds), string(r.Kind)) ||
			r.Customer != "*" && r.Customer != d.in.Customer.Code ||
			!r.Valid.Covers(d.usedIn(g)) ||
			!touches(r.Category, g) ||
			!fits(r.Provider, g.Provider) ||
			!fits(r.BillingEntity, g.BillingEntity) ||
			!fits(r.InvoicingEntity, g.InvoiceIssuer) ||
			!fits(r.Service, g.ServiceCode, g.ServiceName) ||
			!fits(r.UsageType, g.UsageType) ||
			!fits(r.SKU, g.SkuID) ||
			!fits(r.Region, g.Region) ||
			!fits(r.SubAccount, g.SubAccount) ||
			r.TagKey != "" && (!present || !fits(r.TagValue, value)) ||
			best != nil && best.Kind == "tier" && r.Kind == "tier" && best.ID == r.ID && best.Customer == r.Customer {
			continue
		}
		named := filled(strings.Trim(r.Customer, "*"))
		rank := named + filled(
			r.TagKey,
			r.SubAccount,
			r.Region,
			r.SKU,
			r.UsageType,
			r.Service,
			r.InvoicingEntity,
			r.BillingEntity,
			r.Provider,
		)
		if rank == top || r.TagKey != "" && tagged == named {
			tied = max(tied, rank)
		}
		if r.TagKey != "" {
			tagged = max(tagged, named)
		}
		if rank > top {
			best, top = r, rank
		}
	}
	park(tied != "" && tied[:1] == top[:1] && (tied == top || tied[1] == '1'), "two rules tie (R-14)")
	return best
}

// touches is page 04: what a rule's category lets it price.
func touches(category string, g charge.Group) bool {
	consumed := g.Category == charge.CategoryUsage || g.Category == charge.CategoryPurchase
	follows := g.Category == charge.CategoryAdjustment && g.Class != charge.ClassRegular
	switch category {
	case "":
		return consumed || follows
	case "Usage":
		return g.Category == charge.CategoryUsage || follows
	}
	return g.Category.String() == category
}

// consumes is ruling R-15: use and purchases, no negation and no discount line.
func consumes(g charge.Group) bool {
	bought := g.Category == charge.CategoryUsage || g.Category == charge.CategoryPurchase
	negation := g.CommitmentID != "" && g.Billed.IsNegative() && g.Class == charge.ClassRegular
	return bought && !negation && g.Class != charge.ClassDiscount && g.Class != charge.ClassPartnerDiscount
}

// ofPlan tells what a plan costs or takes back, which nobody pays at list prices.
func ofPlan(g charge.Group) bool {
	taken := g.Category == charge.CategoryUsage && g.Class == charge.ClassRegular && g.Billed.IsNegative()
	return g.CommitmentID != "" && (g.Category == charge.CategoryPurchase || taken)
}

func atCost(g charge.Group) bool {
	return g.Category == charge.CategoryCredit || g.Category == charge.CategoryTax
}

func (d *reference) usedIn(g charge.Group) period.Month {
	if g.ChargeMonth.IsZero() {
		return d.in.Month
	}
	return g.ChargeMonth
}

// categorize is page 09: how a charge is taxed.
func (d *reference) categorize(g charge.Group) tax.Category {
	found, best, clash := tax.Taxable, "", false
	if g.Category == charge.CategoryTax {
		found = tax.AlreadyTaxed
	}
	for _, r := range d.in.TaxRules {
		if !r.Valid.Covers(d.in.Month) || !fits(r.Service, g.ServiceCode, g.ServiceName) ||
			!fits(r.InvoicingEntity, g.InvoiceIssuer) || !fits(r.BillingEntity, g.BillingEntity) ||
			!fits(r.Category, g.Category.String()) {
			continue
		}
		rank := filled(r.Service, r.InvoicingEntity, r.BillingEntity, r.Category)
		clash = rank == best && (clash || r.TaxCategory != found) || rank < best && clash
		if rank > best {
			found, best = r.TaxCategory, rank
		}
	}
	park(clash, "two tax rules disagree")
	return found
}

// dueAdjustment is an adjustment with what it comes to this month.
type dueAdjustment struct {
	credit.Adjustment
	value exact
}

// due is page 05: what falls due of a stage this month.
func (d *reference) due(stage credit.Stage) []dueAdjustment {
	var due []dueAdjustment
	for _, a := range d.in.Adjustments {
		turn, value, parts := d.in.Month.Sub(a.Month), a.Value.Rat(), 1
		if a.Repeat == "monthly" && turn >= 0 && (a.To.IsZero() || !d.in.Month.After(a.To)) {
			turn = 0
		}
		if strings.HasPrefix(a.Repeat, "instalments:") {
			_, _ = fmt.Sscanf(a.Repeat, "instalments:%d", &parts)
		}
		if a.Stage != stage || turn < 0 || turn >= parts || a.Provider != "" && a.Provider != d.in.Provider ||
			a.Provider == "" && a.Kind == "flat" && !d.first {
			continue
		}
		if parts > 1 {
			value = split(value, slices.Repeat([]exact{whole(1)}, parts), max(a.Currency.Places(), -a.Value.Exponent()))[turn]
		}
		due = append(due, dueAdjustment{a, value})
	}
	sort.SliceStable(due, func(a, b int) bool { return due[a].ID < due[b].ID })
	return due
}

// currenciesOf is page 05: in which currencies an adjustment is applied now.
func (d *reference) currenciesOf(a credit.Adjustment, late bool) []money.Currency {
	own := a.Currency == d.in.Customer.Currency
	waits := a.Kind == "flat" && own && d.foreign()
	park(a.Kind == "flat" && a.Currency == "" && len(d.sources) != 1, "an adjustment without a currency")
	park(waits && a.Stage == credit.StageBeforeDiscount, "it would need an inverse rate")
	switch {
	case waits != late:
		return nil
	case a.Currency == "" || a.Kind == "percent" && own:
		return slices.Clone(d.sources)
	}
	return []money.Currency{a.Currency}
}

func (d *reference) foreign() bool {
	return slices.ContainsFunc(d.sources, func(c money.Currency) bool { return c != d.in.Customer.Currency })
}

// rate is page 07: how much of the document's currency one unit of another is.
func (d *reference) rate(from money.Currency) exact {
	contract, to := d.in.Customer.Contract, d.in.Customer.Currency
	if from == to {
		return whole(1)
	}
	on := func(t time.Time) bool { return d.in.Month.Contains(t) }
	if contract.FXRule != "month-average" {
		day := 0
		if _, err := fmt.Sscanf(contract.FXRule, "day:%d", &day); err != nil {
			for day = d.in.Month.Days(); d.closed(day); day-- {
			}
		}
		on = func(t time.Time) bool { return d.in.Month.Contains(t) && t.Day() == day }
	}
	total, count, per := whole(0), 0, 1
	for _, r := range d.in.Rates {
		if r.Base == from && r.Quote == to && r.Type == "매매기준율" && on(r.Date) {
			total, count, per = sum(total, r.Value.Rat()), count+1, r.Per
		}
	}
	park(count == 0, "no rate is listed")
	mean := over(total, whole(int64(count)))
	if contract.FXRule == "month-average" {
		mean = rounded(mean, "half-up", unit(4))
	}
	return over(mean, whole(int64(per)))
}

func (d *reference) closed(day int) bool {
	at := d.in.Month.Start().AddDate(0, 0, day-1)
	return at.Weekday() == time.Saturday || at.Weekday() == time.Sunday ||
		slices.ContainsFunc(d.in.Holidays, at.Equal)
}

// useCredits is page 06: first those in a source currency, then those in the document's.
func (d *reference) useCredits(late bool) {
	sheet := slices.Clone(d.in.Credits)
	order := func(c credit.Credit) string {
		until, services := "9999-99", 9999
		if !c.Valid.To.IsZero() {
			until = c.Valid.To.String()
		}
		if len(c.Services) > 0 {
			services = len(c.Services)
		}
		return fmt.Sprintf("%06d %s %04d %s %s", c.Priority+1000, until, services, c.Valid.From, c.ID)
	}
	sort.SliceStable(sheet, func(a, b int) bool { return order(sheet[a]) < order(sheet[b]) })
	currencies := slices.Clone(d.sources)
	if late {
		currencies = []money.Currency{d.in.Customer.Currency}
	}
	for _, currency := range currencies {
		for _, c := range sheet {
			balance := sum(c.Balance.Rat(), minus(sum(d.spent[c.ID])))
			if c.Provider != "" && c.Provider != d.in.Provider || balance.Sign() <= 0 ||
				!c.Valid.Covers(d.in.Month) {
				continue
			}
			park(c.Currency == "" && len(d.sources) > 1, "a credit without a currency")
			waits := c.Currency == d.in.Customer.Currency && d.foreign()
			if waits != late || c.Currency != "" && c.Currency != currency {
				continue
			}
			d.use(c, currency, balance)
		}
	}
}

// use takes one credit off the largest line first, and no document below nought.
func (d *reference) use(c credit.Credit, currency money.Currency, balance exact) {
	room, lines := whole(0), []*cell{}
	for _, l := range d.cells {
		if l.in != currency {
			continue
		}
		room = sum(room, l.now)
		if (len(c.Services) == 0 || slices.Contains(c.Services, l.ServiceCode) || slices.Contains(c.Services, l.ServiceName)) &&
			(len(c.SubAccounts) == 0 || slices.Contains(c.SubAccounts, l.SubAccount)) {
			lines = append(lines, l)
		}
	}
	sort.SliceStable(lines, func(a, b int) bool { return lines[a].now.Cmp(lines[b].now) > 0 })
	open := whole(0)
	for _, l := range lines {
		open = sum(open, above(l.now))
	}
	left := above(least(least(balance, open), room))
	if currency == d.in.Customer.Currency { // owed in whole units, and used in them
		left = cut(left, unit(currency.Places()))
	}
	for _, l := range lines {
		part := least(left, above(l.now))
		l.now, left = sum(l.now, minus(part)), sum(left, minus(part))
		if part.Sign() > 0 {
			name := "credit " + c.ID + " " + string(currency)
			d.figures[name] = sum(d.figures[name], part)
			d.spent[c.ID] = sum(d.spent[c.ID], part)
		}
	}
}
