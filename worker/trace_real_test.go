package main

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"magam/activities"
	"magam/db"
	"magam/domain/charge"
	"magam/domain/closing"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/party"
	"magam/domain/period"
	"magam/domain/pricing"
	"magam/domain/tax"
	"magam/internal/spool"
	"magam/workflows"
)

// Every format, in every packing: what stands behind a line reads the same, to
// the byte, from the books and from the archived original.
func TestRowsReadTheSameOnceTheyLeftTheBooks(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		from  string // a file or a folder
		aside bool   // some rows of it are set aside
	}{
		"a legacy report":             {from: "shared/aws-cur/legacy_real_1281.csv"},
		"a legacy report in ZIP":      {from: "shared/aws-cur/legacy_zip_bucket"},
		"a data export in gzip":       {from: "shared/aws-cur/cur2_gz_bucket"},
		"FOCUS 1.0":                   {from: "shared/focus/focus_1_0_real_1000.csv"},
		"FOCUS with rows set aside":   {from: "focus/testdata/small.csv", aside: true},
		"a report of line item types": {from: "shared/aws-cur/wx2_all_line_item_types_cur2.csv", aside: true},
		"Azure":                       {from: "azure/testdata/small.csv", aside: true},
		"Google, a row of many lines": {from: "gcp/testdata/small.jsonl", aside: true},
		"Oracle":                      {from: "oci/testdata/small.csv", aside: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from := filepath.Join("..", "formats", filepath.FromSlash(tt.from))
			if shared, is := strings.CutPrefix(tt.from, "shared/"); is {
				from = filepath.Join(sharedData(t), filepath.FromSlash(shared))
			}
			house := openTrace(t, from)
			require.Equal(t, tt.aside, house.count(t, "SELECT count(*) FROM quarantined_row") > 0)
			rows := house.count(t, "SELECT count(*) FROM charge")
			require.Positive(t, rows)
			require.Equal(t, rows, house.lines(t),
				"every row stands behind exactly one line, or is kept by us")
			step := 1 + len(house.books.documents)/linesTried
			before := map[int]activities.ExplainLineResult{}
			for i := 0; i < len(house.books.documents); i += step {
				before[i] = house.explain(t, i)
				require.Positive(t, before[i].Rows)
				require.Equal(t, house.fromBooks(t, i), before[i].Digest,
					"the command streams the same bytes")
				require.Zero(t, before[i].Files)
			}
			require.NotEmpty(t, before)

			done := house.archive(t)

			require.Equal(t, rows, done.Rows)
			require.Zero(t, house.count(t, "SELECT count(*) FROM charge"))
			require.Positive(t, house.count(t, "SELECT count(*) FROM charge_daily"))
			for i := range before {
				after := house.explain(t, i)
				require.Positive(t, after.Files)
				after.Files = 0
				require.Equal(t, before[i], after)
			}
			again := house.archive(t)
			require.Zero(t, again.Rows)
			require.Positive(t, again.Before)
		})
	}
}

// A file that changed since it was read in answers for nothing, and takes no
// rows with it.
func TestAnArchivedFileThatChangedIsRefused(t *testing.T) {
	t.Parallel()
	from := filepath.Join("..", "formats", "awscur", "testdata", "small.csv")
	house := openTrace(t, from)
	house.lines(t)
	var key string
	require.NoError(t, house.totals.Pool.QueryRow(t.Context(), "SELECT archive_key FROM part").Scan(&key))
	text, err := os.ReadFile(from)
	require.NoError(t, err)
	changed := strings.Replace(string(text), "1", "2", 1)

	_, _, err = house.ingestHouse.archive.store.Put(t.Context(), key, "", strings.NewReader(changed))
	require.NoError(t, err)
	_, err = house.tryArchive(t)
	require.ErrorContains(t, err, "E_HASH")
	require.Positive(t, house.count(t, "SELECT count(*) FROM charge"), "its rows stay")

	_, _, err = house.ingestHouse.archive.store.Put(t.Context(), key, "", strings.NewReader(string(text)))
	require.NoError(t, err)
	house.archive(t)
	_, _, err = house.ingestHouse.archive.store.Put(t.Context(), key, "", strings.NewReader(changed))
	require.NoError(t, err)
	_, err = house.tryExplain(0)
	require.ErrorContains(t, err, "E_HASH")
}

