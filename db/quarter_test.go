package db_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
	"magam/internal/audit"
)

// deferredOctober is a month in which acme is billed with its quarter and beta
// is not.
func deferredOctober(t *testing.T) (*books, closing.Finalized, func(string)) {
	t.Helper()
	b, database := openDatabase(t)
	b.deliver(t, "aws-main",
		row{"1", "AmazonEC2", "2026-10-01", "100"}, row{"2", "AmazonEC2", "2026-10-03", "40"})
	b.assign(t, "1", "acme", "[2026-01-01,)")
	b.assign(t, "2", "beta", "[2026-01-01,)")
	b.open(t)
	var ids []int64
	for _, customer := range []string{"acme", "beta"} {
		stored := b.draft(t, customer, func(d *closing.Document) {
			d.Draft.Snapshot.Deferred = customer == "acme"
			d.Draft.Snapshot.DataAsOf = invoice.NewDate(november.Start())
		})
		ids = append(ids, stored.InvoiceID)
		require.NoError(t, b.decide(t, customer, closing.Approve, park))
	}
	_, err := b.Prove(t.Context(), october)
	require.NoError(t, err)
	deferred, err := b.Finalize(t.Context(), b.finalizing(ids[0]))
	require.NoError(t, err)
	_, err = b.Finalize(t.Context(), b.finalizing(ids[1]))
	require.NoError(t, err)
	again, err := b.Finalize(t.Context(), b.finalizing(ids[0]))
	require.NoError(t, err)
	require.Equal(t, deferred, again, "asked twice, one answer")
	return b, deferred, planting(t, database)
}

// billNovember drafts acme's November, without charges, with what waits for it.
func (b *books) billNovember(t *testing.T) closing.Stored {
	t.Helper()
	_, err := b.OpenPeriod(t.Context(), closing.Opening{
		Month: november, WorkflowID: "close/2026-11", RunID: "r1", StartedBy: "kim",
	})
	require.NoError(t, err)
	quarter, err := b.Quarter(t.Context(), november, "acme")
	require.NoError(t, err)
	own := plainDraft("acme", nil)
	own.Snapshot.Month = november
	own.Snapshot.Lines, own.Snapshot.Sources, own.Snapshot.Taxes = nil, nil, nil
	whole, err := invoice.Quarter(own, quarter.Of("aws"))
	require.NoError(t, err)
	stored, err := b.StoreDrafts(t.Context(), november, "acme", []closing.Document{{Draft: whole}})
	require.NoError(t, err)
	require.NoError(t, b.Decide(t.Context(), november, "acme", closing.Approve, park, "because", nil, false))
	b.exec(t, `INSERT INTO proof (month, provider, billing_account, currency, delivered, sealed, quarantined,
		assigned, retained, unassigned, undecided_rows)
		VALUES ('2026-11', 'aws', $1, 'USD', 0, 0, 0, 0, 0, 0, 0)`, payer)
	return stored[0]
}

func TestR20ADeferredMonthIsFrozenWithoutANumber(t *testing.T) {
	t.Parallel()
	b, deferred, _ := deferredOctober(t)

	require.Equal(t, closing.Finalized{Digest: deferred.Digest, Deferred: true}, deferred)
	require.NotEmpty(t, deferred.Digest)
	var mails int
	b.scan(t, &mails, `SELECT count(*) FROM outbox o JOIN invoice i ON i.id = o.invoice_id
		WHERE i.customer = 'acme'`)
	require.Zero(t, mails)
	var logged string
	b.scan(t, &logged, `SELECT detail ->> 'digest' FROM audit_log WHERE action = 'defer'`)
	require.Equal(t, deferred.Digest, logged)
	for _, sql := range []string{
		`UPDATE invoice SET total = 0 WHERE customer = 'acme'`,
		`DELETE FROM invoice WHERE customer = 'acme'`,
		`UPDATE invoice_share h SET assigned = 0 FROM invoice i WHERE i.id = h.invoice_id AND i.customer = 'acme'`,
	} {
		_, err := b.owner.Exec(t.Context(), sql)
		require.ErrorContains(t, err, "is final", sql)
	}
	settled, err := b.Settle(t.Context(), october)
	require.NoError(t, err)
	require.Equal(t, closing.Settled{State: closing.StateClosed, Final: 1, Deferred: 1}, settled)
	steps, err := b.Steps(t.Context(), october)
	require.NoError(t, err)
	last := steps[len(steps)-1]
	require.Equal(t, "total 40", string(last.Step)+" "+money.Text(last.After), "beta's alone is owed")

	stored, err := b.StoreDrafts(t.Context(), october, "acme", nil)
	require.NoError(t, err)
	require.True(t, stored[0].Done(), "drafting again leaves it alone")
	require.NoError(t, b.Park(t.Context(), october, "us", "acme", "too late"))
	board, err := b.Board(t.Context(), october)
	require.NoError(t, err)
	require.Equal(t, "deferred", board[0].State)
}

