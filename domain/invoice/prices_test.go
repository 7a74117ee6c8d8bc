package invoice_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/invoice"
	"magam/domain/pricing"
)

// terabytes is an account's storage; what the provider billed for it does not
// matter once a price per unit holds.
func terabytes(account, quantity string) charge.Group {
	g := use(account, "S3", "3.21")
	g.Quantity, g.Unit = dec(quantity), "GB"
	return g
}

func tiers(pool string) []pricing.Rule {
	row := func(from, to, price string) pricing.Rule {
		return pricing.Rule{
			ID: "s3", Customer: "*", Service: "S3", Kind: pricing.KindTier, TierKind: pricing.TierGraduated,
			Pool: pool, TierFrom: dec(from), TierTo: dec(to), Value: dec(price),
		}
	}
	return []pricing.Rule{row("0", "1000", "0.10"), row("1000", "50000", "0.08"), row("50000", "0", "0.06")}
}

func TestPricesOnADocument(t *testing.T) {
	t.Parallel()
	bound := func(kind pricing.Kind, value, pool string) pricing.Rule {
		return pricing.Rule{ID: string(kind), Customer: "*", Kind: kind, Value: dec(value), Pool: pool}
	}
	tests := map[string]struct {
		groups []charge.Group
		rules  []pricing.Rule
		supply string
	}{
		"G-6: 95 TB pooled over three accounts": {
			[]charge.Group{terabytes("1", "30000"), terabytes("2", "35000"), terabytes("3", "30000")},
			tiers(pricing.PoolCustomer), "6720",
		},
		"G-6: each account alone": {
			[]charge.Group{terabytes("1", "30000"), terabytes("2", "35000"), terabytes("3", "30000")},
			tiers(pricing.PoolAccount), "7660",
		},
		"R-15: a fixed price per unit where a plan covers the use": {
			[]charge.Group{
				planned(use("1", "EC2", "12"), "10"),
				planned(use("1", "EC2", "-12"), "10"),
				use("1", "S3", "7"),
			},
			[]pricing.Rule{{
				ID: "u", Customer: "*", Service: "EC2", UsageType: "EC2-use", Kind: pricing.KindUnitPrice,
				Value: dec("1.5"),
			}},
			"22",
		},
		"a minimum over a customer's accounts": {
			[]charge.Group{use("1", "EC2", "30"), use("2", "EC2", "10")},
			[]pricing.Rule{bound(pricing.KindMinimum, "100", "")},
			"100",
		},
		"a minimum for each account": {
			[]charge.Group{use("1", "EC2", "30"), use("2", "EC2", "110")},
			[]pricing.Rule{bound(pricing.KindMinimum, "100", pricing.PoolAccount)},
			"210",
		},
		"a cap comes after the price": {
			[]charge.Group{use("1", "EC2", "60"), use("2", "EC2", "50")},
			[]pricing.Rule{
				{
					ID:       "m",
					Customer: "*",
					Kind:     pricing.KindMarkup,
					Value:    dec("10"),
				},
				bound(pricing.KindCap, "115", ""),
			},
			"115",
		},
		"the provider's credit stays outside a minimum (R-4)": {
			[]charge.Group{use("1", "EC2", "30"), of(use("1", "EC2", "-20"), charge.CategoryCredit, 0)},
			[]pricing.Rule{bound(pricing.KindMinimum, "100", "")},
			"80",
		},
		"a minimum of what nobody used is not owed": {
			[]charge.Group{use("1", "EC2", "30")},
			[]pricing.Rule{
				{ID: "m", Customer: "*", Service: "S3", Kind: pricing.KindMinimum, Value: dec("50")},
			},
			"30",
		},
		"a correction of September is not bounded again": {
			[]charge.Group{use("1", "EC2", "90"), september(use("1", "EC2", "50"))},
			[]pricing.Rule{bound(pricing.KindCap, "100", "")},
			"140",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := won(inWon(tt.groups...)...)
			in.Rules = tt.rules

			s := assemble(t, in)

			require.Equal(t, tt.supply, s.Supply.String())
			require.NoError(t, invoice.Verify(s))
		})
	}
}

// What somebody approved before the discount stays when a price per unit takes
// the basis's place.
func TestAPricePerUnitKeepsTheAdjustmentBeforeIt(t *testing.T) {
	t.Parallel()
	in := won(inWon(use("1", "EC2", "100"))...)
	in.Adjustments = []credit.Adjustment{adjustment("a", "flat", "-5", credit.StageBeforeDiscount)}
	in.Rules = []pricing.Rule{{
		ID: "u", Customer: "*", UsageType: "EC2-use", Kind: pricing.KindUnitPrice, Value: dec("3"),
	}}

	s := assemble(t, in)

	require.Equal(t, "billed 100 → adjustment-before -5 (a) → price -70 (u) = 25", chainOf(s.Lines[0]))
}

func planned(g charge.Group, quantity string) charge.Group {
	g.CommitmentID, g.Quantity = "plan", dec(quantity)
	return g
}

func september(g charge.Group) charge.Group {
	g.ChargeMonth = october.Add(-1)
	return g
}
