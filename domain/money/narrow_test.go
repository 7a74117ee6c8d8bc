package money_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/money"
)

func TestNarrowReadsWhatFits(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		text string
		fits bool
	}{
		"nothing is nought":                {"", true},
		"cents":                            {"-12.30", true},
		"an exponent":                      {"7.0E-10", true},
		"twenty places":                    {"0.00000000000000000001", true},
		"twenty-one places do not fit":     {"0.000000000000000000001", false},
		"the largest amount":               {"999999999999999", true},
		"the largest negative amount":      {"-999999999999999.99", true},
		"more digits than eighteen do not": {"123456789012345.67890", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got, fits := money.ReadNarrow([]byte(tt.text))

			require.Equal(t, tt.fits, fits)
			if fits && tt.text != "" {
				require.True(t, decimal.RequireFromString(tt.text).Equal(got.Decimal()), got.Decimal())
			}
		})
	}
}

func TestNarrowRefusesASumThatDoesNotFit(t *testing.T) {
	t.Parallel()

	for _, text := range []string{"999999999999999", "-999999999999999"} {
		one, _ := money.ReadNarrow([]byte(text))
		var sum money.Narrow
		added := int64(0)
		for sum.Add(one) {
			added++
		}

		require.Greater(t, added, int64(1000))
		require.True(t, one.Decimal().Mul(decimal.NewFromInt(added)).Equal(sum.Decimal()),
			"refused sums leave no trace")
	}
}

// Whatever is added in whatever order, a Narrow and a Tally agree to the digit.
func TestNarrowAgreesWithTally(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOf(rapid.StringMatching(`-?[0-9]{1,9}(\.[0-9]{1,9})?(E-[0-9])?`)).
			Draw(t, "amounts")
		var narrow money.Narrow
		var tally money.Tally
		for _, text := range texts {
			one, fits := money.ReadNarrow([]byte(text))
			require.True(t, fits)
			require.True(t, narrow.Add(one))
			require.NoError(t, tally.Add([]byte(text)))
		}

		require.True(t, tally.Total().Equal(narrow.Decimal()))
		high, low, negative := narrow.Magnitude()
		require.Equal(t, tally.Total().IsNegative(), negative)
		require.Equal(t, tally.Total().IsZero(), high == 0 && low == 0)
	})
}
