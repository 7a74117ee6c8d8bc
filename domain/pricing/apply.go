package pricing

import (
	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/money"
)

// Percentage is what a discount or a markup adds to an amount, at full
// precision: a discount of 5 takes 5 % off, a markup of 5 puts 5 % on. A negative
// amount, such as a refund or a provider's discount, is scaled alike, so that a
// charge and its reversal still cancel.
func (r Rule) Percentage(amount decimal.Decimal) decimal.Decimal {
	part := money.Percent(amount, r.Value)
	if r.Kind == KindDiscount {
		return part.Neg()
	}
	return part
}

// UnitAmount is what a group costs at a fixed price per unit, in the group's
// currency. What consumes nothing costs nothing: a commitment's negation and
// the provider's discount lines are in the price already (ruling R-15).
func (r Rule) UnitAmount(g charge.Group) decimal.Decimal {
	if !Consumes(g) {
		return money.Zero
	}
	return g.Quantity.Mul(r.Value)
}

// Consumes says whether a group's quantity is something used or bought. The
// provider's discounts, credits and taxes repeat the quantity of the charges
// they follow, and the negation of use that a commitment covers counts it a
// second time.
func Consumes(g charge.Group) bool {
	negation := g.CommitmentID != "" && g.Billed.IsNegative() && g.Class == charge.ClassRegular
	bought := g.Category == charge.CategoryUsage || g.Category == charge.CategoryPurchase
	return bought && !negation && (g.Class == charge.ClassRegular || g.Class == charge.ClassCorrection)
}
