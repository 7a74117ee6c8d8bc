package focus_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/formats/focus"
	"magam/formats/jsonscan"
	"magam/internal/golden"
)

// A line says the same whether its file was CSV or JSON lines, with amounts as
// numbers or as text, and tags as an object or as text.
func TestJSONLinesAndCSVBecomeTheSameLines(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "small.csv"))
	require.NoError(t, err)
	for name, plain := range map[string]bool{"text": true, "numbers and objects": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fromCSV, err := open(bytes.NewReader(text), 0)
			require.NoError(t, err)
			fromJSON, err := openJSON(asJSON(t, text, plain))
			require.NoError(t, err)

			golden.RequireSameLines(t, fromCSV, fromJSON)
		})
	}
}

func TestJSONLinesThatLackAColumnAreRefused(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "small.csv"))
	require.NoError(t, err)

	_, err = openJSON(strings.ReplaceAll(asJSON(t, text, true), `"BillingAccountId"`, `"Account"`))

	require.ErrorContains(t, err, "columns are missing: BillingAccountId")
}

func openJSON(text string) (*focus.Reader, error) {
	rows, err := jsonscan.NewFile(strings.NewReader(text), jsonscan.Options{File: "f"})
	if err != nil {
		return nil, err
	}
	if err := rows.Choose(focus.Columns); err != nil {
		return nil, err
	}
	return focus.New(rows, 0)
}

// asJSON writes a CSV as JSON lines that leave null out.
func asJSON(t *testing.T, text []byte, plain bool) string {
	t.Helper()
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	require.NoError(t, err)
	var lines strings.Builder
	for _, record := range records[1:] {
		row := map[string]any{}
		for i, cell := range record {
			typed := isAmount(records[0][i]) || records[0][i] == "Tags"
			switch {
			case cell == "" || cell == "NULL":
			case !plain && typed && json.Valid([]byte(cell)):
				row[records[0][i]] = json.RawMessage(cell)
			default:
				row[records[0][i]] = cell
			}
		}
		line, err := json.Marshal(row)
		require.NoError(t, err)
		lines.Write(append(line, '\n'))
	}
	return lines.String()
}
