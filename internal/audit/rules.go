package audit

import (
	"encoding/json"
	"slices"
)

// ranks are a price rule's columns from the most to the least telling: the rule
// that fills the first column on which two differ wins (docs/spec/04).
var ranks = []string{
	"tag_key", "sub_account", "region", "sku", "usage_type", "service", "invoicing_entity", "billing_entity",
	"provider",
}

// taxRanks are the same of a tax rule.
var taxRanks = []string{"service", "invoicing_entity", "billing_entity", "category"}

// rank is how telling a row is, as one number: its most telling column is the
// highest of the bits.
func rank(r row, columns []string) int {
	number := 0
	for _, column := range columns {
		number <<= 1
		if r[column] != "" {
			number++
		}
	}
	return number
}

// matches says whether every filled column that a rule of prices or of taxes
// can have agrees with a charge.
func (r row) matches(c *charged) bool {
	for column, value := range map[string]string{
		"provider": c.provider, "billing_entity": c.entity, "invoicing_entity": c.issuer, "usage_type": c.usageType,
		"sku": c.sku, "region": c.region, "sub_account": c.account,
	} {
		if r[column] != "" && r[column] != value {
			return false
		}
	}
	return r["service"] == "" || r["service"] == c.service || r["service"] == c.serviceName
}

// touches says whether a rule of this category prices a charge: use, purchases,
// and the discounts and corrections that follow them, unless it says otherwise.
func (c *charged) touches(category string) bool {
	consumed := c.category == usage || c.category == purchase
	follows := !consumed && !c.atCost() && (c.class == discount || c.class == partnerDiscount ||
		c.class == correction && c.category == otherCharge)
	switch category {
	case "":
		return consumed || follows
	case "Usage":
		return follows || c.category == usage
	default:
		return category == c.categoryName()
	}
}

func (c *charged) categoryName() string {
	return []string{"", "Usage", "Purchase", "Tax", "Credit", "Adjustment"}[c.category]
}

// monthOfUse is the month whose rules govern a charge.
func (c *charged) monthOfUse(billed string) string {
	if c.used != "" {
		return c.used
	}
	return billed
}

// tagged says whether a charge has a rule's tag.
func (r row) tagged(c *charged) bool {
	if r["tag_key"] == "" {
		return true
	}
	tags := map[string]string{}
	if json.Unmarshal([]byte(c.tags), &tags) != nil {
		return false
	}
	value, there := tags[r["tag_key"]]
	return there && (r["tag_value"] == "" || r["tag_value"] == value)
}

// priceRules finds a customer's rules by a column that narrows, so that a charge
// does not look at all of a price list.
type priceRules struct {
	all   []row
	under map[[2]string][]row
}

var narrowing = []string{"sku", "usage_type", "service", "sub_account"}

func rulesOf(prices []row, customer string) priceRules {
	rules := priceRules{under: map[[2]string][]row{}}
	for _, r := range prices {
		if r.or("customer", "*") != customer && r.or("customer", "*") != "*" {
			continue
		}
		rules.all = append(rules.all, r)
		place := [2]string{}
		for _, column := range narrowing {
			if r[column] != "" {
				place = [2]string{column, r[column]}
				break
			}
		}
		rules.under[place] = append(rules.under[place], r)
	}
	return rules
}

// tagged says whether any rule asks for a tag.
func (p priceRules) tagged() bool {
	return slices.ContainsFunc(p.all, func(r row) bool { return r["tag_key"] != "" })
}

// winner is the one rule of these kinds that prices a charge, or nil; and whether
// two have an equal claim, so that none may.
func (p priceRules) winner(c *charged, month string, kinds ...string) (best row, tie bool) {
	places := [][2]string{
		{}, {"sku", c.sku}, {"usage_type", c.usageType}, {"service", c.service}, {"sub_account", c.account},
	}
	if c.serviceName != c.service {
		places = append(places, [2]string{"service", c.serviceName})
	}
	for i, place := range places {
		if i > 0 && place[1] == "" {
			continue
		}
		for _, r := range p.under[place] {
			if !slices.Contains(kinds, r["kind"]) || !r.covers(c.monthOfUse(month)) ||
				!c.touches(r["category"]) ||
				!r.matches(c) ||
				!r.tagged(c) {
				continue
			}
			switch order := contest(r, best); {
			case order > 0:
				best, tie = r, false
			case order == 0 && !sameTable(r, best):
				tie = true
			}
		}
	}
	return best, tie
}

// contest is above nought where a rule beats the best so far.
func contest(r, best row) int {
	if best == nil {
		return 1
	}
	switch own, others := r.or("customer", "*") != "*", best.or("customer", "*") != "*"; {
	case own && !others:
		return 1
	case others && !own:
		return -1
	}
	if r["tag_key"] != "" && best["tag_key"] != "" {
		return 0
	}
	return rank(r, ranks) - rank(best, ranks)
}

// sameTable says whether two rows are tiers of one table.
func sameTable(a, b row) bool {
	return a["kind"] == "tier" && b["kind"] == "tier" && a["id"] == b["id"] && a["customer"] == b["customer"]
}

// taxed is the tax category of a charge: of the most telling rule in force, else
// the provider's own tax is taxed already and everything else is taxable.
func taxed(rules []row, c *charged, month string) string {
	category, best := "taxable", -1
	if c.category == providerTax {
		category = "already-taxed"
	}
	for _, r := range rules {
		fits := r["category"] == "" || r["category"] == c.categoryName()
		if fits && r.covers(month) && r.matches(c) && rank(r, taxRanks) > best {
			category, best = r["tax_category"], rank(r, taxRanks)
		}
	}
	return category
}