func TestOnlyAClosedMonthLeavesTheBooks(t *testing.T) {
	t.Parallel()
	house := openTrace(t, filepath.Join("..", "formats", "awscur", "testdata", "small.csv"))
	house.lines(t)
	for _, state := range []string{"open", "closing", "closed_with_parked"} {
		house.exec(t, `UPDATE billing_period SET state = $1,
			closed_at = CASE WHEN $1 LIKE 'closed%' THEN now() END`, state)
		_, err := house.tryArchive(t)
		require.ErrorContains(t, err, "is "+state)
		var id int64
		require.NoError(t, house.totals.Pool.QueryRow(t.Context(), "SELECT id FROM delivery").Scan(&id))
		_, err = house.books.ArchiveDelivery(t.Context(), house.month, id, "kim",
			[]closing.TracePart{{Digest: house.digest(t)}})
		require.ErrorContains(t, err, "which is not closed", "the database itself refuses it")
	}
	house.exec(t, `UPDATE billing_period SET state = 'closed'`)
	_, err := house.books.ArchiveDelivery(t.Context(), house.month, 1, "kim",
		[]closing.TracePart{{Digest: strings.Repeat("0", 64)}})
	require.ErrorContains(t, err, "was not read back")
	require.Positive(t, house.count(t, "SELECT count(*) FROM charge"))
}

// linesTried is about how many lines of one export are explained.
const linesTried = 25

// traceHouse is an ingested export, all of whose accounts are acme's, with a
// document of one line for every kind of rows.
type traceHouse struct {
	*ingestHouse
	tracing *activities.Tracing
	books   *tracedBooks
	month   period.Month
}

// tracedBooks give the documents of the test, by their place.
type tracedBooks struct {
	*db.Ledger
	documents []invoice.Snapshot
}

func (b *tracedBooks) Document(_ context.Context, name string) (invoice.Snapshot, error) {
	at, err := strconv.Atoi(name)
	return b.documents[at], err
}

func openTrace(t *testing.T, from string) *traceHouse {
	t.Helper()
	house := openHouse(t)
	info, err := os.Stat(from)
	require.NoError(t, err)
	folder, err := filepath.Abs(from)
	require.NoError(t, err)
	if !info.IsDir() {
		folder = t.TempDir()
		copyFile(t, from, filepath.Join(folder, filepath.Base(from)))
	}
	result := house.ingest(t, folder)
	require.Len(t, result.Deliveries, 1)
	files, err := spool.Open(house.spool)
	require.NoError(t, err)
	traced := &traceHouse{ingestHouse: house, books: &tracedBooks{Ledger: db.NewLedger(house.totals.Pool)}}
	traced.tracing = &activities.Tracing{
		Books:   traced.books,
		Master:  db.NewMaster(house.totals.Pool),
		Archive: house.archive,
		Spool:   spoolIn(files),
	}
	traced.month, err = period.ParseMonth(result.Deliveries[0].Months[0])
	require.NoError(t, err)
	traced.exec(
		t,
		`INSERT INTO account_assignment (provider, sub_account, customer, organization, alias, valid)
		SELECT DISTINCT provider, sub_account, 'acme', '', '', daterange(NULL, NULL) FROM dim_account`,
	)
	traced.exec(t, `INSERT INTO billing_period (month, state, closed_at)
		SELECT DISTINCT month, 'closed', now() FROM delivery_total WHERE state = 'sealed' ON CONFLICT DO NOTHING`)
	return traced
}

