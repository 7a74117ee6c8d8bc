package gcp_test

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/formats/csvscan"
	"magam/formats/gcp"
	"magam/formats/jsonscan"
)

func openCSV(text string, month charge.Month) (*gcp.Reader, error) {
	rows, err := csvscan.NewFile(strings.NewReader(text), csvscan.Options{File: "part-1.csv"})
	if err != nil {
		return nil, err
	}
	return gcp.New(rows, month)
}

func openJSON(text string, month charge.Month) (*gcp.Reader, error) {
	rows, err := jsonscan.NewFile(strings.NewReader(text), jsonscan.Options{File: "part-1.json"})
	if err == nil {
		err = rows.Choose(gcp.Columns)
	}
	if err != nil {
		return nil, err
	}
	return gcp.New(rows, month)
}

// readAll keeps every line, with memory of its own.
func readAll(t *testing.T, reader charge.Reader) (lines []charge.Line, aside []*charge.Quarantined) {
	t.Helper()
	for {
		line, set, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return lines, aside
		}
		require.NoError(t, err)
		require.NotEqual(t, line == nil, set == nil, "a line or a row set aside, never both")
		if set != nil {
			aside = append(aside, set)
			continue
		}
		kept := *line
		fields := reflect.ValueOf(&kept).Elem()
		for i := range fields.NumField() {
			if view, ok := fields.Field(i).Interface().([]byte); ok {
				fields.Field(i).SetBytes([]byte(string(view)))
			}
		}
		lines = append(lines, kept)
	}
}

// readRows reads made rows as JSON lines.
func readRows(t *testing.T, month charge.Month, rows ...made) ([]charge.Line, []*charge.Quarantined) {
	t.Helper()
	reader, err := openJSON(jsonLines(t, rows), month)
	require.NoError(t, err)
	return readAll(t, reader)
}

// totals counts what a reader yields as the books do.
func totals(t *testing.T, reader charge.Reader) []charge.ControlTotal {
	t.Helper()
	var control charge.Control
	lines, aside := readAll(t, reader)
	for i := range lines {
		require.NoError(t, control.Book(&lines[i]))
	}
	for _, one := range aside {
		require.NoError(t, control.SetAside(one))
	}
	return control.Totals()
}
