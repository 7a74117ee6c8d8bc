package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"magam/activities"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/internal/blob"
	"magam/internal/devstack/s3test"
	"magam/workflows"
)

// From the provider's bucket into the books, and the originals into a bucket of
// ours, with every digit; the next look reads lists and no export.
func TestAnExportOnS3IsTakenInAndThenLeftAlone(t *testing.T) {
	t.Parallel()
	const file = "focus/focus_1_0_real_1000.csv"
	want := expectations(t)[file]
	text, err := os.ReadFile(filepath.Join(sharedData(t), filepath.FromSlash(file)))
	require.NoError(t, err)
	server := s3test.Start(t)
	house := openHouse(t)
	house.archive = archive{openStore(t, server.Bucket(t, "magam", "kept"))}
	house.hands.Archive = house.archive
	house.hands.Now = func() time.Time { return time.Now().Add(time.Hour) } // all is long at rest
	exports := openStore(t, server.Bucket(t, "exports", "payer-a"))
	put(t, exports, "2024-09/focus.csv", string(text))
	line := server.Line(t)
	source := s3test.Address("exports", "payer-a", line.Port)

	result := house.ingest(t, source)

	require.Len(t, result.Deliveries, 1)
	first := result.Deliveries[0]
	require.Equal(t, "sealed", first.State)
	require.Equal(t, want.Rows, first.Rows)
	totals, err := house.totals.OfDelivery(t.Context(), first.ID, "")
	require.NoError(t, err)
	requireSame(t, want.Sums["BilledCost"], totals[0].Billed)
	var key string
	require.NoError(t, house.totals.Pool.QueryRow(t.Context(), "SELECT archive_key FROM part").Scan(&key))
	kept, err := house.archive.store.Get(t.Context(), key)
	require.NoError(t, err)
	require.Equal(t, string(text), string(kept))

	// Nothing has changed: a list, and a look at the head, which of a file so small
	// may well be all that the line carries. Its digest would carry it once more.
	before := line.Came()
	again := house.ingest(t, source)
	require.Equal(t, result.Deliveries, again.Deliveries)
	require.Less(t, line.Came()-before, int64(len(text))*3/2, "it is not read for its digest")

	// One byte of it has: another delivery.
	put(t, exports, "2024-09/focus.csv", string(text)+" ")
	_, err = house.tryIngest(t, source)
	require.Error(t, err, "a row of one blank cell is refused, not overlooked")
}

// What is remembered never hides a change.
func TestAChangedFileIsNeverTakenForTheOneBefore(t *testing.T) {
	t.Parallel()
	const header = "BilledCost,EffectiveCost,ListCost,ContractedCost,ChargeCategory,BillingPeriodStart," +
		"BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,BillingCurrency,ProviderName,BillingAccountId," +
		"SubAccountId,ServiceName\n"
	row := func(cost string) string {
		return header + cost + "," + cost + "," + cost + "," + cost + ",Usage,2026-10-01T00:00:00Z," +
			"2026-11-01T00:00:00Z,2026-10-02T00:00:00Z,2026-10-03T00:00:00Z,USD,AWS,1,2,EC2\n"
	}
	house := openHouse(t)
	house.hands.Now = func() time.Time { return time.Now().Add(time.Hour) }
	folder := t.TempDir()
	file := filepath.Join(folder, "october.csv")
	old := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for _, cost := range []string{"10", "20", "30"} {
		// In place, of the same size, with its time of modification put back.
		require.NoError(t, os.WriteFile(file, []byte(row(cost)), 0o600))
		require.NoError(t, os.Chtimes(file, old, old))

		result := house.ingest(t, folder)

		require.Len(t, result.Deliveries, 1)
		totals, err := house.totals.OfDelivery(t.Context(), result.Deliveries[0].ID, "")
		require.NoError(t, err)
		requireSame(t, cost, totals[0].Billed)
	}

	// The next month's file lies down beside it, and October stays in.
	require.NoError(t, os.WriteFile(filepath.Join(folder, "november.csv"),
		[]byte(replaceAll(row("5"), "2026-11-01", "2026-12-01", "2026-10-0", "2026-11-0")), 0o600))
	result := house.ingest(t, folder)
	require.Len(t, result.Deliveries, 2)
	var sealed int
	require.NoError(t, house.totals.Pool.QueryRow(t.Context(),
		"SELECT count(*) FROM delivery WHERE state = 'sealed'").Scan(&sealed))
	require.Equal(t, 2, sealed)
}

const focusRow = "BilledCost,ChargeCategory,BillingPeriodStart,ChargePeriodStart\n" +
	"1,Usage,2026-05-01T00:00:00Z,2026-05-02T00:00:00Z\n"

func TestACheckNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	exports := openStore(t, server.Bucket(t, "exports", "payer-a"))
	server.Bucket(t, "empty", "")
	put(t, exports, "odd/x.csv", "a,b\n1,2\n")
	put(t, exports, "focus/x.csv", focusRow)
	address := func(bucket, prefix string) string {
		return replaceAll(server.Bucket(t, "exports", prefix), "s3://exports", "s3://"+bucket)
	}
	folder := t.TempDir()
	require.NoError(t, os.Symlink("/etc/hostname", filepath.Join(folder, "x.csv")))

	tests := map[string]struct {
		from string
		step string
		word string
	}{
		"a bucket that is not there": {
			address("nowhere", ""),
			activities.StepList,
			"there is no such bucket",
		},
		"a bucket without exports": {
			address("empty", ""),
			activities.StepList,
			"there is no cost export among 0 files",
		},
		"a file of no known format": {
			address("exports", "payer-a/odd"),
			activities.StepFormat,
			"E_FORMAT",
		},
		"a store that does not answer": {
			s3test.Address("exports", "", 1),
			activities.StepReach,
			"E_UNREACHABLE",
		},
		"a folder that is not there": {
			"/no/such/folder",
			activities.StepReach,
			"is no folder that the worker can see",
		},
		"a file": {
			"/etc/passwd",
			activities.StepReach,
			"is a file, and an ingest reads a folder",
		},
		"a link in an inbox":            {folder, activities.StepList, "E_PATH x.csv: is a symbolic link"},
		"exports that are as they must": {address("exports", "payer-a/focus"), "", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check := checked(t, openHouse(t), tt.from)

			last := check.Steps[len(check.Steps)-1]
			if tt.step == "" {
				require.True(t, check.Ready)
				require.Equal(t, activities.StepFresh, last.Step)
				require.Equal(t, activities.StepOK, last.State)
				require.Contains(t, last.Word, "the newest export came")
				require.Equal(t, "focus", check.Format)
				return
			}
			require.False(t, check.Ready)
			require.Equal(t, tt.step, last.Step)
			require.Equal(t, activities.StepNo, last.State)
			require.Contains(t, last.Word, tt.word)
			require.NotContains(t, last.Word, s3test.Secret)
		})
	}
}

func TestAnAddressWithAKeyGoesNowhere(t *testing.T) {
	t.Parallel()
	_, err := openHouse(t).tryIngest(t, "s3://AKIA:"+s3test.Secret+"@exports/a")

	require.Equal(t, fault.Input, activities.CodeOf(err))
	require.NotContains(t, err.Error(), s3test.Secret)
}

// The whole way of a check: command, workflow, worker, and what Temporal keeps.
func TestSourcesAreCheckedByTheWorker(t *testing.T) {
	t.Parallel()
	live := startStack(t)
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "aws.csv"), []byte(focusRow), 0o600))

	answer, exit := live.starter(t, "sources", "check", "--from", folder, "--json")

	require.Equal(t, 0, exit)
	var checks []struct {
		Ready  bool   `json:"ready"`
		Format string `json:"format"`
	}
	require.NoError(t, json.Unmarshal([]byte(answer), &checks))
	require.Len(t, checks, 1)
	require.True(t, checks[0].Ready)
	require.Equal(t, "focus", checks[0].Format)

	answer, exit = live.starter(t, "sources", "check", "--from", filepath.Join(folder, "nowhere"))
	require.Equal(t, 1, exit)
	require.Contains(t, answer, "E_INPUT")
	_, exit = live.starter(t, "sources", "check", "--from", "s3://AKIA:"+s3test.Secret+"@exports/a")
	require.Equal(t, 3, exit)
	require.NotContains(t, live.words, s3test.Secret)
	answer, exit = live.starter(t, "sources", "check")
	require.Equal(t, 0, exit)
	require.Empty(t, answer, "nothing is configured")
	_, exit = live.starter(t, "sources", "list")
	require.Equal(t, 0, exit)
	requireDiscreetHistories(t, live, map[string]story{
		"check-sources-of-a-folder": {
			workflows.CheckSourcesID(delivery.FolderName("file://"+folder), ""),
			0,
		},
		"check-sources-of-all-there": {workflows.CheckSourcesID("", ""), 0},
	})
}

func checked(t *testing.T, house *ingestHouse, from string) activities.SourceCheck {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	books, ok := house.hands.Books.(activities.PreflightBooks)
	require.True(t, ok)
	env.RegisterActivity(&activities.Preflight{Books: books, OpenStore: openSourceStore, Now: time.Now})
	env.SetTestTimeout(time.Minute)
	env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute}) // on a busy machine
	env.ExecuteWorkflow(workflows.CheckSources, workflows.CheckSourcesInput{From: from})
	require.NoError(t, env.GetWorkflowError())
	var result workflows.CheckSourcesResult
	require.NoError(t, env.GetWorkflowResult(&result))
	require.Len(t, result.Checks, 1)
	return result.Checks[0]
}

func put(t *testing.T, store *blob.Store, key, text string) {
	t.Helper()
	_, _, err := store.Put(t.Context(), key, "", strings.NewReader(text))
	require.NoError(t, err)
}

func replaceAll(text string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(text)
}
