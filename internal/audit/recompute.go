package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
)

// recomputed are the steps that are worked out anew, line by line.
var recomputed = []string{
	"billed", "benefit", "basis", "pooled", "adjustment-before", "price", "shared", "fee", "adjustment-after",
}

// lineStep is one step of one line; the step "quantity" is what the line counts.
type lineStep struct {
	account, service, usageType, unit, source, taxed string
	stepOf
}

func (l lineStep) String() string {
	return strings.Join(strings.Fields(strings.Join([]string{
		l.account, l.service, l.usageType, l.unit, l.source, l.taxed + ":", l.name, l.rule,
	}, " ")), " ")
}

// checkPrices works every final document out anew, from its customer's rows and
// the versions of the sheets that it names, and compares it step by step.
func checkPrices(ctx context.Context, in *inspection) (int, error) {
	r := &recomputing{in: in, once: onceOnly{}, waiting: map[string][]document{}}
	for _, d := range in.documents {
		if d.decided() {
			r.waiting[d.customer] = append(r.waiting[d.customer], d)
		}
	}
	var err error
	r.sheets, err = in.sheets(ctx)
	if err != nil {
		return 0, err
	}
	r.moves, err = in.movesIn(ctx)
	if err != nil {
		return 0, err
	}
	r.carried, err = in.carriedIn(ctx)
	if err != nil {
		return 0, err
	}
	err = in.charges(ctx, r.customer)
	if err != nil {
		return r.looked, err
	}
	for _, customer := range sorted(r.waiting) { // nothing charged, only something due
		err = r.customer(customer, nil)
		if err != nil {
			return r.looked, err
		}
	}
	r.once.compare(in)
	return r.looked, nil
}

// recomputing is the check under way.
type recomputing struct {
	in      *inspection
	sheets  sheets
	moves   map[string][]moveIn
	carried map[int64]map[[2]string]*big.Rat
	waiting map[string][]document // by customer
	once    onceOnly
	looked  int
}

// customer works out a customer's documents.
func (r *recomputing) customer(code string, rows []charged) error {
	for _, d := range r.waiting[code] {
		s, readable := d.frozen()
		if !readable {
			continue
		}
		contract, known := r.sheets.contract(d, r.in.month)
		if !known {
			r.in.find(d.name()+" contract", "a row of the customers sheet that it was made from", "none")
			continue
		}
		b := &bill{
			in: r.in, month: r.in.month, document: d, frozen: s.own(), contract: contract,
			carried: r.carried[d.id], fees: map[feeOf]feeTaken{},
			sheet: func(name string) []row { return r.sheets.sheet(d.id, name) },
		}
		steps, err := b.check(rows, r.moves[code])
		if err != nil {
			return fmt.Errorf("%s: %w", d.name(), err)
		}
		r.looked += steps
		r.once.note(b)
	}
	delete(r.waiting, code)
	return nil
}

// check works a bill out from what its customer's rows come to and what was moved
// in, compares it with the frozen one and says of how many steps.
func (b *bill) check(rows []charged, moves []moveIn) (int, error) {
	b.rules = rulesOf(b.sheet("prices"), b.document.customer)
	custom := map[string][]row{}
	for _, r := range b.sheet("tags") {
		if r["from"] <= b.month {
			custom[r["resource_id"]] = append(custom[r["resource_id"]], r)
		}
	}
	ours, err := gathered(rows, b.document.provider, b.rules.tagged(), custom, b.month)
	if err != nil {
		return 0, err
	}
	moves = slices.DeleteFunc(slices.Clone(moves), func(m moveIn) bool {
		return m.provider != b.document.provider
	})
	b.open(ours, moves)
	b.pool()
	b.adjust("before-discount", "adjustment-before")
	b.price()
	b.share(moves)
	b.charge()
	b.adjust("after-discount", "adjustment-after")
	b.compareFees()
	b.compareLate()
	return b.compare(), nil
}

// compare holds every step of every line against the frozen one, and what each
// line counts of use.
func (b *bill) compare() int {
	worked, frozen := sums[lineStep]{}, sums[lineStep]{}
	for _, one := range b.items {
		line := lineStep{
			one.account,
			one.service,
			one.usageType,
			one.unit,
			one.currency,
			one.taxed,
			stepOf{name: "quantity"},
		}
		worked.add(line, one.amount())
		for step, delta := range one.steps {
			line.stepOf = step
			worked.add(line, delta)
		}
	}
	for _, l := range b.frozen.Lines {
		line := lineStep{
			l.Account, l.Service, l.UsageType, l.Unit, l.Source, l.TaxCategory, stepOf{name: "quantity"},
		}
		frozen.add(line, b.in.amount(b.document.name(), l.Quantity.String()))
		for _, step := range l.Steps {
			if slices.Contains(recomputed, step.Name) {
				line.stepOf = stepOf{step.Name, step.Rule}
				frozen.add(line, b.in.amount(b.document.name(), step.Delta.String()))
			}
		}
	}
	named := map[string]lineStep{}
	for _, steps := range []sums[lineStep]{worked, frozen} {
		for line := range steps {
			named[line.String()] = line
		}
	}
	for _, name := range sorted(named) {
		b.in.differ(b.document.name()+" "+name, worked.at(named[name]), frozen.at(named[name]))
	}
	return len(named)
}

// compareFees holds the document's own section of fees against what they are
// taken of.
func (b *bill) compareFees() {
	listed := map[feeOf]feeTaken{}
	number := func(text json.Number) *big.Rat {
		if text == "" { // left out where it is nought
			return new(big.Rat)
		}
		return b.in.amount(b.document.name(), text.String())
	}
	for _, f := range b.frozen.Fees {
		listed[feeOf{f.ID, f.Account, f.Currency}] = feeTaken{
			number(f.Base), number(f.Rate), number(f.Amount), number(f.CarriedIn), number(f.CarriedOut),
		}
	}
	all := maps.Clone(b.fees)
	maps.Copy(all, listed)
	for _, key := range sortedFees(all) {
		name := b.document.name() + " fee " + strings.TrimSpace(
			key.id+" "+key.account,
		) + " in " + key.currency
		frozen, isListed := listed[key]
		worked, isTaken := b.fees[key]
		switch {
		case !isListed:
			b.in.find(name, text(worked.amount), "no such fee")
		case !isTaken:
			b.in.find(name, "no such fee", text(frozen.amount))
		default:
			b.in.differ(name+" base", worked.base, frozen.base)
			b.in.differ(name+" rate", worked.rate, frozen.rate)
			b.in.differ(name, worked.amount, frozen.amount)
			b.in.differ(name+" carried in", worked.carriedIn, frozen.carriedIn)
			b.in.differ(name+" carried on", worked.carriedOut, frozen.carriedOut)
		}
	}
}
