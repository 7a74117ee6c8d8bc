package invoice_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// document is the reference: a customer's month computed a second time, from the
// pages of docs/spec, in fractions of whole numbers, a function to a page. It shares
// with the engine the shape of the input and its words, and no arithmetic. Where the
// two differ, the page decides who is wrong.
type document struct {
	invoice.Input
	first   bool                // it takes the sums that name no provider
	spent   map[string]spending // of credits, on the month's documents so far
	owed    []owed              // the adjustments that fall due
	cells   cells               // charges, and from gather on the finest lines
	sources []money.Currency    // of the bill
	figures map[string]exact    // all that it says, by name
	parked  string              // the first reason for which a page parks the customer
}

type spending struct {
	used exact
	in   money.Currency
}

type owed struct {
	credit.Adjustment
	value exact
}

// referenceMonth is ruling R-8: what has no provider goes to the largest document first.
func referenceMonth(inputs []invoice.Input) []*document {
	documents, order := make([]*document, len(inputs)), make([]int, len(inputs))
	for i, in := range inputs {
		anyones := func(c credit.Credit) bool { return c.Provider == "" }
		in.Credits = slices.DeleteFunc(slices.Clone(in.Credits), anyones)
		documents[i], order[i] = reckon(in, false, map[string]spending{}), i
	}
	supply := func(d *document) exact { return when(d.parked == "", d.figures["supply"]) }
	slices.SortStableFunc(order, func(a, b int) int { return supply(documents[b]).Cmp(supply(documents[a])) })
	first, spent := true, map[string]spending{}
	for _, i := range order {
		documents[i] = reckon(inputs[i], first, maps.Clone(spent))
		if documents[i].parked == "" {
			first, spent = false, documents[i].spent
		}
	}
	return documents
}

// reckon is page 02, the order of operations.
func reckon(in invoice.Input, first bool, spent map[string]spending) *document {
	d := &document{Input: in, first: first, spent: spent, figures: map[string]exact{}}
	d.due()
	d.basis()
	d.pool()
	d.adjust(credit.StageBeforeDiscount, invoice.StepAdjustmentBefore, false)
	d.price("discount markup unit-price tier")
	d.price("minimum")
	d.price("cap")
	d.share()
	d.charge()
	d.adjust(credit.StageAfterDiscount, invoice.StepAdjustmentAfter, false)
	d.gather()
	d.useCredits(invoice.StepCredit, false)
	d.convert()
	d.adjust(credit.StageAfterDiscount, invoice.StepInvoiceAdjust, true)
	d.useCredits(invoice.StepInvoiceCredit, true)
	d.round()
	d.tax()
	return d
}

// basis is page 03, what the contract prices from and what we keep, and page 17, what moved.
func (d *document) basis() {
	terms, gone := d.Customer.Contract, map[pricing.Place]string{}
	enter := func(g charge.Group, at pricing.Place, step invoice.StepName, rule string) {
		basis, discount := g.Billed.Rat(), strings.HasSuffix(g.Class.String(), "Discount")
		isTax, isOurs := g.Category == charge.CategoryTax, g.Class == charge.ClassPartnerDiscount
		keeps := isTax && terms.ProviderTax != "pass" || !isTax && isOurs && terms.PartnerDiscount != "pass"
		if keeps && gone[at] == "" {
			d.put("share retained", g.BillingAccount, string(g.Currency), basis)
			return
		}
		d.put("share assigned", g.BillingAccount, string(g.Currency), basis)
		c := d.enter(g, step, rule, basis)
		c.at, c.gone, c.used = at, gone[at], when(consumes(g), g.Quantity.Rat())
		switch {
		case atCost(c) || c.gone != "":
		case terms.PriceBasis == "effective":
			basis = g.Effective.Rat()
		case terms.PriceBasis == "list" &&
			(discount || step == invoice.StepBenefit || g.CommitmentID != "" && !isUse(g)):
			basis = whole(0)
		case terms.PriceBasis == "list" && !g.List.IsZero():
			basis = g.List.Rat()
		}
		d.add(c, invoice.StepBasis, terms.PriceBasis, sum(basis, minus(c.now)))
	}
	for _, t := range d.Transfers {
		if t.Taken {
			gone[t.Place()] = t.Rule
		}
	}
	for _, g := range d.Groups {
		enter(g, pricing.PlaceOf(g), invoice.StepBilled, "")
	}
	for _, t := range d.Transfers {
		if g := t.Group(); t.Kind == pricing.TransferBenefit {
			g.Billed, g.Effective = t.Billed, t.Effective
			enter(g, t.Place(), invoice.StepBenefit, t.Rule)
		}
	}
}

