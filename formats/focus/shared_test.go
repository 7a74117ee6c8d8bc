package focus_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/formats/csvscan"
	"magam/formats/focus"
	"magam/formats/parquetscan"
	"magam/formats/table"
	"magam/internal/golden"
)

// expected is a file of ../shared/data/expected.json: sums by text, every digit.
type expected struct {
	Rows       int64                             `json:"rows"`
	Sums       map[string]string                 `json:"sums"`
	ByCurrency map[string]map[string]any         `json:"by_currency"`
	Groups     map[string]map[string]expectedSum `json:"groups"`
}

type expectedSum struct {
	Rows int64  `json:"rows"`
	Sum  string `json:"sum"`
}

// tally is what a file's lines come to.
type tally struct {
	rows   int64
	sums   map[string]decimal.Decimal // by currency and cost
	groups map[string]map[string]*groupTally
}

type groupTally struct {
	rows int64
	sum  decimal.Decimal
}

// Every public FOCUS file comes out with every digit, as the CSV that it is and
// as parquet with decimals, instants and maps.
func TestPublicExportsKeepEveryDigit(t *testing.T) {
	t.Parallel()
	data := sharedData(t)
	text, err := os.ReadFile(filepath.Join(data, "expected.json"))
	require.NoError(t, err)
	var files map[string]expected
	require.NoError(t, json.Unmarshal(text, &files))
	seen := 0
	for name, want := range files {
		if !strings.HasPrefix(name, "focus/") {
			continue
		}
		seen++
		text, err := os.ReadFile(filepath.Join(data, filepath.FromSlash(name)))
		require.NoError(t, err)
		for packing, open := range map[string]func() (table.Rows, error){
			"csv": func() (table.Rows, error) {
				return csvscan.NewFile(bytes.NewReader(text), csvscan.Options{File: name})
			},
			"parquet": func() (table.Rows, error) {
				packed := asParquet(t, text)
				return parquetscan.NewFile(bytes.NewReader(packed), int64(len(packed)),
					parquetscan.Options{File: name, Want: focus.Wants})
			},
		} {
			t.Run(name+" as "+packing, func(t *testing.T) {
				t.Parallel()

				rows, err := open()
				require.NoError(t, err)
				requireTally(t, want, tallyOf(t, rows))
			})
		}
	}
	require.Equal(t, 8, seen)
}

func requireTally(t *testing.T, want expected, got *tally) {
	t.Helper()
	require.Equal(t, want.Rows, got.rows)
	if want.ByCurrency == nil {
		want.ByCurrency = map[string]map[string]any{"USD": {}}
		for cost, sum := range want.Sums {
			want.ByCurrency["USD"][cost] = sum
		}
	}
	require.Len(t, got.sums, 4*len(want.ByCurrency), "no sum across currencies exists")
	for currency, sums := range want.ByCurrency {
		for cost, sum := range sums {
			if text, isSum := sum.(string); isSum {
				requireSame(t, text, got.sums[currency+" "+cost])
			}
		}
	}
	for by, groups := range got.groups {
		if want.Groups[by] == nil {
			continue // the version has no such column
		}
		require.Len(t, groups, len(want.Groups[by]), by)
		for key, group := range groups {
			require.Equal(t, want.Groups[by][key].Rows, group.rows, "%s %s", by, key)
			requireSame(t, want.Groups[by][key].Sum, group.sum)
		}
	}
}

func requireSame(t *testing.T, want string, got decimal.Decimal) {
	t.Helper()
	require.True(t, decimal.RequireFromString(want).Equal(got), "want %s, got %s", want, got)
}

// tallyOf adds up what a file's rows become. None is set aside.
func tallyOf(t *testing.T, rows table.Rows) *tally {
	t.Helper()
	reader, err := focus.New(rows, 0)
	require.NoError(t, err)
	got := &tally{sums: map[string]decimal.Decimal{}, groups: map[string]map[string]*groupTally{}}
	for {
		line, aside, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return got
		}
		require.NoError(t, err)
		require.Nil(t, aside)
		got.add(line)
	}
}

func (g *tally) add(line *charge.Line) {
	g.rows++
	billed := amount(line.Billed)
	for cost, text := range map[string][]byte{
		"BilledCost": line.Billed, "EffectiveCost": line.Effective, "ListCost": line.List,
		"ContractedCost": line.Contracted,
	} {
		key := string(line.Currency) + " " + cost
		g.sums[key] = g.sums[key].Add(amount(text))
	}
	for by, key := range map[string]string{
		"ServiceName": string(line.ServiceName), "ChargeCategory": line.Category.String(),
		"SubAccountId": string(line.SubAccountID), "InvoiceId": string(line.InvoiceID),
		"InvoiceIssuerName": string(line.InvoiceIssuer), "BillingCurrency": string(line.Currency),
		"ProviderName+ChargeCategory": string(line.ProviderName) + "|" + line.Category.String(),
	} {
		if g.groups[by] == nil {
			g.groups[by] = map[string]*groupTally{}
		}
		if g.groups[by][key] == nil {
			g.groups[by][key] = &groupTally{}
		}
		g.groups[by][key].rows++
		g.groups[by][key].sum = g.groups[by][key].sum.Add(billed)
	}
}

func amount(text []byte) decimal.Decimal {
	if len(text) == 0 {
		return decimal.Zero
	}
	return decimal.RequireFromString(string(text))
}

// A line says the same whether its file was CSV or parquet, written with our own
// library or with another (testdata/README.md).
func TestParquetAndCSVBecomeTheSameLines(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "small.csv"))
	require.NoError(t, err)
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	require.NoError(t, err)
	records = slices.DeleteFunc(records, func(record []string) bool {
		return slices.Contains(record, "1,024.5") // no decimal
	})
	var kept bytes.Buffer
	require.NoError(t, csv.NewWriter(&kept).WriteAll(records))
	fromDuckDB, err := os.ReadFile(filepath.Join("testdata", "duckdb.parquet"))
	require.NoError(t, err)

	for writer, packed := range map[string][]byte{"our own": asParquet(t, kept.Bytes()), "DuckDB": fromDuckDB} {
		t.Run(writer, func(t *testing.T) {
			t.Parallel()
			fromCSV, err := open(bytes.NewReader(kept.Bytes()), 0)
			require.NoError(t, err)
			rows, err := parquetscan.NewFile(bytes.NewReader(packed), int64(len(packed)),
				parquetscan.Options{File: "f", Want: focus.Wants})
			require.NoError(t, err)
			fromParquet, err := focus.New(rows, 0)
			require.NoError(t, err)

			golden.RequireSameLines(t, fromCSV, fromParquet)
		})
	}
}

// sharedData is the folder of public billing data, or the test is skipped.
func sharedData(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("MAGAM_SHARED")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared")
	}
	folder = filepath.Join(folder, "data")
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("the public billing data is not at %s", folder)
	}
	return folder
}
