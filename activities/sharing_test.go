package activities_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/db"
	"magam/domain/charge"
	"magam/domain/invoice"
	"magam/domain/master"
	"magam/domain/money"
)

// A payer account's support fee over three customers, golden case G-5: nobody
// owns it, so that it is shared or the close waits.
func TestASupportFeeOfThePayerIsSharedOverThreeCustomersG5(t *testing.T) {
	t.Parallel()
	charges := []spent{
		{"100000000001", "EC2", charge.CategoryUsage, 3, "50", "", ""},
		{"100000000002", "EC2", charge.CategoryUsage, 3, "70", "", ""},
		{"100000000003", "EC2", charge.CategoryUsage, 3, "90", "", ""},
		{sharedPayer, "AWSSupport", charge.CategoryPurchase, 7, "100", "", ""},
		{sharedPayer, "AWSSupport", charge.CategoryTax, 7, "10", "", ""},
	}
	share := func(id, category, customer string) map[string]string {
		return map[string]string{
			"id":              id,
			"provider":        "aws",
			"billing_account": sharedPayer,
			"service":         "AWSSupport",
			"category":        category,
			"key":             "even",
			"customer":        customer,
		}
	}
	three := append(customersOf(map[string]string{"code": "acme"}, map[string]string{"code": "beta"},
		map[string]string{"code": "crow"}),
		accountsOf([4]string{"100000000001", "acme"}, [4]string{"100000000002", "beta"},
			[4]string{"100000000003", "crow"}))

	unshared := openSharedMonth(t, charges, three...)
	require.Zero(t, unshared.share(t).Entries)
	unshared.drafts(t, "acme", "beta", "crow")
	require.EqualValues(t, 2, unshared.prove(t).Undecided, "it waits for a word")
	waiting, err := unshared.ledger.Unowned(t.Context(), octoberOfShares, 10)
	require.NoError(t, err)
	require.Equal(t, "Amazon AWSSupport (Purchase) of account 999900001111: USD 100.00", waiting[0].String())

	m := openSharedMonth(t, charges, append(three, rowsOf("shared_costs",
		share("support", "", "acme"), share("support", "", "beta"), share("support", "", "crow"),
		share("tax", "Tax", "acme"), share("tax", "Tax", "beta"), share("tax", "Tax", "crow")))...)
	require.Equal(t, 2, m.share(t).Shared)
	drafts := m.drafts(t, "acme", "beta", "crow")
	for customer, want := range map[string]string{"acme": "86.66", "beta": "106.66", "crow": "126.66"} {
		require.Equal(t, want, money.Text(drafts[customer].Total), customer)
		for _, line := range drafts[customer].Lines {
			require.NotContains(t, line.Account, sharedPayer, "no other account is named")
			require.NotEmpty(t, line.AccountName, "what is shared has a name where accounts are listed")
		}
	}
	require.Equal(t, "33.333334", money.Text(sharedStep(drafts["crow"], "support")),
		"the last has the remainder")
	require.Equal(t, "33.333333", money.Text(sharedStep(drafts["acme"], "support")))

	proof := m.prove(t)
	require.Equal(t, []string{"320", "0", "0"}, []string{
		money.Text(proof.Assigned), money.Text(proof.Unassigned), money.Text(proof.Retained),
	})
	require.Zero(t, proof.Undecided, "nothing waits")
	m.finish(t, "acme", "beta", "crow")
	require.Empty(t, m.findings(t))
}

func sharedStep(s invoice.Snapshot, rule string) decimal.Decimal {
	sum := decimal.Zero
	for _, line := range s.Lines {
		for _, step := range line.Steps {
			if step.Name == invoice.StepShared && step.Rule == rule {
				sum = sum.Add(step.Delta)
			}
		}
	}
	return sum
}

