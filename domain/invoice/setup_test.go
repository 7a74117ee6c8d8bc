package invoice_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/party"
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

// use is an ordinary charge of an account.
func use(account, service, billed string) charge.Group {
	return charge.Group{
		Provider: "aws", BillingAccount: "payer", SubAccount: account, Currency: money.USD,
		ServiceCode: service, ServiceName: "Amazon " + service, UsageType: service + "-use", Unit: "Hrs",
		Category: charge.CategoryUsage, Rows: 1, Quantity: dec("10"),
		Billed: dec(billed), Effective: dec(billed), List: dec(billed), Contracted: dec(billed),
	}
}

// of makes a group of another kind.
func of(g charge.Group, category charge.Category, class charge.Class) charge.Group {
	g.Category, g.Class = category, class
	return g
}

// inWon makes a group of a bill in won, where the rulings' figures need no rate.
func inWon(groups ...charge.Group) []charge.Group {
	for i := range groups {
		groups[i].Currency = money.KRW
	}
	return groups
}

// won is a document in won of a bill in won, taxed at 10 %.
func won(groups ...charge.Group) invoice.Input {
	return invoice.Input{
		Month: october, Provider: "aws", MonthHasEnded: true,
		Issuer: party.Issuer{Code: "magam", Name: "마감클라우드"},
		Customer: party.Customer{
			Code: "acme", Name: "알파전자", Currency: money.KRW, Language: "ko",
			Contract: party.Contract{Tax: "kr-vat", TermsDays: 30},
		},
		Groups:  inWon(groups...),
		TaxRate: &tax.Rate{Tax: "kr-vat", Rate: dec("10")},
	}
}

// dollars is a document in won of a bill in dollars, at 1,388.1.
func dollars(groups ...charge.Group) invoice.Input {
	in := won()
	in.Groups = groups
	in.Rates = []tax.FXRate{
		{
			Date:  day("2026-10-30"),
			Base:  money.USD,
			Quote: money.KRW,
			Type:  tax.DefaultFXType,
			Per:   1,
			Value: dec("1388.1"),
		},
	}
	return in
}

func adjustment(id, kind, value string, stage credit.Stage) credit.Adjustment {
	return credit.Adjustment{
		ID: id, Customer: "acme", Month: october, Kind: kind, Value: dec(value), Stage: stage,
		Reason: "by agreement", ReasonCode: "agreed", Author: "kim", Approver: "lee",
	}
}

func assemble(t require.TestingT, in invoice.Input) invoice.Snapshot {
	draft, err := invoice.Assemble(in)
	require.NoError(t, err)
	require.NoError(t, invoice.Verify(draft.Snapshot))
	return draft.Snapshot
}

// requireOwed compares supply, tax and total.
func requireOwed(t require.TestingT, s invoice.Snapshot, supply, taxed, total string) {
	require.Equal(t, []string{supply, taxed, total},
		[]string{money.Text(s.Supply), money.Text(s.Tax), money.Text(s.Total)})
}

func requireParked(t require.TestingT, in invoice.Input, code fault.Code) invoice.Draft {
	draft, err := invoice.Assemble(in)
	found, coded := fault.CodeOf(err)
	require.True(t, coded, "%v", err)
	require.Equal(t, code, found, "%v", err)
	require.Equal(t, fault.ClassPark, found.Class())
	return draft
}

// chainOf prints a line's steps as "billed 100 → price -10 = 90".
func chainOf(l invoice.Line) string {
	var steps []string
	for _, step := range l.Steps {
		text := fmt.Sprintf("%s %s", step.Name, money.Text(step.Delta))
		if step.Rule != "" {
			text += " (" + step.Rule + ")"
		}
		steps = append(steps, text)
	}
	return strings.Join(steps, " → ") + " = " + money.Text(l.Amount)
}

func amountsOf(s invoice.Snapshot) []string {
	var amounts []string
	for _, l := range s.Lines {
		amounts = append(amounts, money.Text(l.Amount))
	}
	return amounts
}

var (
	fixedSeoul = time.FixedZone("KST", 9*60*60)
	zeroMonth  period.Month
)
