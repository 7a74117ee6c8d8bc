package awscur_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/formats/awscur"
	"magam/formats/parquetscan"
	"magam/formats/table"
	"magam/internal/golden"
)

// small.csv has one row of every kind that the sample month has, and one
// that the provider documents no type for.
func TestTheSmallExportBecomesTheseLines(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "small.csv"))
	require.NoError(t, err)

	reader, err := open(bytes.NewReader(text), 0)

	require.NoError(t, err)
	golden.RequireLines(t, "small.lines", reader)
}

// The same rows as parquet, legacy and CUR 2.0, written by another hand than the
// one that reads them (testdata/README.md).
func TestTheSmallReportIsTheSameAsParquet(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "small.csv"))
	require.NoError(t, err)
	for name, recognize := range map[string]func(table.Header) bool{
		"duckdb-legacy.parquet": awscur.RecognizeParquet, "duckdb-export.parquet": awscur.RecognizeExport,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, err := os.ReadFile(filepath.Join("testdata", name))
			require.NoError(t, err)
			rows, err := parquetscan.NewFile(bytes.NewReader(file), int64(len(file)),
				parquetscan.Options{File: name, Want: awscur.Wants})
			require.NoError(t, err)
			require.True(t, recognize(rows.Header()))
			fromParquet, err := awscur.New(rows, 0)
			require.NoError(t, err)
			fromCSV, err := open(bytes.NewReader(text), 0)
			require.NoError(t, err)

			golden.RequireSameLines(t, fromCSV, fromParquet)
		})
	}
}
