package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/period"
	"magam/workflows"
)

// archiveMonth is the month of the story below.
var archiveMonth = period.NewMonth(2026, 8)

// archiveStories are the runs of the story worth keeping.
var archiveStories = map[string]story{
	"archive-month-of-two-deliveries": {workflows.ArchiveMonthID(archiveMonth), 0},
	"archive-month-again":             {workflows.ArchiveMonthID(archiveMonth), 1},
	"explain-line-from-the-archive":   {workflows.ExplainLineID("INV-2026-000001", 1), 0},
}

// A month is closed and archived by the commands that people use. Whatever a
// line answered before, it answers after, to the byte; the audit stays clean.
func TestALineAnswersAfterItsMonthWasArchived(t *testing.T) {
	t.Parallel()
	stack := startStack(t)
	folder, month := t.TempDir(), archiveMonth.String()
	stack.must(t, "sample", folder, "--month", month)
	stack.must(t, "master", "import", filepath.Join(folder, "master"))
	stack.must(t, "ingest", "--source", "aws-seoul", "--month", month)
	stack.must(t, "ingest", "--source", "aws-tokyo", "--month", month)
	stack.refuses(t, "is open", "months", "archive", month, "--by", "lee")
	stack.must(t, "close", "--month", month, "--by", "lee", "--wait", "--approve-as", "choi")

	type answerJSON struct {
		Agrees bool   `json:"agrees"`
		Rows   int64  `json:"source_rows"`
		Billed string `json:"source_billed"`
	}
	questions := [][]string{
		{"explain", "INV-2026-000001", "1"},
		{"explain", "INV-2026-000001", "1", "--limit", "3", "--offset", "2"},
		{"explain", "INV-2026-000001", "2", "--json"},
		{"explain", "INV-2026-000007", "1", "--csv", "-"},
		{"explain", "INV-2026-000012", "3", "--json", "--limit", "1000"},
	}
	before := make([]string, len(questions))
	for i, question := range questions {
		before[i] = stack.must(t, question...)
		require.NotEmpty(t, before[i])
	}
	proof := stack.must(t, "proof", "--month", month, "--steps", "--json")
	require.Contains(t, proof, `"step": "total"`)
	stack.must(t, "audit", "--month", month)

	stack.must(t, "months", "archive", month, "--by", "lee")

	var rows int64
	require.NoError(t, stack.books(t).QueryRow(t.Context(), "SELECT count(*) FROM charge").Scan(&rows))
	require.Zero(t, rows, "the rows left the books")
	for i, question := range questions {
		require.Equal(t, before[i], stack.must(t, question...), "%v", question)
	}
	var answered answerJSON
	require.NoError(t, json.Unmarshal([]byte(before[2]), &answered))
	require.True(t, answered.Agrees)
	file := filepath.Join(t.TempDir(), "rows.csv")
	stack.must(t, "explain", "INV-2026-000007", "1", "--csv", file)
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, before[3], string(written))
	require.Contains(t, stack.must(t, "months", "archive", month, "--by", "lee"), "2 deliveries were before")
	require.Equal(t, proof, stack.must(t, "proof", "--month", month, "--steps", "--json"))
	stack.must(t, "close", "--month", month, "--by", "lee", "--wait")
	stack.must(t, "audit", "--month", month)
	requireDiscreetHistories(t, stack, archiveStories)
}
