package invoice_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
	"magam/domain/pricing"
	"magam/domain/tax"
)

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
				in.Groups = append(in.Groups,
					of(use("1", "EC2", "-50"), charge.CategoryUsage, charge.ClassDiscount),
					use("1", "S3", "50"))
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
		Date:  day("2026-10-30"),
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
	require.Equal(t,
		"billed 100 → credit -30 (usd) → currency 97167 (2026-10-30) → invoice-credit -7167 (krw) = 90000",
		chainOf(s.Lines[0]))
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

// without a currency of its own a plan is in the bill's, whose smallest
// unit the parts are cut to: 100 won are 34, 33 and 33.
func TestR19InstalmentsAreCutInTheBillsCurrency(t *testing.T) {
	t.Parallel()
	for month, want := range map[period.Month][2]string{
		october:        {"966", "966.66"},
		october.Add(1): {"967", "966.67"},
		october.Add(2): {"967", "966.67"},
	} {
		plan := adjustment("a", "flat", "-100", credit.StageAfterDiscount)
		plan.Repeat = "instalments:3"
		in := won(use("1", "EC2", "1000"))
		in.Month, in.Adjustments = month, []credit.Adjustment{plan}
		require.Equal(t, want[0], money.Text(assemble(t, in).Supply))

		in = dollars(use("1", "EC2", "1000"))
		in.Month, in.Adjustments = month, []credit.Adjustment{plan}
		in.Customer.Currency = money.USD
		require.Equal(t, want[1], money.Text(assemble(t, in).Supply))
	}
}

// Of lines that lost as much in a sharing, the one that stands first in the document
// is served first: the fee's, which has no account. Of charges likewise, also of what
// a benefit policy moved.
func TestTheEarlierIsServedFirst(t *testing.T) {
	t.Parallel()
	in := won(use("1", "EC2", "100"), use("2", "EC2", "100"))
	in.Fees = []pricing.Fee{{ID: "f", Kind: pricing.FeeManagement, Flat: dec("100")}}
	in.Adjustments = []credit.Adjustment{adjustment("a", "flat", "-100", credit.StageAfterDiscount)}
	require.Equal(t, []string{
		"billed 0 → fee 100 (f) → adjustment-after -33.3333333334 (a) → rounding -0.6666666666 (document) = 66",
		"billed 100 → adjustment-after -33.3333333333 (a) → rounding 0.3333333333 (document) = 67",
		"billed 100 → adjustment-after -33.3333333333 (a) → rounding 0.3333333333 (document) = 67",
	}, linesOf(assemble(t, in)))

	in = won(use("1", "EC2", "40"), use("2", "EC2", "40"))
	in.Transfers = []pricing.Transfer{moved()}
	in.Transfers[0].SubAccount = "0"
	in.Rules = []pricing.Rule{{ID: "m", Customer: "*", Kind: pricing.KindMinimum, Value: dec("220")}}
	require.Equal(t, []string{
		"billed 0 → benefit 40 (pooled) → price 33.3333333334 (m) → rounding 0.6666666666 (document) = 74",
		"billed 40 → price 33.3333333333 (m) → rounding -0.3333333333 (document) = 73",
		"billed 40 → price 33.3333333333 (m) → rounding -0.3333333333 (document) = 73",
	}, linesOf(assemble(t, in)))
}

func linesOf(s invoice.Snapshot) []string {
	var lines []string
	for _, l := range s.Lines {
		lines = append(lines, chainOf(l))
	}
	return lines
}
