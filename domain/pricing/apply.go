package pricing

import (
	"strings"

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
// they follow, the negation of use that a commitment covers counts it a second
// time, and what of a commitment went unused was used by nobody.
func Consumes(g charge.Group) bool {
	negation := g.CommitmentID != "" && g.Billed.IsNegative() && g.Class == charge.ClassRegular
	bought := g.Category == charge.CategoryUsage || g.Category == charge.CategoryPurchase
	return bought && !negation && !unused(g) &&
		(g.Class == charge.ClassRegular || g.Class == charge.ClassCorrection)
}

// used says whether a group is use, by which a commitment is measured: what it
// covered, and nothing of what it cost or left over.
func used(g charge.Group) bool { return g.Category == charge.CategoryUsage && Consumes(g) }

// unused says whether a group is what of a commitment nobody used: FOCUS's
// status Unused, Azure's UnusedReservation and UnusedSavingsPlan.
func unused(g charge.Group) bool { return strings.HasPrefix(g.LineType, "Unused") }
