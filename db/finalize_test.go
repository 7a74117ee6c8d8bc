package db_test

import (
	"fmt"
	"sort"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
)

// approved gives a proved month with an approved draft of every customer.
func approved(t *testing.T, b *books, customers ...string) []int64 {
	t.Helper()
	b.open(t)
	var ids []int64
	for _, customer := range customers {
		ids = append(ids, b.draft(t, customer).InvoiceID)
		require.NoError(t, b.decide(t, customer, closing.Approve, park))
	}
	proved, err := b.Prove(t.Context(), october)
	require.NoError(t, err)
	require.False(t, proved.Undecided())
	return ids
}

func TestADocumentIsFinalOnce(t *testing.T) {
	t.Parallel()
	b := twoCustomers(t)
	ids := approved(t, b, "acme", "beta")

	first, err := b.Finalize(t.Context(), b.finalizing(ids[0]))
	require.NoError(t, err)
	require.Equal(t, "INV-2026-000001", first.Number)
	require.Equal(t, 2, first.Recipients)
	again, err := b.Finalize(t.Context(), b.finalizing(ids[0]))
	require.NoError(t, err)
	require.Equal(t, first, again)

	var frozen []byte
	b.scan(t, &frozen, `SELECT snapshot FROM invoice WHERE number = 'INV-2026-000001'`)
	snapshot, err := invoice.ParseSnapshot(frozen)
	require.NoError(t, err)
	require.Equal(t, "INV-2026-000001", snapshot.Number, "the frozen snapshot carries its number")
	var messages []string
	b.scan(t, &messages, `SELECT array_agg(message_id ORDER BY ordinal) FROM outbox`)
	require.Equal(t,
		[]string{"<inv-INV-2026-000001.1.0@our.example>", "<inv-INV-2026-000001.2.0@our.example>"},
		messages)
	var audited int
	b.scan(t, &audited,
		`SELECT count(*) FROM audit_log WHERE action = 'finalize' AND subject = 'INV-2026-000001'`)
	require.Equal(t, 1, audited)

	second, err := b.Finalize(t.Context(), b.finalizing(ids[1]))
	require.NoError(t, err)
	require.Equal(t, "INV-2026-000002", second.Number)
	settled, err := b.Settle(t.Context(), october)
	require.NoError(t, err)
	require.Equal(t, closing.Settled{State: closing.StateClosed, Final: 2}, settled)
	resettled, err := b.Settle(t.Context(), october)
	require.NoError(t, err)
	require.Equal(t, settled, resettled)
	afterwards, err := b.Finalize(t.Context(), b.finalizing(ids[0]))
	require.NoError(t, err)
	require.Equal(t, first, afterwards, "a closed month still answers with the number")
}

func TestFiftyAtOnceLeaveNoGap(t *testing.T) {
	t.Parallel()
	const customers = 50
	b, codes := manyCustomers(t, customers)
	ids := approved(t, b, codes...)

	numbers := make([]string, 2*customers)
	var group sync.WaitGroup
	for i := range numbers { // every document twice, as after a lost answer
		group.Add(1)
		go func() {
			defer group.Done()
			final, err := b.Finalize(t.Context(), b.finalizing(ids[i%customers]))
			if err == nil {
				numbers[i] = final.Number
			} else {
				numbers[i] = err.Error()
			}
		}()
	}
	group.Wait()

	require.Equal(t, numbers[:customers], numbers[customers:], "asked twice, one number")
	got := append([]string{}, numbers[:customers]...)
	sort.Strings(got)
	for i, number := range got {
		require.Equal(t, fmt.Sprintf("INV-2026-%06d", i+1), number)
	}
	var mails, distinct int
	b.scan(t, &mails, `SELECT count(*) FROM outbox`)
	b.scan(t, &distinct, `SELECT count(DISTINCT message_id) FROM outbox`)
	require.Equal(t, 2*customers, mails)
	require.Equal(t, mails, distinct)
}

func TestAFailureGivesTheNumberBack(t *testing.T) {
	t.Parallel()
	b := twoCustomers(t)
	ids := approved(t, b, "acme", "beta")

	// Two mails of one ordinal cannot be: the transaction fails after the number was taken.
	broken := b.finalizing(ids[0])
	broken.Recipients[1].Documents = nil
	_, err := b.Finalize(t.Context(), broken)
	require.ErrorContains(t, err, "write mail 2 of INV-2026-000001")
	var written int
	b.scan(t, &written, `SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM invoice_series)`)
	require.Zero(t, written)

	next, err := b.Finalize(t.Context(), b.finalizing(ids[1]))
	require.NoError(t, err)
	require.Equal(t, "INV-2026-000001", next.Number)
}

