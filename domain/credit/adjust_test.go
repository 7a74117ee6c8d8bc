package credit_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/credit"
	"magam/domain/money"
)

func TestSpread(t *testing.T) {
	t.Parallel()
	charges := func(bases ...string) []credit.Charge {
		all := make([]credit.Charge, len(bases))
		for i, base := range bases {
			all[i] = credit.Charge{Account: string(rune('A' + i)), Amount: dec(base), Base: dec(base)}
		}
		return all
	}
	tests := map[string]struct {
		adjustment credit.Adjustment
		charges    []credit.Charge
		want       []string
		rest       string
	}{
		"G-3 a coupon is shared pro rata": {
			credit.Adjustment{Kind: "flat", Value: dec("-1000")},
			charges("10000", "5000", "3000", "2000"),
			[]string{"-500", "-250", "-150", "-100"},
			"0",
		},
		"a percentage of each base": {
			credit.Adjustment{
				Kind:  "percent",
				Value: dec("-10"),
			},
			charges("100", "-30"),
			[]string{"-10", "3"},
			"0",
		},
		"a flat sum goes to charges above zero only": {
			credit.Adjustment{
				Kind:  "flat",
				Value: dec("-50"),
			},
			charges("100", "-99", "0"),
			[]string{"-50", "0", "0"},
			"0",
		},
		"one account only": {
			credit.Adjustment{
				Kind:       "flat",
				Value:      dec("30"),
				SubAccount: "B",
			},
			charges("100", "50"),
			[]string{"0", "30"},
			"0",
		},
		"a percentage of one account only": {
			credit.Adjustment{
				Kind:       "percent",
				Value:      dec("10"),
				SubAccount: "B",
			},
			charges("100", "50"),
			[]string{"0", "5"},
			"0",
		},
		"nothing to share it over": {
			credit.Adjustment{
				Kind:       "flat",
				Value:      dec("30"),
				SubAccount: "Z",
			},
			charges("100"),
			[]string{"0"},
			"30",
		},
		"no charges at all": {credit.Adjustment{Kind: "flat", Value: dec("30")}, nil, []string{}, "30"},
		"thirds sum to the whole": {
			credit.Adjustment{Kind: "flat", Value: dec("-100")},
			charges("1", "1", "1"),
			[]string{"-33.3333333334", "-33.3333333333", "-33.3333333333"},
			"0",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, rest, err := tt.adjustment.Spread(tt.charges)
			require.NoError(t, err)
			require.Equal(t, tt.want, texts(got))
			require.Equal(t, tt.rest, money.Text(rest))
		})
	}
}
