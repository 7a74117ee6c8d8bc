package money_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/money"
)

func TestAllocate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		total         string
		weights, want []string
		to            int
	}{
		"G-5: three equal parts, the remainder to the last": {
			"100.00", []string{"1", "1", "1"}, []string{"33.333333", "33.333333", "33.333334"}, 2,
		},
		"the remainder goes to whom the contract names": {
			"100.00", []string{"1", "1", "1"}, []string{"33.333334", "33.333333", "33.333333"}, 0,
		},
		"a credit is allocated like a charge": {
			"-100.00", []string{"1", "1", "1"}, []string{"-33.333333", "-33.333333", "-33.333334"}, 2,
		},
		"no weight, no part, but for the remainder": {
			"1", []string{"0", "3", "3"}, []string{"0", "0.5", "0.5"}, 0,
		},
		"a weight below zero counts as none": {"9", []string{"-5", "1", "2"}, []string{"0", "3", "6"}, 2},
		"all weights zero: even":             {"9", []string{"0", "0", "0"}, []string{"3", "3", "3"}, 1},
		"digits beyond the sixth stay with the remainder": {
			"0.0000001", []string{"1", "1"}, []string{"0", "0.0000001"}, 1,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := money.Allocate(dec(tt.total), decs(tt.weights...), 6, tt.to)
			require.NoError(t, err)
			require.Len(t, got, len(tt.want))
			for i, want := range tt.want {
				require.Equal(t, want, money.Text(got[i]))
			}
			require.True(t, dec(tt.total).Equal(money.Sum(got...)))
		})
	}
	for _, to := range []int{-1, 1} {
		_, err := money.Allocate(dec("1"), decs("1"), 6, to)
		require.ErrorIs(t, err, money.ErrNoShares)
	}
}

func TestAllocatedPartsSumToTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		total := decimal.New(rapid.Int64().Draw(t, "total"), -rapid.Int32Range(0, 15).Draw(t, "scale"))
		weights := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) decimal.Decimal {
			return decimal.New(rapid.Int64Range(-10, 1e9).Draw(t, "weight"), -3)
		}), 1, 9).Draw(t, "weights")
		to := rapid.IntRange(0, len(weights)-1).Draw(t, "to")

		parts, err := money.Allocate(total, weights, 6, to)

		require.NoError(t, err)
		require.True(t, total.Equal(money.Sum(parts...)))
		for i, part := range parts {
			if i != to {
				require.True(t, part.Equal(part.Truncate(6)))
				require.GreaterOrEqual(t, part.Sign()*total.Sign(), 0, "nobody is paid for sharing")
			}
		}
	})
}
