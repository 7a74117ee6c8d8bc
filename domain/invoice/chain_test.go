package invoice_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/credit"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/party"
	"magam/domain/pricing"
	"magam/domain/tax"
)

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
		"a tax without a rate": {func(in *invoice.Input) { in.TaxRate = nil }, fault.TaxMissing},
		"a price kind that nobody knows": {
			func(in *invoice.Input) { in.Rules = []pricing.Rule{{Customer: "*", Kind: "rebate"}} },
			fault.Contract,
		},
		"tiers with a hole": {func(in *invoice.Input) {
			in.Rules = []pricing.Rule{
				{
					ID:       "s",
					Customer: "*",
					Kind:     pricing.KindTier,
					TierKind: pricing.TierVolume,
					TierFrom: dec("5"),
				},
			}
		}, fault.Contract},
		"tiers over two source currencies (R-16)": {func(in *invoice.Input) {
			in.Groups = append(in.Groups, yen)
			in.Rules = []pricing.Rule{
				{ID: "s", Customer: "*", Kind: pricing.KindTier, TierKind: pricing.TierVolume},
			}
		}, fault.Contract},
		"a cap over two source currencies": {func(in *invoice.Input) {
			in.Groups = append(in.Groups, yen)
			in.Rules = []pricing.Rule{{ID: "s", Customer: "*", Kind: pricing.KindCap, Value: dec("1")}}
		}, fault.Contract},
		"two caps that meet": {func(in *invoice.Input) {
			in.Rules = []pricing.Rule{
				{ID: "a", Customer: "*", Kind: pricing.KindCap, Value: dec("1")},
				{ID: "b", Customer: "*", Kind: pricing.KindCap, Value: dec("2")},
			}
		}, fault.RuleTie},
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
		in.History = append(in.History,
			invoice.MonthTotal{Month: october.Add(-ago), Total: decimal.NewFromInt(int64(ago))})
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

// Those who add steps up over documents take them in the order of page 02.
func TestTheStepsInTheirOrder(t *testing.T) {
	t.Parallel()
	require.Equal(t, []invoice.StepName{
		"billed", "retained", "benefit", "basis", "pooled", "adjustment-before", "price", "shared", "fee",
		"adjustment-after", "credit", "currency", "invoice-adjustment", "invoice-credit", "rounding",
	}, invoice.Order())
}
