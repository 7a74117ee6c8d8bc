package awscur

import "magam/domain/charge"

// lineType is what one of AWS's line item types means (docs/spec/20-format-aws-cur.md).
type lineType struct {
	category  charge.Category
	class     charge.Class
	effective effectiveRule
}

// neverNegative says whether a type has no negative amounts: commitments' fees.
// What AWS pays back of them is a Refund or a Credit.
func (t lineType) neverNegative() bool {
	return t.category == charge.CategoryPurchase &&
		(t.effective == effectiveNothing || t.effective == effectiveUnusedPlan || t.effective == effectiveUnusedReserved)
}

// effectiveRule says where a row's amortized cost comes from.
type effectiveRule uint8

const (
	effectiveUnblended      effectiveRule = iota
	effectiveNothing                      // paid for by the rows it covers
	effectiveSavingsPlan                  // savingsPlan/SavingsPlanEffectiveCost
	effectiveUnusedPlan                   // TotalCommitmentToDate − UsedCommitment
	effectiveReservation                  // reservation/EffectiveCost
	effectiveUnusedReserved               // UnusedAmortizedUpfrontFeeForBillingPeriod + UnusedRecurringFee
	effectiveFee                          // nothing where the fee buys a reservation
)

// lineTypes holds every type that AWS documents. A type that is not here is
// quarantined with its amount: a guess would move money to the wrong side.
var lineTypes = map[string]lineType{
	"Usage":                   {charge.CategoryUsage, charge.ClassRegular, effectiveUnblended},
	"DiscountedUsage":         {charge.CategoryUsage, charge.ClassRegular, effectiveReservation},
	"SavingsPlanCoveredUsage": {charge.CategoryUsage, charge.ClassRegular, effectiveSavingsPlan},
	"SavingsPlanNegation":     {charge.CategoryUsage, charge.ClassRegular, effectiveNothing},
	"RIFee":                   {charge.CategoryPurchase, charge.ClassRegular, effectiveUnusedReserved},
	"Fee":                     {charge.CategoryPurchase, charge.ClassRegular, effectiveFee},
	"SavingsPlanUpfrontFee":   {charge.CategoryPurchase, charge.ClassRegular, effectiveNothing},
	"SavingsPlanRecurringFee": {charge.CategoryPurchase, charge.ClassRegular, effectiveUnusedPlan},
	"FlatRateSubscription":    {charge.CategoryPurchase, charge.ClassRegular, effectiveUnblended},
	"Tax":                     {charge.CategoryTax, charge.ClassRegular, effectiveUnblended},
	"Credit":                  {charge.CategoryCredit, charge.ClassRegular, effectiveUnblended},
	"Refund":                  {charge.CategoryAdjustment, charge.ClassCorrection, effectiveUnblended},
	"EdpDiscount":             {charge.CategoryUsage, charge.ClassDiscount, effectiveUnblended},
	"PrivateRateDiscount":     {charge.CategoryUsage, charge.ClassDiscount, effectiveUnblended},
	"BundledDiscount":         {charge.CategoryUsage, charge.ClassDiscount, effectiveUnblended},
	"RiVolumeDiscount":        {charge.CategoryUsage, charge.ClassDiscount, effectiveUnblended},
	"Discount":                {charge.CategoryUsage, charge.ClassDiscount, effectiveUnblended},
	"SppDiscount":             {charge.CategoryUsage, charge.ClassPartnerDiscount, effectiveUnblended},
}
