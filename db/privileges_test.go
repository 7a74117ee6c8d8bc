package db_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"magam/internal/devstack/pgtest"
)

const denied = "permission denied"

// A month as the application leaves it: one delivery of one part, one final
// document with its share and a used credit, one draft.
const closedMonth = `
INSERT INTO delivery (source, format, scope, digest, digest_kind, location)
VALUES ('aws', 'aws-cur', '2026-10', 'd1', 'manifest', 'here');
INSERT INTO part (delivery, ordinal, key, bytes) VALUES (1, 1, 'part-1.csv.gz', 10);
INSERT INTO invoice (issuer, customer, provider, month, state) VALUES ('us', 'acme', 'aws', '2026-10', 'approved');
INSERT INTO invoice (issuer, customer, provider, month, state) VALUES ('us', 'beta', 'aws', '2026-10', 'draft');
INSERT INTO invoice_share (invoice_id, provider, billing_account, currency, row_count, assigned, retained)
VALUES (1, 'aws', '111122223333', 'USD', 1, 1.5, 0), (2, 'aws', '111122223333', 'USD', 1, 1.5, 0);
INSERT INTO credit_use (invoice_id, credit_id, customer, month, currency, used, final)
VALUES (1, 'C-1', 'acme', '2026-10', 'USD', 1, true), (2, 'C-2', 'beta', '2026-10', 'USD', 1, false);
UPDATE invoice SET state = 'final', number = 'INV-2026-000001', snapshot = '{}', digest = 'x', finalized_at = now()
WHERE id = 1;
INSERT INTO audit_log (actor, action, subject) VALUES ('kim', 'finalize', 'INV-2026-000001');
INSERT INTO decision (invoice_id, month, customer, provider, draft_digest, verdict, decided_by)
VALUES (1, '2026-10', 'acme', 'aws', 'x', 'approve', 'kim');
SELECT charge_part_open(1);`

const oneCharge = ` (part_id, row_no, bill_id, account_id, item_id, resource_id, tag_set_id, commitment_id,
	starts_at, ends_at, quantity, billed, effective, list, contracted)
	VALUES (1, 1, 1, 1, 1, 0, 0, 0, '2026-10-01', '2026-10-02', 1, 1, 1, 1, 1)`

func TestTheApplicationIsRefused(t *testing.T) {
	t.Parallel()

	tests := map[string]struct{ statement, want string }{
		"to change a final document": {
			"UPDATE invoice SET total = 0 WHERE id = 1", "INV-2026-000001 is final",
		},
		"to take back a final document": {
			"DELETE FROM invoice WHERE id = 1",
			"INV-2026-000001 is final",
		},
		"to empty the documents": {"TRUNCATE invoice CASCADE", denied},
		"to change a final document's share": {
			"UPDATE invoice_share SET assigned = 2 WHERE invoice_id = 1",
			"is final",
		},
		"to give back a used credit":      {"DELETE FROM credit_use WHERE invoice_id = 1", "is final"},
		"to rewrite the audit log":        {"UPDATE audit_log SET actor = 'lee'", denied},
		"to shorten the audit log":        {"DELETE FROM audit_log", denied},
		"to rewrite a decision":           {"UPDATE decision SET decided_by = 'lee'", denied},
		"to rewrite imported master data": {"UPDATE master_row SET cells = '{}'", denied},
		"to move the schema's version":    {"UPDATE schema_version SET version = 0", denied},
		"to make a table":                 {"CREATE TABLE mine (a int)", denied},
		"to drop a table":                 {"DROP TABLE charge_row", "must be owner"},
		"to switch off a trigger":         {"ALTER TABLE invoice DISABLE TRIGGER ALL", "must be owner"},
		"to pose as a replica":            {"SET session_replication_role = 'replica'", denied},
		"to become the owner":             {"SET ROLE magam_owner", denied},
		"to write charges past a part":    {"INSERT INTO charge_row" + oneCharge, denied},
		"to write charges past the rows":  {"DELETE FROM charge", denied},
		"to change a loaded charge":       {"UPDATE charge_p1 SET billed = 0", denied},
		"a charge's daily sum of NaN": {
			"INSERT INTO delivery_total VALUES (1, '2026-10', 'USD', 'sealed', 1, 'NaN', 0, 0, 0)",
			"amount_is_a_number",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			app := closedBooks(t)

			_, err := app.Exec(t.Context(), tt.statement)

			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestTheApplicationMay(t *testing.T) {
	t.Parallel()

	tests := map[string]string{
		"replace a draft, its share and its uses": "DELETE FROM invoice WHERE id = 2",
		"add to the audit log":                    "INSERT INTO audit_log (actor, action, subject) VALUES ('kim', 'close', '2026-10')",
		"load a part":                             "INSERT INTO charge_p1" + oneCharge,
		"open a part again":                       "SELECT charge_part_open(1)",
		"withdraw what is half in":                "SELECT charge_withdraw(1)",
		"use a table for the moment":              "CREATE TEMPORARY TABLE mine (a int)",
	}
	for name, statement := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			app := closedBooks(t)

			_, err := app.Exec(t.Context(), statement)

			require.NoError(t, err)
		})
	}
}

func TestAPublishedPartIsClosed(t *testing.T) {
	t.Parallel()
	app := closedBooks(t)
	_, err := app.Exec(t.Context(), "INSERT INTO charge_p1"+oneCharge)
	require.NoError(t, err)
	require.Zero(t, count(t, app, "charge"), "nothing is seen before the delivery is published")

	_, err = app.Exec(t.Context(), "SELECT charge_publish(1)")

	require.NoError(t, err)
	require.Equal(t, 1, count(t, app, "charge"))
	_, err = app.Exec(t.Context(), "INSERT INTO charge_p1"+oneCharge)
	require.ErrorContains(t, err, denied)
	_, err = app.Exec(t.Context(), "SELECT charge_part_open(1)")
	require.ErrorContains(t, err, "part 1 is published")
	_, err = app.Exec(t.Context(),
		`INSERT INTO charge_daily VALUES (1, '2026-10-01', 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1)`)
	require.NoError(t, err)
	_, err = app.Exec(t.Context(), "UPDATE charge_daily_d1 SET billed = 0")
	require.ErrorContains(t, err, denied)

	_, err = app.Exec(t.Context(), "SELECT charge_withdraw(1)")
	require.NoError(t, err)
	require.Zero(t, count(t, app, "charge"))
	require.Zero(t, count(t, app, "charge_daily"))
}

func TestTheAuditorOnlyReads(t *testing.T) {
	t.Parallel()
	books := pgtest.Open(t)
	_, err := books.App(t).Exec(t.Context(), closedMonth)
	require.NoError(t, err)
	audit := books.Audit(t)

	require.Equal(t, 2, count(t, audit, "invoice"))
	_, err = audit.Exec(t.Context(), "DELETE FROM invoice WHERE id = 2")
	require.ErrorContains(t, err, "read-only transaction")
	_, err = audit.Exec(t.Context(), "SET TRANSACTION READ WRITE; DELETE FROM invoice WHERE id = 2")
	require.ErrorContains(t, err, denied)
}

func closedBooks(t *testing.T) *pgxpool.Pool {
	t.Helper()
	app := pgtest.Open(t).App(t)
	_, err := app.Exec(t.Context(), closedMonth)
	require.NoError(t, err)
	return app
}

func count(t *testing.T, pool *pgxpool.Pool, table string) int {
	t.Helper()
	var rows int
	require.NoError(t, pool.QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&rows))
	return rows
}
