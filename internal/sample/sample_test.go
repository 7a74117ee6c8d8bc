package sample_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/domain/period"
	"magam/internal/sample"
)

// goldenDigest is of the default sample of 2026-10 with seed 1, compressed files
// unpacked, its FOCUS export's manifest left out. A change of the story changes
// it; look at the files before you do.
const goldenDigest = "7ddb50c263881bf5dd48d069eb04b210f5dac3ab01c9ec4a6a267f7370bcc618"

const focusManifest = "exports/aws-tokyo/focus/magam-focus/metadata/BILLING_PERIOD=2026-10/magam-focus-Manifest.json"

func TestDefaultSampleStaysTheSame(t *testing.T) {
	t.Parallel()
	_, dir := october(t, nil)

	files := digests(t, dir, true)
	require.Contains(t, files, focusManifest)
	delete(files, focusManifest)
	hash := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintln(hash, name, files[name])
	}

	require.Equal(t, goldenDigest, hex.EncodeToString(hash.Sum(nil)))
}

func TestSameSeedGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	_, first := october(t, nil)
	_, second := october(t, nil)
	_, other := october(t, func(o *sample.Options) { o.Seed = 2 })

	require.Equal(t, digests(t, first, false), digests(t, second, false))
	require.NotEqual(t, digests(t, first, false), digests(t, other, false))
}

func TestWritingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	_, dir := october(t, nil)
	before := digests(t, dir, false)

	october(t, func(o *sample.Options) { o.Dir = dir })

	require.Equal(t, before, digests(t, dir, false))
}

func TestNewerRevisionIsAnotherAssemblyOfNearlyTheSameMonth(t *testing.T) {
	t.Parallel()
	first, dir := october(t, nil)
	before := digests(t, dir, false)
	second, _ := october(t, func(o *sample.Options) { o.Dir, o.Revision = dir, 2 })
	after := digests(t, dir, false)

	require.NotEqual(t, first.Sources[0].Files, second.Sources[0].Files)
	require.Equal(t, first.Rows(), second.Rows())
	was, is := rat(t, first.Sources[0].Billed), rat(t, second.Sources[0].Billed)
	require.NotZero(t, was.Cmp(is))
	change := is.Sub(is, was).Abs(is)
	require.Negative(t, change.Cmp(was.Quo(was, rat(t, "100"))), "the change is below one per cent")
	require.Equal(t, first.Sources[1], second.Sources[1])
	for _, name := range first.Sources[0].Files {
		path := "exports/aws-seoul/" + name
		require.Equal(t, before[path], after[path], "the older assembly stays as it was")
	}
}

func TestTotalsAreWhatTheFilesSumTo(t *testing.T) {
	t.Parallel()
	for of := 1; of <= 12; of++ { // months of every length, each with a seed and a size of its own
		name := fmt.Sprintf("2028-%02d", of)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows := sample.RowsMin + of*487
			summary, dir := october(t, func(o *sample.Options) {
				o.Seed, o.Rows, o.Month, o.WithUnassigned = uint64(of)*7919, rows, month(t, name), of%2 == 0
			})

			require.EqualValues(t, rows, summary.Rows())
			seoul, tokyo := rowsOf(t, dir, summary.Sources[0]), rowsOf(t, dir, summary.Sources[1])
			every := func(row) bool { return true }
			requireTotals(t, summary.Sources[0], seoul, sum(t, seoul, "lineItem/UnblendedCost", every))
			requireTotals(t, summary.Sources[1], tokyo, sum(t, tokyo, "BilledCost", every))
			requireEqual(t, amortized(t, seoul), rat(t, summary.Sources[0].Effective), "effective, Seoul")
			requireEqual(t, sum(t, tokyo, "EffectiveCost", every), rat(t, summary.Sources[1].Effective),
				"effective, Tokyo")
		})
	}
}

// requireTotals holds a summary, and both ways of cutting it, against the rows.
func requireTotals(t *testing.T, source sample.SourceSummary, rows []row, billed *big.Rat) {
	t.Helper()
	require.Len(t, rows, int(source.Rows))
	requireEqual(t, billed, rat(t, source.Billed), source.Name)
	for name, figures := range map[string][]sample.Figure{"type": source.ByLineType, "account": source.BySubAccount} {
		cost, count := new(big.Rat), int64(0)
		for _, figure := range figures {
			cost.Add(cost, rat(t, figure.Billed))
			count += figure.Rows
		}
		requireEqual(t, billed, cost, source.Name+" by "+name)
		require.Equal(t, source.Rows, count)
	}
}

func TestMoneyDoesNotGrowWithTheRows(t *testing.T) {
	t.Parallel()
	small, _ := october(t, nil)
	large, _ := october(t, func(o *sample.Options) { o.Rows = 200_000 })

	for i := range small.Sources {
		a, b := rat(t, small.Sources[i].Billed), rat(t, large.Sources[i].Billed)
		difference := b.Sub(b, a)
		require.Negative(t, difference.Abs(difference).Cmp(a.Quo(a, rat(t, "500"))), small.Sources[i].Name)
	}
}

func TestWhatCannotBeMadeIsRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*sample.Options)
		says   string
	}{
		"no month":             {func(o *sample.Options) { *o = sample.Options{Dir: o.Dir} }, "no month"},
		"too few rows":         {func(o *sample.Options) { o.Rows = 100 }, "100 rows"},
		"too many rows":        {func(o *sample.Options) { o.Rows = sample.RowsMax + 1 }, "rows"},
		"an unknown revision":  {func(o *sample.Options) { o.Revision = 10 }, "revision 10"},
		"no folder to fill":    {func(o *sample.Options) { o.Dir = "" }, "no folder"},
		"a negative row count": {func(o *sample.Options) { o.Rows = -1 }, "rows"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts := sample.Options{Month: month(t, "2026-10"), Dir: t.TempDir()}
			tt.change(&opts)

			_, err := sample.Write(t.Context(), opts)

			require.ErrorContains(t, err, tt.says)
			code, coded := fault.CodeOf(err)
			require.True(t, coded)
			require.Equal(t, fault.Input, code)
		})
	}
}

func TestStopsWhenAskedTo(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	reports := 0
	_, err := sample.Write(ctx, sample.Options{
		Month: month(t, "2026-10"), Dir: t.TempDir(), Rows: 5_000_000,
		Progress: func(done, total int) {
			require.Equal(t, 5_000_000, total)
			if reports++; done > 50_000 {
				stop()
			}
		},
	})

	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, reports, 20)
}

// BenchmarkWrite tells rows per second; the report of bytes is the compressed size.
func BenchmarkWrite(b *testing.B) {
	const rows = 500_000
	for b.Loop() {
		_, err := sample.Write(b.Context(), sample.Options{
			Seed: 1, Month: period.NewMonth(2026, time.October), Rows: rows, Dir: b.TempDir(),
		})
		require.NoError(b, err)
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
