package tax_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
	"magam/domain/tax"
)

var october = period.NewMonth(2026, time.October)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestOf(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		base, percentage string
		mode             money.Mode
		currency         money.Currency
		want             string
	}{
		"truncated by default":           {"1889756", "10", "", money.KRW, "188975"},
		"half up by contract":            {"1889755", "10", money.ModeHalfUp, money.KRW, "188976"},
		"ceil by contract":               {"1889751", "10", money.ModeCeil, money.KRW, "188976"},
		"a credit note mirrors it":       {"-1889756", "10", "", money.KRW, "-188975"},
		"dollars have cents":             {"10.55", "10", "", money.USD, "1.05"},
		"R-7 on what is left of credits": {"80", "10", "", money.KRW, "8"},
		"G-10 the invoice":               {"20000", "25", money.ModeHalfUp, money.KRW, "5000"},
		"G-10 the tax of 29/30":          {"19333.3333333333", "25", money.ModeHalfUp, money.KRW, "4833"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := tax.Of(dec(tt.base), dec(tt.percentage), tt.mode, tt.currency)
			require.NoError(t, err)
			require.Equal(t, tt.want, money.Text(got))
		})
	}
	_, err := tax.Of(dec("1"), dec("10"), "bankers", money.KRW)
	require.ErrorIs(t, err, money.ErrUnknownMode)
}

func TestG3TheTaxOfACouponFollowsItsSplit(t *testing.T) {
	t.Parallel()
	total := decimal.Zero
	for _, fee := range []struct{ net, percentage, tax string }{
		{"9500", "10", "950"}, {"4750", "0", "0"}, {"2850", "20", "570"}, {"1900", "20", "380"},
	} {
		owed, err := tax.Of(dec(fee.net), dec(fee.percentage), money.ModeTruncate, money.KRW)
		require.NoError(t, err)
		require.Equal(t, fee.tax, money.Text(owed))
		total = money.Sum(total, dec(fee.net), owed)
	}
	require.Equal(t, "20900", money.Text(total))
}

func TestInForce(t *testing.T) {
	t.Parallel()
	rates := []tax.Rate{
		{Tax: "jp-ct", Rate: dec("8"), Valid: period.Span{To: september}},
		{Tax: "jp-ct", Rate: dec("10"), Valid: period.Span{From: october2019}},
		{Tax: "kr-vat", Rate: dec("10")},
	}
	got, err := tax.InForce(rates, "jp-ct", september)
	require.NoError(t, err)
	require.Equal(t, "8", money.Text(got.Rate))
	got, err = tax.InForce(rates, "jp-ct", october)
	require.NoError(t, err)
	require.Equal(t, "10", money.Text(got.Rate))
	for _, name := range []string{"", tax.None} {
		got, err = tax.InForce(rates, name, october)
		require.NoError(t, err)
		require.Nil(t, got)
	}
	_, err = tax.InForce(rates[:1], "jp-ct", october)
	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.TaxMissing, code)
}

func TestAReducedRateStandsBesideTheStandardOne(t *testing.T) {
	t.Parallel()
	rates := []tax.Rate{
		{Tax: "jp-ct", Kind: "reduced", Rate: dec("8"), Valid: period.Span{From: october2019}},
		{Tax: "jp-ct", Kind: "standard", Rate: dec("10"), Valid: period.Span{From: october2019}},
	}
	got, err := tax.InForce(rates, "jp-ct", october)
	require.NoError(t, err)
	require.Equal(t, "10", money.Text(got.Rate))
	require.Equal(t, "8", money.Text(tax.ReducedInForce(rates, "jp-ct", october).Rate))
	require.Nil(t, tax.ReducedInForce(rates, "jp-ct", september))
	require.Nil(t, tax.ReducedInForce(rates, "kr-vat", october))
	_, err = tax.InForce(rates[:1], "jp-ct", october)
	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.TaxMissing, code, "a reduced rate is no standard one")
}

func TestWhatEachCategoryPays(t *testing.T) {
	t.Parallel()
	rates := tax.Rates{Standard: &tax.Rate{Rate: dec("10")}, Reduced: &tax.Rate{Rate: dec("8")}}
	for category, want := range map[tax.Category]string{
		tax.Taxable: "10", tax.Reduced: "8", tax.ZeroRated: "0", tax.Exempt: "0", tax.AlreadyTaxed: "0",
	} {
		got, err := rates.Percentage(category, "jp-ct", october)
		require.NoError(t, err)
		require.Equal(t, want, money.Text(got), category)
		got, err = tax.Rates{}.Percentage(category, tax.None, october)
		require.NoError(t, err)
		require.Equal(t, "0", money.Text(got), "%s by a contract without tax", category)
		_, err = tax.Rates{}.Percentage(category, "jp-ct", october)
		require.Equal(t, want == "0", err == nil, "%s without a rate", category)
	}
}

// The consumption tax rose with October 2019, and the reduced rate came.
var (
	september   = period.NewMonth(2019, time.September)
	october2019 = period.NewMonth(2019, time.October)
)
