package audit

import (
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// due are the document's adjustments of a month with what falls due of each, in
// the order of their ids.
func (b *bill) due() []adjustment {
	var list []adjustment
	for _, r := range b.sheet("adjustments") {
		if r["customer"] != b.document.customer ||
			r["provider"] != "" && r["provider"] != b.document.provider {
			continue
		}
		value, falls := b.fallsDue(r)
		if falls && !b.elsewhere(r) {
			list = append(list, adjustment{r, value})
		}
	}
	slices.SortStableFunc(list,
		func(x, y adjustment) int { return strings.Compare(x.row["id"], y.row["id"]) })
	return list
}

// adjustmentAlone is the service of an adjustment that has nothing to be shared over.
const adjustmentAlone = "adjustment"

// adjustment is one row with its value this month.
type adjustment struct {
	row   row
	value *big.Rat
}

// elsewhere says of a flat sum without a provider that another of the customer's
// documents carries it.
func (b *bill) elsewhere(r row) bool {
	if r["provider"] != "" || r["kind"] == "percent" {
		return false
	}
	for _, listed := range b.frozen.Adjustments {
		if listed.ID == r["id"] {
			return false
		}
	}
	return true
}

// fallsDue is what of an adjustment falls due in the bill's month (docs/spec/05).
func (b *bill) fallsDue(r row) (*big.Rat, bool) {
	value, turn := b.in.number(r, "value"), monthsBetween(r["month"], b.month)
	count, instalments := strings.CutPrefix(r["repeat"], "instalments:")
	switch {
	case instalments:
		parts, err := strconv.Atoi(count)
		if err != nil || turn < 0 || turn >= parts {
			return nil, false
		}
		_, fraction, _ := strings.Cut(r["value"], ".")
		places := max(len(fraction), placesOf(r.or("currency", b.billedIn)))
		return divide(value, slices.Repeat([]*big.Rat{big.NewRat(1, 1)}, parts), places)[turn], true
	case r["repeat"] == "monthly":
		return value, turn >= 0 && (r["to"] == "" || b.month <= r["to"])
	default:
		return value, turn == 0
	}
}

// currencyOf is a flat sum's own currency, or the bill's: of instalments that of
// its rows, since they were cut to its unit.
func (b *bill) currencyOf(r row) string {
	switch sources := b.sources(); {
	case r["currency"] != "":
		return r["currency"]
	case strings.HasPrefix(r["repeat"], "instalments:") && b.billedIn != "":
		return b.billedIn
	case len(sources) > 0:
		return sources[0]
	default:
		return ""
	}
}

// late says whether an adjustment waits for the conversion.
func (b *bill) late(r row) bool {
	own := b.frozen.Currency
	foreign := slices.ContainsFunc(b.sources(), func(source string) bool { return source != own })
	return r["kind"] != "percent" && r["currency"] == own && foreign
}

// adjust applies one stage. All its adjustments are taken of what was there
// before the stage.
func (b *bill) adjust(stage, step string) {
	items, bases := b.own(), []*big.Rat{}
	for _, one := range items {
		base := one.running
		if one.atCost() {
			base = new(big.Rat)
		}
		bases = append(bases, base)
	}
	for _, a := range b.due() {
		if a.row.or("stage", "after-discount") != stage || b.late(a.row) {
			continue
		}
		for _, currency := range b.sourcesOf(a.row) {
			b.adjustIn(currency, a, step, items, bases)
		}
	}
}

// sourcesOf are the currencies that an adjustment is taken in.
func (b *bill) sourcesOf(r row) []string {
	if r["kind"] == "percent" && (r["currency"] == "" || r["currency"] == b.frozen.Currency) {
		return b.sources()
	}
	return []string{b.currencyOf(r)}
}

// lineOf is what charges of one currency share that stand on one line: account,
// service, usage type, unit and tax category, in which order lines stand.
type lineOf [5]string

// adjustIn applies one adjustment to the charges of one currency: a flat sum over
// the lines first, then inside each, in proportion to what is above nought.
func (b *bill) adjustIn(currency string, a adjustment, step string, items []*item, bases []*big.Rat) {
	lines, members := sums[lineOf]{}, map[lineOf][]int{}
	for i, one := range items {
		if one.currency != currency || a.row["sub_account"] != "" && a.row["sub_account"] != one.account {
			continue
		}
		if a.row["kind"] == "percent" {
			one.add(step, a.row["id"], percent(bases[i], a.value))
			continue
		}
		key := lineOf{one.account, one.service, one.usageType, one.unit, one.taxed}
		lines.add(key, bases[i])
		members[key] = append(members[key], i)
	}
	if a.row["kind"] == "percent" {
		return
	}
	order := slices.SortedFunc(maps.Keys(members),
		func(x, y lineOf) int { return slices.Compare(x[:], y[:]) })
	weights := make([]*big.Rat, len(order))
	for i, key := range order {
		weights[i] = above(lines.at(key))
	}
	if total(weights).Sign() == 0 {
		alone := charged{
			provider: b.document.provider, account: a.row["sub_account"], currency: currency,
			service: adjustmentAlone, usageType: a.row["id"], category: otherCharge, quantity: new(big.Rat),
			billed: new(big.Rat), effective: new(big.Rat), list: new(big.Rat),
		}
		b.enter(alone, "taxable").add(step, a.row["id"], a.value)
		return
	}
	for i, share := range divide(a.value, weights, finely) {
		inside := make([]*big.Rat, len(members[order[i]]))
		for at, member := range members[order[i]] {
			inside[at] = above(bases[member])
		}
		if total(inside).Sign() == 0 {
			continue
		}
		for at, part := range divide(share, inside, finely) {
			items[members[order[i]][at]].add(step, a.row["id"], part)
		}
	}
}

// above is an amount, or nought where it is below.
func above(amount *big.Rat) *big.Rat {
	if amount.Sign() < 0 {
		return new(big.Rat)
	}
	return amount
}

// monthsBetween counts from one month to another, both written like 2026-10.
func monthsBetween(from, to string) int {
	number := func(month string) int {
		year, of, _ := strings.Cut(month, "-")
		y, _ := strconv.Atoi(year) // the sheet's check has read it
		m, _ := strconv.Atoi(of)
		return 12*y + m
	}
	return number(to) - number(from)
}

// placesOf is how many decimals an owed amount of a currency has.
func placesOf(currency string) int {
	places, _ := smallest(currency).FloatPrec()
	return places
}