// An account that moves by day: each owner's days are taken from that owner.
func TestAnAccountThatMovesByDayIsSharedByItsDaysR11(t *testing.T) {
	t.Parallel()
	charges := []spent{
		{"100000000001", "EC2", charge.CategoryUsage, 3, "100", "", ""},
		{"100000000009", "EC2", charge.CategoryUsage, 3, "30", "", ""},
		{"100000000009", "EC2", charge.CategoryUsage, 20, "70", "", ""},
	}
	share := func(customer, weight string) map[string]string {
		return map[string]string{
			"id":           "net",
			"sub_account":  "100000000009",
			"key":          "fixed",
			"customer":     customer,
			"weight":       weight,
			"remainder_to": "acme",
		}
	}
	m := openSharedMonth(t, charges, append(
		customersOf(map[string]string{"code": "acme"},
			map[string]string{"code": "beta", "move_policy": "by-day", "price_basis": "list"}),
		accountsOf([4]string{"100000000001", "acme", "2026-01-01", ""},
			[4]string{"100000000009", "acme", "2026-01-01", "2026-10-14"},
			[4]string{"100000000009", "beta", "2026-10-15", ""}),
		rowsOf("shared_costs", share("acme", "60"), share("beta", "40")))...)
	require.Equal(t, 4, m.share(t).Entries, "taken from two, given to two")

	drafts := m.drafts(t, "acme", "beta")
	require.Equal(t, "160", money.Text(drafts["acme"].Total), "100 + 30 − 30 + 60")
	require.Equal(t, "40", money.Text(drafts["beta"].Total), "70 − 70 + 40")
	require.Equal(t, "200", money.Text(m.prove(t).Assigned))
	m.finish(t, "acme", "beta")
	require.Empty(t, m.findings(t))

	_, err := m.admin.Exec(
		t.Context(),
		`UPDATE transfer SET billed = billed + 0.01, effective = effective + 0.01
		WHERE taken AND customer = 'beta'`,
	)
	require.NoError(t, err)
	found := strings.Join(m.findings(t), "\n")
	require.Contains(t, found, "transfers: shared net  of aws 999900001111 USD billed 0 0.01")
	require.Contains(t, found, "transfers: entry", "what was taken is not what is there")
	require.Contains(t, found, "owned: aws 999900001111 USD of beta")
}

// The benefit of one Savings Plan under each policy of its owner's contract:
// acme bought it for 60, acme used 60 of list price and beta 40.
func TestWhoHasTheBenefitOfACommitment(t *testing.T) {
	t.Parallel()
	const plan = "arn:aws:savingsplans::100000000001:savingsplan/1"
	charges := []spent{
		{"100000000001", "EC2", charge.CategoryUsage, 3, "0", plan, "60"},
		{"100000000002", "EC2", charge.CategoryUsage, 3, "0", plan, "40"},
		{"100000000001", "ComputeSavingsPlans", charge.CategoryPurchase, 1, "60", plan, "0"},
	}
	tests := map[string]struct{ policy, share, acme, beta, assigned, retained string }{
		"as billed it is whose line it is":         {"as-billed", "", "60", "0", "60", "0"},
		"owner only: others pay on demand":         {"owner-only", "", "20", "40", "60", "0"},
		"pooled over the owner's customer":         {"pooled", "", "20", "40", "60", "0"},
		"partner keeps 30 %, from those who saved": {"partner-keeps", "30", "67.20", "4.80", "72", "-12"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := openSharedMonth(t, charges, append(
				customersOf(
					map[string]string{"code": "acme", "benefit_policy": tt.policy, "benefit_share": tt.share},
					map[string]string{"code": "beta"},
				),
				accountsOf([4]string{"100000000001", "acme"}, [4]string{"100000000002", "beta"}),
			)...)
			m.share(t)
			drafts := m.drafts(t, "acme", "beta")
			require.True(t, decimal.RequireFromString(tt.acme).Equal(drafts["acme"].Total),
				drafts["acme"].Total)
			require.True(t, decimal.RequireFromString(tt.beta).Equal(drafts["beta"].Total),
				drafts["beta"].Total)
			for _, line := range drafts["beta"].Lines {
				require.NotContains(t, line.UsageType, "100000000001",
					"the owner's account is no business of beta's")
			}
			proof := m.prove(t)
			require.Equal(t, []string{tt.assigned, tt.retained, "0"}, []string{
				money.Text(proof.Assigned), money.Text(proof.Retained), money.Text(proof.Unassigned),
			})
			m.finish(t, "acme", "beta")
			require.Empty(t, m.findings(t))
		})
	}
}

