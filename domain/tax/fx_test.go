package tax_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
	"magam/domain/tax"
)

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
	require.Equal(t, day("2027-02-26"), tax.LastBusinessDay(period.NewMonth(2027, time.February), nil),
		"a Sunday, then a Saturday")
	var all []time.Time
	for d := october.Start(); october.Contains(d); d = d.AddDate(0, 0, 1) {
		all = append(all, d)
	}
	require.Equal(t, day("2026-10-31"), tax.LastBusinessDay(october, all),
		"a month of holidays still has a last day")
}
