package sample

import (
	"fmt"
	"math/rand/v2"
	"sort"

	"magam/domain/fault"
)

// meter is a run of rows that differ only in time, resource and amount: one
// item used by one account in the month.
type meter struct {
	account *account
	item    *item
	pledge  *pledge // covers it; nil for on-demand usage
	promise *promise
	rows    int
	total   quantity // of the month
}

// promise is a discount that the provider gives on an account's service, shown
// both in the rows' discount columns and as a line of its own type.
type promise struct {
	lineType, column string
	account, service string // alias, key of services; an empty service is every one
	rate             int64  // whole per cent
	text             string
}

var promises = []*promise{
	{
		"EdpDiscount", "discount/EdpDiscount", "haneul-live", "", 6,
		"Enterprise Discount Program, 6% off eligible usage",
	},
	{
		"EdpDiscount", "discount/EdpDiscount", "narae-core", "", 4,
		"Enterprise Discount Program, 4% off eligible usage",
	},
	{
		"PrivateRateDiscount", "discount/PrivateRateDiscount", "haneul-patch", "cloudfront", 18,
		`Private rate card "KR-CDN-2", 18% off data transfer, requests included`,
	},
	{
		"BundledDiscount", "discount/BundledDiscount", "onnuri-cdn", "waf", 100,
		"Bundled discount: AWS WAF is included with the CloudFront flat-rate plan",
	},
}

// plan is a payer's month before it is written: how many rows of what.
type plan struct {
	payer  *payer
	clock  *clock
	meters []*meter
	fixed  []*fixedLine
	rows   int
}

// newPlan gives every account its meters and shares the payer's rows among them.
func newPlan(of *payer, list []*account, clock *clock, opts Options, rows int) (*plan, error) {
	p := &plan{payer: of, clock: clock, rows: rows}
	for _, a := range list {
		if a.payer == of && a.spend > 0 {
			p.addMeters(a, opts)
		}
	}
	for _, pl := range pledges {
		if owner := accountOf(pl.account); owner.payer == of {
			p.meters = append(p.meters, &meter{
				account: owner, item: items[pl.item], pledge: pl, total: pl.covered(clock),
			})
		}
	}
	if of == seoul {
		p.fixed = seoulLines(p, opts)
	} else {
		p.fixed = tokyoLines(p)
	}

	free := rows - len(p.fixed)
	if free < 5*len(p.meters) {
		return nil, fault.New(fault.Input,
			fmt.Sprintf("%d rows are too few for %s, which has %d meters and %d lines of its own",
				rows, of.name, len(p.meters), len(p.fixed)),
			"ask for at least 6000 rows in all")
	}
	p.shareRows(free)
	return p, nil
}

// addMeters splits an account's month over the items of its profile, each share
// a little off, and the sum still what the account spends.
func (p *plan) addMeters(a *account, opts Options) {
	pcg := stream(opts.Seed, "meters of "+a.alias)
	shares := profiles[a.profile]
	weights := make([]int64, len(shares))
	var sum int64
	for i, s := range shares {
		weights[i] = s.weight * (80 + below(pcg, 41)) // 80 to 120 per cent
		sum += weights[i]
	}
	for i, s := range shares {
		it := items[s.item]
		m := &meter{account: a, item: it}
		if !it.crumbs {
			spend := mulDiv(int64(a.spend), weights[i], sum)
			m.total = quantity(mulDiv(spend, int64(unitQuantity), int64(it.rate)))
			if opts.Revision > 1 && p.payer == seoul && mark(a.alias+s.item)%61 == 7 {
				m.total += m.total / 50 // a newer assembly knows of two per cent more use
			}
			if it.whole {
				m.total -= m.total % unitQuantity
			}
			if m.total == 0 {
				continue
			}
		}
		for _, given := range promises {
			if given.account == a.alias && (given.service == "" || services[given.service] == it.service) {
				m.promise = given
			}
		}
		p.meters = append(p.meters, m)
	}
}

// shareRows gives each meter rows by the density of its item and its account's
// size, at least five, exactly free in all.
func (p *plan) shareRows(free int) {
	weights := make([]int64, len(p.meters))
	var sum int64
	for i, m := range p.meters {
		weights[i] = m.item.density * (4 + int64(m.account.spend/oneDollar)/400)
		sum += weights[i]
	}
	rest := int64(free - 5*len(p.meters))
	var before, given int64
	for i, m := range p.meters {
		before += weights[i]
		upTo := mulDiv(rest, before, sum)
		m.rows = 5 + int(upTo-given)
		given = upTo
	}
}

// negations is how many of a covered meter's rows take the covered cost off
// again: one for about four, as the provider sums by hour.
func (m *meter) negations() int {
	if m.pledge == nil || m.pledge.kind != "sp" || m.account.payer != seoul {
		return 0
	}
	return max(1, m.rows/5)
}

// step is one row's place in its meter.
type step struct {
	start, end int
	resource   int
	quantity   quantity
}

// walk calls visit for each row of consumption. The quantities differ from row
// to row and sum to the meter's total exactly.
func (m *meter) walk(pcg *rand.PCG, clock *clock, visit func(int, step) error) error {
	from := 0
	if m.pledge != nil {
		from = m.pledge.from
	}
	n, hours := m.rows-m.negations(), clock.length()-from
	slots := min(n, hours)
	if n < 4*hours {
		slots = max(1, min(hours, n/3)) // three resources before hours are cut finer
	}
	unit := int64(1)
	if m.item.whole && int64(m.total/unitQuantity) >= 2*int64(n) {
		unit = int64(unitQuantity)
	}
	units := int64(m.total) / unit
	var given, borrowed int64
	for j := range n {
		upTo := mulDiv(units, int64(j+1), int64(n))
		share := upTo - given
		given = upTo
		if m.item.crumbs {
			share = 1 + below(pcg, 40)
			unit = int64(unitQuantity)
			if m.item.unit == "GB" {
				unit = 1
			}
		} else if j%2 == 0 && j+1 < n {
			borrowed = share * below(pcg, 35) / 100
			share -= borrowed
		} else {
			share += borrowed
			borrowed = 0
		}
		at := j % slots
		err := visit(j, step{
			start: from + at*hours/slots, end: from + (at+1)*hours/slots,
			resource: j / slots, quantity: quantity(share * unit),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// spenders lists a payer's accounts that have spent, in order of their ids.
func (p *plan) spenders() []*account {
	seen := map[*account]bool{}
	var list []*account
	for _, m := range p.meters {
		if !seen[m.account] {
			seen[m.account] = true
			list = append(list, m.account)
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].id < list[j].id })
	return list
}
