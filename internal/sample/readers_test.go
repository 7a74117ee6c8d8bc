package sample_test

import (
	"errors"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/formats/awscur"
	"magam/formats/csvscan"
	"magam/formats/focus"
	"magam/internal/sample"
)

// sums is what a reader of the product finds in an export.
type sums struct {
	rows              int64
	billed, effective *big.Rat
	lineTypes         map[string]int64
}

// ingest reads an export as the product does and adds it up.
func ingest(t *testing.T, dir string, source sample.SourceSummary) sums {
	t.Helper()
	found := sums{billed: new(big.Rat), effective: new(big.Rat), lineTypes: map[string]int64{}}
	eachLine(t, dir, source, func(line *charge.Line) {
		found.rows++
		found.lineTypes[string(line.LineType)]++
		found.billed.Add(found.billed, rat(t, string(line.Billed)))
		found.effective.Add(found.effective, rat(t, string(line.Effective)))
	})
	return found
}

// eachLine reads an export with the product's readers and refuses rows set aside.
func eachLine(t *testing.T, dir string, source sample.SourceSummary, visit func(*charge.Line)) {
	t.Helper()
	for _, name := range source.Files {
		file, err := os.Open(filepath.Join(dir, "exports", source.Name, filepath.FromSlash(name)))
		require.NoError(t, err)
		text, options, err := csvscan.Open(file, csvscan.Options{File: name})
		require.NoError(t, err)
		rows, err := csvscan.NewFile(text, options)
		require.NoError(t, err)
		var reader interface {
			Next() (*charge.Line, *charge.Quarantined, error)
		}
		if source.Format == "cur" {
			reader, err = awscur.New(rows, charge.MonthOf(month(t, "2026-10")))
		} else {
			reader, err = focus.New(rows, charge.MonthOf(month(t, "2026-10")))
		}
		require.NoError(t, err)
		for {
			line, aside, err := reader.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			require.Nil(t, aside, "%s: a row is set aside", name)
			visit(line)
		}
		require.NoError(t, file.Close())
	}
}

func TestTheProductReadsExactlyWhatWasWritten(t *testing.T) {
	t.Parallel()
	summary, dir := october(t, nil)
	for _, source := range summary.Sources {
		found := ingest(t, dir, source)

		require.Equal(t, source.Rows, found.rows)
		requireEqual(t, rat(t, source.Billed), found.billed, source.Name+" billed")
		requireEqual(t, rat(t, source.Effective), found.effective, source.Name+" effective")
		if source.Format == "cur" {
			for _, figure := range source.ByLineType {
				require.Equal(t, figure.Rows, found.lineTypes[figure.Name], figure.Name)
			}
		}
	}
}
