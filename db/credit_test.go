package db_test

import (
	"os"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/db"
	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/master"
	"magam/domain/money"
	"magam/domain/period"
	"magam/internal/devstack/pgtest"
)

// grants imports a credits sheet, each row a credit of id, customer and amount.
func (b *books) grants(t *testing.T, rows ...[3]string) error {
	t.Helper()
	m := db.NewMaster(b.app)
	table := master.Table{Sheet: "credits"}
	for i, row := range rows {
		table.Rows = append(table.Rows, master.Row{Number: i + 3, Cells: map[string]string{
			"id": row[0], "customer": row[1], "amount": row[2], "currency": "USD", "reason": "launch",
		}})
	}
	_, standing, err := m.StandingTables(t.Context())
	require.NoError(t, err)
	_, err = m.Store(t.Context(), []master.Table{table}, "lee", standing)
	return err
}

// ledgerOf prints a credit's ledger as "use -60 INV-2026-000001 = 40".
func (b *books) ledgerOf(t *testing.T, id string) []string {
	t.Helper()
	entries, err := b.CreditEntries(t.Context(), id)
	require.NoError(t, err)
	var lines []string
	for _, e := range entries {
		line := e.Kind + " " + e.Amount
		if e.Invoice != "" {
			line += " " + e.Invoice
		}
		lines = append(lines, line+" = "+e.Left)
	}
	return lines
}

// using lets acme's draft use 60 of credit C-1.
func using(d *closing.Document) {
	d.Draft.CreditUses = []invoice.CreditUse{{ID: "C-1", Currency: money.USD, Used: decimal.NewFromInt(60)}}
}

// final closes acme's and beta's documents of October; acme's uses a credit.
func (b *books) final(t *testing.T, use func(*closing.Document)) closing.Finalized {
	t.Helper()
	b.open(t)
	b.draft(t, "beta")
	drafted := b.draft(t, "acme", use)
	_, err := b.Prove(t.Context(), october)
	require.NoError(t, err)
	require.NoError(t, b.decide(t, "acme", closing.Approve, park))
	done, err := b.Finalize(t.Context(), b.finalizing(drafted.InvoiceID))
	require.NoError(t, err)
	return done
}

func (b *books) idOf(t *testing.T, number string) (id int64) {
	t.Helper()
	b.scan(t, &id, `SELECT id FROM invoice WHERE number = $1`, number)
	return id
}

func TestTheLedgerOfACredit(t *testing.T) {
	t.Parallel()
	b := twoCustomers(t)
	require.NoError(t, b.grants(t, [3]string{"C-1", "acme", "100"}, [3]string{"C-2", "beta", "7"}))
	done := b.final(t, using)
	require.Equal(t, []string{"grant 100 = 100", "use -60 INV-2026-000001 = 40"}, b.ledgerOf(t, "C-1"))

	require.NoError(t, b.grants(t, [3]string{"C-1", "acme", "130.5"}, [3]string{"C-2", "beta", "7"}))
	require.NoError(t, b.grants(t, [3]string{"C-1", "acme", "130.5"}, [3]string{"C-2", "beta", "7"}))
	given, err := b.ReturnCredits(t.Context(), closing.CreditReturn{
		InvoiceID: b.idOf(t, done.Number), By: "kim", Reason: "voided",
		Amounts: map[string]decimal.Decimal{"C-1": decimal.RequireFromString("20")},
	})
	require.NoError(t, err)
	require.Len(t, given, 1)
	expired := closing.DueItem{
		Kind: closing.KindCredit, ID: "C-1", Customer: "acme", Note: "expired", Until: october,
	}
	for range 2 { // the list is replaced as a set; what is lost is lost once
		require.NoError(t, b.StoreDue(t.Context(), october.Add(1), []closing.DueItem{expired}))
	}

	require.Equal(t, []string{
		"grant 100 = 100", "use -60 INV-2026-000001 = 40", "grant 30.5 = 70.5",
		"return 20 INV-2026-000001 = 90.5", "expire -90.5 = 0",
	}, b.ledgerOf(t, "C-1"))
	rows, err := b.Credits(t.Context(), period.Month{}, "acme")
	require.NoError(t, err)
	require.Equal(t, []db.CreditRow{{
		ID: "C-1", Customer: "acme", Currency: "USD",
		Granted: "130.5", Used: "60", Returned: "20", Expired: "90.5", Left: "0",
	}}, rows)
	before, err := b.Credits(t.Context(), october.Add(-1), "")
	require.NoError(t, err)
	require.Len(t, before, 2, "what was granted, before anything was used")
	require.Equal(t, "130.5", before[0].Left)

	used, err := b.UsedBefore(t.Context(), october.Add(1))
	require.NoError(t, err)
	require.Equal(t, "40", used["C-1"].String(), "what was given back may be used again")
	used, err = b.UsedIn(t.Context(), october, "acme")
	require.NoError(t, err)
	require.Equal(t, "40", used["C-1"].String())
	currencies, err := b.CreditCurrencies(t.Context(), "acme")
	require.NoError(t, err)
	require.Equal(t, map[string]money.Currency{"C-1": money.USD}, currencies)
}