// share is page 16: what others bear leaves as it came, what is borne comes at cost.
func (d *document) share() {
	left := map[pricing.Place]exact{}
	for _, c := range d.cells {
		if c.gone != "" {
			left[c.at] = sum(left[c.at], c.now)
			d.add(c, invoice.StepShared, c.gone, minus(c.now))
		}
	}
	for _, t := range d.Transfers {
		if t.Kind == pricing.TransferShared {
			d.put("share assigned", t.BillingAccount, string(t.Currency), t.Billed.Rat())
			if t.Taken {
				left[t.Place()] = sum(left[t.Place()], t.Billed.Rat())
			} else {
				d.enter(t.Group(), invoice.StepShared, t.Rule, t.Billed.Rat())
			}
		}
	}
	for _, rest := range left {
		d.park(rest.Sign() != 0, "E_CONSERVATION the list of what is shared is not the bill's")
	}
}

// gather makes the finest lines of page 02; one that would say nothing is none.
func (d *document) gather() {
	for _, c := range d.cells {
		c.base = when(!atCost(c), c.now)
	}
	d.cells = d.cells.merged().that(func(l *cell) bool {
		said := l.used.Sign() != 0
		for name, amount := range d.figures {
			said = said || amount.Sign() != 0 && strings.Contains(name, " "+l.key())
		}
		d.put("quantity", l.key(), "", l.used)
		return said
	})
}

// convert is page 07: each line at its currency's one rate.
func (d *document) convert() {
	for _, l := range d.cells {
		if rate, day := d.rate(l.Currency); l.Currency != d.Customer.Currency {
			net := l.now
			l.now, l.base, l.in = whole(0), times(l.base, rate), d.Customer.Currency
			d.add(l, invoice.StepCurrency, day, times(net, rate))
		}
	}
}

// rate is page 07: what one unit of a currency is worth, and the listing's day.
func (d *document) rate(from money.Currency) (exact, string) {
	day, rule, listed := d.Month.Days(), d.Customer.Contract.FXRule, map[time.Time]exact{}
	if from == d.Customer.Currency {
		return whole(1), ""
	}
	if _, err := fmt.Sscanf(rule, "day:%d", &day); err != nil {
		d.park(!d.MonthHasEnded, "E_FX_MISSING the month has not ended (R-12)")
	}
	on := d.Month.Start().AddDate(0, 0, day-1)
	for rule == "month-end" && (on.Weekday()%6 == 0 || slices.ContainsFunc(d.Holidays, on.Equal)) {
		on = on.AddDate(0, 0, -1)
	}
	per := whole(1)
	for _, r := range d.Rates {
		if r.Base == from && r.Quote == d.Customer.Currency && r.Type == "매매기준율" &&
			(r.Date.Equal(on) || rule == "month-average" && d.Month.Contains(r.Date)) {
			before, twice := listed[r.Date]
			d.park(twice && before.Cmp(r.Value.Rat()) != 0, "E_FX_MISSING two values for one day")
			listed[r.Date], per = r.Value.Rat(), whole(r.Per)
		}
	}
	d.park(len(listed) == 0, "E_FX_MISSING it is not listed")
	mean := whole(0)
	for _, value := range listed {
		mean = sum(mean, over(value, whole(len(listed))))
	}
	if rule == "month-average" {
		mean = rounded(mean, money.ModeHalfUp, unit(4))
	}
	return over(mean, per), on.Format(time.DateOnly)
}

