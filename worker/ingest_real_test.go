package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"magam/activities"
	"magam/db"
	"magam/domain/period"
	"magam/internal/blob"
	"magam/internal/devstack/pgtest"
	"magam/internal/spool"
	"magam/workflows"
)

func TestMain(m *testing.M) { pgtest.Main(m, removeBuilt) }

// expected is a file of ../shared/data/expected.json: sums by text, every digit.
type expected struct {
	Rows   int64                             `json:"rows"`
	Sums   map[string]string                 `json:"sums"`
	Groups map[string]map[string]expectedSum `json:"groups"`
}

type expectedSum struct {
	Rows int64  `json:"rows"`
	Sum  string `json:"sum"`
}

// Real, anonymised exports go through the same workflow as everybody's and come
// out of the books with every digit that went in.
func TestRealExportsKeepEveryDigit(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		month  string
		by     map[string]string // totals' key -> the expected file's group
		billed string
	}{
		"aws-cur/legacy_real_1281.csv": {
			"2023-11",
			map[string]string{
				"service":     "lineItem/ProductCode",
				"sub-account": "lineItem/UsageAccountId",
				"category":    "lineItem/LineItemType",
				"line-type":   "lineItem/LineItemType",
				"invoice-id":  "bill/InvoiceId",
			},
			"lineItem/UnblendedCost",
		},
		"focus/focus_1_0_real_1000.csv": {"2024-09", map[string]string{
			"service": "ServiceName", "category": "ChargeCategory",
		}, "BilledCost"},
		"focus/focus_1_2_aws_25_credits.csv": {"2026-05", map[string]string{
			"service": "ServiceName", "category": "ChargeCategory", "sub-account": "SubAccountId",
			"invoice-id": "InvoiceId", "issuer": "InvoiceIssuerName",
		}, "BilledCost"},
		"focus/focus_1_2_azure_25_credits.csv": {"2026-05", map[string]string{
			"service": "ServiceName", "category": "ChargeCategory", "sub-account": "SubAccountId",
			"invoice-id": "InvoiceId", "issuer": "InvoiceIssuerName",
		}, "BilledCost"},
		"focus/focus_1_2_gcp_25_credits.csv": {"2026-05", map[string]string{
			"service": "ServiceName", "category": "ChargeCategory", "sub-account": "SubAccountId",
			"invoice-id": "InvoiceId", "issuer": "InvoiceIssuerName",
		}, "BilledCost"},
		"focus/focus_1_3_aws_25_credits.csv": {"2026-05", map[string]string{
			"service": "ServiceName", "category": "ChargeCategory", "sub-account": "SubAccountId",
			"invoice-id": "InvoiceId", "issuer": "InvoiceIssuerName",
		}, "BilledCost"},
		"focus/focus_1_3_azure_25_credits.csv": {"2026-05", map[string]string{
			"service": "ServiceName", "category": "ChargeCategory", "sub-account": "SubAccountId",
			"invoice-id": "InvoiceId", "issuer": "InvoiceIssuerName",
		}, "BilledCost"},
		"focus/focus_1_3_gcp_25_credits.csv": {"2026-05", map[string]string{
			"service": "ServiceName", "category": "ChargeCategory", "sub-account": "SubAccountId",
			"invoice-id": "InvoiceId", "issuer": "InvoiceIssuerName",
		}, "BilledCost"},
	}
	for file, tt := range tests {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			source := filepath.Join(sharedData(t), filepath.FromSlash(file))
			want := expectations(t)[file]
			house := openHouse(t)
			folder := t.TempDir()
			copyFile(t, source, filepath.Join(folder, filepath.Base(source)))

			result := house.ingest(t, folder)

			require.Len(t, result.Deliveries, 1)
			one := result.Deliveries[0]
			require.Equal(t, "sealed", one.State)
			require.Equal(t, want.Rows, one.Rows)
			require.Zero(t, one.Quarantined)
			require.Contains(t, one.Months, tt.month)
			whole, err := house.totals.OfDelivery(t.Context(), one.ID, "")
			require.NoError(t, err)
			require.Len(t, whole, 1)
			requireSame(t, want.Sums[tt.billed], whole[0].Billed)
			for column, got := range map[string]string{
				"EffectiveCost": whole[0].Effective, "ListCost": whole[0].List, "ContractedCost": whole[0].Contracted,
			} {
				if sum, stated := want.Sums[column]; stated {
					requireSame(t, sum, got)
				}
			}
			for by, group := range tt.by {
				totals, err := house.totals.OfDelivery(t.Context(), one.ID, by)
				require.NoError(t, err)
				require.Len(t, totals, len(want.Groups[group]), by)
				for _, total := range totals {
					sum := want.Groups[group][total.Key]
					require.Equal(t, sum.Rows, total.Rows, "%s %s", by, total.Key)
					requireSame(t, sum.Sum, total.Billed)
				}
			}
		})
	}
}