func TestR20TheQuartersDocumentBillsWhatWaits(t *testing.T) {
	t.Parallel()
	b, deferred, plant := deferredOctober(t)
	_, err := b.Settle(t.Context(), october)
	require.NoError(t, err)
	stored := b.billNovember(t)

	final, err := b.Finalize(t.Context(), b.finalizing(stored.InvoiceID))
	require.NoError(t, err)
	require.Equal(t, "INV-2026-000002", final.Number)
	again, err := b.Finalize(t.Context(), b.finalizing(stored.InvoiceID))
	require.NoError(t, err)
	require.Equal(t, final, again)

	whole, err := b.Draft(t.Context(), stored.InvoiceID)
	require.NoError(t, err)
	require.Equal(t, "100", money.Text(whole.Total))
	canonical, err := whole.Months[0].Canonical()
	require.NoError(t, err)
	require.Equal(t, deferred.Digest, invoice.Digest(canonical))
	board, err := b.Board(t.Context(), october)
	require.NoError(t, err)
	require.Equal(t, final.Number, board[0].Number, "October says which document bills it")
	quarter, err := b.Quarter(t.Context(), october.Add(2), "acme")
	require.NoError(t, err)
	require.Empty(t, quarter.Deferred, "a month is billed once")
	for _, sql := range []string{
		`UPDATE quarter_month SET quarter = 2`, `DELETE FROM quarter_month`, `TRUNCATE quarter_month`,
	} {
		_, err := b.owner.Exec(t.Context(), sql)
		require.ErrorContains(t, err, "append-only", sql)
	}
	history, err := b.History(t.Context(), october.Add(2), "acme", "aws", money.USD)
	require.NoError(t, err)
	require.Len(t, history, 2)
	totals := []string{money.Text(history[0].Total), money.Text(history[1].Total)}
	require.Equal(t, []string{"100", "0"}, totals, "a month counts with what it came to itself")

	clean := []string{"quarters", "documents", "uses", "mails", "numbers"}
	require.Empty(t, b.found(t, october, clean...))
	require.Empty(t, b.found(t, november, clean...))
	plant(`DELETE FROM quarter_month`)
	require.NotEmpty(t, b.found(t, october, "quarters"), "a month waits although its quarter has a number")
	require.NotEmpty(t, b.found(t, november, "quarters"), "a document that holds what it does not bill")
	plant(`UPDATE invoice SET snapshot = snapshot || ' '::bytea WHERE state = 'deferred'`)
	require.NotEmpty(t, b.found(t, october, "documents"))
}

// found are an audit's findings of some checks.
func (b *books) found(t *testing.T, month period.Month, checks ...string) (found []audit.Finding) {
	t.Helper()
	report, err := audit.Month(t.Context(), b.app, month.String())
	require.NoError(t, err)
	for _, one := range report.Findings {
		for _, check := range checks {
			if one.Check == check {
				found = append(found, one)
			}
		}
	}
	return found
}

func TestR20NoQuarterIsBilledWithoutItsMonths(t *testing.T) {
	t.Parallel()
	b, _, _ := deferredOctober(t)
	stored := b.billNovember(t)
	other := plainDraft("acme", nil)
	other.Snapshot.Month = november
	other.Snapshot.Lines, other.Snapshot.Sources, other.Snapshot.Taxes = nil, nil, nil
	alone, err := b.StoreDrafts(t.Context(), november, "acme", []closing.Document{{Draft: other}})
	require.NoError(t, err)
	require.Equal(t, stored.InvoiceID, alone[0].InvoiceID)
	require.NoError(t, b.Decide(t.Context(), november, "acme", closing.Approve, park, "because", nil, false))

	_, err = b.Finalize(t.Context(), b.finalizing(alone[0].InvoiceID))
	requireCode(t, fault.PreviewDrift, err)
	require.ErrorContains(t, err, "0 earlier months of its quarter, not the 1")

	quarter, err := b.Quarter(t.Context(), november, "acme")
	require.NoError(t, err)
	stands := closing.QuarterMonth{Month: october, State: closing.StateClosing, Waiting: []string{}}
	require.Equal(t, []closing.QuarterMonth{stands}, quarter.Earlier)
	requireCode(t, fault.Quarter, quarter.Check("acme", november, []period.Month{october}))
	require.NoError(t, quarter.Check("acme", november, nil), "a contract that began this month lacks nothing")
	later, err := b.Quarter(t.Context(), period.NewMonth(2027, 1), "acme")
	require.NoError(t, err)
	err = later.Check("acme", period.NewMonth(2027, 1), nil)
	requireCode(t, fault.Quarter, err)
	require.ErrorContains(t, err, "acme aws of 2026-10 was deferred and no document bills it")
	customers, err := b.Customers(t.Context(), november, "", 10, false)
	require.NoError(t, err)
	require.Equal(t, []string{"acme"}, customers, "whoever waits is visited, charges or not")
}
