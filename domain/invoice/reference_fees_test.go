package invoice_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/pricing"
)

// charge is page 15: the fees, by currency and, where they say so, by account.
func (d *document) charge() {
	charges, fees := d.own(), slices.Clone(d.Fees) // no fee is taken of a fee
	slices.SortFunc(fees, func(a, b pricing.Fee) int { return cmp.Compare(a.ID, b.ID) })
	for _, f := range fees {
		if !f.Valid.Covers(d.Month) || !fits(f.Provider, d.Provider) {
			continue
		}
		borne := charges.that(func(c *cell) bool { return bears(f, c.Group) })
		flat := when(f.Provider != "" || d.first, f.Flat.Rat())
		if f.Plan != "" || flat.Sign() != 0 || !f.Minimum.IsZero() {
			currency := cmp.Or(f.Currency, only(d.sources))
			if len(d.sources) == 0 {
				currency = cmp.Or(currency, d.Customer.Currency)
			}
			d.park(currency == "", "E_CONTRACT a sum of no currency")
			for _, c := range borne {
				d.park(c.Currency != currency, "E_CONTRACT a sum of two currencies")
			}
			if len(borne) == 0 && f.Per != "account" {
				borne = cells{nothing(currency)}
			}
		}
		table, minimum := d.plan(f, borne)
		for key := range d.Carried {
			if f.Kind == pricing.FeeSavings && key.Fee == f.ID {
				borne = append(borne, nothing(key.Currency))
			}
		}
		for _, of := range borne.by(func(c *cell) string { return c.currency() + c.accountIf(f.Per) }) {
			d.fee(f, of, sum(flat, when(f.Plan != "", most(graduated(of.total(now), table), minimum))))
		}
	}
}

// fee is page 15: what one fee takes of one base. Of savings nothing is taken where
// nothing was saved, and what lies below nought is carried on.
func (d *document) fee(f pricing.Fee, of cells, amount exact) {
	base, currency, account := of.total(now), of[0].currency(), of[0].accountIf(f.Per)
	switch {
	case f.Kind == pricing.FeeSavings:
		base = of.total(savings)
		due := sum(base, d.Carried[invoice.CarryKey{Fee: f.ID, Currency: of[0].Currency}].Rat())
		amount = percent(above(due), f.Rate.Rat())
		d.put("carry", f.ID, currency, least(due, whole(0)))
	case f.Plan == "":
		amount = sum(amount, percent(above(base), f.Rate.Rat()))
	}
	amount = most(amount, f.Minimum.Rat())
	if d.put("base", f.ID, account+" "+currency, base); amount.Sign() != 0 {
		c := d.stand(account, string(f.Kind)+"-fee", f.ID, of[0].Currency)
		d.add(c, invoice.StepFee, f.ID, amount)
		d.sees(c.Currency)
	}
}

// plan is page 15: the table of a fee, and the least that it takes.
func (d *document) plan(f pricing.Fee, borne cells) (table []slice, minimum exact) {
	minimum = whole(0)
	for _, row := range d.Plans {
		if row.Plan == f.Plan && row.Valid.Covers(d.Month) {
			for _, c := range borne {
				d.park(row.Currency != c.Currency, "E_CONTRACT a plan in another currency")
			}
			table = append(table, slice{row.From.Rat(), row.To.Rat(), percent(row.Rate.Rat(), whole(1))})
			minimum = most(minimum, row.Minimum.Rat())
		}
	}
	d.park(f.Plan != "" && len(table) == 0, "E_CONTRACT a plan that is not in force")
	return table, minimum
}

// bears is page 15: what a fee is taken of.
func bears(f pricing.Fee, g charge.Group) bool {
	others := strings.Contains(g.BillingEntity, "Marketplace") ||
		strings.Contains(g.ServiceCode+" "+g.ServiceName, "Support")
	spared := f.Kind == pricing.FeeSupport && others || f.Kind == pricing.FeeSavings && g.CommitmentID == ""
	return !spared && touches("", g) && !names(f.ExcludeServices, g)
}

// savings is page 15: the list price of the use that a commitment covered, less what it cost.
func savings(c *cell) exact {
	return sum(when(isUse(c.Group), c.List.Rat()), minus(c.Effective.Rat()))
}

// slice is a row of a table of tiers or of a plan: what lies above from, up to and with to.
type slice struct{ from, to, price exact }