func TestTwoCurrenciesAreNeverOneSum(t *testing.T) {
	t.Parallel()
	house := openHouse(t)
	folder := t.TempDir()
	copyFile(t, filepath.Join(sharedData(t), "focus", "focus_1_3_multi_provider_multi_currency.csv"),
		filepath.Join(folder, "multi.csv"))

	result := house.ingest(t, folder)

	require.Len(t, result.Deliveries, 1)
	month, err := period.ParseMonth("2026-05")
	require.NoError(t, err)
	totals, err := house.totals.OfMonth(t.Context(), month, "provider")
	require.NoError(t, err)
	got := map[string]string{}
	for _, total := range totals {
		got[total.Key+" "+total.Provider+" "+total.Currency] = plain(total.Billed)
	}
	require.Equal(t, map[string]string{
		"AWS aws USD": "108", "Microsoft Azure azure EUR": "100", "Datadog datadog USD": "100",
	}, got)
}

func TestTheSameBytesAgainAndANewerSet(t *testing.T) {
	t.Parallel()
	data := filepath.Join(sharedData(t), "focus")
	house := openHouse(t)
	folder := t.TempDir()
	copyFile(t, filepath.Join(data, "focus_1_2_aws_25_credits.csv"), filepath.Join(folder, "aws.csv"))
	first := house.ingest(t, folder)
	again := house.ingest(t, folder)
	require.Equal(t, first.Deliveries, again.Deliveries)

	elsewhere := t.TempDir()
	copyFile(t, filepath.Join(data, "focus_1_2_aws_25_credits.csv"),
		filepath.Join(elsewhere, "other-name.csv"))
	require.Equal(t, first.Deliveries[0].ID, house.ingest(t, elsewhere).Deliveries[0].ID)

	copyFile(t, filepath.Join(data, "focus_1_2_gcp_25_credits.csv"), filepath.Join(folder, "gcp.csv"))
	newer := house.ingest(t, folder)

	require.Len(t, newer.Deliveries, 1)
	require.Equal(t, int64(50), newer.Deliveries[0].Rows)
	require.Equal(t, first.Deliveries[0].ID, newer.Deliveries[0].Superseded)
	kept, err := house.totals.OfDelivery(t.Context(), first.Deliveries[0].ID, "")
	require.NoError(t, err)
	requireSame(t, "27.339199", kept[0].Billed)
	month, err := period.ParseMonth("2026-05")
	require.NoError(t, err)
	totals, err := house.totals.OfMonth(t.Context(), month, "provider")
	require.NoError(t, err)
	require.Len(t, totals, 2, "the older set is not counted twice")
}

// A copy that somebody left beside a file, or in another folder, adds nothing.
func TestACopyOfAFileCountsOnce(t *testing.T) {
	t.Parallel()
	original := filepath.Join(sharedData(t), "focus", "focus_1_2_aws_25_credits.csv")
	house := openHouse(t)
	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, "old"), 0o755))
	for _, name := range []string{"aws (1).csv", "aws.csv", "old/aws.csv"} {
		copyFile(t, original, filepath.Join(folder, name))
	}

	result := house.ingest(t, folder)

	require.Len(t, result.Deliveries, 1)
	require.Equal(t, int64(25), result.Deliveries[0].Rows)
	require.Equal(t, []string{
		"aws.csv has the same bytes as aws (1).csv",
		"old/aws.csv has the same bytes as another file of delivery 1",
	}, result.Skipped)
}

func TestALegacyReportWithItsManifest(t *testing.T) {
	t.Parallel()
	house := openHouse(t)
	folder := t.TempDir()
	text, err := os.ReadFile(filepath.Join(sharedData(t), "aws-cur", "legacy_real_1281.csv"))
	require.NoError(t, err)
	header, body, _ := strings.Cut(string(text), "\n")
	rows := strings.SplitAfter(body, "\n")
	write := func(name string, rows []string) {
		file, err := os.Create(filepath.Join(folder, name))
		require.NoError(t, err)
		packed := gzip.NewWriter(file)
		_, err = packed.Write([]byte(header + "\n" + strings.Join(rows, "")))
		require.NoError(t, err)
		require.NoError(t, packed.Close())
		require.NoError(t, file.Close())
	}
	manifest := `{"assemblyId":"a2","account":"1","reportName":"r","compression":"GZIP",
		"billingPeriod":{"start":"20231101T000000.000Z","end":"20231201T000000.000Z"},
		"reportKeys":["p/r/20231101-20231201/a2/r-1.csv.gz","p/r/20231101-20231201/a2/r-2.csv.gz"]}`
	older := strings.ReplaceAll(manifest, "a2", "a1")
	for _, assembly := range []string{"a1", "a2"} {
		require.NoError(t, os.Mkdir(filepath.Join(folder, assembly), 0o755))
	}
	require.NoError(t, os.WriteFile(filepath.Join(folder, "r-Manifest.json"), []byte(manifest), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "a1", "r-Manifest.json"), []byte(older), 0o600))
	write("a1/r-1.csv.gz", rows[:100])
	write("a2/r-1.csv.gz", rows[:500])

	_, err = house.tryIngest(t, folder)
	require.ErrorContains(t, err, "E_INCOMPLETE_DELIVERY")
	require.ErrorContains(t, err, "a2/r-2.csv.gz")

	write("a2/r-2.csv.gz", rows[500:])
	result := house.ingest(t, folder)

	require.Len(t, result.Deliveries, 1)
	require.Equal(t, int64(1281), result.Deliveries[0].Rows)
	require.Contains(t, result.Skipped, "a1/r-Manifest.json is an older assembly than a2")
	var digest, key string
	require.NoError(
		t,
		house.totals.Pool.QueryRow(t.Context(), "SELECT digest, archive_key FROM part WHERE ordinal = 1").
			Scan(&digest, &key),
	)
	kept, _, err := house.archive.store.Open(t.Context(), key)
	require.NoError(t, err)
	require.NoError(t, kept.Close())
	require.Contains(t, key, digest)
}

