package audit

import (
	"cmp"
	"context"
	"encoding/json"
	"math/big"
	"slices"
	"strings"
)

// The categories and classes of a charge, as the books number them.
const (
	usage = iota + 1
	purchase
	providerTax
	providerCredit
	otherCharge
)

const (
	regular = iota
	correction
	discount
	partnerDiscount
)

// charged is a sum of a customer's rows that agree in all that a rule may ask
// for, or what was moved to the customer and stands as such a sum.
type charged struct {
	provider, payer, account, issuer, entity, currency           string
	service, serviceName, usageType, region, sku, unit, lineType string
	category, class                                              int
	pricing, commitment                                          string
	tags, custom                                                 string // JSON: the provider's, and ours once archived
	resource                                                     string // where the tags sheet names it
	used                                                         string // the month of use, if not the bill's
	count                                                        int64
	quantity, billed, effective, list                            *big.Rat
}

// atCost says whether our rules and percentages leave it alone.
func (c *charged) atCost() bool { return c.category == providerCredit || c.category == providerTax }

// consumes says whether the quantity is something used or bought, and not
// what of a commitment went unused.
func (c *charged) consumes() bool {
	negation := c.commitment != "" && c.class == regular && c.billed.Sign() < 0
	bought := c.category == usage || c.category == purchase
	return bought && !negation && !strings.HasPrefix(c.lineType, "Unused") &&
		(c.class == regular || c.class == correction)
}

// isUse says whether it is use, of which a commitment's list price is counted.
func (c *charged) isUse() bool { return c.category == usage && c.consumes() }

// charges gives each customer of a final document with what its rows come to, one
// customer after the other, so that no more than one is held.
func (in *inspection) charges(ctx context.Context, each func(customer string, rows []charged) error) error {
	var c charged
	var rows []charged
	var customer, reading, quantity, billed, effective, list string
	err := in.query(ctx, "charged", []any{
		&customer,
		&c.provider,
		&c.payer,
		&c.account,
		&c.issuer,
		&c.entity,
		&c.currency,
		&c.service,
		&c.serviceName,
		&c.usageType,
		&c.region,
		&c.sku,
		&c.unit,
		&c.lineType,
		&c.category,
		&c.class,
		&c.pricing,
		&c.commitment,
		&c.tags,
		&c.resource,
		&c.custom,
		&c.used,
		&c.count,
		&quantity,
		&billed,
		&effective,
		&list,
	}, func() error {
		if customer != reading && len(rows) > 0 {
			err := each(reading, rows)
			if err != nil {
				return err
			}
			rows = nil
		}
		one, subject := c, customer+" "+c.account+" "+c.service
		one.quantity, one.billed = in.amount(subject, quantity), in.amount(subject, billed)
		one.effective, one.list = in.amount(subject, effective), in.amount(subject, list)
		rows, reading = append(rows, one), customer
		return nil
	}, in.month)
	if err != nil || len(rows) == 0 {
		return err
	}
	return each(reading, rows)
}

// moveIn is what a benefit policy or a shared cost moved to a customer or away.
type moveIn struct {
	charged
	kind, rule string
	taken      bool
}

// movesIn are the month's moves by customer, in their order.
func (in *inspection) movesIn(ctx context.Context) (map[string][]moveIn, error) {
	all := map[string][]moveIn{}
	var m moveIn
	var customer, billed, effective string
	err := in.query(ctx, "moved", []any{
		&customer, &m.kind, &m.rule, &m.taken, &m.provider, &m.payer, &m.account, &m.issuer, &m.entity,
		&m.currency, &m.service, &m.serviceName, &m.usageType, &m.category, &m.class, &m.commitment, &m.used,
		&billed, &effective,
	}, func() error {
		one, subject := m, customer+" "+m.rule
		one.quantity, one.list = new(big.Rat), new(big.Rat)
		one.billed, one.effective = in.amount(subject, billed), in.amount(subject, effective)
		all[customer] = append(all[customer], one)
		return nil
	}, in.month)
	return all, err
}

// gathered are a customer's charges of one provider as the rules see them:
// tags, ours over the provider's, only where a rule asks for them; in the order
// in which what cannot be divided evenly is given out.
func gathered(
	rows []charged, provider string, tagged bool, custom map[string][]row, month string,
) ([]charged, error) {
	sums, places := []charged{}, map[charged]int{}
	for _, one := range rows {
		if one.provider != provider {
			continue
		}
		tags, err := one.seen(tagged, custom, month)
		if err != nil {
			return nil, err
		}
		name := one.serviceName
		one.tags, one.resource, one.custom, one.serviceName = tags, "", "", ""
		same := one
		same.count, same.quantity, same.billed, same.effective, same.list = 0, nil, nil, nil, nil
		at, known := places[same]
		if !known {
			places[same] = len(sums)
			one.serviceName = name
			sums = append(sums, one)
			continue
		}
		sum := &sums[at]
		sum.serviceName, sum.count = max(sum.serviceName, name), sum.count+one.count
		sum.quantity, sum.billed = plus(sum.quantity, one.quantity), plus(sum.billed, one.billed)
		sum.effective, sum.list = plus(sum.effective, one.effective), plus(sum.list, one.list)
	}
	sums = slices.DeleteFunc(sums, func(c charged) bool { return c.count == 0 })
	slices.SortStableFunc(sums, inTurn)
	return sums, nil
}

// inTurn orders charges by all that they are.
func inTurn(a, b charged) int {
	return cmp.Or(
		cmp.Compare(a.account, b.account), cmp.Compare(a.service, b.service),
		cmp.Compare(a.serviceName, b.serviceName), cmp.Compare(a.usageType, b.usageType),
		cmp.Compare(a.unit, b.unit), cmp.Compare(a.currency, b.currency), cmp.Compare(a.payer, b.payer),
		cmp.Compare(a.region, b.region), cmp.Compare(a.sku, b.sku), cmp.Compare(a.issuer, b.issuer),
		cmp.Compare(a.entity, b.entity), cmp.Compare(a.lineType, b.lineType),
		cmp.Compare(a.category, b.category), cmp.Compare(a.class, b.class), cmp.Compare(a.pricing, b.pricing),
		cmp.Compare(a.commitment, b.commitment), cmp.Compare(a.tags, b.tags), cmp.Compare(a.used, b.used),
		a.billed.Cmp(b.billed), a.quantity.Cmp(b.quantity), a.list.Cmp(b.list), a.effective.Cmp(b.effective),
	)
}

// seen are a charge's tags as rules see them: of each key our newest in force, by
// the service's code before its name, else the provider's.
func (c *charged) seen(tagged bool, custom map[string][]row, month string) (string, error) {
	if !tagged {
		return "", nil
	}
	tags := map[string]string{}
	for _, text := range []string{c.tags, c.custom} {
		if text == "" {
			continue
		}
		err := json.Unmarshal([]byte(text), &tags)
		if err != nil {
			return "", err
		}
	}
	for _, service := range []string{c.serviceName, c.service} {
		newest := map[string]row{}
		for _, r := range custom[c.resource] {
			ours := r["provider"] == c.provider && r["service"] == service
			if ours && r["from"] <= month && r["from"] >= newest[r["key"]]["from"] {
				newest[r["key"]] = r
			}
		}
		for key, r := range newest {
			if r["value"] != "" {
				tags[key] = r["value"]
			}
		}
	}
	if len(tags) == 0 {
		return "", nil
	}
	text, err := json.Marshal(tags)
	return string(text), err
}