func TestNoNumberFor(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		spoil func(*testing.T, *books, *closing.Finalizing)
		code  fault.Code
		says  string
	}{
		"a draft that nobody approved": {func(t *testing.T, b *books, _ *closing.Finalizing) {
			b.draft(t, "acme", func(d *closing.Document) { d.Draft.Snapshot.Bank = "new" })
		}, fault.Approval, "not approved"},
		"a month that is not closing": {func(t *testing.T, b *books, _ *closing.Finalizing) {
			b.exec(t, `UPDATE billing_period SET state = 'open'`)
		}, fault.PeriodClosed, "2026-10 is open"},
		"a month without a proof": {func(t *testing.T, b *books, _ *closing.Finalizing) {
			b.exec(t, `DELETE FROM proof`)
		}, fault.Conservation, "has no proof"},
		"bytes that are not the approved draft": {func(t *testing.T, b *books, _ *closing.Finalizing) {
			b.exec(
				t,
				`UPDATE invoice SET draft = convert_to(replace(convert_from(draft, 'UTF8'), 'Our Company', 'Our company'), 'UTF8')`,
			)
		}, fault.PreviewDrift, "is not the draft that was approved"},
		"totals that are not the draft's": {func(t *testing.T, b *books, _ *closing.Finalizing) {
			b.exec(t, `UPDATE invoice SET total = total + 1, supply = supply + 1 WHERE customer = 'acme'`)
		}, fault.PreviewDrift, "the draft says 100"},
		"accounts that moved meanwhile": {func(t *testing.T, b *books, _ *closing.Finalizing) {
			b.exec(t, `UPDATE account_assignment SET customer = 'acme'`)
		}, fault.Conservation, "its accounts hold 140"},
		"a credit that another document used up": {func(t *testing.T, b *books, f *closing.Finalizing) {
			b.exec(
				t,
				`INSERT INTO credit_use SELECT id, 'C-1', 'acme', '2026-10', 'USD', 60 FROM invoice WHERE customer = 'acme'`,
			)
			b.exec(
				t,
				`INSERT INTO credit_use SELECT id, 'C-1', 'acme', '2026-10', 'USD', 50, true FROM invoice WHERE customer = 'beta'`,
			)
			f.Granted = map[string]decimal.Decimal{"C-1": decimal.NewFromInt(100)}
		}, fault.PreviewDrift, "credit C-1: 110 would be used of 100"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := twoCustomers(t)
			ids := approved(t, b, "acme", "beta")
			in := b.finalizing(ids[0])
			tt.spoil(t, b, &in)

			_, err := b.Finalize(t.Context(), in)

			requireCode(t, tt.code, err)
			require.ErrorContains(t, err, tt.says)
			var taken int
			b.scan(t, &taken, `SELECT count(*) FROM invoice_series`)
			require.Zero(t, taken, "no number is burned")
		})
	}
}

func TestWhatIsFinalStays(t *testing.T) {
	t.Parallel()
	b := twoCustomers(t)
	ids := approved(t, b, "acme", "beta")
	_, err := b.Finalize(t.Context(), b.finalizing(ids[0]))
	require.NoError(t, err)

	for _, statement := range []string{
		`UPDATE invoice SET customer = 'beta' WHERE state = 'final'`,
		`DELETE FROM invoice WHERE state = 'final'`,
		`TRUNCATE invoice CASCADE`,
		`UPDATE invoice_share SET assigned = 0`,
		`DELETE FROM invoice_share`,
		`INSERT INTO invoice_share SELECT id, 'aws', 'x', 'USD', 1, 1, 0 FROM invoice WHERE state = 'final'`,
		`INSERT INTO credit_use SELECT id, 'C-1', 'acme', '2026-10', 'USD', 1 FROM invoice WHERE state = 'final'`,
		`UPDATE audit_log SET actor = 'nobody'`,
		`DELETE FROM decision`,
	} {
		_, err := b.owner.Exec(t.Context(), statement)
		require.ErrorContains(t, err, "E_PERIOD_CLOSED", "the owner itself is refused: %s", statement)
	}

	_, err = b.StoreDrafts(t.Context(), october, "acme", []closing.Document{{Draft: plainDraft("acme", nil)}})
	requireCode(t, fault.PeriodClosed, err)
	require.NoError(t, b.Park(t.Context(), october, "us", "acme", "late"), "parking leaves it alone")
	var state string
	b.scan(t, &state, `SELECT state FROM invoice WHERE customer = 'acme'`)
	require.Equal(t, "final", state)
}

func TestAMonthSettlesWhenNobodyWaits(t *testing.T) {
	t.Parallel()
	b := twoCustomers(t)
	ids := approved(t, b, "acme", "beta")
	_, err := b.Finalize(t.Context(), b.finalizing(ids[0]))
	require.NoError(t, err)

	_, err = b.Settle(t.Context(), october)
	require.ErrorContains(t, err, "beta aws (approved)")

	require.NoError(t, b.decide(t, "beta", closing.Reject, lee))
	settled, err := b.Settle(t.Context(), october)
	require.NoError(t, err)
	require.Equal(t, closing.Settled{State: closing.StateClosedWithParked, Final: 1, Parked: 1}, settled)
	reopened, err := b.OpenPeriod(t.Context(),
		closing.Opening{Month: october, WorkflowID: "close/2026-10", RunID: "r2"})
	require.NoError(t, err)
	require.Equal(t, closing.StateClosing, reopened.State, "parked customers can be retried")
}

func TestACreditsUseIsFinalWithItsDocument(t *testing.T) {
	t.Parallel()
	b := twoCustomers(t)
	b.open(t)
	stored := b.draft(t, "acme", func(d *closing.Document) {
		d.Draft.CreditUses = []invoice.CreditUse{
			{ID: "C-1", Currency: money.USD, Used: decimal.NewFromInt(30)},
		}
	})
	b.draft(t, "beta")
	require.NoError(t, b.decide(t, "acme", closing.Approve, park))
	_, err := b.Prove(t.Context(), october)
	require.NoError(t, err)
	before, err := b.UsedBefore(t.Context(), october.Add(1))
	require.NoError(t, err)
	require.Empty(t, before, "a draft uses nothing up")

	in := b.finalizing(stored.InvoiceID)
	in.Granted = map[string]decimal.Decimal{"C-1": decimal.NewFromInt(30)}
	_, err = b.Finalize(t.Context(), in)
	require.NoError(t, err)

	after, err := b.UsedBefore(t.Context(), october.Add(1))
	require.NoError(t, err)
	require.Equal(t, "30", after["C-1"].String())
}
