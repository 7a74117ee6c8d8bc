package db_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/closing"
	"magam/domain/credit"
	"magam/domain/invoice"
	"magam/internal/audit"
	"magam/internal/devstack/pgtest"
)

// closedBooks are October closed: acme final, beta parked, a laboratory account
// without a customer accepted. It also gives the superuser's pool, who may do
// what the audit must find.
func closedOctober(t *testing.T) (*books, func(string)) {
	t.Helper()
	b, plant, _ := closedOctoberIn(t)
	return b, plant
}

func closedOctoberIn(t *testing.T) (*books, func(string), *pgtest.Database) {
	t.Helper()
	b, database := openDatabase(t)
	b.deliver(t, "aws-main", row{"1", "AmazonEC2", "2026-10-01", "100.25"},
		row{"1", "AmazonS3", "2026-10-02", "-0.25"}, row{"2", "AmazonEC2", "2026-10-03", "40"},
		row{"lab", "AmazonEC2", "2026-10-03", "0.000000001"})
	b.assign(t, "1", "acme", "[2026-01-01,)")
	b.assign(t, "2", "beta", "[2026-01-01,)")
	b.sheet(t, "customers", `{"code":"acme","currency":"USD","tax":"none"}`)
	b.sheet(t, "credits", `{"id":"C-1","customer":"acme","amount":"30"}`)
	b.open(t)
	stored := b.assemble(t, func(in *invoice.Input) {
		in.Credits = []credit.Credit{{
			ID: "C-1", Customer: "acme", Granted: decimal.NewFromInt(30), Balance: decimal.NewFromInt(30),
		}}
	})
	require.NoError(t, b.Park(t.Context(), october, "us", "beta", "E_FX_MISSING: no rate"))
	require.NoError(t, b.AcceptUnassigned(t.Context(), october, "park", "laboratory"))
	require.NoError(t, b.decide(t, "acme", closing.Approve, park))
	_, err := b.Prove(t.Context(), october)
	require.NoError(t, err)
	in := b.finalizing(stored.InvoiceID)
	in.Granted = map[string]decimal.Decimal{"C-1": decimal.NewFromInt(30)}
	in.Recipients = append(in.Recipients, closing.Recipient{
		Email: "c@acme.example", Language: "ko", Documents: []string{"detail"},
		Accounts: []string{b.accountOf(t, stored.InvoiceID)},
	})
	_, err = b.Finalize(t.Context(), in)
	require.NoError(t, err)
	_, err = b.Settle(t.Context(), october)
	require.NoError(t, err)

	return b, planting(t, database), database
}

// planting changes what triggers keep, as somebody with all rights might.
func planting(t *testing.T, database *pgtest.Database) func(string) {
	admin := pgtest.Pool(t, database.AdminURL)
	return func(sql string) {
		tx, err := admin.Begin(t.Context())
		require.NoError(t, err)
		_, err = tx.Exec(t.Context(), "SET LOCAL session_replication_role = 'replica'")
		require.NoError(t, err)
		tag, err := tx.Exec(t.Context(), sql)
		require.NoError(t, err, sql)
		require.NotZero(t, tag.RowsAffected(), "planted nothing: %s", sql)
		require.NoError(t, tx.Commit(t.Context()))
	}
}

// accountOf is the account of a document's first line.
func (b *books) accountOf(t *testing.T, id int64) string {
	t.Helper()
	snapshot, err := b.Draft(t.Context(), id)
	require.NoError(t, err)
	return snapshot.Lines[0].Account
}

func TestACleanMonthPassesTheAudit(t *testing.T) {
	t.Parallel()
	b, _ := closedOctober(t)

	report, err := audit.Month(t.Context(), b.app, "2026-10")

	require.NoError(t, err)
	require.Empty(t, report.Findings)
	require.True(t, report.Clean())
	for _, check := range report.Checks {
		switch check.Name {
		case "doubled", "set aside", "transfers", "archived", "files", "quarters": // this month has none
		default:
			require.NotZero(t, check.Looked, "%s looked at nothing", check.Name)
		}
	}
}

