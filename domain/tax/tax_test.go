package tax_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/charge"
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

func listing(on, value string) tax.FXRate {
	return tax.FXRate{
		Date: day(on), Base: money.USD, Quote: money.KRW, Type: tax.DefaultFXType, Per: 1, Value: dec(value),
	}
}

func per(rate tax.FXRate, units int) tax.FXRate {
	rate.Per = units
	return rate
}

func TestFind(t *testing.T) {
	t.Parallel()
	rates := []tax.FXRate{
		listing("2026-10-29", "1380"),
		listing("2026-10-30", "1388.1"),
		listing("2026-10-26", "1379.5"),
		listing("2026-11-02", "1500"),
		listing("2026-10-01", "1370.333"),
		listing("2026-09-30", "1111"),
		{Date: day("2026-10-30"), Base: money.USD, Quote: money.KRW, Type: "TTS", Per: 1, Value: dec("1402")},
		{
			Date:  day("2026-10-30"),
			Base:  money.JPY,
			Quote: money.KRW,
			Type:  tax.DefaultFXType,
			Per:   100,
			Value: dec("912.34"),
		},
	}
	tests := map[string]struct {
		want      tax.Request
		value, on string
		per       int
	}{
		"month end is the last business day: the 31st is a Saturday": {
			tax.Request{From: money.USD, To: money.KRW}, "1388.1", "2026-10-30", 1,
		},
		"a holiday moves month end to the day before": {
			tax.Request{
				From:     money.USD,
				To:       money.KRW,
				Rule:     "month-end",
				Holidays: []time.Time{day("2026-10-30")},
			},
			"1380",
			"2026-10-29",
			1,
		},
		"another type has its own listing": {
			tax.Request{From: money.USD, To: money.KRW, Type: "TTS"}, "1402", "2026-10-30", 1,
		},
		"yen are listed per hundred": {
			tax.Request{From: money.JPY, To: money.KRW}, "912.34", "2026-10-30", 100,
		},
		"a given day": {
			tax.Request{From: money.USD, To: money.KRW, Rule: "day:26"}, "1379.5", "2026-10-26", 1,
		},
		// (1380 + 1388.1 + 1379.5 + 1370.333) / 4 = 1379.48325, half up to four places
		"month average, half up to four decimals": {
			tax.Request{From: money.USD, To: money.KRW, Rule: "month-average"}, "1379.4833", "2026-10-31", 1,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.want.Month, tt.want.MonthOver = october, true
			got, err := tax.Find(rates, tt.want)
			require.NoError(t, err)
			require.Equal(t, tt.value, money.Text(got.Value))
			require.Equal(t, tt.on, got.On.Format(time.DateOnly))
			require.Equal(t, tt.per, got.Per)
		})
	}
}

