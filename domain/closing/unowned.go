package closing

import (
	"fmt"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/money"
)

// Unowned is cost of one kind that nobody owns and nothing shares: support of
// the payer account, Marketplace without an account, tax on the payer's bill. A
// close waits until somebody owns it, shares it, or accepts it with a reason.
type Unowned struct {
	Payer
	SubAccount, Service string
	Category            charge.Category
	Billed              decimal.Decimal
}

// String prints "AWS Support (Purchase) of account 111122223333: USD 4,100.00".
func (u Unowned) String() string {
	return fmt.Sprintf("%s (%s) of account %s: %s %s", u.Service, u.Category, u.SubAccount, u.Currency,
		money.Grouped(u.Billed, u.Currency.Places()))
}

// unownedNamed bounds how many kinds of unowned cost one line names.
const unownedNamed = 5

// UnownedOf names what nobody owns of one payer's bill, the largest first, for
// the end of a sentence.
func UnownedOf(payer Payer, unowned []Unowned) string {
	text, named, more := "", 0, 0
	for _, one := range unowned {
		switch {
		case one.Payer != payer:
		case named == unownedNamed:
			more++
		default:
			named++
			text += "; " + one.String()
		}
	}
	if more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text
}
