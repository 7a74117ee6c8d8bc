package pricing_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/fault"
	"magam/domain/pricing"
)

// TestTheIndexHidesNoRule: whatever columns rules fill, all of them together and
// those alone that match a charge have the same winner, or the same tie.
func TestTheIndexHidesNoRule(t *testing.T) {
	t.Parallel()
	one := func(t *rapid.T, label, value string) string {
		return rapid.SampledFrom([]string{"", "", value, "other"}).Draw(t, label)
	}
	rapid.Check(t, func(t *rapid.T) {
		g := usage()
		var all, matching []pricing.Rule
		for i := range rapid.IntRange(0, 8).Draw(t, "rules") {
			rule := pricing.Rule{
				ID:       string(rune('a' + i)),
				Row:      i + 2,
				Customer: rapid.SampledFrom([]string{"*", "acme"}).Draw(t, "customer"),
				Kind: rapid.SampledFrom([]pricing.Kind{"discount", "markup", "minimum", "cap"}).
					Draw(t, "kind"),
				SKU:       one(t, "sku", g.SkuID),
				UsageType: one(t, "usage type", g.UsageType),
				Service: one(t, "service",
					rapid.SampledFrom([]string{g.ServiceCode, g.ServiceName}).Draw(t, "by")),
				SubAccount: one(t, "account", g.SubAccount),
				Region:     one(t, "region", g.Region),
				TagKey:     one(t, "tag", "env"),
			}
			all = append(all, rule)
			if rule.Matches(g, october) {
				matching = append(matching, rule)
			}
		}
		whole, few := pricing.NewIndex(all, "acme"), pricing.NewIndex(matching, "acme")

		got, err := whole.Select(g, october)
		want, wanted := few.Select(g, october)
		require.Equal(t, want, got)
		require.Equal(t, wanted == nil, err == nil)
		for _, kind := range []pricing.Kind{pricing.KindMinimum, pricing.KindCap} {
			got, err := whole.SelectBound(kind, g, october)
			want, wanted := few.SelectBound(kind, g, october)
			require.Equal(t, want, got)
			require.Equal(t, wanted == nil, err == nil)
			require.False(t, want != nil && !whole.Bounds(kind))
		}
	})
}

func TestWhatAFeeIsASumOf(t *testing.T) {
	t.Parallel()
	require.False(t, pricing.Fee{Rate: dec("3")}.IsSum(), "a rate can be taken of each currency")
	for _, sum := range []pricing.Fee{{Plan: "business"}, {Flat: dec("1")}, {Minimum: dec("1")}} {
		require.True(t, sum.IsSum())
	}
	refused := pricing.Fee{ID: "f", Row: 7}.Refused("two currencies")
	code, _ := fault.CodeOf(refused)
	require.Equal(t, fault.Contract, code)
	require.ErrorContains(t, refused, "fee f cannot be carried out: two currencies")
}

// A provider that gives no code has its service's name there too: a rule that names
// it is one rule, not two.
func TestAServiceWithoutACodeIsMatchedOnce(t *testing.T) {
	t.Parallel()
	g := usage()
	g.ServiceCode = g.ServiceName
	rules := []pricing.Rule{{ID: "a", Customer: "*", Kind: pricing.KindMarkup, Service: g.ServiceName}}
	got, err := pricing.Select(rules, "acme", g, october)
	require.NoError(t, err)
	require.Equal(t, "a", got.ID)
}
