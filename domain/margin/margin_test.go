package margin_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/closing"
	"magam/domain/credit"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/margin"
	"magam/domain/money"
	"magam/domain/party"
	"magam/domain/period"
	"magam/domain/pricing"
	"magam/domain/tax"
)

var october = period.NewMonth(2026, time.October)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func group(
	account, service string, category charge.Category, currency money.Currency, billed string,
) charge.Group {
	return charge.Group{
		Provider:       "aws",
		BillingAccount: "payer",
		SubAccount:     account,
		Currency:       currency,
		ServiceCode:    service,
		ServiceName:    "Amazon " + service,
		UsageType:      "use",
		Unit:           "Hrs",
		Category:       category,
		Rows:           1,
		Quantity:       dec("10"),
		Billed:         dec(billed),
		Effective:      dec(billed),
		List:           dec(billed),
		Contracted:     dec(billed),
	}
}

func usage(account, service, billed string) charge.Group {
	return group(account, service, charge.CategoryUsage, money.USD, billed)
}

// document assembles one as a close does, in won at 1,000 to the dollar and 900
// to 100 yen.
func document(
	t require.TestingT, customer string, change func(*invoice.Input), groups ...charge.Group,
) margin.Document {
	in := invoice.Input{
		Month: october, Provider: "aws", MonthHasEnded: true, Issuer: party.Issuer{Code: "us", Name: "Us"},
		Customer: party.Customer{
			Code: customer, Name: "Customer " + customer, Currency: money.KRW, Language: "ko",
			Contract: party.Contract{Tax: "kr-vat", TermsDays: 30},
		},
		Groups: groups, TaxRate: &tax.Rate{Tax: "kr-vat", Rate: dec("10")},
		Rates: []tax.FXRate{
			{
				Date: time.Date(2026, 10, 30, 0, 0, 0, 0, time.UTC), Base: money.USD, Quote: money.KRW,
				Type: tax.DefaultFXType, Per: 1, Value: dec("1000"),
			},
			{
				Date: time.Date(2026, 10, 30, 0, 0, 0, 0, time.UTC), Base: money.JPY, Quote: money.KRW,
				Type: tax.DefaultFXType, Per: 100, Value: dec("900"),
			},
		},
	}
	if change != nil {
		change(&in)
	}
	draft, err := invoice.Assemble(in)
	require.NoError(t, err)
	return margin.Document{
		Customer: customer, Provider: "aws", State: "final", Snapshot: draft.Snapshot, Shares: draft.Shares,
	}
}

func discount(id, percent string) func(*invoice.Input) {
	return func(in *invoice.Input) {
		in.Rules = append(in.Rules,
			pricing.Rule{ID: id, Customer: "*", Kind: pricing.KindDiscount, Value: dec(percent)})
	}
}

func markup(percent string) func(*invoice.Input) {
	return func(in *invoice.Input) {
		in.Rules = append(in.Rules,
			pricing.Rule{ID: "up", Customer: "*", Kind: pricing.KindMarkup, Value: dec(percent)})
	}
}

func report(t require.TestingT, around margin.Around, documents ...margin.Document) margin.Report {
	tally := margin.NewTally(october, "")
	for _, d := range documents {
		require.NoError(t, tally.Add(d))
	}
	return tally.Report(around)
}

func TestWhatWasBoughtAndSold(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		change                  func(*invoice.Input)
		groups                  []charge.Group
		bought, converted, sold string
		margin, percent         string
	}{
		"sold at cost leaves nothing": {
			nil, []charge.Group{usage("1", "EC2", "100")}, "100", "100000", "100000", "0", "0",
		},
		"a mark-up of 10 % leaves 9.09 % of what is sold": {
			markup("10"),
			[]charge.Group{usage("1", "EC2", "100")},
			"100",
			"100000",
			"110000",
			"10000",
			"9.09",
		},
		"a discount of 5 % loses 5.26 % of what is sold": {
			discount("down", "5"),
			[]charge.Group{usage("1", "EC2", "100")},
			"100", "100000", "95000", "-5000",
			"-5.26",
		},
		"the provider's tax is retained and neither bought nor sold (R-1)": {
			nil,
			[]charge.Group{usage("1", "EC2", "100"), group("1", "EC2", charge.CategoryTax, money.USD, "10")},
			"100", "100000", "100000", "0", "0",
		},
		"the provider's credit passes at cost (R-4)": {
			markup("10"),
			[]charge.Group{
				usage("1", "EC2", "100"),
				group("1", "EC2", charge.CategoryCredit, money.USD, "-20"),
			},
			"80",
			"80000",
			"90000",
			"10000",
			"11.11",
		},
		"what truncation takes off is rounding, not a loss (R-5)": {
			nil, []charge.Group{usage("1", "EC2", "0.0019")}, "0.0019", "1.9", "1", "-0.9", "-90",
		},
	}
	for claim, test := range tests {
		t.Run(claim, func(t *testing.T) {
			t.Parallel()

			got := report(t, margin.Around{}, document(t, "acme", test.change, test.groups...))

			require.Len(t, got.Totals, 1)
			total := got.Totals[0]
			rate, known := total.Percent()
			require.True(t, known)
			require.Equal(
				t,
				[]string{test.bought, test.converted, test.sold, test.margin, test.percent},
				[]string{
					money.Text(total.Bought), money.Text(total.Converted), money.Text(total.Sold),
					money.Text(total.Margin()), money.Text(rate),
				},
			)
			require.Equal(t, got.Totals, margin.Positions(got.Customers))
		})
	}
}

