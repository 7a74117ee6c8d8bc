package pricing_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/money"
	"magam/domain/pricing"
)

func anySum(t *rapid.T, label string) decimal.Decimal {
	return decimal.New(rapid.Int64Range(0, 1e10).Draw(t, label),
		-rapid.Int32Range(0, 8).Draw(t, label+" scale"))
}

// TestMoreIsNeverLess: a larger discount never costs more, a larger markup never
// less; more use, a larger base of a fee and a larger saving never cost less.
func TestMoreIsNeverLess(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		amount, value, more := anySum(t, "amount"), anySum(t, "value"), anySum(t, "more")
		grows := func(claim string, of func(decimal.Decimal) decimal.Decimal) {
			require.False(t, of(value.Add(more)).LessThan(of(value)), claim)
		}
		grows("markup", func(v decimal.Decimal) decimal.Decimal {
			return pricing.Rule{Kind: pricing.KindMarkup, Value: v}.Percentage(amount)
		})
		grows("discount", func(v decimal.Decimal) decimal.Decimal {
			return pricing.Rule{Kind: pricing.KindDiscount, Value: v}.Percentage(amount).Neg()
		})
		fee := pricing.Fee{Rate: dec("3.3"), Flat: dec("10"), Minimum: dec("250")}
		grows("a fee of a rate", func(v decimal.Decimal) decimal.Decimal { return fee.Of(v, nil) })
		plan, err := pricing.PlanOf([]pricing.PlanRow{
			{Plan: "p", To: dec("10000"), Rate: dec("10"), Minimum: dec("100"), Currency: money.USD},
			{Plan: "p", From: dec("10000"), Rate: dec("3"), Currency: money.USD},
		}, "p", october)
		require.NoError(t, err)
		grows("a plan", plan.Fee)
		grows("a savings fee", func(v decimal.Decimal) decimal.Decimal {
			share, _ := fee.Share([]pricing.Saving{{Baseline: v, Cost: amount}}, decimal.Zero)
			return share
		})
	})
}

// TestABoundBinds: after a minimum nothing is below it, after a cap nothing above;
// what kept within is untouched, and nobody's sign turns.
func TestABoundBinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var pool []pricing.Priced
		sum := decimal.Zero
		for range rapid.IntRange(1, 8).Draw(t, "charges") {
			amount := anySum(t, "charge")
			if rapid.IntRange(0, 4).Draw(t, "refund") == 0 {
				amount = amount.Neg()
			}
			pool, sum = append(pool, pricing.Priced{Group: usage(), Running: amount}), sum.Add(amount)
		}
		for _, kind := range []pricing.Kind{pricing.KindMinimum, pricing.KindCap} {
			rule := pricing.Rule{Kind: kind, Value: anySum(t, "bound")}

			deltas, err := rule.Bound(pool)

			require.NoError(t, err)
			after := sum.Add(money.Sum(deltas...))
			within := kind == pricing.KindMinimum && sum.Cmp(rule.Value) >= 0 ||
				kind == pricing.KindCap && sum.Cmp(rule.Value) <= 0
			if within {
				require.True(t, after.Equal(sum))
			} else {
				require.True(t, after.Equal(rule.Value), "%s: %s is not %s", kind, after, rule.Value)
			}
		}
	})
}

// A minimum or a cap over two currencies has no sum to be compared with.
func TestABoundOverTwoCurrenciesIsRefused(t *testing.T) {
	t.Parallel()
	won := usage()
	won.Currency = money.KRW
	for _, kind := range []pricing.Kind{pricing.KindMinimum, pricing.KindCap} {
		rule := pricing.Rule{ID: "r", Kind: kind, Value: dec("5")}
		_, err := rule.Bound([]pricing.Priced{{Group: usage()}, {Group: won}})
		require.ErrorContains(t, err, "it would bound USD and KRW together", kind)
	}
}
