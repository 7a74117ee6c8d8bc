package azure_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/formats/azure"
	"magam/formats/parquetscan"
	"magam/internal/golden"
)

// small.csv has one row of every charge type that actual costs have, one that
// Azure documents no type for, and one whose cost is no number; amortized.csv
// has what only amortized costs have.
func TestTheSmallExportsBecomeTheseLines(t *testing.T) {
	t.Parallel()

	for name, kind := range map[string]azure.Kind{
		"small": azure.KindActual, "amortized": azure.KindAmortized,
	} {
		text, err := os.ReadFile(filepath.Join("testdata", name+".csv"))
		require.NoError(t, err)

		reader, err := open(bytes.NewReader(text), 0, kind)

		require.NoError(t, err)
		golden.RequireLines(t, name+".lines", reader)
	}
}

// The same rows as parquet, written by another hand than the one that reads them
// (testdata/README.md).
func TestTheSmallExportIsTheSameAsParquet(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile(filepath.Join("testdata", "duckdb.parquet"))
	require.NoError(t, err)
	rows, err := parquetscan.NewFile(bytes.NewReader(file), int64(len(file)),
		parquetscan.Options{File: "duckdb.parquet", Want: azure.Wants})
	require.NoError(t, err)
	fromParquet, err := azure.NewActual(rows, 0)
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join("testdata", "small.csv"))
	require.NoError(t, err)
	fromCSV, err := open(bytes.NewReader(text), 0, azure.KindActual)
	require.NoError(t, err)

	golden.RequireSameLines(t, fromCSV, fromParquet)
}