func TestACreditValidInTheBilledMonthIsUsedAlthoughItExpiredBeforeTheClose(t *testing.T) {
	t.Parallel()
	b := twoCustomers(t)
	require.NoError(t, b.grants(t, [3]string{"C-1", "acme", "100"}))
	expired := closing.DueItem{
		Kind: closing.KindCredit, ID: "C-1", Customer: "acme", Note: "expired", Until: october,
	}
	require.NoError(t, b.StoreDue(t.Context(), october.Add(1), []closing.DueItem{expired}))

	b.final(t, using)

	entries, err := b.CreditEntries(t.Context(), "C-1")
	require.NoError(t, err)
	require.Len(t, entries, 4)
	rows, err := b.Credits(t.Context(), period.Month{}, "acme")
	require.NoError(t, err)
	require.Equal(t, []string{"100", "60", "40", "0"}, []string{
		rows[0].Granted, rows[0].Used, rows[0].Expired, rows[0].Left,
	})
}

func TestGivingACreditBackIsRefused(t *testing.T) {
	t.Parallel()
	b := twoCustomers(t)
	require.NoError(t, b.grants(t, [3]string{"C-1", "acme", "100"}))
	done := b.final(t, using)
	id := b.idOf(t, done.Number)
	tests := map[string]closing.CreditReturn{
		"without a name":          {InvoiceID: id, Reason: "voided"},
		"without a reason":        {InvoiceID: id, By: "kim"},
		"more than was used":      {InvoiceID: id, By: "kim", Reason: "r", Amounts: amounts("C-1", "60.01")},
		"less than nothing":       {InvoiceID: id, By: "kim", Reason: "r", Amounts: amounts("C-1", "-1")},
		"what was never used":     {InvoiceID: id, By: "kim", Reason: "r", Amounts: amounts("C-9", "1")},
		"of no document":          {InvoiceID: 4711, By: "kim", Reason: "r"},
		"of a draft of beta's is": {InvoiceID: b.draft(t, "beta").InvoiceID, By: "kim", Reason: "r"},
	}
	for name, in := range tests { // of one database, one after the other
		_, err := b.ReturnCredits(t.Context(), in)
		code, _ := fault.CodeOf(err)
		require.Equal(t, fault.CreditTerm, code, name)
	}

	all := closing.CreditReturn{InvoiceID: id, By: "kim", Reason: "voided"}
	given, err := b.ReturnCredits(t.Context(), all)
	require.NoError(t, err)
	require.Equal(t, "60", given[0].Amount.String())
	again, err := b.ReturnCredits(t.Context(), all)
	require.NoError(t, err)
	require.Empty(t, again, "nothing comes back twice")
	require.Equal(t,
		[]string{"grant 100 = 100", "use -60 INV-2026-000001 = 40", "return 60 INV-2026-000001 = 100"},
		b.ledgerOf(t, "C-1"))
}

func amounts(id, amount string) map[string]decimal.Decimal {
	return map[string]decimal.Decimal{id: decimal.RequireFromString(amount)}
}

func TestTheLedgerItselfRefuses(t *testing.T) {
	t.Parallel()
	b := twoCustomers(t)
	require.NoError(t, b.grants(t, [3]string{"C-1", "acme", "100"}))
	done := b.final(t, using)

	require.ErrorContains(t, b.grants(t, [3]string{"C-1", "acme", "59"}), "credit C-1 would stand at -1")
	require.ErrorContains(t, b.grants(t), "credit C-1 would stand at -60", "taking the row out")
	for statement, want := range map[string]string{
		`UPDATE credit_entry SET amount = 1`: "permission denied",
		`DELETE FROM credit_entry`:           "permission denied",
		`TRUNCATE credit_entry`:              "permission denied",
		`INSERT INTO credit_entry (credit_id, customer, kind, month, currency, amount, invoice_id, reason)
			SELECT 'C-1', 'acme', 'return', '2026-10', 'USD', 61, id, 'more' FROM invoice WHERE number <> ''`: "more of credit C-1",
		`INSERT INTO credit_entry (credit_id, customer, kind, month, currency, amount, reason)
			VALUES ('C-1', 'acme', 'gift', '2026-10', 'USD', 1, 'why')`: "kind_is_known",
	} {
		_, err := b.app.Exec(t.Context(), statement)
		require.ErrorContains(t, err, want, statement)
	}
	_, err := b.owner.Exec(t.Context(), `DELETE FROM credit_entry`)
	require.ErrorContains(t, err, "append-only")
	require.Equal(t, []string{"grant 100 = 100", "use -60 " + done.Number + " = 40"}, b.ledgerOf(t, "C-1"))
}

func TestTheLedgerBeginsWithWhatStood(t *testing.T) {
	t.Parallel()
	database := pgtest.Open(t)
	b := &books{app: database.App(t), owner: database.Owner(t)}
	b.Ledger = db.NewLedger(b.app)
	for _, statement := range []string{ // back to the schema before
		`DROP VIEW credit_ledger CASCADE`, `DROP TABLE credit_entry CASCADE`,
		`DROP FUNCTION refuse_overdrawn_credit CASCADE`,
	} {
		_, err := b.owner.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	b.sheet(t, "credits", `{"id":"C-1","customer":"acme","amount":"100","currency":"USD"}`,
		`{"id":"C-2","customer":"acme","amount":"5.5"}`)
	b.exec(t, closedMonth)

	migration, err := os.ReadFile("migrations/010_credit_ledger.sql")
	require.NoError(t, err)
	_, err = b.owner.Exec(t.Context(), string(migration))
	require.NoError(t, err)

	require.Equal(t, []string{"grant 100 = 100", "use -1 INV-2026-000001 = 99"}, b.ledgerOf(t, "C-1"))
	require.Equal(t, []string{"grant 5.5 = 5.5"}, b.ledgerOf(t, "C-2"))
}
