package db_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"magam/internal/audit"
	"magam/internal/devstack/pgtest"
)

// digits are the figures of a closed month: nobody may change one of them alone.
var digits = map[string][]string{
	"charge_p1": {
		"billed",
		"effective",
		"list",
		"contracted",
		"quantity",
		"bill_id",
		"account_id",
		"item_id",
		"commitment_id",
	},
	"charge_daily": {
		"billed",
		"effective",
		"list",
		"contracted",
		"quantity",
		"row_count",
		"account_id",
		"item_id",
		"tag_set_id",
	},
	"delivery_total": {"row_count", "billed", "effective", "list", "contracted"},
	"invoice": {
		"supply",
		"tax",
		"after_tax",
		"total",
		"digest",
		"draft_digest",
		"snapshot",
		"draft",
		"revision",
		"number",
		"source_totals",
	},
	"invoice_share": {"row_count", "assigned", "retained"},
	"proof": {
		"delivered",
		"sealed",
		"quarantined",
		"assigned",
		"retained",
		"unassigned",
		"undecided_rows",
		"undecided_aside",
	},
	"proof_step":     {"delta", "after", "ordinal"},
	"credit_use":     {"used", "credit_id"},
	"document":       {"sha256", "bytes"},
	"invoice_series": {"last_no"},
	"outbox":         {"mime_sha256"},
	"audit_log":      {"detail", "happened_at", "hash"},
	"archived_total": {"row_count", "quantity", "billed", "effective", "list", "contracted"},
	"archived_part":  {"row_count"},
	"archived_days":  {"day_rows", "print"},
	"part":           {"control"},
}

// plants is how many single digits are changed, each in books that are whole
// but for it.
const plants = 60

// One changed digit, wherever it stands, is found: while the rows are in the
// books, and after they left them.
func TestTheAuditFindsEveryChangedDigit(t *testing.T) {
	t.Parallel()
	for name, archived := range map[string]bool{"with its rows": false, "archived": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			books, files, admin := witnessed(t, archived)
			report, err := audit.MonthAndFiles(t.Context(), books.app, files, "2026-10")
			require.NoError(t, err)
			require.Empty(t, report.Findings, "the month is whole before anything is changed")
			chance := rand.New(rand.NewPCG(10, 3)) //nolint:gosec // which digits are tried is no secret
			tried := map[string]int{}
			for range plants {
				what := plantAndLook(t, admin, chance, archived, files)
				tried[strings.SplitN(what, " ", 2)[0]]++
			}
			require.GreaterOrEqual(t, len(tried), 15, "%v", tried)
		})
	}
}

// plantAndLook changes a digit, audits and takes the change back.
func plantAndLook(
	t *testing.T, admin beginner, chance *rand.Rand, archived bool, files audit.Files,
) string {
	t.Helper()
	tx, err := admin.Begin(t.Context())
	require.NoError(t, err)
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }() // nothing of it is kept
	what := plantDigit(t, tx, chance, archived)
	report, err := audit.MonthAndFiles(t.Context(), tx, files, "2026-10")
	require.NoError(t, err, what)
	require.NotEmpty(t, report.Findings, "nobody finds %s", what)
	return what
}

type beginner interface {
	Begin(ctx context.Context) (pgx.Tx, error)
}

// witnessed is closedOctober with a rendered document and a mail in a store, and
// without the constraints that would refuse most changes.
func witnessed(t *testing.T, archived bool) (*books, storedFiles, beginner) {
	t.Helper()
	b, plant, database := closedOctoberIn(t)
	files := storedFiles{"documents/1.pdf": "a page", "mails/1.eml": "a mail", "archive/1.csv": "an export"}
	plant(
		`UPDATE outbox SET mime_key = 'mails/1.eml', mime_sha256 = '` + hashOf(
			"a mail",
		) + `' WHERE ordinal = 1`,
	)
	plant(`UPDATE part SET digest = '` + hashOf("an export") + `', archive_key = 'archive/1.csv'`)
	plant(`INSERT INTO document (invoice_id, kind, language, scope, file_name, sha256, bytes, key)
		SELECT id, 'invoice-pdf', 'ko', '', 'i.pdf', '` + hashOf("a page") + `', 6, 'documents/1.pdf'
		FROM invoice WHERE state = 'final'`)
	if archived {
		plant(`UPDATE billing_period SET state = 'closed'`) // beta's parked part is as whole as the rest
		parts, err := b.PartsToArchive(t.Context(), 1)
		require.NoError(t, err)
		done, err := b.ArchiveDelivery(t.Context(), october, 1, "kim", parts)
		require.NoError(t, err)
		require.Equal(t, int64(4), done.Rows)
	}
	admin := pgtest.Pool(t, database.AdminURL)
	_, err := admin.Exec(t.Context(), `DO $$ DECLARE c record; BEGIN
		FOR c IN SELECT conrelid::regclass AS held, conname FROM pg_constraint
			WHERE contype = 'c' AND conrelid <> 0 AND connamespace = 'public'::regnamespace LOOP
			EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I', c.held, c.conname);
		END LOOP; END $$`)
	require.NoError(t, err)
	return b, files, admin
}

