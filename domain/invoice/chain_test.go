package invoice_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/party"
	"magam/domain/pricing"
	"magam/domain/tax"
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

func TestContractsThatCannotBeCarriedOutPark(t *testing.T) {
	t.Parallel()
	flat := func(stage credit.Stage, currency money.Currency) []credit.Adjustment {
		one := adjustment("a", "flat", "5", stage)
		one.Currency = currency
		return []credit.Adjustment{one}
	}
	yen := use("1", "EC2", "100")
	yen.Currency = money.JPY
	tests := map[string]struct {
		change func(*invoice.Input)
		code   fault.Code
	}{
		"no currency": {func(in *invoice.Input) { in.Customer.Currency = "" }, fault.Contract},
		"an unknown basis": {
			func(in *invoice.Input) { in.Customer.Contract.PriceBasis = "net" },
			fault.Contract,
		},
		"an unknown point": {
			func(in *invoice.Input) { in.Customer.Contract.RoundingPoint = "page" },
			fault.Contract,
		},
		"an unknown mode": {
			func(in *invoice.Input) { in.Customer.Contract.RoundingMode = "bankers" },
			fault.Contract,
		},
		"a tenth of a won": {
			func(in *invoice.Input) { in.Customer.Contract.RoundingUnit = dec("0.1") },
			fault.Contract,
		},
		"a negative unit": {
			func(in *invoice.Input) { in.Customer.Contract.RoundingUnit = dec("-1") },
			fault.Contract,
		},
		"an unknown tax mode": {
			func(in *invoice.Input) { in.Customer.Contract.TaxRounding = "bankers" },
			fault.Contract,
		},
		"an unknown rate rule": {
			func(in *invoice.Input) { in.Customer.Contract.FXRule = "yesterday" },
			fault.Contract,
		},
		"a policy not built": {
			func(in *invoice.Input) { in.Customer.Contract.BenefitPolicy = "pooled" },
			fault.RuleNotBuilt,
		},
		"a row not built": {
			func(in *invoice.Input) { in.Unbuilt = []string{"fees row 3"} },
			fault.RuleNotBuilt,
		},
		"a tax without a rate": {func(in *invoice.Input) { in.TaxRate = nil }, fault.TaxMissing},
		"a price kind not built": {
			func(in *invoice.Input) { in.Rules = []pricing.Rule{{Customer: "*", Kind: pricing.KindTier}} },
			fault.RuleNotBuilt,
		},
		"two tax rules that disagree": {func(in *invoice.Input) {
			in.TaxRules = []tax.Rule{{TaxCategory: tax.Exempt}, {TaxCategory: tax.ZeroRated}}
		}, fault.RuleTie},
		"an adjustment nobody approved": {func(in *invoice.Input) {
			in.Adjustments = flat(credit.StageAfterDiscount, "")
			in.Adjustments[0].Approver = ""
		}, fault.AdjustmentTerm},
		"a plan that is none": {func(in *invoice.Input) {
			in.Adjustments = flat(credit.StageAfterDiscount, "")
			in.Adjustments[0].Repeat = "weekly"
		}, fault.AdjustmentTerm},
		"won before the discount of dollars, which needs an inverse rate": {func(in *invoice.Input) {
			in.Adjustments = flat(credit.StageBeforeDiscount, money.KRW)
		}, fault.AdjustmentTerm},
		"a flat sum of no currency on a bill of two": {func(in *invoice.Input) {
			in.Groups = append(in.Groups, yen)
			in.Adjustments = flat(credit.StageAfterDiscount, "")
		}, fault.AdjustmentTerm},
		"the same after tax": {func(in *invoice.Input) {
			yen := yen
			yen.Currency = money.KRW
			in.Groups = append(in.Groups, yen)
			in.Adjustments = flat(credit.StageAfterTax, "")
		}, fault.AdjustmentTerm},
		"an adjustment after tax in a currency without a rate": {func(in *invoice.Input) {
			in.Adjustments = flat(credit.StageAfterTax, "EUR")
		}, fault.FXMissing},
		"an adjustment in a currency without a rate": {func(in *invoice.Input) {
			in.Adjustments = flat(credit.StageAfterDiscount, "EUR")
		}, fault.FXMissing},
		"a credit of no currency on a bill of two": {func(in *invoice.Input) {
			in.Groups = append(in.Groups, yen)
			in.Credits = []credit.Credit{{ID: "c", Balance: dec("1")}}
		}, fault.CreditTerm},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := dollars(use("1", "EC2", "100"))
			tt.change(&in)
			draft := requireParked(t, in, tt.code)
			require.NotEmpty(t, draft.Shares, "the proof counts parked customers too")
			require.Empty(t, draft.Snapshot.Lines)
		})
	}
}

