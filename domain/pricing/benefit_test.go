package pricing_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/charge"
	"magam/domain/money"
	"magam/domain/party"
	"magam/domain/pricing"
)

const plan = "arn:aws:savingsplans::111:savingsplan/1"

// covered is use that a commitment covers: it bills nothing and has a list price.
func covered(account, customer, list, effective string) pricing.Holding {
	return pricing.Holding{Customer: customer, Group: charge.Group{
		Provider:       "aws",
		BillingAccount: "payer",
		SubAccount:     account,
		Currency:       money.USD,
		ServiceCode:    "EC2",
		ServiceName:    "Amazon EC2",
		Category:       charge.CategoryUsage,
		CommitmentID:   plan,
		List:           dec(list),
		Effective:      dec(effective),
	}}
}

// fee is what the commitment costs.
func fee(account, customer, billed, unused string) pricing.Holding {
	h := covered(account, customer, "0", unused)
	h.Category, h.Billed, h.ServiceCode = charge.CategoryPurchase, dec(billed), "SavingsPlans"
	return h
}

func policy(name, share string) pricing.Benefits {
	return pricing.Benefits{
		Holders: map[pricing.Account]string{
			{Provider: "aws", SubAccount: "111"}: "acme", {Provider: "aws", SubAccount: "222"}: "acme",
			{Provider: "aws", SubAccount: "333"}: "beta",
		},
		Contract: func(customer string) (party.Contract, bool) {
			if customer == "acme" {
				return party.Contract{BenefitPolicy: name, BenefitShare: dec(share)}, true
			}
			return party.Contract{}, customer == "beta"
		},
	}
}

// borne is what each side bears in the end, as billed and effective.
func borne(holdings []pricing.Holding, moved []pricing.Transfer) (map[string]string, map[string]string) {
	billed, effective := map[string]decimal.Decimal{}, map[string]decimal.Decimal{}
	for _, h := range holdings {
		key := h.Customer + " " + h.SubAccount
		billed[key], effective[key] = billed[key].Add(h.Billed), effective[key].Add(h.Effective)
	}
	for _, t := range moved {
		key := t.Customer + " " + t.SubAccount
		if t.Side == pricing.SideRetained {
			key = "retained"
		}
		billed[key], effective[key] = billed[key].Add(t.Billed), effective[key].Add(t.Effective)
	}
	return texts(billed), texts(effective)
}

func texts(amounts map[string]decimal.Decimal) map[string]string {
	written := map[string]string{}
	for key, amount := range amounts {
		if !amount.IsZero() {
			written[key] = money.Text(amount)
		}
	}
	return written
}

// On-demand 100, cost 60: acme's account 111 owns the plan and used 30, its
// account 222 used 20, beta's 333 used 40, and nobody's 999 used 10.
func TestWhoBearsACommitment(t *testing.T) {
	t.Parallel()
	holdings := []pricing.Holding{
		covered("111", "acme", "30", "15"),
		covered("222", "acme", "20", "10"),
		covered("333", "beta", "40", "20"),
		covered("999", "", "10", "5"),
		fee("111", "acme", "60", "10"),
	}
	tests := map[string]struct {
		name, share       string
		billed, effective map[string]string
	}{
		"as billed, nothing moves": {
			"as-billed", "0",
			map[string]string{"acme 111": "60"},
			map[string]string{"acme 111": "25", "acme 222": "10", "beta 333": "20", " 999": "5"},
		},
		"owner only: every other account pays on demand, the owner what is left": {
			"owner-only", "0",
			map[string]string{"acme 111": "-10", "acme 222": "20", "beta 333": "40", " 999": "10"},
			map[string]string{"acme 111": "-10", "acme 222": "20", "beta 333": "40", " 999": "10"},
		},
		"pooled: the customer's accounts share what others leave, by their use": {
			"pooled", "0",
			map[string]string{"acme 111": "6", "acme 222": "4", "beta 333": "40", " 999": "10"},
			map[string]string{"acme 111": "6", "acme 222": "4", "beta 333": "40", " 999": "10"},
		},
		"the partner keeps 30 % of the 40 that were saved": {
			"partner-keeps",
			"30",
			map[string]string{
				"acme 111": "63.6",
				"acme 222": "2.4",
				"beta 333": "4.8",
				" 999":     "1.2",
				"retained": "-12",
			},
			map[string]string{
				"acme 111": "28.6",
				"acme 222": "12.4",
				"beta 333": "24.8",
				" 999":     "6.2",
				"retained": "-12",
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			moved, err := policy(tt.name, tt.share).Move(holdings)
			require.NoError(t, err)
			billed, effective := borne(holdings, moved)
			require.Equal(t, tt.billed, billed)
			require.Equal(t, tt.effective, effective)
		})
	}
}

// DOMAIN part 3: on-demand 100, cost 60, the partner keeps 30 % of the benefit:
// customer 72, retained −12.
func TestThePartnerKeepsItsPart(t *testing.T) {
	t.Parallel()
	holdings := []pricing.Holding{covered("111", "acme", "100", "60"), fee("111", "acme", "60", "0")}
	moved, err := policy("partner-keeps", "30").Move(holdings)
	require.NoError(t, err)
	billed, _ := borne(holdings, moved)
	require.Equal(t, map[string]string{"acme 111": "72", "retained": "-12"}, billed)

	lossy := []pricing.Holding{covered("111", "acme", "50", "60"), fee("111", "acme", "60", "0")}
	moved, err = policy("partner-keeps", "30").Move(lossy)
	require.NoError(t, err)
	require.Empty(t, moved, "what saved nothing leaves nothing to keep")
}

