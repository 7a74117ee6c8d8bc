package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/period"
	"magam/internal/sample"
	"magam/workflows"
)

// Whatever the first payer's month is exported as, the books hold the same.
func TestEveryFormatOfAMonthIsBookedAlike(t *testing.T) {
	t.Parallel()
	var want []string
	for _, format := range sample.Formats {
		house := openHouse(t)
		summary, dir := sampled(t, sample.Options{Format: format})

		result := house.ingest(t, filepath.Join(dir, "exports", "aws-seoul"))

		require.Empty(t, result.Refused, format)
		require.Len(t, result.Deliveries, 1, format)
		require.Equal(t, summary.Sources[0].Rows, result.Deliveries[0].Rows)
		require.Zero(t, result.Deliveries[0].Quarantined)
		var got []string
		for _, by := range []string{"", "service", "sub-account", "category", "invoice-id"} {
			totals, err := house.totals.OfDelivery(t.Context(), result.Deliveries[0].ID, by)
			require.NoError(t, err)
			for _, one := range totals {
				got = append(got, strings.Join([]string{
					by, one.Key, one.Currency, plain(one.Billed), plain(one.Effective), plain(one.List),
					plain(one.Contracted),
				}, " "))
			}
		}
		if want == nil {
			want = got
		}
		require.Equal(t, want, got, format)
	}
}

// AWS writes the manifest last: what lies there without one is no delivery yet,
// and what lies there beside one is none of it.
func TestADataExportWaitsForItsManifest(t *testing.T) {
	t.Parallel()

	const metadata = "focus/magam-focus/metadata"
	const data = "focus/magam-focus/data/BILLING_PERIOD=2026-10/magam-focus-00001.csv.gz"
	tests := map[string]struct {
		change func(t *testing.T, bucket string)
		fails  string // else the delivery is sealed
		skips  string
	}{
		"whole": {func(*testing.T, string) {}, "", ""},
		"without its manifest": {func(t *testing.T, bucket string) {
			require.NoError(t, os.RemoveAll(filepath.Join(bucket, metadata)))
		}, "E_INCOMPLETE_DELIVERY", ""},
		"with another month's manifest alone": {func(t *testing.T, bucket string) {
			require.NoError(t, os.Rename(filepath.Join(bucket, metadata, "BILLING_PERIOD=2026-10"),
				filepath.Join(bucket, metadata, "BILLING_PERIOD=2026-09")))
		}, "E_INCOMPLETE_DELIVERY", ""},
		"without a file that the manifest lists": {func(t *testing.T, bucket string) {
			require.NoError(t, os.Remove(filepath.Join(bucket, data)))
		}, "E_INCOMPLETE_DELIVERY", ""},
		"with a file that it does not list": {func(t *testing.T, bucket string) {
			copyFile(t, filepath.Join(bucket, data),
				filepath.Join(bucket, filepath.Dir(data), "magam-focus-00002.csv.gz"))
		}, "", "magam-focus-00002.csv.gz is not in its export's manifest"},
		"with columns that it does not list": {func(t *testing.T, bucket string) {
			rewrite(t, filepath.Join(bucket, metadata, "BILLING_PERIOD=2026-10", "magam-focus-Manifest.json"),
				`"BilledCost"`, `"BilledPrice"`)
		}, "E_SCHEMA", ""},
		"with a path that leads out": {func(t *testing.T, bucket string) {
			rewrite(t, filepath.Join(bucket, metadata, "BILLING_PERIOD=2026-10", "magam-focus-Manifest.json"),
				"s3://magam-cloud-billing/focus", "s3://magam-cloud-billing/../focus")
		}, "E_PATH", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			house := openHouse(t)
			summary, dir := sampled(t, sample.Options{})
			bucket := filepath.Join(dir, "exports", "aws-tokyo")
			tt.change(t, bucket)

			result, err := house.tryIngest(t, bucket)

			if tt.fails != "" {
				require.ErrorContains(t, err, tt.fails)
				require.Empty(t, result.Deliveries)
				return
			}
			require.NoError(t, err)
			require.Len(t, result.Deliveries, 1)
			require.Equal(t, summary.Sources[1].Rows, result.Deliveries[0].Rows)
			require.Equal(t, "focus", house.formatOf(t, result))
			require.Contains(t, strings.Join(result.Skipped, "\n"), tt.skips)
		})
	}
}

// An export that keeps its executions: the newest replaces the older one.
func TestANewerExecutionReplacesTheOlder(t *testing.T) {
	t.Parallel()
	house := openHouse(t)
	first, dir := sampled(t, sample.Options{Format: sample.FormatCUR2})
	bucket := filepath.Join(dir, "exports", "aws-seoul")
	older := house.ingest(t, bucket)
	second, _ := sampled(t, sample.Options{Format: sample.FormatCUR2, Revision: 2, Dir: dir})

	newer := house.ingest(t, bucket)

	require.NotEqual(t, first.Sources[0].Billed, second.Sources[0].Billed)
	require.Len(t, newer.Deliveries, 1)
	require.Equal(t, older.Deliveries[0].ID, newer.Deliveries[0].Superseded)
	require.Equal(t, "cur2", house.formatOf(t, newer))
	whole, err := house.totals.OfDelivery(t.Context(), newer.Deliveries[0].ID, "")
	require.NoError(t, err)
	requireSame(t, second.Sources[0].Billed, whole[0].Billed)
	require.Contains(t, strings.Join(newer.Skipped, "\n"), "is an older execution than")
}

// plain is an amount without the zeros that parquet's fractions do not keep.
func plain(amount string) string { return decimal.RequireFromString(amount).String() }

// sampled writes a small October.
func sampled(t *testing.T, opts sample.Options) (sample.Summary, string) {
	t.Helper()
	month, err := period.ParseMonth("2026-10")
	require.NoError(t, err)
	opts.Seed, opts.Month, opts.Rows = 1, month, sample.RowsMin
	if opts.Dir == "" {
		opts.Dir = t.TempDir()
	}
	summary, err := sample.Write(t.Context(), opts)
	require.NoError(t, err)
	return summary, opts.Dir
}

func rewrite(t *testing.T, path, from, to string) {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(text), from)
	require.NoError(t, os.WriteFile(path, []byte(strings.ReplaceAll(string(text), from, to)), 0o600))
}

// formatOf is the format of the one delivery of a result.
func (h *ingestHouse) formatOf(t *testing.T, result workflows.IngestExportResult) string {
	t.Helper()
	var format string
	require.NoError(t, h.totals.Pool.QueryRow(t.Context(), "SELECT format FROM delivery WHERE id = $1",
		result.Deliveries[0].ID).Scan(&format))
	return format
}