func TestAGroupOfAnotherProviderIsABug(t *testing.T) {
	t.Parallel()
	in := won(use("1", "EC2", "100"))
	in.Provider = "gcp"
	_, err := invoice.Assemble(in)
	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.Bug, code)
}

func TestAdjustmentsFindTheirPlace(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*invoice.Input)
		chains []string
	}{
		"without charges it stands on a line of its own": {func(in *invoice.Input) {
			in.Groups = nil
			one := adjustment("setup", "flat", "50", credit.StageAfterDiscount)
			one.Currency = money.USD
			in.Adjustments = []credit.Adjustment{one}
		}, []string{"billed 0 → adjustment-after 50 (setup) → currency 69405 (2026-10-30) = 69405"}},
		"in won, after the conversion": {func(in *invoice.Input) {
			one := adjustment("gift", "flat", "-1000", credit.StageAfterDiscount)
			one.Currency = money.KRW
			in.Adjustments = []credit.Adjustment{one}
		}, []string{"billed 100 → currency 138810 (2026-10-30) → invoice-adjustment -1000 (gift) = 137810"}},
		"in won, of an account without charges": {func(in *invoice.Input) {
			one := adjustment("gift", "flat", "-1000", credit.StageAfterDiscount)
			one.Currency, one.SubAccount = money.KRW, "999"
			in.Adjustments = []credit.Adjustment{one}
		}, []string{
			"billed 100 → currency 138810 (2026-10-30) = 138810",
			"billed 0 → invoice-adjustment -1000 (gift) = -1000",
		}},
		"a percentage that names the source currency": {func(in *invoice.Input) {
			one := adjustment("p", "percent", "10", credit.StageAfterDiscount)
			one.Currency = money.USD
			in.Adjustments = []credit.Adjustment{one}
		}, []string{"billed 100 → adjustment-after 10 (p) → currency 152691 (2026-10-30) = 152691"}},
		"of another provider, not at all": {func(in *invoice.Input) {
			one := adjustment("p", "percent", "10", credit.StageAfterDiscount)
			one.Provider = "gcp"
			in.Adjustments = []credit.Adjustment{one}
		}, []string{"billed 100 → currency 138810 (2026-10-30) = 138810"}},
		"of another month, not yet": {func(in *invoice.Input) {
			one := adjustment("p", "percent", "10", credit.StageAfterDiscount)
			one.Month = october.Add(1)
			in.Adjustments = []credit.Adjustment{one}
		}, []string{"billed 100 → currency 138810 (2026-10-30) = 138810"}},
		"a discount line is shared with its charge": {
			func(in *invoice.Input) {
				in.Groups = append(
					in.Groups,
					of(use("1", "EC2", "-50"), charge.CategoryUsage, charge.ClassDiscount),
					use("1", "S3", "50"),
				)
				one := adjustment("f", "flat", "-10", credit.StageAfterDiscount)
				in.Adjustments = []credit.Adjustment{one}
			},
			[]string{
				"billed 50 → adjustment-after -5 (f) → currency 62464.5 (2026-10-30) → rounding 0.5 (document) = 62465",
				"billed 50 → adjustment-after -5 (f) → currency 62464.5 (2026-10-30) → rounding -0.5 (document) = 62464",
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := dollars(use("1", "EC2", "100"))
			tt.change(&in)
			var chains []string
			for _, l := range assemble(t, in).Lines {
				chains = append(chains, chainOf(l))
			}
			require.Equal(t, tt.chains, chains)
		})
	}
}

func TestAfterTaxIsRoundedOnceAndSharedOut(t *testing.T) {
	t.Parallel()
	in := won(use("1", "EC2", "1000"))
	in.Adjustments = []credit.Adjustment{
		adjustment("a", "percent", "0.05", credit.StageAfterTax), // of 1,100: 0.55
		adjustment("b", "percent", "0.05", credit.StageAfterTax),
	}
	s := assemble(t, in)
	require.Equal(t, "1", money.Text(s.AfterTax), "1.10 truncated once; one by one they would be 0")
	require.Equal(t, []string{"a KRW 1", "b KRW 0"}, usesOf(s))
	require.Equal(t, "1101", money.Text(s.Total))
}

