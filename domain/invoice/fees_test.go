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
	"magam/domain/pricing"
)

func TestFeesOnADocument(t *testing.T) {
	t.Parallel()
	business := []pricing.PlanRow{
		{Plan: "business", To: dec("10000"), Rate: dec("10"), Minimum: dec("100"), Currency: money.KRW},
		{Plan: "business", From: dec("10000"), Rate: dec("7"), Minimum: dec("100"), Currency: money.KRW},
	}
	support := pricing.Fee{ID: "s", Provider: "aws", Kind: pricing.FeeSupport, Plan: "business"}
	perAccount := support
	perAccount.Per = pricing.PoolAccount
	tests := map[string]struct {
		change func(*invoice.Input)
		fee    pricing.Fee
		want   string // the supply value: 1,000 of EC2, and the fee
		listed int
	}{
		"R-9: 1,000 less 10 % is a base of 900, whatever the credit": {func(in *invoice.Input) {
			in.Rules = []pricing.Rule{{ID: "d", Customer: "*", Kind: pricing.KindDiscount, Value: dec("10")}}
			in.Credits = []credit.Credit{
				{ID: "c", Currency: money.KRW, Granted: dec("200"), Balance: dec("200")},
			}
		}, support, "800", 1}, // 900 + the minimum of 100 - 200
		"per account, the minimum of each": {nil, perAccount, "1200", 2},
		"a management fee of 5 %": {
			nil,
			pricing.Fee{ID: "m", Kind: pricing.FeeManagement, Rate: dec("5")},
			"1050",
			1,
		},
		"no fee is taken of a fee": {func(in *invoice.Input) {
			in.Fees = append(in.Fees, pricing.Fee{ID: "a", Kind: pricing.FeeManagement, Flat: dec("1000")})
		}, pricing.Fee{ID: "m", Kind: pricing.FeeManagement, Rate: dec("5")}, "2050", 2},
		"a fee of another provider": {nil, pricing.Fee{ID: "m", Provider: "gcp", Flat: dec("5")}, "1000", 0},
		"an adjustment after the discount sees it": {func(in *invoice.Input) {
			in.Adjustments = []credit.Adjustment{adjustment("a", "percent", "-10", credit.StageAfterDiscount)}
		}, pricing.Fee{ID: "m", Kind: pricing.FeeManagement, Flat: dec("100")}, "990", 1},
		"a savings fee without savings": {
			nil,
			pricing.Fee{ID: "v", Kind: pricing.FeeSavings, Rate: dec("20")},
			"1000",
			0,
		},
		"a savings fee of 20 % on 40": {func(in *invoice.Input) {
			in.Groups = append(in.Groups, saved("60", "100"))
		}, pricing.Fee{ID: "v", Kind: pricing.FeeSavings, Rate: dec("20")}, "1068", 1},
		"less what September lost": {func(in *invoice.Input) {
			in.Groups = append(in.Groups, saved("60", "100"))
			in.Carried = map[invoice.CarryKey]decimal.Decimal{{Fee: "v", Currency: money.KRW}: dec("-45")}
		}, pricing.Fee{ID: "v", Kind: pricing.FeeSavings, Rate: dec("20")}, "1060", 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := won(inWon(use("1", "EC2", "700"), use("2", "EC2", "300"))...)
			in.Plans, in.Fees = business, []pricing.Fee{tt.fee}
			if tt.change != nil {
				tt.change(&in)
			}

			s := assemble(t, in)

			require.Equal(t, tt.want, s.Supply.String())
			require.Len(t, s.Fees, tt.listed)
			require.NoError(t, invoice.Verify(s))
			canonical, err := s.Canonical()
			require.NoError(t, err)
			again, err := invoice.ParseSnapshot(canonical)
			require.NoError(t, err)
			require.Len(t, again.Fees, tt.listed)
		})
	}
}

