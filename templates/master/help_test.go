package master_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	domain "magam/domain/master"
	reader "magam/formats/master"
	"magam/templates/master"
)

func template(t *testing.T, language string) []byte {
	t.Helper()
	var file bytes.Buffer
	require.NoError(t, master.Template(language, &file))
	return file.Bytes()
}

func export(t *testing.T, language string, tables []domain.Table) []byte {
	t.Helper()
	var file bytes.Buffer
	require.NoError(t, master.Export(language, tables, &file))
	return file.Bytes()
}

func read(t *testing.T, file []byte) reader.Result {
	t.Helper()
	result, err := reader.Read(file)
	require.NoError(t, err)
	return result
}

// examples are the schema's example rows as tables.
func examples() []domain.Table {
	var tables []domain.Table
	for _, sheet := range domain.Sheets {
		table := domain.Table{Sheet: sheet.Name}
		for i, example := range sheet.Examples {
			table.Rows = append(table.Rows, domain.Row{Number: 3 + i, Cells: sheet.CanonicalRow(example)})
		}
		tables = append(tables, table)
	}
	return tables
}

// cells are the rows of each sheet without what belongs to the file.
func cells(tables []domain.Table) map[string][]domain.Row {
	rows := map[string][]domain.Row{}
	for _, table := range tables {
		rows[table.Sheet] = table.Rows
	}
	return rows
}

// parts is all XML of the sheets of a workbook.
func parts(t *testing.T, file []byte) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	var all strings.Builder
	for _, part := range archive.File {
		if !strings.HasPrefix(part.Name, "xl/worksheets/") {
			continue
		}
		opened, err := part.Open()
		require.NoError(t, err)
		_, err = io.Copy(&all, opened)
		require.NoError(t, err)
		require.NoError(t, opened.Close())
	}
	return all.String()
}