func TestCreditsOfTwoCurrenciesEachHaveTheirTurn(t *testing.T) {
	t.Parallel()
	yen := use("2", "EC2", "1000")
	yen.Currency = money.JPY
	in := dollars(use("1", "EC2", "100"), yen)
	in.Rates = append(in.Rates, tax.FXRate{
		Date: day(
			"2026-10-30",
		),
		Base:  money.JPY,
		Quote: money.KRW,
		Type:  tax.DefaultFXType,
		Per:   100,
		Value: dec("900"),
	})
	in.Credits = []credit.Credit{
		{ID: "usd", Currency: money.USD, Balance: dec("30")},
		{ID: "jpy", Currency: money.JPY, Balance: dec("2000")},
		{ID: "krw", Currency: money.KRW, Balance: dec("7167")},
		{ID: "eur", Currency: "EUR", Balance: dec("5")},
	}
	s := assemble(t, in)
	require.Equal(
		t,
		"billed 100 → credit -30 (usd) → currency 97167 (2026-10-30) → invoice-credit -7167 (krw) = 90000",
		chainOf(s.Lines[0]),
	)
	require.Equal(t, "billed 1000 → credit -1000 (jpy) = 0", chainOfSource(s.Lines[1]))
	require.Len(t, s.Credits, 3, "the credit in euro has no charge to be used on")
	require.Equal(t, "1000", money.Text(s.Credits[0].Remaining), "sorted by currency: the yen first")
}

// chainOfSource leaves out the conversion of nought.
func chainOfSource(l invoice.Line) string {
	var kept []invoice.Step
	for _, step := range l.Steps {
		if step.Name != invoice.StepCurrency {
			kept = append(kept, step)
		}
	}
	l.Steps = kept
	return chainOf(l)
}

func TestHeadingSpeaksTheReadersLanguage(t *testing.T) {
	t.Parallel()
	for language, want := range map[string][3]string{
		"":   {"마감", "서울", "알파"},
		"ko": {"마감", "서울", "알파"},
		"en": {"Magam", "Seoul", "Alpha"},
		"ja": {"マガム", "ソウル", "アルファ"},
		"fr": {"마감", "서울", "알파"},
	} {
		in := won()
		in.Issuer = party.Issuer{
			Name: "마감", NameEn: "Magam", NameJa: "マガム", Address: "서울", AddressEn: "Seoul", AddressJa: "ソウル",
			MailFrom: "billing@magam.example", BankAccount: "1-2-3", Color: "#112233",
		}
		in.Customer.Language = language
		in.Customer.Name, in.Customer.NameEn, in.Customer.NameJa = "알파", "Alpha", "アルファ"
		in.DataAsOf = day("2026-11-03")
		s := assemble(t, in)
		require.Equal(t, want, [3]string{s.Issuer.Name, s.Issuer.Address, s.Customer.Name}, language)
		require.Equal(t, "2026-11-03", s.DataAsOf.Format("2006-01-02"))
		require.Equal(t, "billing@magam.example", s.Issuer.Email)
	}
}

func TestHistoryIsTheSixMonthsBefore(t *testing.T) {
	t.Parallel()
	in := won(use("1", "EC2", "1"))
	for ago := 9; ago >= -1; ago-- {
		in.History = append(
			in.History,
			invoice.MonthTotal{Month: october.Add(-ago), Total: decimal.NewFromInt(int64(ago))},
		)
	}
	s := assemble(t, in)
	require.Len(t, s.History, 6)
	require.Equal(t, october.Add(-6), s.History[0].Month)
	require.Equal(t, october.Add(-1), s.History[5].Month)
}

func TestADocumentOfNothing(t *testing.T) {
	t.Parallel()
	s := assemble(t, won())
	requireOwed(t, s, "0", "0", "0")
	require.Empty(t, s.Lines)
	require.Empty(t, invoice.ByAccount(s))
}

func TestNoTaxByContract(t *testing.T) {
	t.Parallel()
	in := won(use("1", "EC2", "100"))
	in.Customer.Contract.Tax, in.TaxRate = "", nil
	s := assemble(t, in)
	requireOwed(t, s, "100", "0", "100")
	require.Equal(t, "none", s.TaxName)
	in.TaxRate = &tax.Rate{Rate: dec("10")}
	requireOwed(t, assemble(t, in), "100", "0", "100")
}