func TestALossNamesTheRulesThatMadeIt(t *testing.T) {
	t.Parallel()
	lossy := document(t, "acme", func(in *invoice.Input) {
		discount("deep", "30")(in)
		in.Credits = []credit.Credit{{
			ID: "C-1", Customer: "acme", Balance: dec("5"), Currency: money.USD, Reason: "thanks",
		}}
	}, usage("1", "EC2", "100"), usage("2", "S3", "10"))
	fair := document(t, "beta", markup("10"), usage("3", "EC2", "50"))

	got := report(t, margin.Around{}, lossy, fair)

	require.Len(t, got.UnderBilled, 2)
	worst := got.UnderBilled[0]
	require.Equal(t, "acme 1 EC2", worst.Customer+" "+worst.Account+" "+worst.Service)
	require.Equal(t, "deep", worst.Causes[0].Rule)
	require.Equal(t, invoice.StepPrice, worst.Causes[0].Step)
	require.Equal(t, "-30000", money.Text(worst.Causes[0].Amount))
	require.Equal(t, "C-1", worst.Causes[1].Rule)
	left := worst.Margin()
	for _, cause := range worst.Causes {
		left = left.Sub(cause.Amount)
	}
	require.True(t, left.Equal(worst.Rounded), "the causes explain the whole loss")

	var kinds []string
	for _, lost := range got.Negatives() {
		kinds = append(kinds, lost.Kind+" "+lost.Code)
	}
	require.Equal(t, []string{"customer acme", "service EC2", "service S3", "account 1", "account 2"}, kinds)
}

// The example of docs/margin.md.
func TestTheExampleOfTheMargin(t *testing.T) {
	t.Parallel()
	sold := document(t, "acme", func(in *invoice.Input) {
		discount("list-5", "5")(in)
		in.Rates[0].Value = dec("1388.1")
		in.Credits = []credit.Credit{{
			ID: "C-1", Customer: "acme", Balance: dec("1"), Currency: money.USD, Reason: "thanks",
		}}
	}, usage("1", "EC2", "100"))

	got := report(t, margin.Around{}, sold)

	total := got.Totals[0]
	require.Equal(t, "138810", money.Text(total.Converted))
	require.Equal(t, "130481", money.Text(total.Sold))
	require.Equal(t, "-8329", money.Text(total.Margin()))
	rate, _ := total.Percent()
	require.Equal(t, "-6.38", money.Text(rate))
	require.Equal(t, "-0.4", money.Text(total.Rounded))
	var causes []string
	for _, cause := range got.UnderBilled[0].Causes {
		causes = append(causes, cause.Rule+" "+money.Text(cause.Amount))
	}
	require.Equal(t, []string{"list-5 -6940.5", "C-1 -1388.1"}, causes)
}

func TestCurrenciesAreNeverAddedUp(t *testing.T) {
	t.Parallel()
	both := document(t, "acme", nil, usage("1", "EC2", "100"),
		group("1", "EC2", charge.CategoryUsage, money.JPY, "1000"))
	yen := document(t, "tanaka", func(in *invoice.Input) {
		in.Customer.Currency = money.JPY
	}, group("9", "EC2", charge.CategoryUsage, money.JPY, "500"))

	got := report(t, margin.Around{}, both, yen)

	var totals []string
	for _, p := range got.Totals {
		totals = append(totals, fmt.Sprintf("%s→%s %s %s", p.Source, p.Currency, p.Bought, p.Converted))
	}
	require.Equal(t, []string{"JPY→JPY 500 500", "JPY→KRW 1000 9000", "USD→KRW 100 100000"}, totals)
	sums := margin.ByCurrency(got.Totals)
	require.Len(t, sums, 2)
	require.Equal(t, "109000", money.Text(sums[1].Converted))
}