func (s slice) within(size exact) exact {
	if s.to.Sign() > 0 {
		size = least(size, s.to)
	}
	return above(sum(size, minus(s.from)))
}

// graduated is pages 04 and 15: each unit at the price of the slice it falls into.
func graduated(size exact, table []slice) exact {
	price := whole(0)
	for _, s := range table {
		price = sum(price, times(s.within(size), s.price))
	}
	return price
}

// pool is page 06: the provider's credits, in proportion to what accounts were charged.
func (d *document) pool() {
	charges := d.own().that(func(c *cell) bool { return !atCost(c) })
	credits := d.own().that(func(c *cell) bool {
		return c.Category == charge.CategoryCredit && d.Customer.Contract.ProviderCredit == "pooled"
	})
	for _, earned := range credits.by(func(c *cell) string { return c.on("").key() }) {
		var accounts cells
		for _, charged := range charges.by(func(c *cell) string { return c.SubAccount }) {
			one := earned[0].on(charged[0].SubAccount)
			one.base = charged.that(func(c *cell) bool { return c.Currency == one.Currency }).total(now)
			accounts = append(accounts, one)
		}
		if accounts.total(positive).Sign() > 0 {
			d.spread(earned.total(now), accounts, positive, invoice.StepPooled, "pooled")
			for _, c := range earned {
				d.add(c, invoice.StepPooled, "pooled", minus(c.now))
			}
			d.cells = append(d.cells, accounts...)
		}
	}
}

// useCredits is page 06, each of the two orders. Late are the credits in the
// document's currency where the bill is in another.
func (d *document) useCredits(step invoice.StepName, late bool) {
	for _, c := range d.ledger() {
		c.Currency = cmp.Or(c.Currency, d.spent[c.ID].in) // from its first use on it is in that currency
		d.park(c.Currency == "" && len(d.sources) > 1, "E_CREDIT it names no currency")
		currency := cmp.Or(c.Currency, only(d.sources))
		waits := c.Currency == d.Customer.Currency && d.foreign()
		if waits != late || !late && !slices.Contains(d.sources, currency) {
			continue
		}
		all := d.cells.that(func(l *cell) bool { return l.in == currency })
		lines := all.that(func(l *cell) bool { return l.now.Sign() > 0 && eligible(c, l) })
		slices.SortStableFunc(lines, func(a, b *cell) int { return b.now.Cmp(a.now) })
		left := above(least(d.left(c), lines.total(now), all.total(now)))
		if currency == d.Customer.Currency { // owed in whole units, and used in them
			left = rounded(left, money.ModeTruncate, unit(currency.Places()))
		}
		for _, l := range lines {
			part := least(left, l.now)
			d.add(l, step, c.ID, minus(part))
			if left = sum(left, minus(part)); part.Sign() > 0 {
				d.spent[c.ID] = spending{sum(d.spent[c.ID].used, part), currency}
				d.figures["left "+c.ID] = d.left(c)
			}
		}
	}
}

// ledger is page 06: the credits that may be used, in the order of their use.
func (d *document) ledger() []credit.Credit {
	ledger := slices.DeleteFunc(slices.Clone(d.Credits), func(c credit.Credit) bool {
		return !fits(c.Provider, d.Provider) || !c.Valid.Covers(d.Month) || d.left(c).Sign() <= 0
	})
	turn := func(c credit.Credit) string {
		until, services := "never", fmt.Sprintf("%04d", len(c.Services))
		if !c.Valid.To.IsZero() {
			until = c.Valid.To.String()
		}
		if len(c.Services) == 0 {
			services = "all"
		}
		return fmt.Sprintf("%06d %s %s %s %s", 1000+c.Priority, until, services, c.Valid.From, c.ID)
	}
	slices.SortFunc(ledger, func(a, b credit.Credit) int { return cmp.Compare(turn(a), turn(b)) })
	return ledger
}

func (d *document) left(c credit.Credit) exact {
	return sum(c.Balance.Rat(), minus(sum(d.spent[c.ID].used)))
}

func eligible(c credit.Credit, l *cell) bool {
	return (len(c.Services) == 0 || names(c.Services, l.Group)) &&
		(len(c.SubAccounts) == 0 || slices.Contains(c.SubAccounts, l.SubAccount))
}

// names says whether a list has a charge's service, by its code or its name.
func names(services []string, g charge.Group) bool {
	return slices.Contains(services, g.ServiceCode) || slices.Contains(services, g.ServiceName)
}
