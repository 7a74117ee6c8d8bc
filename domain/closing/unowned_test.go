package closing_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/closing"
	"magam/domain/money"
)

func TestWhatNobodyOwnsIsNamed(t *testing.T) {
	t.Parallel()
	payer := closing.Payer{Provider: "aws", BillingAccount: "999900001111", Currency: money.USD}
	other := payer
	other.BillingAccount = "2"
	support := closing.Unowned{
		Payer: payer, SubAccount: "999900001111", Service: "AWS Support", Category: charge.CategoryPurchase,
		Billed: decimal.NewFromInt(4100),
	}
	unowned := []closing.Unowned{{Payer: other, Service: "elsewhere"}, support}
	require.Equal(t, "; AWS Support (Purchase) of account 999900001111: USD 4,100.00",
		closing.UnownedOf(payer, unowned))
	for i := range 6 {
		one := support
		one.Service = fmt.Sprint("S", i)
		unowned = append(unowned, one)
	}
	require.Contains(t, closing.UnownedOf(payer, unowned), "; and 2 more")
}
