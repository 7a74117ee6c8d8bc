package pricing

import (
	"fmt"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
)

// Delta is what a rule adds to an amount, at full precision: a discount of 5
// takes 5 % off, a markup of 5 puts 5 % on. A negative amount, such as a refund
// or a provider's discount, is scaled alike, so that a charge and its reversal
// still cancel.
func (r Rule) Delta(amount decimal.Decimal) (decimal.Decimal, error) {
	switch r.Kind {
	case KindDiscount:
		return money.Percent(amount, r.Value).Neg(), nil
	case KindMarkup:
		return money.Percent(amount, r.Value), nil
	case KindUnitPrice, KindTier, KindMinimum, KindCap:
		return decimal.Zero, r.notBuilt()
	default:
		return decimal.Zero, r.notBuilt()
	}
}

// Built refuses the rules of a customer's month that would change its price in
// a way that is not built yet: a minimum or a cap of its own at all, any other
// kind as soon as it matches something. Nothing is ever silently ignored.
func Built(rules []Rule, customer string, groups []charge.Group, billed period.Month) error {
	for _, rule := range rules {
		mine := rule.Customer == customer || rule.Customer == Everyone
		if !mine || rule.Kind == KindDiscount || rule.Kind == KindMarkup {
			continue
		}
		bounds := rule.Kind == KindMinimum || rule.Kind == KindCap
		if bounds && rule.Valid.Covers(billed) && ofProvider(rule, groups) {
			return rule.notBuilt()
		}
		for _, g := range groups {
			if rule.Matches(g, billed) {
				return rule.notBuilt()
			}
		}
	}
	return nil
}

// ofProvider says whether a rule concerns the document's provider. A month
// without groups has none, so that the rule may concern it.
func ofProvider(r Rule, groups []charge.Group) bool {
	return len(groups) == 0 || agrees(r.Provider, groups[0].Provider)
}

func (r Rule) notBuilt() error {
	return &fault.Error{
		Code:  fault.RuleNotBuilt,
		Place: fault.Place{File: "prices", Line: int64(r.Row)},
		What:  fmt.Sprintf("rule %s of kind %q cannot be priced yet", r.ID, string(r.Kind)),
		Cure:  "end the rule or express it as a discount or markup, then retry the parked customer",
	}
}
