package invoice_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
	"magam/domain/tax"
)

// listing is a base rate of the sheet, per so many units.
func listing(on string, base money.Currency, per int, value string) tax.FXRate {
	return tax.FXRate{
		Date: day(on), Base: base, Quote: money.KRW, Type: tax.DefaultFXType, Per: per, Value: dec(value),
	}
}

func inYen(g charge.Group) charge.Group {
	g.Currency = money.JPY
	return g
}

func TestEachSourceCurrencyHasItsOwnFrozenRate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		rule     string
		holidays []string
		want     [3]string // of JPY, KRW, USD: rate per units on day
	}{
		"the month's last business day": {
			"month-end", nil, [3]string{"921.55/100 2026-10-30", "1/1 ", "1388.1/1 2026-10-30"},
		},
		"or the one before a holiday": {
			"month-end",
			[]string{"2026-10-30"},
			[3]string{"920.01/100 2026-10-29", "1/1 ", "1390/1 2026-10-29"},
		},
		"a day of the month": {
			"day:26", nil, [3]string{"919.5/100 2026-10-26", "1/1 ", "1379.5/1 2026-10-26"},
		},
		"the mean of the listings, half up to four decimals": {
			"month-average", nil,
			[3]string{"920.3533/100 2026-10-31", "1/1 ", "1385.8667/1 2026-10-31"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := won(use("3", "Azure", "700"))
			in.Groups = append(in.Groups, use("1", "EC2", "100"), inYen(use("2", "EC2", "1234.5")))
			in.Customer.Contract.FXRule = tt.rule
			in.Rates = []tax.FXRate{
				listing("2026-10-26", money.USD, 1, "1379.5"),
				listing("2026-10-29", money.USD, 1, "1390"),
				listing("2026-10-30", money.USD, 1, "1388.1"),
				listing("2026-10-26", money.JPY, 100, "919.5"),
				listing("2026-10-29", money.JPY, 100, "920.01"),
				listing("2026-10-30", money.JPY, 100, "921.55"),
				listing("2026-09-30", money.USD, 1, "1"),
				listing("2026-11-02", money.USD, 1, "2"),
			}
			for _, holiday := range tt.holidays {
				in.Holidays = append(in.Holidays, day(holiday))
			}

			s := assemble(t, in)

			require.Len(t, s.Sources, 3)
			exact := decimal.Zero
			for i, source := range s.Sources {
				on := ""
				if !source.RateOn.IsZero() {
					on = source.RateOn.Format(time.DateOnly)
				}
				require.Equal(t, tt.want[i],
					money.Text(source.Rate)+"/"+decimal.NewFromInt(int64(source.Per)).String()+" "+on)
				require.Equal(t, tt.rule, source.RateRule)
				exact = exact.Add(source.Converted)
			}
			require.Equal(t, []string{"1234.5", "700", "100"}, []string{
				money.Text(s.Sources[0].Net), money.Text(s.Sources[1].Net), money.Text(s.Sources[2].Net),
			}, "nothing is added across currencies")
			require.True(t, s.Supply.Equal(exact.Truncate(0)), "the document is rounded once: %s", exact)
		})
	}
}

// what cannot be known yet, or is not listed, parks; no other day's rate
// takes its place.
func TestR12AMissingRateParksTheDocument(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*invoice.Input){
		"month end before it has come": func(in *invoice.Input) { in.MonthHasEnded = false },
		"an average before the month is over": func(in *invoice.Input) {
			in.MonthHasEnded, in.Customer.Contract.FXRule = false, "month-average"
		},
		"a day without a listing":       func(in *invoice.Input) { in.Customer.Contract.FXRule = "day:25" },
		"a listing of another type":     func(in *invoice.Input) { in.Customer.Contract.FXType = "TTS" },
		"one of two source currencies":  func(in *invoice.Input) { in.Groups = append(in.Groups, inYen(use("1", "S3", "1"))) },
		"month end that is now holiday": func(in *invoice.Input) { in.Holidays = []time.Time{day("2026-10-30")} },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := dollars(use("1", "EC2", "100"))
			change(&in)
			requireParked(t, in, fault.FXMissing)
		})
	}
	in := won(use("1", "EC2", "100"))
	in.MonthHasEnded = false
	requireOwed(t, assemble(t, in), "100", "10", "110") // in one currency no rate is asked for
}

// `{}` at half past midnight of 1 November in Seoul is October, whose rate
// waits for the UTC end of the month.
func TestR13OctoberIsNotOverAtMidnightInSeoul(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 1, 0, 30, 0, 0, fixedSeoul)
	require.Equal(t, october, period.Previous(now))

	in := dollars(use("1", "EC2", "100"))
	in.MonthHasEnded = !now.Before(october.End())
	requireParked(t, in, fault.FXMissing)
	in.MonthHasEnded = !now.Add(9 * time.Hour).Before(october.End())
	assemble(t, in)
}

