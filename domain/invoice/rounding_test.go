package invoice_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/money"
)

func TestRoundingTerms(t *testing.T) {
	t.Parallel()
	lines := func() []charge.Group {
		return []charge.Group{
			use("1", "A", "1000.5"),
			use("1", "B", "1000.6"),
			use("2", "A", "500.7"),
			use("2", "C", "-1.2"),
		}
	}
	tests := map[string]struct {
		point  string
		mode   money.Mode
		unit   string
		supply string
		want   []string // 1/A, 1/B, 2/A, 2/C
	}{
		// The sum is 2500.6; cut lines sum to 2500 less 1 for C.
		"document, truncated, by default": {
			"",
			"",
			"0",
			"2500",
			[]string{"1000", "1000", "501", "-1"},
		},
		"document, half up": {
			"document",
			money.ModeHalfUp,
			"1",
			"2501",
			[]string{"1000", "1001", "501", "-1"},
		},
		"document, away from zero": {
			"document",
			money.ModeCeil,
			"1",
			"2501",
			[]string{"1000", "1001", "501", "-1"},
		},
		"line by line, truncated": {
			"line",
			money.ModeTruncate,
			"1",
			"2499",
			[]string{"1000", "1000", "500", "-1"},
		},
		"line by line, half up": {
			"line",
			money.ModeHalfUp,
			"1",
			"2502",
			[]string{"1001", "1001", "501", "-1"},
		},
		"line by line, away from zero": {
			"line",
			money.ModeCeil,
			"1",
			"2501",
			[]string{"1001", "1001", "501", "-2"},
		},
		"by product, truncated: A is 1501.2": {
			"product",
			money.ModeTruncate,
			"1",
			"2500",
			[]string{"1000", "1000", "501", "-1"},
		},
		"to ten won: 0 less is shared by size": {
			"document",
			money.ModeTruncate,
			"10",
			"2500",
			[]string{"1000", "1000", "501", "-1"},
		},
		"to a thousand won, half up: 499 more": {
			"document",
			money.ModeHalfUp,
			"1000",
			"3000",
			[]string{"1199", "1201", "601", "-1"},
		},
		"to a thousand won, truncated: 500 less": {
			"document",
			money.ModeTruncate,
			"1000",
			"2000",
			[]string{"800", "800", "401", "-1"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := won(lines()...)
			contract := &in.Customer.Contract
			contract.RoundingPoint, contract.RoundingMode, contract.RoundingUnit = tt.point, tt.mode, dec(
				tt.unit,
			)
			s := assemble(t, in)
			require.Equal(t, tt.supply, money.Text(s.Supply))
			require.Equal(t, tt.want, amountsOf(s))
		})
	}
}

func TestDollarsKeepTheirCents(t *testing.T) {
	t.Parallel()
	in := dollars(use("1", "EC2", "100.006"), use("1", "S3", "0.006"))
	in.Customer.Currency, in.Rates = money.USD, nil
	s := assemble(t, in)
	requireOwed(t, s, "100.01", "10", "110.01")
	require.Equal(t, []string{"100.01", "0"}, amountsOf(s))
	require.Equal(t, "1", money.Text(s.Sources[0].Rate))
	require.True(t, s.Sources[0].RateOn.IsZero())
}
