package gcp_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/internal/golden"
)

// small.jsonl has one row of every kind that the made month has, and one of a
// cost type that Google documents none of.
func TestTheSmallExportBecomesTheseLines(t *testing.T) {
	t.Parallel()
	rows := append(month(20),
		row(map[string]string{"cost_type": "fee"}, madeCredit{"PROMOTION", "Trial", "-0.5"}))
	text := jsonLines(t, rows)
	golden.Require(t, "small.jsonl", []byte(text))

	reader, err := openJSON(text, 0)

	require.NoError(t, err)
	golden.RequireLines(t, "small.lines", reader)
}

// The same rows as parquet, written by another hand than the one that reads them
// (testdata/README.md).
func TestTheSmallExportIsTheSameAsParquet(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "small.jsonl"))
	require.NoError(t, err)
	fromJSON, err := openJSON(string(text), 0)
	require.NoError(t, err)
	file, err := os.ReadFile(filepath.Join("testdata", "duckdb.parquet"))
	require.NoError(t, err)
	fromParquet, err := openParquet(file, 0)
	require.NoError(t, err)

	golden.RequireSameLines(t, fromJSON, fromParquet)
}
