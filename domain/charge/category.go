package charge

// Category is the FOCUS ChargeCategory. The zero value is not valid.
type Category uint8

// The categories of FOCUS 1.0 to 1.3.
const (
	CategoryUsage Category = iota + 1
	CategoryPurchase
	CategoryTax
	CategoryCredit
	CategoryAdjustment
)

var categoryNames = [...]string{"", "Usage", "Purchase", "Tax", "Credit", "Adjustment"}

// String is the FOCUS spelling.
func (c Category) String() string {
	if int(c) >= len(categoryNames) {
		return ""
	}
	return categoryNames[c]
}

// ParseCategory reads the FOCUS spelling; unknown text gives the invalid zero
// and the row is quarantined with its amount.
func ParseCategory(text []byte) Category {
	switch string(text) {
	case "Usage":
		return CategoryUsage
	case "Purchase":
		return CategoryPurchase
	case "Tax":
		return CategoryTax
	case "Credit":
		return CategoryCredit
	case "Adjustment":
		return CategoryAdjustment
	default:
		return 0
	}
}

// Class is the FOCUS ChargeClass, with what our price rules must tell apart.
// The zero value is an ordinary charge.
type Class uint8

// The classes. Discount and PartnerDiscount follow rulings; they
// are derived from the provider's line types.
const (
	ClassRegular         Class = iota
	ClassCorrection            // FOCUS Correction: a change to an earlier, invoiced period
	ClassDiscount              // a provider's discount line, which follows the charge it reduces
	ClassPartnerDiscount       // SppDiscount: the reseller's own margin
)

var classNames = [...]string{"", "Correction", "Discount", "PartnerDiscount"}

// String is the FOCUS spelling where FOCUS has one.
func (c Class) String() string {
	if int(c) >= len(classNames) {
		return ""
	}
	return classNames[c]
}