func TestWhatCannotBeReadIsSaid(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		files map[string]string
		want  string
	}{
		"an unknown header": {map[string]string{"x.csv": "a,b\n1,2\n"}, "E_FORMAT"},
		"an empty folder":   {map[string]string{"readme.md": "hello"}, "E_INPUT"},
		"a required column gone": {
			map[string]string{"x.csv": "BilledCost,ChargeCategory,BillingPeriodStart\n1,Usage,2026-05-01\n"},
			"E_SCHEMA",
		},
		"a path out of it": {map[string]string{"r-Manifest.json": `{"reportKeys":["../x.csv.gz"],
			"billingPeriod":{"start":"20231101T000000.000Z"}}`}, "E_PATH"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			house := openHouse(t)
			folder := t.TempDir()
			for file, text := range tt.files {
				require.NoError(t, os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600))
			}

			_, err := house.tryIngest(t, folder)

			require.ErrorContains(t, err, tt.want)
		})
	}
}

// house is the ingest with real doors: books, archive and folders.
type ingestHouse struct {
	totals  *db.Totals
	archive archive
	hands   *activities.Ingest
	spool   string
}

func openHouse(t *testing.T) *ingestHouse {
	t.Helper()
	pool := pgtest.Open(t).App(t)
	store, err := blob.Open(t.Context(), "file://"+t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	opened := &ingestHouse{totals: &db.Totals{Pool: pool}, archive: archive{store}, spool: t.TempDir()}
	folder, err := spool.Open(opened.spool)
	require.NoError(t, err)
	books := &db.Charges{Pool: pool}
	opened.hands = &activities.Ingest{
		Books: books, Seen: books, Archive: opened.archive, OpenStore: openSourceStore, Zone: time.UTC,
		Spool: spoolIn(folder),
	}
	return opened
}

func (h *ingestHouse) ingest(t *testing.T, folder string) workflows.IngestExportResult {
	t.Helper()
	result, err := h.tryIngest(t, folder)
	require.NoError(t, err)
	return result
}

func (h *ingestHouse) tryIngest(t *testing.T, folder string) (workflows.IngestExportResult, error) {
	t.Helper()
	return h.tryIngestAs(t, folder, "")
}

// tryIngestAs tells the ingest which format to expect.
func (h *ingestHouse) tryIngestAs(
	t *testing.T, folder, format string,
) (workflows.IngestExportResult, error) {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.RegisterActivity(h.hands)
	env.SetTestTimeout(time.Minute)
	// On a machine full of tests a workflow may have to wait for its turn.
	env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute})
	env.ExecuteWorkflow(workflows.IngestExport, workflows.IngestExportInput{
		From: folder, Format: format, WaitSeconds: 1,
	})
	require.True(t, env.IsWorkflowCompleted())
	var result workflows.IngestExportResult
	if err := env.GetWorkflowError(); err != nil {
		return result, err
	}
	return result, env.GetWorkflowResult(&result)
}

// sharedData is the folder of public billing data, or the test is skipped.
func sharedData(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("MAGAM_SHARED")
	if folder == "" {
		folder = filepath.Join("..", "..", "shared")
	}
	folder = filepath.Join(folder, "data")
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("the public billing data is not at %s", folder)
	}
	return folder
}

func expectations(t *testing.T) map[string]expected {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(sharedData(t), "expected.json"))
	require.NoError(t, err)
	var files map[string]expected
	require.NoError(t, json.Unmarshal(text, &files))
	return files
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(to, text, 0o600))
}

// requireSame compares exact decimals; how many zeros follow is spelling.
func requireSame(t *testing.T, want, got string) {
	t.Helper()
	exact, err := decimal.NewFromString(want)
	require.NoError(t, err, want)
	held, err := decimal.NewFromString(got)
	require.NoError(t, err, got)
	require.True(t, exact.Equal(held), "want %s, got %s", want, got)
}