// a flat fee without a provider is charged once, on the larger invoice.
func TestR8AFeeWithoutAProviderIsChargedOnce(t *testing.T) {
	t.Parallel()
	aws, gcp := won(inWon(use("1", "EC2", "200"))...), won(inWon(use("2", "GCE", "300"))...)
	gcp.Provider, gcp.Groups[0].Provider = "gcp", "gcp"
	fees := []pricing.Fee{{ID: "m", Kind: pricing.FeeManagement, Flat: dec("50"), Rate: dec("10")}}
	aws.Fees, gcp.Fees = fees, fees

	drafts, errs := invoice.AssembleMonth([]invoice.Input{aws, gcp})

	require.NoError(t, errs[0])
	require.NoError(t, errs[1])
	require.Equal(t, "220", drafts[0].Snapshot.Supply.String(), "its rate alone")
	require.Equal(t, "380", drafts[1].Snapshot.Supply.String(), "the rate and the flat sum")
}

// A document that was frozen before commitments had names is read as it was written.
func TestEvidenceWithoutNamesIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	s := invoice.Snapshot{Schema: invoice.SchemaCurrent, Fees: []invoice.FeeUse{{
		ID: "s", Kind: "savings", Savings: []pricing.Saving{{CommitmentID: "arn:plan"}},
	}}}
	bytes, err := s.Canonical()
	require.NoError(t, err)
	require.Contains(t, string(bytes), `{"CommitmentID":"arn:plan","Baseline"`)

	read, err := invoice.ParseSnapshot(bytes)

	require.NoError(t, err)
	require.Empty(t, invoice.Evidenced(read), "it shows no section that it did not have")
}

func TestFeesThatCannotBeCarriedOutPark(t *testing.T) {
	t.Parallel()
	yen := use("1", "EC2", "100")
	yen.Currency = money.JPY
	tests := map[string]struct {
		groups []charge.Group
		fee    pricing.Fee
	}{
		"a plan in dollars on charges in won": {
			inWon(use("1", "EC2", "1")),
			pricing.Fee{ID: "s", Kind: pricing.FeeSupport, Plan: "usd", Currency: money.KRW},
		},
		"a plan that nobody wrote": {inWon(use("1", "EC2", "1")), pricing.Fee{ID: "s", Plan: "none"}},
		"a flat sum of no currency on a bill of two": {
			[]charge.Group{use("1", "EC2", "1"), yen}, pricing.Fee{ID: "m", Flat: dec("5")},
		},
		"a minimum on charges of two currencies": {
			[]charge.Group{
				use("1", "EC2", "1"),
				yen,
			},
			pricing.Fee{ID: "m", Minimum: dec("5"), Currency: money.JPY},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := dollars(tt.groups...)
			in.Plans = []pricing.PlanRow{{Plan: "usd", Rate: dec("1"), Currency: money.USD}}
			in.Fees = []pricing.Fee{tt.fee}
			requireParked(t, in, fault.Contract)
		})
	}
}

// What an earlier month left to make up for is carried through a month in which
// nothing was used in its currency, or the customer would pay for it later.
func TestWhatIsToBeMadeUpForIsNotForgotten(t *testing.T) {
	t.Parallel()
	in := won(inWon(use("1", "EC2", "700"))...)
	in.Fees = []pricing.Fee{{ID: "v", Kind: pricing.FeeSavings, Rate: dec("20")}}
	in.Carried = map[invoice.CarryKey]decimal.Decimal{{Fee: "v", Currency: money.USD}: dec("-30")}

	s := assemble(t, in)

	requireOwed(t, s, "700", "70", "770")
	require.Len(t, s.Fees, 1)
	require.Equal(t, money.USD, s.Fees[0].Currency)
	require.Equal(t, "-30", s.Fees[0].CarriedOut.String())
}

// A fee that is due in any case makes a document of nothing else.
func TestAFeeAlone(t *testing.T) {
	t.Parallel()
	in := won()
	in.Fees = []pricing.Fee{{ID: "m", Kind: pricing.FeeManagement, Flat: dec("1000")}}
	s := assemble(t, in)
	requireOwed(t, s, "1000", "100", "1100")
	require.Equal(t, "관리료", s.Lines[0].ServiceName)
	require.Equal(t, "billed 0 → fee 1000 (m) = 1000", chainOf(s.Lines[0]))
}

func saved(cost, list string) charge.Group {
	g := use("1", "EC2", cost)
	g.List, g.CommitmentID, g.Currency = dec(list), "plan", money.KRW
	return g
}
