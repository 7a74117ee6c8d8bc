package money_test

import (
	"math/big"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/money"
)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func decs(texts ...string) []decimal.Decimal {
	amounts := make([]decimal.Decimal, len(texts))
	for i, text := range texts {
		amounts[i] = dec(text)
	}
	return amounts
}

func texts(amounts []decimal.Decimal) []string {
	printed := make([]string, len(amounts))
	for i, amount := range amounts {
		printed[i] = money.Text(amount)
	}
	return printed
}

func TestRound(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		amount string
		mode   money.Mode
		unit   string
		want   string
	}{
		"truncation cuts toward zero":               {"1234.9", money.ModeTruncate, "1", "1234"},
		"truncation of a credit cuts toward zero":   {"-1234.9", money.ModeTruncate, "1", "-1234"},
		"a half goes up":                            {"0.5", money.ModeHalfUp, "1", "1"},
		"a half of a credit goes away from zero":    {"-0.5", money.ModeHalfUp, "1", "-1"},
		"just under a half goes down":               {"0.4999999999999999999", money.ModeHalfUp, "1", "0"},
		"ceil goes away from zero":                  {"1.0000001", money.ModeCeil, "1", "2"},
		"ceil of a credit goes away from zero":      {"-1.0000001", money.ModeCeil, "1", "-2"},
		"what is whole stays under every mode":      {"5", money.ModeCeil, "1", "5"},
		"a unit of ten":                             {"1239", money.ModeTruncate, "10", "1230"},
		"a unit of a thousand, half up":             {"1500", money.ModeHalfUp, "1000", "2000"},
		"a cent":                                    {"1.239", money.ModeTruncate, "0.01", "1.23"},
		"a unit that is no power of ten":            {"7", money.ModeHalfUp, "3", "6"},
		"a credit's crumbs round to a plain nought": {"-0.0000000676", money.ModeTruncate, "0.01", "0"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := money.Round(dec(tt.amount), tt.mode, dec(tt.unit))
			require.NoError(t, err)
			require.Equal(t, tt.want, money.Text(got))
		})
	}
}

func TestRoundRefusesWhatNoContractMayName(t *testing.T) {
	t.Parallel()
	_, err := money.Round(dec("1"), "bankers", dec("1"))
	require.ErrorIs(t, err, money.ErrUnknownMode)
	_, err = money.Round(dec("1.5"), "", dec("1"))
	require.ErrorIs(t, err, money.ErrUnknownMode)
	_, err = money.Round(dec("1.5"), money.ModeTruncate, dec("0"))
	require.ErrorIs(t, err, money.ErrOutOfRange)
	_, err = money.Round(dec("1.5"), money.ModeTruncate, dec("-1"))
	require.ErrorIs(t, err, money.ErrOutOfRange)
}

func TestRoundingIsSymmetric(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		amount := decimal.New(rapid.Int64().Draw(t, "digits"), -rapid.Int32Range(0, 12).Draw(t, "scale"))
		mode := rapid.SampledFrom([]money.Mode{money.ModeTruncate, money.ModeHalfUp, money.ModeCeil}).
			Draw(t, "mode")
		unit := money.Unit(rapid.Int32Range(-3, 3).Draw(t, "places"))

		up, err := money.Round(amount, mode, unit)
		require.NoError(t, err)
		down, err := money.Round(amount.Neg(), mode, unit)
		require.NoError(t, err)

		require.True(t, up.Equal(down.Neg()))
		require.True(t, up.Mod(unit).IsZero())
		require.True(t, up.Sub(amount).Abs().LessThan(unit))
	})
}

