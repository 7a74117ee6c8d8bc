package pricing_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
	"magam/domain/pricing"
)

// The legacy AWS support plans, as the plans sheet holds them.
var awsPlans = []pricing.PlanRow{
	slice("business", "0", "10000", "10", "100"), slice("business", "10000", "80000", "7", "100"),
	slice("business", "80000", "250000", "5", "100"), slice("business", "250000", "0", "3", "100"),
	slice("enterprise", "500000", "1000000", "5", "15000"), slice("enterprise", "0", "150000", "10", "15000"),
	slice("enterprise", "1000000", "0", "3", "15000"), slice("enterprise", "150000", "500000", "7", "15000"),
	slice("holed", "0", "10", "1", "0"), slice("holed", "11", "0", "1", "0"),
}

func slice(plan, from, to, rate, minimum string) pricing.PlanRow {
	return pricing.PlanRow{
		Plan: plan, From: dec(from), To: dec(to), Rate: dec(rate), Minimum: dec(minimum), Currency: money.USD,
		Valid: period.Span{To: october},
	}
}

func TestPlanFee(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ plan, base, want string }{
		"G-1: legacy Business on 85,000":        {"business", "85000", "6150"},
		"G-2: legacy Enterprise on 2,000,000":   {"enterprise", "2000000", "94500"},
		"the minimum where little was used":     {"business", "999.99", "100"},
		"the minimum where nothing was used":    {"business", "0", "100"},
		"the minimum where more was given back": {"business", "-50", "100"},
		"the end of a slice belongs to it":      {"business", "10000", "1000"},
		"every digit of the next slice":         {"business", "10000.01", "1000.0007"},
		"far out":                               {"business", "350000", "17400"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan, err := pricing.PlanOf(awsPlans, tt.plan, october)
			require.NoError(t, err)
			require.Equal(t, tt.want, money.Text(plan.Fee(dec(tt.base))))
		})
	}
}

func TestPlansThatCannotBeCarriedOutPark(t *testing.T) {
	t.Parallel()
	for claim, month := range map[string]period.Month{"holed": october, "business": october.Add(1), "none": october} {
		_, err := pricing.PlanOf(awsPlans, claim, month)
		code, _ := fault.CodeOf(err)
		require.Equal(t, fault.Contract, code, claim)
	}
}

func TestR9WhatASupportFeeIsTakenOf(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change             func(*charge.Group)
		support, managment bool
	}{
		"usage":                           {func(*charge.Group) {}, true, true},
		"a purchase":                      {category(charge.CategoryPurchase), true, true},
		"the provider's discount follows": {discountLine, true, true},
		"a provider's credit":             {category(charge.CategoryCredit), false, false},
		"a provider's tax":                {category(charge.CategoryTax), false, false},
		"the Marketplace": {
			func(g *charge.Group) { g.BillingEntity = "AWS Marketplace" },
			false,
			true,
		},
		"the provider's own support": {
			func(g *charge.Group) { g.ServiceCode = "AWSSupportBusiness" },
			false,
			true,
		},
		"a service excluded by its code": {
			func(g *charge.Group) { g.ServiceCode = "AmazonConnect" },
			false,
			false,
		},
		"a service excluded by its name": {
			func(g *charge.Group) { g.ServiceName = "Amazon Connect" },
			false,
			false,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := usage()
			tt.change(&g)
			excluded := []string{"AmazonConnect", "Amazon Connect"}
			require.Equal(t, tt.support,
				pricing.Fee{Kind: pricing.FeeSupport, ExcludeServices: excluded}.Counts(g))
			require.Equal(t, tt.managment,
				pricing.Fee{Kind: pricing.FeeManagement, ExcludeServices: excluded}.Counts(g))
		})
	}
}

