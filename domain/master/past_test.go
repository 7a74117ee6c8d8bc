package master_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/domain/master"
	"magam/domain/money"
	"magam/domain/period"
)

var (
	september = period.NewMonth(2026, time.September)
	october   = period.NewMonth(2026, time.October)
)

// alpha's September is final with a-1's instalment of none yet; October is final
// for aws, with the first instalment of a-1, and still open for gcp.
func pastOfAlpha() master.Past {
	return master.Past{
		Documents: []master.PastDocument{
			{Customer: "alpha", Provider: "aws", Month: september, Number: "INV-2026-000001"},
			{
				Customer: "alpha", Provider: "aws", Month: october, Number: "INV-2026-000002",
				Adjustments: []string{"a-1"},
			},
			{Customer: "alpha", Provider: "gcp", Month: october},
		},
		Closed: []period.Month{september},
		Credits: []master.PastCredit{{
			Credit: "c-1", Customer: "alpha", Currency: money.USD, Used: decimal.NewFromInt(60),
			Number: "INV-2026-000002",
		}},
		Accounts: []master.PastAccount{
			{AccountKey: alphaAccount, Bill: september, Used: september},
			{AccountKey: alphaAccount, Bill: october, Used: october},
			{AccountKey: betaAccount, Bill: october, Used: october},
		},
	}
}

// The accounts of the sheet's examples.
var (
	alphaAccount = master.AccountKey{Provider: "aws", SubAccount: "111122223333"}
	betaAccount  = master.AccountKey{Provider: "aws", SubAccount: "444455556666"}
)

// adjust is a row of the adjustments sheet beside the example's.
func adjust(pairs ...string) edit {
	return again("adjustments", 0, append([]string{
		"id", "a-9", "repeat", "once", "provider", "aws", "value", "-5",
	}, pairs...)...)
}

func TestAClosedMonthIsNotChangedByAnImport(t *testing.T) {
	t.Parallel()
	credit := func(column, text string) edit { return set("credits", 0, column, text) }
	account := func(column, text string) edit { return set("accounts", 0, column, text) }
	const inOctober = "changes 2026-10, which is final as INV-2026-000002"
	tests := map[string]struct {
		edit       edit
		cell, what string // empty: it is accepted
	}{
		"the same again":                  {set("adjustments", 0, "id", "a-1"), "", ""},
		"a row for a month that is final": {adjust("month", "2026-10"), "adjustments!E3", inOctober},
		"a percentage of every document, one out": {
			adjust("month", "2026-10", "provider", "", "kind", "percent", "currency", ""),
			"adjustments!E3",
			inOctober,
		},
		"a flat sum that the open document takes": {adjust("month", "2026-10", "provider", ""), "", ""},
		"a row for the provider that is open":     {adjust("month", "2026-10", "provider", "gcp"), "", ""},
		"a row for a month to come":               {adjust("month", "2026-11"), "", ""},
		"a monthly row that begins in the past": {
			adjust("month", "2026-09", "repeat", "monthly"),
			"adjustments!E3",
			"changes 2026-09, which is final as INV-2026-000001",
		},
		"a provider that a closed month never had": {
			adjust("month", "2026-09", "provider", "gcp"),
			"adjustments!E3",
			"changes 2026-09, which was closed without such a document of alpha",
		},
		"an open month of somebody else": {adjust("month", "2026-10", "customer", "beta"), "", ""},
		"a closed month of somebody else": {
			adjust("month", "2026-09", "customer", "beta"),
			"adjustments!E3",
			"closed without such a document of beta",
		},
		"another value": {
			set("adjustments", 0, "value", "-99"),
			"adjustments!G2",
			inOctober + " and carries it",
		},
		"another reason": {
			set("adjustments", 0, "reason", "so"),
			"adjustments!M2",
			inOctober + " and carries it",
		},
		"more instalments": {
			set("adjustments", 0, "repeat", "instalments:4"),
			"adjustments!J2",
			inOctober,
		},
		"another customer": {
			set("adjustments", 0, "customer", "beta"),
			"adjustments!B2",
			inOctober,
		},
		"the row is taken out": {
			clear("adjustments"),
			"adjustments",
			"taken out of the sheet, " + inOctober,
		},

		"a credit grants more":          {credit("amount", "5000"), "", ""},
		"a credit grants what was used": {credit("amount", "60"), "", ""},
		"a credit grants less than that": {
			credit("amount", "59.99"),
			"credits!F2",
			"grants less than was used: 60 USD of it were used, last on INV-2026-000002",
		},
		"a used credit in other money":    {credit("currency", "KRW"), "credits!G2", "changes its currency"},
		"a used credit for somebody else": {credit("customer", "beta"), "credits!B2", "is taken from alpha"},
		"a used credit is taken out":      {clear("credits"), "credits", "taken out of the sheet"},
		"a used credit ends sooner":       {credit("to", "2026-10"), "", ""},

		"an account of a closed month for somebody else": {
			account("customer", "beta"), "accounts!D2",
			"changes whose aws 111122223333 was in 2026-09, and 2026-09 is closed",
		},
		"an account that left in a month that is final": {
			account("to", "2026-10-15"), "accounts!D2",
			"changes whose aws 111122223333 was in 2026-10, and INV-2026-000002 of alpha is final",
		},
		"an account that was taken out": {
			clear("accounts"),
			"accounts",
			"taken out of the sheet, changes",
		},
		"an account that leaves with the month":  {account("to", "2026-10-31"), "", ""},
		"an account by another name":             {account("alias", "all"), "", ""},
		"an account whose documents are drafted": {set("accounts", 1, "customer", "gamma"), "", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			standing, imported := exampleTables(), edited(tt.edit)

			problems := master.CheckPast(imported, standing, pastOfAlpha())

			if tt.cell == "" {
				require.Empty(t, problems)
				return
			}
			require.Len(t, problems, 1)
			require.Equal(t, fault.PeriodClosed, problems[0].Code)
			require.Contains(t, problems[0].What, tt.what)
			place := problems[0].Sheet
			if problems[0].Cell != "" {
				place += "!" + problems[0].Cell
			}
			require.Equal(t, tt.cell, place)
			require.Contains(t, problems[0].Error(), "E_PERIOD_CLOSED")
		})
	}
}

func TestOnlyWhatAnImportChangesIsLookedUp(t *testing.T) {
	t.Parallel()
	touched := func(edits ...edit) master.Touched { return master.TouchedBy(edited(edits...), exampleTables()) }

	require.True(t, touched().None())
	require.Equal(t, master.Touched{Customers: []string{"beta"}, Credits: []string{"c-1"}},
		touched(adjust("customer", "beta"), set("credits", 0, "amount", "7")))
	require.Equal(
		t,
		master.Touched{Customers: []string{"alpha", "gamma"}, Accounts: []master.AccountKey{alphaAccount}},
		touched(set("accounts", 0, "customer", "gamma")),
	)
	require.True(t, touched(set("accounts", 0, "alias", "all")).None())

	first := master.TouchedBy(edited(adjust("customer", "beta")), nil)
	require.Equal(t, []string{"alpha", "beta"}, first.Customers, "a first import changes all it has")
	require.Equal(t, []master.AccountKey{alphaAccount, betaAccount}, first.Accounts)
	other := master.TouchedBy([]master.Table{{Sheet: "people"}}, exampleTables())
	require.True(t, other.None(), "a sheet that is not imported changes nothing")
}
