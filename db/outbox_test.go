package db_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"magam/db"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/period"
	"magam/internal/devstack/pgtest"
)

const mailed = "INV-2026-000001"

func openOutbox(t *testing.T) (*db.Outbox, *pgxpool.Pool) {
	t.Helper()
	app := pgtest.Open(t).App(t)
	_, err := app.Exec(t.Context(), `WITH final AS (
			INSERT INTO invoice (issuer, customer, provider, month, state, number, snapshot, finalized_at)
			VALUES ('magam', 'alpha', 'aws', '2026-10', 'final', 'INV-2026-000001', '{}', '2026-11-03 00:30Z') RETURNING id),
		files AS (
			INSERT INTO document (invoice_id, kind, language, file_name, sha256, bytes, key)
			SELECT id, kind, language, 'x', kind || language, 1, 'k' FROM final,
				(VALUES ('invoice-pdf', 'ko'), ('invoice-pdf', 'en'), ('detail-xlsx', 'ko'), ('by-account-pdf', 'ko')) AS f (kind, language))
		INSERT INTO outbox (invoice_id, ordinal, recipient, language, documents, message_id)
		SELECT id, 1, 'kim@alpha.test', 'en', '{invoice,detail-xlsx}'::text[], '<one@issuer.test>' FROM final`)
	require.NoError(t, err)
	return db.NewOutbox(app), app
}

func TestADraftHoldsOnlyWhatItsRecipientMaySee(t *testing.T) {
	t.Parallel()
	outbox, _ := openOutbox(t)

	draft, err := outbox.Draft(t.Context(), mailed, 1)

	require.NoError(t, err)
	require.Equal(t, "alpha", draft.Customer)
	require.Equal(t, delivery.StatePending, draft.State)
	var seen []string
	for _, document := range draft.Documents {
		seen = append(seen, document.Kind+" "+document.Language)
	}
	require.Equal(t, []string{"detail-xlsx ko", "invoice-pdf en"}, seen,
		"the recipient's language where there is one, and no page by account")
	_, err = outbox.Draft(t.Context(), mailed, 2)
	requireMailFault(t, fault.Input, err)
}

func TestAMailIsComposedOnce(t *testing.T) {
	t.Parallel()
	outbox, _ := openOutbox(t)
	draft, err := outbox.Draft(t.Context(), mailed, 1)
	require.NoError(t, err)

	require.NoError(t, outbox.Composed(t.Context(), draft.ID, "aa", "mail/aa"))
	require.NoError(t, outbox.Composed(t.Context(), draft.ID, "aa", "mail/aa"),
		"the same bytes again change nothing")
	requireMailFault(t, fault.DigestChanged, outbox.Composed(t.Context(), draft.ID, "bb", "mail/bb"))
}

func TestOneOfManyAttemptsGetsTheClaim(t *testing.T) {
	t.Parallel()
	outbox, _ := openOutbox(t)
	var won atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			_, claimed, err := outbox.Claim(t.Context(), mailed, 1)
			if err == nil && claimed {
				won.Add(1)
			}
		})
	}
	all.Wait()
	require.Equal(t, int32(1), won.Load())
}

func TestALateAttemptIsFenced(t *testing.T) {
	t.Parallel()
	outbox, app := openOutbox(t)
	first, claimed, err := outbox.Claim(t.Context(), mailed, 1)
	require.NoError(t, err)
	require.True(t, claimed)
	expire(t, app)
	second, claimed, err := outbox.Claim(t.Context(), mailed, 1)
	require.NoError(t, err)
	require.True(t, claimed, "an attempt that died before the final dot is taken over")

	requireMailFault(t, fault.Fenced, outbox.Dot(t.Context(), first.ID, first.Fence))
	requireMailFault(t, fault.Fenced,
		outbox.Settle(t.Context(), first.ID, first.Fence, delivery.Settlement{State: delivery.StateSent}))
	require.NoError(t, outbox.Dot(t.Context(), second.ID, second.Fence))
	require.NoError(t, outbox.Settle(t.Context(), second.ID, second.Fence,
		delivery.Settlement{State: delivery.StateSent, Reply: "250 ok"}))

	_, claimed, err = outbox.Claim(t.Context(), mailed, 1, delivery.StateUnknown, delivery.StateFailed)
	require.NoError(t, err)
	require.False(t, claimed, "what is sent is never tried again")
	require.Equal(t, []string{"sending", "sending", "dot", "sent"}, events(t, app))
}

func TestADeadAttemptAfterTheDotIsUnknown(t *testing.T) {
	t.Parallel()
	outbox, app := openOutbox(t)
	mail, _, err := outbox.Claim(t.Context(), mailed, 1)
	require.NoError(t, err)
	require.NoError(t, outbox.Dot(t.Context(), mail.ID, mail.Fence))

	waiting, claimed, err := outbox.Claim(t.Context(), mailed, 1, delivery.StateUnknown)
	require.NoError(t, err)
	require.False(t, claimed, "while the lease runs nobody else may try")
	require.Equal(t, delivery.StateDot, waiting.State)

	expire(t, app)
	unknown, claimed, err := outbox.Claim(t.Context(), mailed, 1)
	require.NoError(t, err)
	require.False(t, claimed, "its fate is unknown: only a policy may send it again")
	require.Equal(t, delivery.StateUnknown, unknown.State)
	require.Equal(t, 1, unknown.Ambiguous)

	again, claimed, err := outbox.Claim(t.Context(), mailed, 1, delivery.StateUnknown)
	require.NoError(t, err)
	require.True(t, claimed)
	require.Equal(t, mail.MessageID, again.MessageID)
	require.Equal(t, 2, again.Attempts)
	require.Equal(t, []string{"sending", "dot", "unknown", "sending"}, events(t, app))
}

func TestAWaitingMailCanBeSetAside(t *testing.T) {
	t.Parallel()
	outbox, _ := openOutbox(t)
	end := delivery.Settlement{State: delivery.StateFailed, Reply: "E_MAIL_EXPIRED"}
	require.NoError(t, outbox.SetAside(t.Context(), mailed, 1, end))
	require.NoError(t, outbox.SetAside(t.Context(), mailed, 1, end), "again it changes nothing")

	mails, err := outbox.List(t.Context(), period.NewMonth(2026, 10))
	require.NoError(t, err)
	require.Len(t, mails, 1)
	require.Equal(t, delivery.StateFailed, mails[0].State)
	require.Equal(t, "E_MAIL_EXPIRED", mails[0].LastReply)
	_, claimed, err := outbox.Claim(t.Context(), mailed, 1)
	require.NoError(t, err)
	require.False(t, claimed)
	_, claimed, err = outbox.Claim(t.Context(), mailed, 1, delivery.StateFailed)
	require.NoError(t, err)
	require.True(t, claimed, "a person may try it again")
}

func expire(t *testing.T, app *pgxpool.Pool) {
	t.Helper()
	_, err := app.Exec(t.Context(), `UPDATE outbox SET lease_until = now() - interval '1 second'`)
	require.NoError(t, err)
}

func events(t *testing.T, app *pgxpool.Pool) (states []string) {
	t.Helper()
	err := app.QueryRow(t.Context(), `SELECT array_agg(state ORDER BY id) FROM mail_event`).Scan(&states)
	require.NoError(t, err)
	return states
}

func requireMailFault(t *testing.T, want fault.Code, err error) {
	t.Helper()
	code, _ := fault.CodeOf(err)
	require.Equal(t, want, code, "%v", err)
}