func TestFindParksRatherThanGuess(t *testing.T) {
	t.Parallel()
	usd := tax.Request{From: money.USD, To: money.KRW, MonthOver: true}
	tests := map[string]struct {
		rates []tax.FXRate
		want  func(*tax.Request)
		code  fault.Code
	}{
		"no listing on the day": {[]tax.FXRate{listing("2026-10-29", "1380")}, nil, fault.FXMissing},
		"month end before it has come, never the day before's (R-12)": {
			[]tax.FXRate{
				listing("2026-10-30", "1380"),
			},
			func(r *tax.Request) { r.MonthOver = false },
			fault.FXMissing,
		},
		"an average before the month is over": {
			[]tax.FXRate{listing("2026-10-01", "1380")},
			func(r *tax.Request) { r.Rule, r.MonthOver = "month-average", false }, fault.FXMissing,
		},
		"an average of nothing": {nil, func(r *tax.Request) { r.Rule = "month-average" }, fault.FXMissing},
		"an average of unlike listings": {
			[]tax.FXRate{listing("2026-10-01", "1380"), per(listing("2026-10-02", "138000"), 100)},
			func(r *tax.Request) { r.Rule = "month-average" }, fault.FXMissing,
		},
		"an average of a listing that contradicts itself": {
			[]tax.FXRate{listing("2026-10-01", "1380"), listing("2026-10-01", "1381")},
			func(r *tax.Request) { r.Rule = "month-average" }, fault.FXMissing,
		},
		"the inverse only": {
			[]tax.FXRate{
				{
					Date:  day("2026-10-30"),
					Base:  money.KRW,
					Quote: money.USD,
					Type:  tax.DefaultFXType,
					Per:   1,
					Value: dec("0.0007"),
				},
			},
			nil,
			fault.FXMissing,
		},
		"a cross rate only": {
			[]tax.FXRate{
				{
					Date:  day("2026-10-30"),
					Base:  money.USD,
					Quote: money.JPY,
					Type:  tax.DefaultFXType,
					Per:   1,
					Value: dec("150"),
				},
				{
					Date:  day("2026-10-30"),
					Base:  money.JPY,
					Quote: money.KRW,
					Type:  tax.DefaultFXType,
					Per:   100,
					Value: dec("912"),
				},
			},
			nil,
			fault.FXMissing,
		},
		"two values for one day": {
			[]tax.FXRate{listing("2026-10-30", "1380"), listing("2026-10-30", "1381")}, nil, fault.FXMissing,
		},
		"a rate per ten": {
			[]tax.FXRate{per(listing("2026-10-30", "1380"), 10)},
			nil,
			fault.FXMissing,
		},
		"a rate of nought":        {[]tax.FXRate{listing("2026-10-30", "0")}, nil, fault.FXMissing},
		"a rule nobody knows":     {nil, func(r *tax.Request) { r.Rule = "yesterday" }, fault.Contract},
		"a day that is no number": {nil, func(r *tax.Request) { r.Rule = "day:last" }, fault.Contract},
		"the 32nd":                {nil, func(r *tax.Request) { r.Rule = "day:32" }, fault.Contract},
		"the 31st of a month of thirty days": {
			nil,
			func(r *tax.Request) { r.Rule, r.Month = "day:31", period.NewMonth(2026, time.November) },
			fault.Contract,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := usd
			want.Month = october
			if tt.want != nil {
				tt.want(&want)
			}
			_, err := tax.Find(tt.rates, want)
			code, _ := fault.CodeOf(err)
			require.Equal(t, tt.code, code, err)
			require.Equal(t, fault.ClassPark, code.Class())
		})
	}
}

func TestFindAsksForNoRateWhereThereIsNothingToConvert(t *testing.T) {
	t.Parallel()
	got, err := tax.Find(nil, tax.Request{Month: october, From: money.KRW, To: money.KRW})
	require.NoError(t, err)
	require.Equal(t, "1", money.Text(got.Value))
	require.True(t, got.On.IsZero())
	require.Equal(t, "12.345", money.Text(got.Convert(dec("12.345"))))
}

func TestTheSameListingTwiceIsOne(t *testing.T) {
	t.Parallel()
	rates := []tax.FXRate{
		listing("2026-10-30", "1380"),
		listing("2026-10-30", "1380.00"),
		listing("2026-10-29", "1390"),
	}
	got, err := tax.Find(rates, tax.Request{
		Month: october, From: money.USD, To: money.KRW, Rule: "month-average", MonthOver: true,
	})
	require.NoError(t, err)
	require.Equal(t, "1385", money.Text(got.Value))
}

func TestConvertIsExact(t *testing.T) {
	t.Parallel()
	hundred := tax.Conversion{Value: dec("912.34"), Per: 100}
	require.Equal(t, "11262.8373", money.Text(hundred.Convert(dec("1234.5"))))
	one := tax.Conversion{Value: dec("1388.1"), Per: 1}
	require.Equal(t, "0.00009383556", money.Text(one.Convert(dec("0.0000000676"))))
	rapid.Check(t, func(t *rapid.T) {
		a := decimal.New(rapid.Int64().Draw(t, "a"), -rapid.Int32Range(0, 20).Draw(t, "scale"))
		b := decimal.New(rapid.Int64().Draw(t, "b"), -5)
		require.True(t, hundred.Convert(a.Add(b)).Equal(hundred.Convert(a).Add(hundred.Convert(b))))
	})
}