// round is page 08: what is rounded together is rounded first, then apportioned.
func (d *document) round() {
	terms, places := d.Customer.Contract, d.Customer.Currency.Places()
	for _, part := range d.cells.by(func(l *cell) string {
		return map[string]string{"line": l.key(), "product": l.ServiceCode}[terms.RoundingPoint]
	}) {
		exactly := part.total(now)
		fine := rounded(exactly, terms.RoundingMode, unit(places))
		owed := rounded(exactly, terms.RoundingMode, terms.RoundingUnit.Rat())
		more := part.split(sum(owed, minus(fine)), func(l *cell) exact { return size(l.now) }, places)
		for i, amount := range fit(fine, part.each(now), places) {
			delta := sum(amount, more[i], minus(part[i].now))
			d.add(part[i], invoice.StepRounding, terms.RoundingPoint, delta)
			d.put("amount", part[i].key(), "", part[i].now)
		}
	}
	d.put("supply", "", "", d.cells.total(now))
}

// tax is page 09, each category rounded once, and what page 05 says of adjustments after it.
func (d *document) tax() {
	terms, places := d.Customer.Contract, d.Customer.Currency.Places()
	d.park(d.TaxRate == nil && terms.Tax != "none", "E_TAX_MISSING no rate is in force")
	for _, lines := range d.cells.by(func(l *cell) string { return string(l.taxed) }) {
		category, base, rate := lines[0].taxed, lines.total(now), d.TaxRate
		if category == tax.Reduced {
			rate = d.ReducedRate
		}
		taxed := terms.Tax != "none" && (category == tax.Taxable || category == tax.Reduced)
		d.park(taxed && rate == nil, "E_TAX_MISSING no reduced rate is in force")
		d.put("tax base", string(category), "", base)
		if taxed && rate != nil {
			d.put("tax", "", "", rounded(percent(base, rate.Rate.Rat()), terms.TaxRounding, unit(places)))
		}
	}
	var late []owed
	var amounts []exact
	for _, a := range d.owed {
		if a.Stage == credit.StageAfterTax {
			amount := percent(sum(d.figures["supply"], d.figures["tax"]), a.value)
			if a.Kind == "flat" {
				d.park(a.Currency == "" && len(d.sources) != 1, "E_ADJUSTMENT after tax it names no currency")
				rate, _ := d.rate(cmp.Or(a.Currency, only(d.sources)))
				amount = times(a.value, rate)
			}
			late, amounts = append(late, a), append(amounts, amount)
		}
	}
	after := rounded(sum(amounts...), terms.RoundingMode, unit(places))
	for i, amount := range fit(after, amounts, places) {
		d.put("after tax", late[i].ID, "", amount)
	}
	d.put("total", "", "", sum(d.figures["supply"], d.figures["tax"], after))
}

// category is page 09: how a charge is taxed.
func (d *document) category(g charge.Group) tax.Category {
	winners := best(d.TaxRules, func(r tax.Rule) string {
		if !r.Valid.Covers(d.Month) {
			return ""
		}
		return filled([]string{r.Service, g.ServiceCode, g.ServiceName},
			[]string{r.InvoicingEntity, g.InvoiceIssuer}, []string{r.BillingEntity, g.BillingEntity},
			[]string{r.Category, g.Category.String()})
	})
	for _, r := range winners {
		d.park(r.TaxCategory != winners[0].TaxCategory, "E_RULE_TIE two tax rules disagree")
	}
	if len(winners) > 0 {
		return winners[0].TaxCategory
	}
	return map[bool]tax.Category{true: tax.AlreadyTaxed, false: tax.Taxable}[g.Category == charge.CategoryTax]
}
