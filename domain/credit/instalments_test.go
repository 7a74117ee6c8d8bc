package credit_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/credit"
	"magam/domain/money"
)

// TestInstalmentsSumExactly: the parts are the value, none differs from
// another by more than a unit, and the earlier is never the smaller.
func TestInstalmentsSumExactly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		scale := rapid.Int32Range(0, 6).Draw(t, "scale")
		value := decimal.New(rapid.Int64Range(-1e12, 1e12).Draw(t, "value"), -scale)
		currency := rapid.SampledFrom([]money.Currency{money.KRW, money.USD, "KWD"}).Draw(t, "currency")
		count := rapid.IntRange(1, 120).Draw(t, "count")

		parts := credit.Instalments(value, count, currency)

		require.Len(t, parts, count)
		require.True(t, money.Sum(parts...).Equal(value))
		unit := money.Unit(max(scale, currency.Places()))
		for i, part := range parts {
			require.True(t, part.Mod(unit).IsZero())
			require.False(t, part.Abs().GreaterThan(parts[0].Abs()))
			require.False(t, parts[0].Abs().Sub(part.Abs()).GreaterThan(unit))
			if i > 0 {
				require.False(t, part.Abs().GreaterThan(parts[i-1].Abs()))
			}
		}
	})
}
