package pricing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
	"magam/domain/pricing"
)

// sp90 is a plan of 60: acme's 111 owns it and used 30, its 222 used 20, beta's 333 used 40.
func sp90() []pricing.Holding {
	return []pricing.Holding{
		covered("111", "acme", "30", "15"), covered("222", "acme", "20", "10"),
		covered("333", "beta", "40", "20"), fee("111", "acme", "60", "10"),
	}
}

func TestTheUsesOfACommitment(t *testing.T) {
	t.Parallel()
	cud := covered("333", "beta", "5", "5")
	cud.Provider, cud.CommitmentID, cud.List, cud.Billed = "gcp", "cud-1", money.Zero, dec("5")
	credit := fee("111", "acme", "-9", "0")
	credit.Category = charge.CategoryCredit
	holdings := append(sp90(), cud, credit, held("acme", "111", "EC2", "7"))
	benefits := policy(pricing.BenefitPartnerKeeps, "30")
	moved, err := benefits.Move(holdings)
	require.NoError(t, err)
	moved = append(moved, pricing.Transfer{Kind: pricing.TransferShared, Billed: dec("8")})

	uses := benefits.Uses(holdings, moved)

	require.Len(t, uses, 2, "what is in no commitment, and the provider's credit, are no use of one")
	sp, other := uses[0], uses[1]
	require.Equal(t, "111 acme partner-keeps", sp.Owner+" "+sp.Customer+" "+sp.Policy)
	require.Equal(t, []string{"111", "222", "333"}, sp.Users())
	require.Equal(t, "9", money.Text(sp.Kept), "30 % of the 30 that were saved")
	bears := map[string]string{}
	for _, one := range sp.Accounts {
		bears[one.Account] = money.Text(one.OnDemand) + " used, " + money.Text(one.Bears()) + " borne"
	}
	require.Equal(t, map[string]string{
		"111": "30 used, 63 borne", "222": "20 used, 2 borne", "333": "40 used, 4 borne",
	}, bears)
	require.Equal(t, "  as-billed", other.Owner+" "+other.Customer+" "+other.Policy)
	require.Equal(t, []string{"333"}, other.Users(), "without a list price what was billed is what was used")
}

func TestWhatUseWouldHaveCostOnDemand(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ category, list, billed, want string }{
		"its list price":                          {"Usage", "30", "0", "30"},
		"taken back by a correction":              {"Usage", "-30", "0", "-30"},
		"without a list price what it was billed": {"Usage", "0", "5", "5"},
		"the negation of it counts nothing":       {"Usage", "0", "-5", "0"},
		"nor does the fee":                        {"Purchase", "30", "60", "0"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := covered("111", "acme", tt.list, "0").Group
			g.Category, g.Billed = charge.ParseCategory([]byte(tt.category)), dec(tt.billed)
			require.Equal(t, tt.want, money.Text(pricing.OnDemand(g)))
		})
	}
}

// What is kept is taken of those who used the plan, not of who gave use back.
func TestNothingIsKeptOfUseThatIsTakenBack(t *testing.T) {
	t.Parallel()
	holdings := []pricing.Holding{
		covered("111", "acme", "100", "60"), covered("222", "acme", "-10", "0"),
		fee("111", "acme", "60", "0"),
	}
	moved, err := policy("partner-keeps", "30").Move(holdings)
	require.NoError(t, err)
	billed, _ := borne(holdings, moved)
	require.Equal(t, map[string]string{"acme 111": "69", "retained": "-9"}, billed)
}

// A plan that nobody used: all of it stays with its owner, and nothing was saved.
func TestAPlanThatNobodyUsed(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"owner-only", "pooled", "partner-keeps"} {
		moved, err := policy(name, "30").Move([]pricing.Holding{fee("111", "acme", "60", "60")})
		require.NoError(t, err)
		require.Empty(t, moved, name)
	}
	moved, err := policy("pooled", "0").Move([]pricing.Holding{
		fee("111", "acme", "60", "10"), covered("333", "beta", "40", "20"),
	})
	require.NoError(t, err)
	billed, _ := borne([]pricing.Holding{fee("111", "acme", "60", "10")}, moved)
	require.Equal(t, map[string]string{"acme 111": "20", "beta 333": "40"}, billed,
		"none of the customer's own accounts used it: as owner-only")
}

