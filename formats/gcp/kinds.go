package gcp

import (
	"bytes"

	"magam/domain/charge"
)

// costTypes holds every cost type that Google documents. A type that is not
// here is quarantined with its amount: a guess would move money to the wrong side.
var costTypes = map[string]charge.Category{
	"regular":        charge.CategoryUsage,
	"tax":            charge.CategoryTax,
	"adjustment":     charge.CategoryAdjustment,
	"rounding_error": charge.CategoryAdjustment,
}

// adjustmentTypes says of every reason for an adjustment whether it corrects an
// earlier charge; the others are gifts, which pass at cost like any credit.
var adjustmentTypes = map[string]bool{
	"USAGE_CORRECTION":     true,
	"PRICE_CORRECTION":     true,
	"METADATA_CORRECTION":  true,
	"BALANCE_TRANSFER":     true,
	"ACCOUNT_CLOSURE":      true,
	"GENERAL_ADJUSTMENT":   true,
	"GOODWILL":             false,
	"SALES_BASED_GOODWILL": false,
	"SLA_VIOLATION":        false,
}

// creditKind is what a credit is to an invoice.
type creditKind uint8

const (
	kindDiscount   creditKind = iota + 1 // follows the charge it reduces
	kindCommitment                       // the same, paid for by a commitment's fee
	kindMargin                           // the reseller's own
	kindPromotion                        // passes at cost
)

// creditTypes holds every credit type that Google documents, split as Google's
// own reports split them: promotions and others, and savings.
var creditTypes = map[string]creditKind{
	"COMMITTED_USAGE_DISCOUNT":             kindCommitment,
	"COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE": kindCommitment,
	"FEE_UTILIZATION_OFFSET":               kindCommitment,
	"SUSTAINED_USAGE_DISCOUNT":             kindDiscount,
	"SPENDING_BASED_DISCOUNT":              kindDiscount,
	"DISCOUNT":                             kindDiscount,
	"SUBSCRIPTION_BENEFIT":                 kindDiscount,
	"FREE_TIER":                            kindDiscount,
	"RESELLER_MARGIN":                      kindMargin,
	"PROMOTION":                            kindPromotion,
	"CREDIT_TYPE_UNSPECIFIED":              kindPromotion,
}

// namedCredits are the types of credits from before September 2020, which have
// a name and no type.
var namedCredits = []struct{ prefix, kind string }{
	{"Committed Usage Discount", "COMMITTED_USAGE_DISCOUNT"},
	{"Sustained Usage Discount", "SUSTAINED_USAGE_DISCOUNT"},
}

// isFee tells a commitment's fee by its SKU: "Commitment v1: Cpu in Seoul for 1
// Year", "Commitment - dollar based v1: …".
func isFee(sku []byte) bool { return bytes.HasPrefix(sku, []byte("Commitment")) }

// categorize reads a row's category and class from its cost type, its SKU and
// the reason for its adjustment, if any. The column is the one that no rule knows.
func (r *Reader) categorize() (unknown int) {
	line, at := &r.line, &r.at
	line.Category, line.Class = costTypes[string(r.row.Cell(at.kind))], charge.ClassRegular
	if line.Category == 0 {
		return at.kind
	}
	r.fee = line.Category == charge.CategoryUsage && isFee(r.row.Cell(at.skuName))
	if r.fee {
		line.Category = charge.CategoryPurchase
	}
	reason := r.row.Cell(at.adjustment)
	adjusted := line.Category == charge.CategoryAdjustment && string(line.LineType) == "adjustment"
	if len(reason) == 0 {
		if adjusted {
			line.Class = charge.ClassCorrection
		}
		return -1
	}
	correction, known := adjustmentTypes[string(reason)]
	switch {
	case !known:
		return at.adjustment
	case correction:
		line.Class = charge.ClassCorrection
	case line.Category != charge.CategoryTax:
		line.Category = charge.CategoryCredit
	}
	return -1
}