func TestWhatIsOnNoDocument(t *testing.T) {
	t.Parallel()
	parked := margin.Document{
		Customer: "bada", Provider: "aws", State: "parked", Parked: "E_FX_MISSING: no rate",
		Shares: []invoice.Share{
			{
				Provider:       "aws",
				BillingAccount: "payer",
				Currency:       money.USD,
				Assigned:       dec("40"),
				Retained:       dec("4"),
			},
		},
	}
	around := margin.Around{
		State: closing.StateClosedWithParked, Accepted: "laboratory",
		Proof: []closing.ProofRow{{
			Payer:     closing.Payer{Provider: "aws", BillingAccount: "payer", Currency: money.USD},
			Delivered: dec("147.5"), Sealed: dec("147"), Quarantined: dec("0.5"), Assigned: dec("140"),
			Retained: dec("4"), Unassigned: dec("3"),
		}},
	}

	got := report(t, around, document(t, "acme", nil, usage("1", "EC2", "100")), parked)

	var leaks []string
	for _, leak := range got.Unbilled {
		leaks = append(leaks, leak.Kind+" "+leak.Customer+" "+money.Text(leak.Amount)+" "+leak.Reason)
	}
	require.Equal(t, []string{
		"parked bada 40 E_FX_MISSING: no rate", "unassigned  3 laboratory", "quarantined  0.5 ",
	}, leaks)
	require.Equal(t, "4", money.Text(got.Retained[0].Amount))
	require.Equal(t, margin.RetainedTax, got.Retained[0].Kind)
	require.True(t, got.Balanced())
	require.Equal(t, "100", money.Text(got.Reconciled[0].OnDocuments))

	around.Proof[0].Assigned = dec("140.000001")
	off := report(t, around, document(t, "acme", nil, usage("1", "EC2", "100")), parked)
	require.False(t, off.Balanced())
	require.Equal(t, "0.000001", money.Text(off.Reconciled[0].Difference))
}

func TestACustomerAloneTellsNothingOfOthers(t *testing.T) {
	t.Parallel()
	tally := margin.NewTally(october, "acme")
	require.NoError(t, tally.Add(document(t, "acme", nil, usage("1", "EC2", "100"))))

	got := tally.Report(margin.Around{Proof: []closing.ProofRow{{Unassigned: dec("3")}}})

	require.Empty(t, got.Unbilled)
	require.Empty(t, got.Proof)
	require.Empty(t, got.Reconciled)
}

func TestALineThatDoesNotAddUpStopsTheReport(t *testing.T) {
	t.Parallel()
	bent := document(t, "acme", markup("10"), usage("1", "EC2", "100"))
	bent.Snapshot.Lines[0].Amount = bent.Snapshot.Lines[0].Amount.Add(dec("1"))

	err := margin.NewTally(october, "").Add(bent)

	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.Conservation, code)
	require.ErrorContains(t, err, "acme")
}

func TestAReportReadsBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	around := margin.Around{
		State:     closing.StateClosed,
		Decisions: []margin.Decision{{Customer: "acme", Verdict: "approve", By: "choi"}},
		Alarms: []delivery.Raised{
			{
				Alarm: delivery.Alarm{
					Kind:   delivery.AlarmSilent,
					Source: "aws",
				},
				Since: time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC),
			},
		},
		Unmapped: []margin.Unmapped{
			{Account: "lab", FirstSeen: invoice.NewDate(time.Date(2026, 10, 3, 0, 0, 0, 0, time.UTC))},
		},
	}
	made := report(t, around, document(t, "acme", discount("down", "5"), usage("1", "EC2", "100.123456789")))
	canonical, err := made.Canonical()
	require.NoError(t, err)

	read, err := margin.ParseReport(canonical)
	require.NoError(t, err)
	again, err := read.Canonical()
	require.NoError(t, err)
	require.Equal(t, string(canonical), string(again))

	basis, err := made.Basis()
	require.NoError(t, err)
	made.Alarms = nil
	quiet, err := made.Basis()
	require.NoError(t, err)
	require.Equal(t, string(basis), string(quiet), "an alarm alone makes no new report")
	_, err = margin.ParseReport([]byte(`{"Schema":2}`))
	require.Error(t, err)
}