func TestSplit(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		total  string
		shares []string
		places int32
		want   []string
	}{
		"even shares leave the odd cent with the first": {
			"10.00",
			[]string{"1", "1", "1"},
			2,
			[]string{"3.34", "3.33", "3.33"},
		},
		"a credit splits like a charge": {
			"-10.00",
			[]string{"1", "1", "1"},
			2,
			[]string{"-3.34", "-3.33", "-3.33"},
		},
		"G-3 a coupon over four fees": {
			"1000", []string{"10000", "5000", "3000", "2000"}, 0, []string{"500", "250", "150", "100"},
		},
		"the largest remainder is served first": {"10", []string{"1", "1", "4"}, 0, []string{"2", "2", "6"}},
		"a zero share gets nothing":             {"10", []string{"0", "3", "0"}, 0, []string{"0", "10", "0"}},
		"shares of nothing are even":            {"10", []string{"0", "0"}, 0, []string{"5", "5"}},
		"shares that cancel are even":           {"7", []string{"3", "-3"}, 0, []string{"4", "3"}},
		"negative shares of a negative whole": {
			"10",
			[]string{"-1", "-1", "-1"},
			0,
			[]string{"4", "3", "3"},
		},
		"a mixed whole hands units up only to parts that were cut down": {
			// exact 1.6, 1.6, 1.6, -0.8: cut to 1, 1, 1, 0, and -0.8 must not become 1
			"4", []string{"2", "2", "2", "-1"}, 0, []string{"2", "1", "1", "0"},
		},
		"what is finer than the places goes to the first served": {
			"1.005",
			[]string{"1", "1"},
			2,
			[]string{"0.505", "0.5"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := money.Split(dec(tt.total), decs(tt.shares...), tt.places)
			require.NoError(t, err)
			require.Equal(t, tt.want, texts(got))
		})
	}
}

func TestSplitAndFitRefuseToGiveToNobody(t *testing.T) {
	t.Parallel()
	_, err := money.Split(dec("1"), nil, 2)
	require.ErrorIs(t, err, money.ErrNoShares)
	_, err = money.Fit(nil, dec("1"), 2)
	require.ErrorIs(t, err, money.ErrNoShares)
}

func TestAllocationKeyLeavesTheRemainderToTheLast(t *testing.T) {
	t.Parallel()
	// G-5: an allocation key is not the invoice's split. Each key but the last
	// is truncated and the last is what remains.
	total := dec("100.00")
	key := money.Quotient(total, dec("3"), 6)
	last := total.Sub(key).Sub(key)
	require.Equal(t, []string{"33.333333", "33.333333", "33.333334"},
		texts([]decimal.Decimal{key, key, last}))
}

func TestSplitPartsSumToTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		total := decimal.New(rapid.Int64Range(-1e12, 1e12).Draw(t, "total"),
			-rapid.Int32Range(0, 6).Draw(t, "scale"))
		digits := rapid.SliceOfN(rapid.Int64Range(-1000, 1000), 1, 20).Draw(t, "shares")
		places := rapid.Int32Range(0, 6).Draw(t, "places")
		shares := make([]decimal.Decimal, len(digits))
		for i, digit := range digits {
			shares[i] = decimal.NewFromInt(digit)
		}

		parts, err := money.Split(total, shares, places)
		require.NoError(t, err)
		require.True(t, money.Sum(parts...).Equal(total))

		negated, err := money.Split(total.Neg(), shares, places)
		require.NoError(t, err)
		for i := range parts {
			require.True(t, parts[i].Equal(negated[i].Neg()), "a credit splits like a charge")
		}
		requireWithinOneUnit(t, total, shares, parts, places)
	})
}

// requireWithinOneUnit: no part is a unit or more away from its exact share, and
// a share of nought gets nought, whatever the signs of the others.
func requireWithinOneUnit(
	t require.TestingT, total decimal.Decimal, shares, parts []decimal.Decimal, places int32,
) {
	whole := money.Sum(shares...)
	if whole.IsZero() || !total.Equal(total.Truncate(places)) {
		return
	}
	for i := range parts {
		distance := parts[i].Mul(whole).
			Sub(total.Mul(shares[i])).
			Abs()
			// times the whole, so as not to divide
		require.True(t, distance.LessThan(money.Unit(places).Mul(whole.Abs())))
		if shares[i].IsZero() {
			require.True(t, parts[i].IsZero())
		}
	}
}

func TestFitStaysWithinOneUnitWhateverTheSigns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.SliceOfN(rapid.Int64Range(-1e7, 1e7), 1, 20).Draw(t, "thousandths")
		mode := rapid.SampledFrom([]money.Mode{money.ModeTruncate, money.ModeHalfUp, money.ModeCeil}).
			Draw(t, "mode")
		exact := make([]decimal.Decimal, len(digits))
		for i, digit := range digits {
			exact[i] = decimal.New(digit, -3)
		}
		total, err := money.Round(money.Sum(exact...), mode, money.Unit(0))
		require.NoError(t, err)

		parts, err := money.Fit(exact, total, 0)

		require.NoError(t, err)
		require.True(t, money.Sum(parts...).Equal(total))
		for i := range parts {
			require.True(t, parts[i].Sub(exact[i]).Abs().LessThan(money.Unit(0)), "%s -> %s", exact[i],
				parts[i])
			if exact[i].IsZero() {
				require.True(t, parts[i].IsZero())
			}
		}
	})
}

