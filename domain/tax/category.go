package tax

import (
	"fmt"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/period"
)

// Categorize says how a group is taxed: as the most specific matching rule
// has it, otherwise it is taxable. A provider's own tax line that the contract
// passes on is already taxed, since tax on tax is owed by nobody.
//
// The columns are compared in the order service, invoicing entity, billing
// entity, category; two rules that fill the same ones and disagree park the
// customer.
func Categorize(rules []Rule, g charge.Group, month period.Month) (Category, error) {
	var winner *Rule
	tied := false
	for i := range rules {
		rule := &rules[i]
		if !rule.matches(g, month) {
			continue
		}
		switch order := rival(winner, rule); {
		case order > 0:
			winner, tied = rule, false
		case order == 0 && winner.TaxCategory != rule.TaxCategory:
			tied = true
		}
	}
	switch {
	case tied:
		return "", fault.New(fault.RuleTie,
			fmt.Sprintf("two tax rules disagree about %s from %s", g.ServiceCode, g.InvoiceIssuer),
			"make one of them more specific in tax_rules, then retry the parked customer")
	case winner != nil:
		return winner.TaxCategory, nil
	case g.Category == charge.CategoryTax:
		return AlreadyTaxed, nil
	default:
		return Taxable, nil
	}
}

func (r Rule) matches(g charge.Group, month period.Month) bool {
	service := r.Service == "" || r.Service == g.ServiceCode || r.Service == g.ServiceName
	return r.Valid.Covers(month) && service &&
		(r.InvoicingEntity == "" || r.InvoicingEntity == g.InvoiceIssuer) &&
		(r.BillingEntity == "" || r.BillingEntity == g.BillingEntity) &&
		(r.Category == "" || r.Category == g.Category.String())
}

// rival is positive where the newcomer is more specific than the holder.
func rival(holder, newcomer *Rule) int {
	if holder == nil {
		return 1
	}
	older, newer := holder.columns(), newcomer.columns()
	for i := range older {
		if (older[i] != "") != (newer[i] != "") {
			if older[i] == "" {
				return 1
			}
			return -1
		}
	}
	return 0
}

func (r Rule) columns() [4]string {
	return [...]string{r.Service, r.InvoicingEntity, r.BillingEntity, r.Category}
}