func TestTheAuditFinds(t *testing.T) {
	t.Parallel()

	tests := map[string]struct{ planted, check, says string }{
		"a row doubled past the reader": {
			`INSERT INTO charge_p1 SELECT * FROM charge_p1 WHERE row_no = 1`,
			"doubled",
			"part-1.csv.gz row 1 once 2 times",
		},
		"a row that is missing": {
			`DELETE FROM charge_p1 WHERE row_no = 3`, "delivered", "4 rows 3 rows",
		},
		"a digit of a row": {
			`UPDATE charge_p1 SET billed = 100.26 WHERE row_no = 1`,
			"delivered",
			"140.000000001 140.010000001",
		},
		"a day that is no sum of rows": {
			`UPDATE charge_daily SET billed = billed + 0.01 WHERE billed = 40`,
			"sealed",
			"140.000000001 140.010000001",
		},
		"an orphan: an account given away after the close": {
			`UPDATE account_assignment SET customer = 'gamma' WHERE customer = 'acme'`,
			"owned",
			"of gamma 100 0",
		},
		"a digit of a share": {
			`UPDATE invoice_share SET assigned = 41 WHERE assigned = 40`, "owned", "of beta 40 41",
		},
		"a digit of the proof": {
			`UPDATE proof SET assigned = assigned - 1, unassigned = unassigned + 1`,
			"owned",
			"of  0.000000001 1.000000001",
		},
		"a digit of the frozen bytes": {
			`UPDATE invoice SET snapshot = convert_to(replace(convert_from(snapshot, 'UTF8'), 'Our Company', 'Our Compony'), 'UTF8')
				WHERE state = 'final'`,
			"documents",
			"digest",
		},
		"bytes and digest changed together": {
			`UPDATE invoice SET snapshot = convert_to('{}', 'UTF8'), digest = encode(sha256(convert_to('{}', 'UTF8')), 'hex')
				WHERE state = 'final'`,
			"documents",
			"digest in the audit log",
		},
		"a digit of a total": {
			`UPDATE invoice SET total = 71, supply = 71 WHERE state = 'final'`,
			"documents",
			"total of the row 70 71",
		},
		"a mail too few": {`DELETE FROM outbox WHERE ordinal = 2`, "mails", "INV-2026-000001 mails 3 2"},
		"a mail that shows the whole in place of a part": {
			`UPDATE outbox SET accounts = '{}', scope = '' WHERE ordinal = 3`,
			"scopes", "what its mails may show",
		},
		"a mail that shows another's account": {
			`UPDATE outbox SET accounts = '{2}', scope = encode(sha256('2'), 'hex') WHERE ordinal = 3`,
			"scopes", "accounts that the document charges 2",
		},
		"a file that no mail may show": {
			`INSERT INTO document (invoice_id, kind, language, scope, file_name, sha256, bytes, key)
				SELECT id, 'detail-xlsx', 'ko', repeat('a', 64), 'stray.xlsx', repeat('b', 64), 1, 'k'
				FROM invoice WHERE state = 'final'`,
			"scopes", "detail-xlsx stray.xlsx",
		},
		"a gap in the numbers": {
			`UPDATE invoice SET number = 'INV-2026-000002' WHERE state = 'final'`,
			"numbers",
			"INV-2026-000001 INV-2026-000002",
		},
		"a number that nobody carries": {
			`UPDATE invoice_series SET last_no = 2`,
			"numbers",
			"2 numbers 1 numbers",
		},
		"a credit used beyond its grant": {
			`UPDATE credit_use SET used = 31`, "credits", "at most 30 31",
		},
		"a word of the audit log": {
			`UPDATE audit_log SET actor = 'somebody' WHERE action = 'approve'`, "audit log", "hash",
		},
		"a row taken out of the audit log": {
			`DELETE FROM audit_log WHERE action = 'approve'`, "audit log", "previous hash",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, plant := closedOctober(t)
			plant(tt.planted)

			report, err := audit.Month(t.Context(), b.app, "2026-10")

			require.NoError(t, err)
			var found []string
			for _, f := range report.Findings {
				if f.Check == tt.check {
					found = append(found, fmt.Sprintf("%s %s %s", f.Subject, f.Expected, f.Found))
				}
			}
			require.NotEmpty(t, found, "%v", report.Findings)
			require.Contains(t, fmt.Sprint(found), tt.says)
		})
	}
}

func TestTheAuditorsRoleIsEnough(t *testing.T) {
	t.Parallel()
	_, database := openDatabase(t)

	report, err := audit.Month(t.Context(), database.Audit(t), "2026-10")

	require.NoError(t, err)
	require.True(t, report.Clean(), "an empty month has nothing to differ")
}