func TestGroupedPrintsAndNeverRounds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		amount string
		places int32
		want   string
	}{
		"won":                             {"2078728", 0, "2,078,728"},
		"dollars get their cents":         {"1234.5", 2, "1,234.50"},
		"every digit stays":               {"0.0000000676", 2, "0.0000000676"},
		"trailing noughts go":             {"1.2300000", 2, "1.23"},
		"a credit has a minus sign":       {"-1234567.891", 2, "-1,234,567.891"},
		"nought has none":                 {"-0", 2, "0.00"},
		"a large exponent is written out": {"1e6", 0, "1,000,000"},
		"three digits need no separator":  {"999", 0, "999"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, money.Grouped(dec(tt.amount), tt.places))
		})
	}
}

func TestTextHasOneSpellingPerAmount(t *testing.T) {
	t.Parallel()
	require.Equal(t, "1", money.Text(dec("1.00")))
	require.Equal(t, "100", money.Text(dec("1e2")))
	require.Equal(t, "0", money.Text(dec("-0.00")))
	require.Equal(t, "0", money.Text(dec("0e5")))
	require.Equal(t, "0", money.Text(decimal.Decimal{}))
	require.Equal(t, "0", money.Text(dec("0.5").Sub(dec("0.50"))))
	require.Equal(t, "20", money.Text(money.Percent(dec("200"), dec("10"))))
	require.Equal(t, "0", money.Text(money.Sum()))
}

func TestCurrency(t *testing.T) {
	t.Parallel()
	for code, places := range map[money.Currency]int32{"KRW": 0, "JPY": 0, "USD": 2, "EUR": 2, "BHD": 3} {
		require.Equal(t, places, code.Places(), code)
		parsed, err := money.ParseCurrency(string(code))
		require.NoError(t, err)
		require.Equal(t, code, parsed)
	}
	for _, wrong := range []string{"", "usd", "US", "USDT", "U$D", "ＵＳＤ"} {
		_, err := money.ParseCurrency(wrong)
		require.ErrorIs(t, err, money.ErrCurrency, wrong)
	}
	require.Equal(t, "₩", money.KRW.Symbol())
	require.Equal(t, "¥", money.JPY.Symbol())
	require.Equal(t, "$", money.USD.Symbol())
	require.Equal(t, "EUR ", money.Currency("EUR").Symbol())
}

// TestTheLargestRemainderIsServedFirst: worked out in fractions, every part is its
// exact share cut to the unit, or a unit more, and whoever has a unit more lost more
// than everybody who has not, or as much and stands earlier. Whatever the signs.
func TestTheLargestRemainderIsServedFirst(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		places := rapid.Int32Range(0, 6).Draw(t, "places")
		total := decimal.New(rapid.Int64Range(-1e9, 1e9).Draw(t, "units"), -places)
		digits := rapid.SliceOfN(rapid.Int64Range(-20, 60), 1, 12).Draw(t, "shares")
		shares, whole := make([]decimal.Decimal, len(digits)), int64(0)
		for i, digit := range digits {
			shares[i] = decimal.NewFromInt(digit)
			whole += digit
		}
		if whole == 0 {
			return // then the parts are even
		}

		parts, err := money.Split(total, shares, places)

		require.NoError(t, err)
		one := money.Unit(places).Rat()
		lost, extra := make([]*big.Rat, len(parts)), make([]int, len(parts))
		for i, part := range parts {
			units := new(big.Rat).Mul(total.Rat(), big.NewRat(digits[i], whole))
			units.Quo(units, one)
			cut := new(big.Rat).SetInt(new(big.Int).Quo(units.Num(), units.Denom()))
			lost[i] = new(big.Rat).Sub(units, cut)
			given := new(big.Rat).Quo(part.Rat(), one)
			given.Sub(given, cut)
			require.True(t, given.IsInt() && given.Num().IsInt64())
			extra[i] = int(given.Num().Int64())
		}
		direction := slices.MaxFunc(extra, func(a, b int) int { return a*a - b*b })
		require.LessOrEqual(t, direction*direction, 1)
		for i := range parts {
			for j := range parts {
				if extra[i] != 0 && extra[j] == 0 {
					require.Equal(t, direction, extra[i], "all units go the same way")
					more := lost[i].Cmp(lost[j]) * direction
					require.True(t, more > 0 || more == 0 && i < j, "%v of %v", parts, shares)
				}
			}
		}
	})
}
