package sample_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/formats/awscur"
	"magam/formats/awsmanifest"
	"magam/formats/csvscan"
	"magam/formats/parquetscan"
	"magam/formats/table"
	"magam/internal/sample"
)

// The same month as five kinds of files: every control total is the same, and so
// is every row but for what parquet folds and CUR 2.0 leaves out.
func TestEveryFormatHoldsTheSameMonth(t *testing.T) {
	t.Parallel()
	var want []charge.ControlTotal
	var first []string
	for _, format := range sample.Formats {
		summary, dir := october(t, func(o *sample.Options) { o.Format, o.Rows = format, sample.RowsMin })
		source := summary.Sources[0]

		totals, lines := controlled(t, dir, source)

		if want == nil {
			want, first = totals, lines
			require.Equal(t, source.Rows, totals[0].Rows)
			require.Equal(t, source.Effective, totals[0].Effective)
		}
		require.Equal(t, want, totals, format)
		require.Equal(t, first, lines, format)
		require.Equal(t, strings.SplitN(format, "-", 2)[0], source.Format)
	}
}

// controlled reads an export into its control totals, and lines without what
// formats spell differently: tags, and instants' and names' sources.
func controlled(t *testing.T, dir string, source sample.SourceSummary) ([]charge.ControlTotal, []string) {
	t.Helper()
	var control charge.Control
	var lines []string
	for _, name := range source.Files {
		rows := opened(t, filepath.Join(dir, "exports", source.Name, filepath.FromSlash(name)))
		reader, err := awscur.New(rows, charge.MonthOf(month(t, "2026-10")))
		require.NoError(t, err)
		for {
			line, aside, err := reader.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			require.Nil(t, aside, "%s: a row is set aside", name)
			require.NoError(t, control.Book(line))
			lines = append(lines, string(bytes.Join([][]byte{
				line.InvoiceID, line.InvoiceIssuer, line.SubAccountID, line.LineType, line.ServiceCode,
				line.ServiceName, line.UsageType, line.Operation, line.Region, line.SkuID, line.SkuPriceID,
				line.Unit, line.PricingCategory, line.Description, line.ResourceID, line.CommitmentID,
				[]byte(line.Start.String()), []byte(line.End.String()),
			}, []byte("|"))))
		}
	}
	return control.Totals(), lines
}

// opened is a part as rows, whatever it is packed in.
func opened(t *testing.T, path string) table.Rows {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	if strings.HasSuffix(path, ".parquet") {
		rows, err := parquetscan.NewFile(bytes.NewReader(content), int64(len(content)),
			parquetscan.Options{File: path})
		require.NoError(t, err)
		return rows
	}
	if strings.HasSuffix(path, ".zip") {
		archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		require.NoError(t, err)
		require.Len(t, archive.File, 1)
		inside, err := archive.File[0].Open()
		require.NoError(t, err)
		content, err = io.ReadAll(inside)
		require.NoError(t, err)
	}
	text, options, err := csvscan.Open(bytes.NewReader(content), csvscan.Options{File: path})
	require.NoError(t, err)
	rows, err := csvscan.NewFile(text, options)
	require.NoError(t, err)
	return rows
}

func TestEveryFormatsManifestAgreesWithItsParts(t *testing.T) {
	t.Parallel()

	for _, format := range sample.Formats {
		summary, dir := october(t, func(o *sample.Options) { o.Format, o.Rows = format, sample.RowsMin })
		for _, source := range summary.Sources {
			root := filepath.Join(dir, "exports", source.Name)
			var found int
			require.NoError(t, filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
				require.NoError(t, err)
				if !awsmanifest.IsName(path) {
					return nil
				}
				found++
				key, err := filepath.Rel(root, path)
				require.NoError(t, err)
				text, err := os.ReadFile(path)
				require.NoError(t, err)
				manifest, err := awsmanifest.Parse(filepath.ToSlash(key), text)
				require.NoError(t, err)
				require.Equal(t, source.Files, manifest.Keys, format)
				require.Equal(t, summary.Month, manifest.Month)
				for _, name := range manifest.Keys {
					part := filepath.Join(root, filepath.FromSlash(name))
					require.NoError(t, manifest.CheckHeader(name, opened(t, part).Header()), format)
				}
				return nil
			}))
			require.Positive(t, found)
		}
	}
}

func TestEveryFormatGivesTheSameBytesTwice(t *testing.T) {
	t.Parallel()

	for _, format := range sample.Formats {
		_, first := october(t, func(o *sample.Options) { o.Format, o.Rows = format, sample.RowsMin })
		_, second := october(t, func(o *sample.Options) { o.Format, o.Rows = format, sample.RowsMin })
		require.Equal(t, digests(t, first, false), digests(t, second, false), format)
	}
}

func TestAnUnknownFormatIsRefused(t *testing.T) {
	t.Parallel()

	_, err := sample.Write(t.Context(), sample.Options{
		Seed: 1, Month: month(t, "2026-10"), Rows: sample.RowsDefault, Dir: t.TempDir(), Format: "orc",
	})

	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.Input, code)
}
