package margin_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/margin"
	"magam/domain/money"
)

// Input tax and a partner's discount are told apart, whatever their sum is.
func TestWhatIsRetainedSaysWhy(t *testing.T) {
	t.Parallel()
	kept := func(kind, amount string) []margin.Retained {
		return []margin.Retained{{
			Kind: kind, Customer: "acme", Provider: "aws", BillingAccount: "payer", Currency: money.USD,
			Amount: dec(amount),
		}}
	}
	discount, benefit := kept(margin.RetainedDiscount, "-10"), kept(margin.RetainedBenefit, "-12")
	taxed := group("1", "EC2", charge.CategoryTax, money.USD, "10")
	spp := usage("1", "EC2", "-10")
	spp.Class = charge.ClassPartnerDiscount

	tests := map[string]struct {
		groups []charge.Group
		around margin.Around
		want   string
	}{
		"both and a benefit": {
			[]charge.Group{taxed, spp},
			margin.Around{Discounts: discount, Kept: benefit},
			"benefit -12, input-tax 10, partner-discount -10",
		},
		"a tax alone":      {[]charge.Group{taxed}, margin.Around{}, "input-tax 10"},
		"a discount alone": {[]charge.Group{spp}, margin.Around{Discounts: discount}, "partner-discount -10"},
	}
	for claim, test := range tests {
		t.Run(claim, func(t *testing.T) {
			t.Parallel()

			got := report(t, test.around,
				document(t, "acme", nil, append(test.groups, usage("1", "EC2", "100"))...))

			var kinds []string
			for _, one := range got.Retained {
				kinds = append(kinds, one.Kind+" "+money.Text(one.Amount))
			}
			require.Equal(t, test.want, strings.Join(kinds, ", "))
		})
	}
}