func TestWhoOwnsACommitment(t *testing.T) {
	t.Parallel()
	of := pricing.Commitment{Provider: "aws", ID: plan}
	opaque := pricing.Commitment{Provider: "gcp", ID: "cud-1"}
	named := policy("owner-only", "0")
	named.Owners = map[pricing.Commitment]string{of: "333"}
	require.Equal(t, "333", named.Owner(of, []pricing.Holding{fee("222", "acme", "1", "0")}), "by the sheet")
	plain := policy("owner-only", "0")
	require.Equal(t, "222", plain.Owner(of, []pricing.Holding{
		fee("111", "acme", "1", "0"), fee("222", "acme", "2", "0"),
	}), "else where most of its fee was bought")
	require.Equal(t, "111", plain.Owner(of, []pricing.Holding{
		fee("222", "acme", "2", "0"), fee("111", "acme", "2", "0"), fee("333", "beta", "2", "0"),
	}), "of those where as much was bought the first by name")
	require.Equal(t, "111", plain.Owner(of, []pricing.Holding{covered("333", "beta", "1", "0")}),
		"else by its ARN")
	require.Empty(t, plain.Owner(opaque, nil), "else nobody")
}

func TestADocumentDoesNotNameTheOwnersAccount(t *testing.T) {
	t.Parallel()
	require.Equal(t, "savingsplan/1", pricing.CommitmentName(plan))
	require.Equal(t, "cud-1", pricing.CommitmentName("cud-1"))
	require.Equal(t, "arn:aws:odd", pricing.CommitmentName("arn:aws:odd"))
}

// A plan bought on the payer's account, which nobody owns, for acme: the sheet
// says whose it is, so that its fee goes where its benefit goes.
func TestAFeeFollowsItsOwner(t *testing.T) {
	t.Parallel()
	holdings := []pricing.Holding{covered("111", "acme", "100", "60"), fee("payer", "", "60", "0")}
	benefits := policy("owner-only", "0")
	benefits.Owners = map[pricing.Commitment]string{{Provider: "aws", ID: plan}: "111"}
	moved, err := benefits.Move(holdings)
	require.NoError(t, err)
	billed, _ := borne(holdings, moved)
	require.Equal(t, map[string]string{"acme 111": "60"}, billed)

	unowned := policy("owner-only", "0")
	moved, err = unowned.Move(holdings)
	require.NoError(t, err)
	require.Empty(t, moved, "the payer's account has no contract: as billed")
}

func anyHolding() *rapid.Generator[pricing.Holding] {
	return rapid.Custom(func(t *rapid.T) pricing.Holding {
		account := rapid.SampledFrom([]string{"111", "222", "333", "999"}).Draw(t, "account")
		h := covered(account, map[string]string{"111": "acme", "222": "acme", "333": "beta"}[account], "0",
			"0")
		h.BillingAccount = rapid.SampledFrom([]string{"payer", "other payer"}).Draw(t, "payer")
		h.Currency = rapid.SampledFrom([]money.Currency{money.USD, money.KRW}).Draw(t, "currency")
		h.CommitmentID = fmt.Sprint(plan, rapid.IntRange(0, 1).Draw(t, "commitment"))
		h.ServiceCode = rapid.SampledFrom([]string{"EC2", "Lambda"}).Draw(t, "service")
		h.Category = rapid.SampledFrom([]charge.Category{1, 1, 2, 3, 4, 5}).Draw(t, "category")
		h.Class = charge.Class(rapid.IntRange(0, 3).Draw(t, "class"))
		scale := rapid.Int32Range(0, 12).Draw(t, "scale")
		h.Billed = decimal.New(rapid.Int64Range(-1e6, 1e8).Draw(t, "billed"), -scale)
		h.List = decimal.New(rapid.Int64Range(-1e4, 1e8).Draw(t, "list"), -scale)
		h.Effective = decimal.New(rapid.Int64Range(0, 1e8).Draw(t, "effective"), -scale)
		return h
	})
}

func anyBenefits() *rapid.Generator[pricing.Benefits] {
	return rapid.Custom(func(t *rapid.T) pricing.Benefits {
		name := rapid.SampledFrom([]string{"as-billed", "owner-only", "pooled", "partner-keeps"}).
			Draw(t, "policy")
		return policy(name, fmt.Sprint(rapid.IntRange(0, 100).Draw(t, "share")))
	})
}

// Whatever the policy, what moves sums to nothing per payer, currency and
// commitment, to the last digit, and no order of the charges leaves a trace.
func TestEveryPolicyConserves(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		holdings := rapid.SliceOfN(anyHolding(), 0, 12).Draw(t, "holdings")
		benefits := anyBenefits().Draw(t, "benefits")

		moved, err := benefits.Move(holdings)

		require.NoError(t, err)
		sums := map[string]decimal.Decimal{}
		for _, one := range moved {
			key := one.Provider + one.BillingAccount + string(one.Currency) + one.CommitmentID
			sums[key] = sums[key].Add(one.Billed)
			sums["effective "+key] = sums["effective "+key].Add(one.Effective)
		}
		for key, sum := range sums {
			require.True(t, sum.IsZero(), "%s sums to %s", key, sum)
		}
		again, err := benefits.Move(rapid.Permutation(holdings).Draw(t, "other order"))
		require.NoError(t, err)
		require.Len(t, again, len(moved))
		for i := range moved {
			require.True(t, moved[i].Equal(again[i]), "%+v is not %+v", moved[i], again[i])
		}
	})
}