func TestLastBusinessDay(t *testing.T) {
	t.Parallel()
	require.Equal(t, day("2026-10-30"), tax.LastBusinessDay(october, nil))
	require.Equal(t, day("2026-12-31"), tax.LastBusinessDay(october.Add(2), nil))
	require.Equal(
		t,
		day("2027-02-26"),
		tax.LastBusinessDay(period.NewMonth(2027, time.February), nil),
		"a Sunday, then a Saturday",
	)
	var all []time.Time
	for d := october.Start(); october.Contains(d); d = d.AddDate(0, 0, 1) {
		all = append(all, d)
	}
	require.Equal(
		t,
		day("2026-10-31"),
		tax.LastBusinessDay(october, all),
		"a month of holidays still has a last day",
	)
}

func TestCategorize(t *testing.T) {
	t.Parallel()
	rules := []tax.Rule{
		{BillingEntity: "AWS Marketplace", TaxCategory: tax.AlreadyTaxed},
		{InvoicingEntity: "AWS Inc.", TaxCategory: tax.ZeroRated},
		{Service: "AmazonBooks", TaxCategory: tax.Exempt},
		{Category: "Purchase", TaxCategory: tax.ZeroRated, Valid: period.Span{From: october.Add(1)}},
	}
	tests := map[string]struct {
		group charge.Group
		want  tax.Category
	}{
		"taxable, where no rule says otherwise": {
			charge.Group{Category: charge.CategoryUsage},
			tax.Taxable,
		},
		"a billing entity's rule": {
			charge.Group{BillingEntity: "AWS Marketplace"},
			tax.AlreadyTaxed,
		},
		"an invoicing entity beats a billing entity": {
			charge.Group{BillingEntity: "AWS Marketplace", InvoiceIssuer: "AWS Inc."},
			tax.ZeroRated,
		},
		"a service beats both": {
			charge.Group{ServiceName: "AmazonBooks", InvoiceIssuer: "AWS Inc."},
			tax.Exempt,
		},
		"a rule of later is no rule yet": {
			charge.Group{Category: charge.CategoryPurchase},
			tax.Taxable,
		},
		"the provider's tax that passes is taxed (R-1)": {
			charge.Group{Category: charge.CategoryTax},
			tax.AlreadyTaxed,
		},
		"unless a rule names it": {
			charge.Group{Category: charge.CategoryTax, InvoiceIssuer: "AWS Inc."},
			tax.ZeroRated,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := tax.Categorize(rules, tt.group, october)
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
			reversed := []tax.Rule{rules[3], rules[2], rules[1], rules[0]}
			again, err := tax.Categorize(reversed, tt.group, october)
			require.NoError(t, err)
			require.Equal(t, got, again, "the order of the sheet does not matter")
		})
	}
}

func TestCategorizeParksWhereRulesDisagree(t *testing.T) {
	t.Parallel()
	rules := []tax.Rule{{Service: "A", TaxCategory: tax.Exempt}, {Service: "A", TaxCategory: tax.ZeroRated}}
	_, err := tax.Categorize(rules, charge.Group{ServiceCode: "A"}, october)
	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.RuleTie, code)

	rules[1].TaxCategory = tax.Exempt
	got, err := tax.Categorize(rules, charge.Group{ServiceCode: "A"}, october)
	require.NoError(t, err)
	require.Equal(t, tax.Exempt, got)
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
		{Tax: "jp-ct", Rate: dec("8"), Valid: period.Span{To: month(2019, 9)}},
		{Tax: "jp-ct", Rate: dec("10"), Valid: period.Span{From: month(2019, 10)}},
		{Tax: "kr-vat", Rate: dec("10")},
	}
	got, err := tax.InForce(rates, "jp-ct", month(2019, 9))
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

func TestOnlyTaxableLinesPay(t *testing.T) {
	t.Parallel()
	rate := &tax.Rate{Rate: dec("10")}
	require.Equal(t, "10", money.Text(tax.Taxable.Percentage(rate)))
	require.Equal(t, "0", money.Text(tax.Taxable.Percentage(nil)))
	for _, category := range []tax.Category{tax.ZeroRated, tax.Exempt, tax.AlreadyTaxed} {
		require.Equal(t, "0", money.Text(category.Percentage(rate)))
	}
}

func month(year int, m time.Month) period.Month { return period.NewMonth(year, m) }
