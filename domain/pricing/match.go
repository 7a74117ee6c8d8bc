package pricing

import (
	"magam/domain/charge"
	"magam/domain/period"
)

// Matches says whether a rule's every filled column agrees with a group, the
// rule is in force in the group's month of use, and the group is of a kind
// that price rules touch. Whose rule it is decides Select.
//
// The month of use governs, not the month of the bill: a refund of September's
// cost in October's export is priced by September's rule (ruling R-10).
func (r Rule) Matches(g charge.Group, billed period.Month) bool {
	return r.matches(g, billed, &heldTags{text: g.Tags})
}

func (r *Rule) matches(g charge.Group, billed period.Month, tags *heldTags) bool {
	return r.Valid.Covers(monthOfUse(g, billed)) &&
		r.touches(g) &&
		agrees(r.Provider, g.Provider) &&
		agrees(r.BillingEntity, g.BillingEntity) &&
		agrees(r.InvoicingEntity, g.InvoiceIssuer) &&
		(agrees(r.Service, g.ServiceCode) || agrees(r.Service, g.ServiceName)) &&
		agrees(r.UsageType, g.UsageType) &&
		agrees(r.SKU, g.SkuID) &&
		agrees(r.Region, g.Region) &&
		agrees(r.SubAccount, g.SubAccount) &&
		r.agreesTag(tags)
}

// touches says whether the rule's category lets it price the group. Without
// one it prices usage and purchases, corrections of them, and the provider's
// discount lines, which follow the charges they reduce (ruling R-2). A
// discount or a correction that does not say what it belongs to counts as usage.
func (r *Rule) touches(g charge.Group) bool {
	consumed := g.Category == charge.CategoryUsage || g.Category == charge.CategoryPurchase
	discount := g.Class == charge.ClassDiscount || g.Class == charge.ClassPartnerDiscount
	corrected := g.Class == charge.ClassCorrection && g.Category == charge.CategoryAdjustment
	follows := !consumed && !AtCost(g) && (discount || corrected)
	switch r.Category {
	case "":
		return consumed || follows
	case charge.CategoryUsage.String():
		return follows || g.Category == charge.CategoryUsage
	default:
		return r.Category == g.Category.String()
	}
}

// agreesTag compares the rule's tag with the group's, which is canonical JSON.
// A key without a value asks only that the key be there.
func (r *Rule) agreesTag(tags *heldTags) bool {
	if r.TagKey == "" {
		return true
	}
	value, present := tags.of(r.TagKey)
	return present && agrees(r.TagValue, value)
}

// agrees lets an empty column match anything.
func agrees(column, value string) bool { return column == "" || column == value }

func monthOfUse(g charge.Group, billed period.Month) period.Month {
	if g.ChargeMonth.IsZero() {
		return billed
	}
	return g.ChargeMonth
}