// A shared account shares what a benefit policy moved to it as well; what we keep of
// a benefit is nobody's to share.
func TestASharedAccountSharesItsBenefits(t *testing.T) {
	t.Parallel()
	holdings := []pricing.Holding{
		covered("111", "acme", "100", "60"),
		covered("222", "acme", "100", "60"),
		fee("111", "acme", "60", "0"),
	}
	moved, err := policy("pooled", "0").Move(holdings)
	require.NoError(t, err)
	kept, err := policy("partner-keeps", "50").Move(holdings)
	require.NoError(t, err)
	require.Len(t, pricing.AsHoldings(kept), len(kept)-1)

	network := among(pricing.SharedCost{ID: "net", SubAccount: "222", Key: pricing.KeyEven}, "b", "c")
	list, err := sharing(network).Share(append(holdings, pricing.AsHoldings(moved)...))

	require.NoError(t, err)
	received, taken := given(list)
	require.Equal(t, map[string]string{"b": "15", "c": "15"}, received)
	require.Equal(t, map[string]string{"acme 222": "-30"}, taken)
}

// What was taken of one place is one entry: a document takes it whole or not at all.
func TestWhatIsTakenOfOnePlaceIsOneEntry(t *testing.T) {
	t.Parallel()
	one, other := held("a", "1", "AWSSupport", "30"), held("a", "1", "AWSSupport", "12")
	other.UsageType = "another usage type"
	rule := among(pricing.SharedCost{ID: "s", SubAccount: "1", Key: pricing.KeyFixed}, "b")

	list, err := sharing(rule).Share([]pricing.Holding{one, other})

	require.NoError(t, err)
	require.Len(t, list, 2)
	for _, t2 := range list {
		if t2.Taken {
			require.Equal(t, "-42", money.Text(t2.Billed))
			require.EqualValues(t, -2, t2.Rows)
		}
	}
	require.True(t, pricing.TakenGroup(list, one.Group))
	earlier := one.Group
	earlier.ChargeMonth, earlier.CommitmentID = period.NewMonth(2026, 9), "plan"
	require.True(t, pricing.TakenGroup(list, earlier), "whatever its commitment and month of use are")
	elsewhere := one.Group
	elsewhere.SubAccount = "2"
	require.False(t, pricing.TakenGroup(list, elsewhere))
	require.False(t, pricing.TakenGroup(nil, one.Group))
}

func TestAListThatLosesADigitIsRefused(t *testing.T) {
	t.Parallel()
	lost := []pricing.Transfer{
		{Kind: pricing.TransferShared, Rule: "s", Billed: dec("1"), Effective: dec("1")},
		{Kind: pricing.TransferShared, Rule: "s", Billed: dec("-1"), Effective: dec("-1")},
	}
	require.NoError(t, pricing.CheckTransfers(lost))
	for claim, change := range map[string]func(*pricing.Transfer){
		"billed":             func(t *pricing.Transfer) { t.Billed = dec("1.000000000000000001") },
		"effective":          func(t *pricing.Transfer) { t.Effective = dec("0.9") },
		"another rule":       func(t *pricing.Transfer) { t.Rule = "r" },
		"another payer":      func(t *pricing.Transfer) { t.BillingAccount = "other" },
		"another currency":   func(t *pricing.Transfer) { t.Currency = money.KRW },
		"of another kind":    func(t *pricing.Transfer) { t.Kind = pricing.TransferBenefit },
		"another commitment": func(t *pricing.Transfer) { t.Kind, t.CommitmentID = pricing.TransferBenefit, "plan" },
	} {
		list := []pricing.Transfer{lost[0], lost[1]}
		change(&list[0])
		code, _ := fault.CodeOf(pricing.CheckTransfers(list))
		require.Equal(t, fault.Conservation, code, claim)
	}
}
