package pricing

import (
	"fmt"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/period"
)

// Everyone is the customer column of a rule that holds for all customers.
const Everyone = "*"

// Select finds the one rule that prices a group for a customer, or nil where
// none does. Exactly one rule applies: the most specific. Of a table of tiers it
// finds a row, which stands for all of them.
//
// A named customer's rule beats any rule for everyone. Among the rest the
// columns are compared in the order of specificity, and the rule that fills
// the first column on which two differ wins. Two that fill the same columns,
// or two tag rules that meet on one group, leave no winner: the customer is
// parked with both rows named (ruling R-14), since choosing would be guessing.
//
// Who asks for many groups makes an Index once.
func Select(rules []Rule, customer string, g charge.Group, billed period.Month) (*Rule, error) {
	return NewIndex(rules, customer).Select(g, billed)
}

// isTableOf says whether two rows are tiers of one table.
func (r *Rule) isTableOf(other *Rule) bool {
	return r != nil && r.Kind == KindTier && other.Kind == KindTier &&
		r.ID == other.ID && r.Customer == other.Customer
}

// rival is positive where the newcomer beats the holder, zero where neither
// beats the other.
func rival(holder, newcomer *Rule) int {
	if holder == nil {
		return 1
	}
	if (newcomer.Customer == Everyone) != (holder.Customer == Everyone) {
		if holder.Customer == Everyone {
			return 1
		}
		return -1
	}
	if holder.TagKey != "" && newcomer.TagKey != "" {
		return 0
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

// columns lists what is compared, from the most to the least specific.
func (r Rule) columns() [9]string {
	return [...]string{
		r.TagKey, r.SubAccount, r.Region, r.SKU, r.UsageType, r.Service,
		r.InvoicingEntity, r.BillingEntity, r.Provider,
	}
}

// tie names both rows, in the order of their ids so that the message does not
// depend on the order of the sheet.
func tie(a, b Rule, g charge.Group) error {
	if b.ID < a.ID || a.ID == b.ID && b.Row < a.Row {
		a, b = b, a
	}
	return &fault.Error{
		Code:  fault.RuleTie,
		Place: fault.Place{File: "prices", Line: int64(b.Row)},
		What: fmt.Sprintf("rules %s (row %d) and %s (row %d) both price %s %s of account %s",
			a.ID, a.Row, b.ID, b.Row, g.ServiceCode, g.UsageType, g.SubAccount),
		Cure: "make one of them more specific or end one, then retry the parked customer",
	}
}
