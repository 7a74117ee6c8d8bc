package main

import (
	"bytes"
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

	"magam/domain/period"
	"magam/internal/audit"
	"magam/workflows"
)

// billed is what Google's own statement adds up of a row: cost and credits.
type billed struct {
	Invoice  struct{ Month string }
	CostType string `json:"cost_type"`
	Cost     decimal.Decimal
	Credits  []struct{ Amount decimal.Decimal }
}

// A folder of JSON lines, one file packed and one plain, is one delivery. Each
// row counts in its own invoice month; cost and credits make Google's net; the
// row that nobody knows stays out with its net; lines of one row are no doubles.
func TestAGoogleCloudExportIsBookedByInvoiceMonth(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "formats", "gcp", "testdata", "small.jsonl"))
	require.NoError(t, err)
	rows := strings.SplitAfter(strings.TrimSuffix(string(text), "\n"), "\n")
	require.Len(t, rows, 21)
	house, folder := openHouse(t), t.TempDir()
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, err = writer.Write([]byte(strings.Join(rows[:10], "")))
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	first, second := filepath.Join(folder, "export-000.json.gz"), filepath.Join(folder, "export-001.json")
	require.NoError(t, os.WriteFile(first, packed.Bytes(), 0o600))
	require.NoError(t, os.WriteFile(second, []byte(strings.Join(rows[10:], "")), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "notes.json"), []byte(`{"by":"hand"}`+"\n"), 0o600))

	result := house.ingest(t, folder)

	require.Equal(t, []string{"notes.json is JSON, and no cost export"}, result.Skipped)
	require.Empty(t, result.Refused)
	require.Len(t, result.Deliveries, 1)
	one := result.Deliveries[0]
	require.Equal(t, "sealed", one.State, one.Why)
	require.Equal(t, "gcp", one.Format)
	require.Equal(t, int64(1), one.Quarantined)
	want, months := map[string]decimal.Decimal{}, map[string]bool{}
	lines := int64(0)
	for _, row := range rows {
		var read billed
		require.NoError(t, json.Unmarshal([]byte(row), &read))
		months[read.Invoice.Month[:4]+"-"+read.Invoice.Month[4:]] = true
		state := "sealed"
		if read.CostType == "fee" {
			state = "quarantined"
		}
		net := read.Cost
		for _, credit := range read.Credits {
			net = net.Add(credit.Amount)
		}
		want[state] = want[state].Add(net)
		lines++
	}
	require.Greater(t, one.Rows, lines, "credits are lines of their own")
	require.Len(t, one.Months, len(months))
	for _, month := range one.Months {
		require.True(t, months[month], month)
	}
	totals, err := house.totals.OfDelivery(t.Context(), one.ID, "")
	require.NoError(t, err)
	require.Len(t, totals, 2)
	for _, total := range totals {
		requireSame(t, want[total.State].String(), total.Billed)
	}

	report, err := audit.Month(t.Context(), house.totals.Pool, "2026-10")
	require.NoError(t, err)
	for _, finding := range report.Findings {
		require.NotEqual(t, "doubled", finding.Check, "%+v", finding)
	}

	again := house.ingest(t, folder)
	require.Equal(t, one.ID, again.Deliveries[0].ID, "the same bytes are the same delivery")

	require.NoError(t, os.WriteFile(second, []byte(strings.Join(rows[11:], "")), 0o600))
	newer := house.ingest(t, folder)
	require.Equal(t, one.ID, newer.Deliveries[0].Superseded, "a newer set of files replaces the folder's")
}

// docs/spec/23-format-gcp.md, "whose month a row is": asked for October, a
// folder cut by day gives its late September rows to September, beside those
// that September's own folder brings: none is lost, none counts twice.
func TestRowsOfAnotherMonthAreNeitherLostNorDoubled(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "formats", "gcp", "testdata", "small.jsonl"))
	require.NoError(t, err)
	line, _, _ := strings.Cut(string(text), "\n")
	in := func(month, cost string) string {
		var row map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &row))
		row["invoice"], row["cost"] = map[string]string{"month": month}, json.Number(cost)
		written, err := json.Marshal(row)
		require.NoError(t, err)
		return string(written) + "\n"
	}
	house, folder := openHouse(t), t.TempDir()
	for name, rows := range map[string]string{
		"day=2026-09-30/a.json": in("202609", "1.5") + in("202609", "2.25"),
		"day=2026-10-01/a.json": in("202609", "0.125") + in("202610", "100.5"),
		"day=2026-10-31/a.json": in("202610", "7.5") + in("202611", "3.75"),
	} {
		path := filepath.Join(folder, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, os.WriteFile(path, []byte(rows), 0o600))
	}
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.RegisterActivity(house.hands)
	env.SetTestTimeout(time.Minute)
	env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute}) // on a busy machine

	env.ExecuteWorkflow(workflows.IngestExport, workflows.IngestExportInput{
		From: folder, Month: period.NewMonth(2026, time.October), WaitSeconds: 1,
	})

	require.NoError(t, env.GetWorkflowError())
	for month, want := range map[time.Month]string{
		time.September: "3.875", time.October: "108", time.November: "3.75",
	} {
		totals, err := house.totals.OfMonth(t.Context(), period.NewMonth(2026, month), "")
		require.NoError(t, err)
		require.Len(t, totals, 1, month.String())
		requireSame(t, want, totals[0].Billed)
		require.Equal(t, "sealed", totals[0].State)
	}
}