// A customer with nothing but its part of what is shared is visited; one that is
// parked keeps its part in the proof; and what a final document stands on stays.
func TestPartsOfParkedAndFinalCustomers(t *testing.T) {
	t.Parallel()
	share := func(customer string) map[string]string {
		return map[string]string{
			"id":          "net",
			"sub_account": "100000000009",
			"key":         "even",
			"customer":    customer,
		}
	}
	sheets := func(participants ...map[string]string) []master.Table {
		return append(customersOf(map[string]string{"code": "acme"}, map[string]string{"code": "beta"}),
			accountsOf([4]string{"100000000001", "acme"}, [4]string{"100000000009", "acme"}),
			rowsOf("shared_costs", participants...))
	}
	m := openSharedMonth(t, []spent{
		{"100000000001", "EC2", charge.CategoryUsage, 3, "100", "", ""},
		{"100000000009", "EC2", charge.CategoryUsage, 3, "30", "", ""},
	}, sheets(share("acme"), share("beta"))...)
	m.share(t)
	visited, err := m.ledger.Customers(t.Context(), octoberOfShares, "", 10, false)
	require.NoError(t, err)
	require.Equal(t, []string{"acme", "beta"}, visited, "beta has no account of its own")

	m.drafts(t, "acme")
	require.NoError(t, m.ledger.Park(t.Context(), octoberOfShares, "us", "beta", "E_FX_MISSING: no rate"))
	require.Equal(t, "130", money.Text(m.prove(t).Assigned), "115 of acme, 15 of beta, who is parked")
	m.finish(t, "acme")
	require.Empty(t, m.findings(t))

	book := db.NewMaster(m.pool)
	_, versions, err := book.StandingTables(t.Context())
	require.NoError(t, err)
	_, err = book.Store(t.Context(), sheets(share("beta"))[3:], "kim", versions)
	require.NoError(t, err)
	_, err = m.sharing.ShareCosts(t.Context(), octoberOfShares)
	require.ErrorContains(t, err, "E_PERIOD_CLOSED")
	require.ErrorContains(t, err,
		"what acme bears of shared costs and commitments would change after INV-2026-000001")
	standing, err := m.ledger.Transfers(t.Context(), octoberOfShares)
	require.NoError(t, err)
	require.Len(t, standing, 3, "the standing list stays")
}

// A generic export may name services without codes: each is shared by its name.
func TestAServiceWithoutACodeIsSharedByItsName(t *testing.T) {
	t.Parallel()
	m := openSharedMonth(t, []spent{
		{"100000000001", "No code tools", charge.CategoryUsage, 3, "30", "", ""},
		{"100000000001", "No code desks", charge.CategoryUsage, 3, "5", "", ""},
	}, append(customersOf(map[string]string{"code": "acme"}, map[string]string{"code": "beta"}),
		accountsOf([4]string{"100000000001", "acme"}),
		rowsOf("shared_costs", map[string]string{
			"id": "tools", "service": "Amazon No code tools", "key": "even", "customer": "beta",
		}))...)
	m.share(t)
	drafts := m.drafts(t, "acme", "beta")
	require.Equal(t, "5", money.Text(drafts["acme"].Total))
	require.Equal(t, "30", money.Text(drafts["beta"].Total))
	m.prove(t)
	m.finish(t, "acme", "beta")
	require.Empty(t, m.findings(t))
}

// The evidence of a savings fee calls a commitment what its own customer calls
// it; of another customer's it tells neither the words nor the account.
func TestASavingsFeeNamesItsCommitments(t *testing.T) {
	t.Parallel()
	const plan = "arn:aws:savingsplans::100000000001:savingsplan/1"
	m := openSharedMonth(t, []spent{
		{"100000000001", "EC2", charge.CategoryUsage, 3, "0", plan, "60"},
		{"100000000002", "EC2", charge.CategoryUsage, 3, "0", plan, "40"},
		{"100000000001", "ComputeSavingsPlans", charge.CategoryPurchase, 1, "60", plan, "0"},
	}, append(
		customersOf(map[string]string{"code": "acme"}, map[string]string{"code": "beta"}),
		accountsOf([4]string{"100000000001", "acme"}, [4]string{"100000000002", "beta"}),
		rowsOf("commitments", map[string]string{
			"id":          plan,
			"provider":    "aws",
			"kind":        "sp",
			"sub_account": "100000000001",
			"description": "결제 DB",
			"starts_on":   "2026-01-01",
			"ends_on":     "2026-12-31",
		}),
		rowsOf(
			"fees",
			map[string]string{
				"id":       "f-1",
				"customer": "acme",
				"provider": "aws",
				"kind":     "savings",
				"rate":     "20",
			},
			map[string]string{
				"id":       "f-2",
				"customer": "beta",
				"provider": "aws",
				"kind":     "savings",
				"rate":     "20",
			},
		),
	)...)
	m.share(t)

	drafts := m.drafts(t, "acme", "beta")

	for customer, want := range map[string]string{"acme": "결제 DB", "beta": "savingsplan/1"} {
		evidence := invoice.Evidenced(drafts[customer])
		require.Len(t, evidence, 1)
		require.Equal(t, want, evidence[0].Savings[0].Name)
		for _, line := range drafts[customer].Lines {
			if line.Account == "" {
				require.Equal(t, "계정 공통", line.AccountName, "a fee of all the customer is of no account")
			}
		}
	}
	m.prove(t)
	m.finish(t, "acme", "beta")
	require.Empty(t, m.findings(t))
}