// lines writes a document for every line that the rows make, and counts the
// rows behind them, with those that no document carries.
func (h *traceHouse) lines(t *testing.T) (rows int64) {
	t.Helper()
	found, err := h.totals.Pool.Query(t.Context(), `SELECT DISTINCT b.month, b.provider, a.sub_account,
			i.service_code, i.usage_type, i.unit, b.currency
		FROM charge_daily d JOIN dim_bill b ON b.id = d.bill_id JOIN dim_account a ON a.id = d.account_id
		JOIN dim_item i ON i.id = d.item_id ORDER BY 1, 2, 3, 4, 5, 6, 7`)
	require.NoError(t, err)
	of := invoice.Snapshot{Schema: 1, Customer: invoice.Party{Code: "acme"}}
	var line invoice.Line
	var month string
	var kinds []invoice.Snapshot
	_, err = pgx.ForEachRow(found, []any{
		&month, &of.Provider, &line.Account, &line.Service, &line.UsageType, &line.Unit, &line.Source,
	}, func() error {
		one := of
		one.Month, err = period.ParseMonth(month)
		one.Lines = []invoice.Line{line}
		kinds = append(kinds, one)
		return err
	})
	require.NoError(t, err)
	for _, one := range kinds {
		candidates, err := h.books.Behind(t.Context(), one, one.Lines[0])
		require.NoError(t, err)
		for _, candidate := range candidates {
			if pricing.Retained(candidate.Group, party.Contract{}) {
				rows += candidate.Group.Rows
			}
		}
		for _, category := range []tax.Category{tax.Taxable, tax.ZeroRated, tax.Exempt, tax.AlreadyTaxed} {
			taxed := one
			taxed.Lines = []invoice.Line{one.Lines[0]}
			taxed.Lines[0].TaxCategory = category
			behind, err := closing.BehindLine(taxed.Lines[0], candidates, closing.LineRules{}, one.Month)
			require.NoError(t, err)
			if count, _ := closing.SumBehind(behind); count > 0 {
				rows += count
				h.books.documents = append(h.books.documents, taxed)
			}
		}
	}
	return rows
}

func (h *traceHouse) explain(t *testing.T, at int) activities.ExplainLineResult {
	t.Helper()
	result, err := h.tryExplain(at)
	require.NoError(t, err)
	return result
}

func (h *traceHouse) tryExplain(at int) (activities.ExplainLineResult, error) {
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.RegisterActivity(h.tracing)
	var result activities.ExplainLineResult
	value, err := env.ExecuteActivity(h.tracing.ExplainLine, activities.ExplainLineInput{
		Document: strconv.Itoa(at), Line: 1,
	})
	if err != nil {
		return result, err
	}
	return result, value.Get(&result)
}

// fromBooks is the digest of what the command writes of a line while its rows
// are in the books.
func (h *traceHouse) fromBooks(t *testing.T, at int) string {
	t.Helper()
	of := h.books.documents[at]
	line := of.Lines[0]
	parts, err := h.books.TraceParts(t.Context(), of.Month)
	require.NoError(t, err)
	candidates, err := h.books.Behind(t.Context(), of, line)
	require.NoError(t, err)
	behind, err := closing.BehindLine(line, candidates, closing.LineRules{}, of.Month)
	require.NoError(t, err)
	digest := sha256.New()
	sheet := csv.NewWriter(digest)
	require.NoError(t, sheet.Write(charge.SourceColumns))
	wanted := db.RowsWanted{Of: of, Line: line, Behind: behind, Parts: parts}
	count, billed := closing.SumBehind(behind)
	if len(behind) > 0 {
		rows, added, err := h.books.SourceSums(t.Context(), wanted)
		require.NoError(t, err)
		require.Equal(t, count, rows)
		require.Equal(t, money.Text(billed), added)
		require.NoError(t, h.books.SourceRows(t.Context(), wanted, func(row charge.SourceRow) error {
			return sheet.Write(row.Record())
		}))
	}
	sheet.Flush()
	return hex.EncodeToString(digest.Sum(nil))
}

func (h *traceHouse) archive(t *testing.T) workflows.ArchiveMonthResult {
	t.Helper()
	result, err := h.tryArchive(t)
	require.NoError(t, err)
	return result
}

func (h *traceHouse) tryArchive(t *testing.T) (workflows.ArchiveMonthResult, error) {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.RegisterActivity(h.tracing)
	env.SetTestTimeout(time.Minute)
	env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute})
	env.ExecuteWorkflow(workflows.ArchiveMonth, workflows.ArchiveMonthInput{Month: h.month, By: "kim"})
	var result workflows.ArchiveMonthResult
	if err := env.GetWorkflowError(); err != nil {
		return result, err
	}
	return result, env.GetWorkflowResult(&result)
}

func (h *traceHouse) digest(t *testing.T) (digest string) {
	t.Helper()
	require.NoError(t, h.totals.Pool.QueryRow(t.Context(), "SELECT digest FROM part").Scan(&digest))
	return digest
}

func (h *traceHouse) count(t *testing.T, sql string) (count int64) {
	t.Helper()
	require.NoError(t, h.totals.Pool.QueryRow(t.Context(), sql).Scan(&count))
	return count
}

func (h *traceHouse) exec(t *testing.T, sql string, arguments ...any) {
	t.Helper()
	_, err := h.totals.Pool.Exec(t.Context(), sql, arguments...)
	require.NoError(t, err)
}
