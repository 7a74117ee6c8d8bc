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
