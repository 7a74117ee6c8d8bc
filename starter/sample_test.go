package main

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/period"
	"magam/internal/sample"
)

func TestSampleAnswersWithItsTotals(t *testing.T) {
	t.Parallel()
	month, err := period.ParseMonth("2026-10")
	require.NoError(t, err)
	command := sampleCmd{
		Dir:        t.TempDir(),
		Seed:       1,
		Month:      month,
		Rows:       10_000,
		Revision:   1,
		SourceBase: "file:///demo",
	}
	var answer, table bytes.Buffer

	require.NoError(t, command.Run(t.Context(), &session{json: true, out: &answer, progress: io.Discard}))
	require.NoError(t, command.Run(t.Context(), &session{out: &table, progress: io.Discard}))

	var summary sample.Summary
	require.NoError(t, json.Unmarshal(answer.Bytes(), &summary))
	require.EqualValues(t, 10_000, summary.Rows())
	require.Len(t, summary.Sources, 2)
	for _, source := range summary.Sources {
		require.Contains(t, table.String(), source.Billed)
	}
	for line := range bytes.Lines(table.Bytes()) {
		require.LessOrEqual(t, len([]rune(string(line))), 101, string(line))
	}
}