func TestFeeOf(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fee        pricing.Fee
		base, want string
	}{
		"a rate":                       {pricing.Fee{Rate: dec("3")}, "1000", "30"},
		"a flat sum":                   {pricing.Fee{Flat: dec("500")}, "0", "500"},
		"both":                         {pricing.Fee{Flat: dec("500"), Rate: dec("3")}, "1000", "530"},
		"at least the minimum":         {pricing.Fee{Rate: dec("3"), Minimum: dec("50")}, "1000", "50"},
		"no rate of less than nothing": {pricing.Fee{Rate: dec("3")}, "-1000", "0"},
		"the minimum all the same":     {pricing.Fee{Rate: dec("3"), Minimum: dec("50")}, "-1000", "50"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, money.Text(tt.fee.Of(dec(tt.base), nil)))
		})
	}
}

func TestSavings(t *testing.T) {
	t.Parallel()
	covered := func(plan, list, effective string) charge.Group {
		g := usage()
		g.CommitmentID, g.List, g.Effective, g.Quantity = plan, dec(list), dec(effective), dec("1")
		return g
	}
	fee := category(charge.CategoryPurchase)
	idle := covered("b", "0", "30")
	fee(&idle)
	wasted := covered("b", "25", "0") // has a list price, and nobody used it
	wasted.LineType = "Unused"
	plain := usage()
	plain.List, plain.Effective = dec("500"), dec("400")

	savings := pricing.Fee{Kind: pricing.FeeSavings}.Savings([]charge.Group{
		idle, wasted, covered("b", "50", "40"), plain, covered("a", "100", "60"), covered("a", "10", "6"),
	})

	require.Equal(t, []pricing.Saving{
		{CommitmentID: "a", Baseline: dec("110"), Cost: dec("66")},
		{CommitmentID: "b", Baseline: dec("50"), Cost: dec("70")},
	}, savings)
	tests := map[string]struct{ rate, carried, amount, carry string }{
		"a share of what was saved":       {"20", "0", "4.8", "0"},
		"less what an earlier month lost": {"20", "-14", "2", "0"},
		"nothing where nothing is left":   {"20", "-24", "0", "0"},
		"what is below nought goes on":    {"20", "-30", "0", "-6"},
		"a share of all":                  {"100", "0", "24", "0"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			amount, carry := pricing.Fee{Rate: dec(tt.rate)}.Share(savings, dec(tt.carried))
			require.Equal(t, tt.amount, money.Text(amount))
			require.Equal(t, tt.carry, money.Text(carry))
		})
	}
}

// Over a year the fee is the share of what the year saved, never more than of
// the good months and never less than of the sum.
func TestSavingsAreNeverChargedTwice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		fee := pricing.Fee{Rate: dec("25")}
		carried, charged, saved := money.Zero, money.Zero, money.Zero
		for range rapid.IntRange(1, 24).Draw(t, "months") {
			month := decimal.New(rapid.Int64Range(-100_000, 100_000).Draw(t, "saved"), -2)
			saved = saved.Add(month)
			var amount decimal.Decimal
			amount, carried = fee.Share([]pricing.Saving{{Baseline: month}}, carried)
			require.False(t, amount.IsNegative())
			charged = charged.Add(amount)
		}
		require.True(t, charged.Equal(money.Percent(saved.Sub(carried), fee.Rate)), "%s of %s", charged,
			saved)
		require.False(t, carried.IsPositive())
	})
}

// G-1 with a flat sum on top, and a minimum of the fee's own above the plan's.
func TestAFeeOfAPlan(t *testing.T) {
	t.Parallel()
	plan, err := pricing.PlanOf(awsPlans, "business", october)
	require.NoError(t, err)
	fee := pricing.Fee{Plan: "business", Rate: dec("50"), Flat: dec("10"), Minimum: dec("500")}
	require.Equal(t, "6160", money.Text(fee.Of(dec("85000"), &plan)), "the plan in place of the rate")
	require.Equal(t, "500", money.Text(fee.Of(dec("100"), &plan)))
	rate := pricing.Fee{Rate: dec("5"), Flat: dec("10")}
	require.Equal(t, "10", money.Text(rate.Of(dec("-100"), nil)), "nothing is taken off the flat sum")
}