// The four documents show one total, whatever is rounded where, and below zero
// too.
func TestAllFourDocumentsHaveOneTotal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput().Draw(t, "input")
		in.Customer.Contract.GroupBy = rapid.SampledFrom([]string{"account", "alias"}).Draw(t, "group by")
		in.Accounts = map[string]string{"111": "web", "222": "web"}
		if rapid.Bool().Draw(t, "negative") {
			in.Credits = nil
			for i := range in.Groups {
				g := &in.Groups[i]
				g.Billed, g.List, g.Effective = g.Billed.Neg(), g.List.Neg(), g.Effective.Neg()
			}
		}

		s := assemble(t, in)

		var product, account, below, detail, perAccount decimal.Decimal
		for _, row := range invoice.ByProduct(s) {
			product = product.Add(row.Amount)
		}
		for _, row := range invoice.ByAccount(s) {
			account = account.Add(row.Amount)
			for _, one := range row.Products {
				below = below.Add(one.Amount)
			}
		}
		for _, row := range invoice.Detail(s) {
			detail = detail.Add(row.Amount)
		}
		for _, row := range invoice.AccountDetail(s) {
			perAccount = perAccount.Add(row.Amount)
		}
		for _, total := range []decimal.Decimal{product, account, below, detail, perAccount} {
			require.True(t, s.Supply.Equal(total))
		}
		taxed := decimal.Zero
		for _, one := range s.Taxes {
			taxed = taxed.Add(one.Base)
			require.True(t, one.Tax.Equal(one.Tax.Truncate(0)),
				"tax is in whole won, whatever the supply's unit")
		}
		require.True(t, s.Supply.Equal(taxed))
	})
}

// A refund of September on October's bill pays October's rate of tax, and
// a rate that rose between two months needs no change but its row.
func TestTheBillingMonthsTaxRateHolds(t *testing.T) {
	t.Parallel()
	rates := []tax.Rate{
		{Tax: "kr-vat", Rate: dec("10"), Valid: period.Span{To: october.Add(-1)}},
		{Tax: "kr-vat", Rate: dec("12"), Valid: period.Span{From: october}},
	}
	refund := of(use("1", "EC2", "-100"), charge.CategoryUsage, charge.ClassCorrection)
	refund.ChargeMonth = october.Add(-1)
	for month, want := range map[period.Month][3]string{
		october.Add(-1): {"1000", "100", "1100"},
		october:         {"1000", "120", "1120"},
	} {
		in := won(use("1", "EC2", "1000"))
		in.Month = month
		var err error
		in.TaxRate, err = tax.InForce(rates, "kr-vat", month)
		require.NoError(t, err)
		requireOwed(t, assemble(t, in), want[0], want[1], want[2])
	}
	in := won(use("1", "EC2", "1000"), refund)
	in.TaxRate = &rates[1]
	requireOwed(t, assemble(t, in), "900", "108", "1008")
}

// Who invoices decides the category; each category is taxed once, as a sum.
func TestTheInvoicingEntityDecidesTheTax(t *testing.T) {
	t.Parallel()
	by := func(issuer string, g charge.Group) charge.Group {
		g.InvoiceIssuer = issuer
		return g
	}
	in := won(
		by("AWS Korea", use("1", "EC2", "105")), by("AWS Korea", use("2", "EC2", "104")),
		by("AWS Inc.", use("1", "EC2", "1000")), by("Seller KK", use("1", "Market", "55")),
	)
	in.TaxRules = []tax.Rule{
		{InvoicingEntity: "AWS Inc.", TaxCategory: tax.ZeroRated},
		{InvoicingEntity: "Seller KK", TaxCategory: tax.AlreadyTaxed},
	}

	s := assemble(t, in)

	requireOwed(t, s, "1264", "20", "1284") // 10 % of 209 is 20.9; by lines it would be 10 + 10
	var totals []string
	for _, one := range s.Taxes {
		totals = append(totals, string(one.Category)+" "+money.Text(one.Base)+" "+money.Text(one.Tax))
	}
	require.Equal(t, []string{"taxable 209 20", "zero-rated 1000 0", "already-taxed 55 0"}, totals)
}

// A reduced rate is data: lines that a rule names pay it, rounded once like any
// other rate; without a rate in force they park the document.
func TestAReducedRateIsTaxedApart(t *testing.T) {
	t.Parallel()
	in := won(use("1", "EC2", "1005"), use("1", "News", "505"), use("2", "News", "504"))
	in.TaxRules = []tax.Rule{{Service: "News", TaxCategory: tax.Reduced}}
	requireParked(t, in, fault.TaxMissing)
	in.ReducedRate = &tax.Rate{Tax: "jp-ct", Kind: "reduced", Rate: dec("8")}

	s := assemble(t, in)

	requireOwed(t, s, "2014", "180", "2194") // 100.5 and 80.72
	require.Len(t, s.Taxes, 2)
	require.Equal(t, tax.Reduced, s.Taxes[1].Category)
	require.Equal(t, "8 1009 80",
		money.Text(s.Taxes[1].Rate)+" "+money.Text(s.Taxes[1].Base)+" "+money.Text(s.Taxes[1].Tax))
	in.Customer.Contract.Tax, in.ReducedRate = tax.None, nil
	requireOwed(t, assemble(t, in), "2014", "0", "2014")
}

// a total of nought goes out like any other, one below zero is held.
func TestR17NoughtGoesOutAndBelowZeroIsHeld(t *testing.T) {
	t.Parallel()
	held := func(groups ...charge.Group) []string {
		draft, err := invoice.Assemble(won(groups...))
		require.NoError(t, err)
		var codes []string
		for _, hold := range invoice.Holds(draft, invoice.Facts{Contacts: 1}) {
			codes = append(codes, hold.Code)
		}
		return codes
	}
	require.Empty(t, held(use("1", "EC2", "100"), earned("1", "EC2", "-100")))
	require.Empty(t, held(use("1", "EC2", "0.4")), "nought after rounding")
	require.Equal(t, []string{invoice.HoldNegativeTotal},
		held(use("1", "EC2", "100"), earned("1", "EC2", "-101")))
}