// plantDigit changes one digit of one value of one row, as only a superuser could.
func plantDigit(t *testing.T, tx pgx.Tx, chance *rand.Rand, archived bool) string {
	t.Helper()
	ctx := t.Context()
	_, err := tx.Exec(ctx, "SET LOCAL session_replication_role = 'replica'")
	require.NoError(t, err)
	for {
		tables := slices.Sorted(maps.Keys(digits))
		table := tables[chance.IntN(len(tables))]
		if strings.HasPrefix(table, "archived") != archived &&
			(strings.HasPrefix(table, "archived") || table == "charge_p1") {
			continue
		}
		column := digits[table][chance.IntN(len(digits[table]))]
		rows, err := tx.Query(
			ctx,
			fmt.Sprintf(`SELECT tableoid::regclass::text, ctid::text, CASE pg_typeof(%[1]s)
				WHEN 'bytea'::regtype THEN encode(%[1]s::text::bytea, 'escape') ELSE %[1]s::text END,
				pg_typeof(%[1]s)::text
			FROM %[2]s WHERE %[1]s IS NOT NULL ORDER BY 1, 2`, column, table),
		)
		require.NoError(t, err)
		type cell struct{ Table, At, Text, Kind string }
		cells, err := pgx.CollectRows(rows, pgx.RowToStructByPos[cell])
		require.NoError(t, err)
		if len(cells) == 0 {
			continue
		}
		one := cells[chance.IntN(len(cells))]
		changed, at := otherDigit(one.Text, chance)
		if at < 0 || table == "part" && !strings.Contains(one.Text[:at], `"rows"`) {
			continue
		}
		attempt, err := tx.Begin(ctx)
		require.NoError(t, err)
		tag, err := attempt.Exec(
			ctx,
			fmt.Sprintf(`UPDATE %s SET %s = $1::text::%s WHERE ctid = $2::text::tid`,
				one.Table, column, one.Kind),
			changed,
			one.At,
		)
		if err != nil { // no such instant, a number twice: it cannot be planted
			require.NoError(t, attempt.Rollback(ctx))
			continue
		}
		require.Equal(t, int64(1), tag.RowsAffected())
		require.NoError(t, attempt.Commit(ctx))
		return fmt.Sprintf("%s.%s %s in place of %s", table, column, excerptOf(changed, at),
			excerptOf(one.Text, at))
	}
}

// otherDigit puts another digit in place of one, and says where; below zero is nowhere.
func otherDigit(text string, chance *rand.Rand) (string, int) {
	var places []int
	for i, c := range text {
		if c >= '0' && c <= '9' {
			places = append(places, i)
		}
	}
	if len(places) == 0 {
		return text, -1
	}
	at := places[chance.IntN(len(places))]
	digit := '0' + (rune(text[at]-'0')+1+rune(chance.IntN(9)))%10
	return text[:at] + string(digit) + text[at+1:], at
}

func excerptOf(text string, at int) string { return text[max(0, at-12):min(len(text), at+12)] }

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// storedFiles are files by their keys.
type storedFiles map[string]string

func (s storedFiles) Open(_ context.Context, key string) (io.ReadCloser, int64, error) {
	text, there := s[key]
	if !there {
		return nil, 0, fmt.Errorf("no file at %s", key)
	}
	return io.NopCloser(strings.NewReader(text)), int64(len(text)), nil
}
