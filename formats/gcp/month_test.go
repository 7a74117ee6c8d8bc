package gcp_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/formats/csvscan"
	"magam/formats/gcp"
	"magam/internal/golden"
)

// One made month as each container and dialect gives the same control totals,
// and what is billed is Google's own net: cost and credits, to the last digit.
func TestOneMonthIsTheSameInEveryContainer(t *testing.T) {
	t.Parallel()
	rows := month(400)
	reader, err := openJSON(jsonLines(t, rows), 0)
	require.NoError(t, err)
	want := totals(t, reader)
	require.Len(t, want, 3, "each row counts in its own invoice month")
	for _, total := range want {
		digits := strings.ReplaceAll(total.Month, "-", "")
		require.Equal(t, money.Text(net(t, rows, digits)), total.Billed, "%s", total.Month)
		require.Equal(t, total.Billed, total.Effective)
		require.Equal(t, charge.StateSealed, total.State)
	}

	tests := map[string]func() (*gcp.Reader, error){
		"JSON lines in another order": func() (*gcp.Reader, error) {
			shuffled := slices.Clone(rows)
			rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) {
				shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
			})
			return openJSON(jsonLines(t, shuffled), 0)
		},
		"parquet": func() (*gcp.Reader, error) { return openParquet(parquetFile(t, rows), 0) },
		"CSV with dots and JSON": func() (*gcp.Reader, error) {
			return openCSV(flattened(t, rows, dialect{dot: ".", list: asJSON}), 0)
		},
		"CSV with underscores and what Python prints": func() (*gcp.Reader, error) {
			return openCSV(flattened(t, rows, dialect{dot: "_", list: asPython}), 0)
		},
		"CSV with columns in another order, and more of them": func() (*gcp.Reader, error) {
			return openCSV(flattened(t, rows, dialect{
				dot: "_", list: asJSON, header: slices.Reverse[[]string],
				add: map[string]string{"credits_total": "-1", "extra.column": "x"},
			}), 0)
		},
	}
	for name, open := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reader, err := open()
			require.NoError(t, err)
			require.Equal(t, want, totals(t, reader))
		})
	}
}

// The same rows become the same lines, whichever container they come in.
func TestLinesAreTheSameInEveryContainer(t *testing.T) {
	t.Parallel()
	rows := month(60)
	for name, open := range map[string]func() (*gcp.Reader, error){
		"CSV":     func() (*gcp.Reader, error) { return openCSV(flattened(t, rows, dialect{dot: "_", list: asPython}), 0) },
		"parquet": func() (*gcp.Reader, error) { return openParquet(parquetFile(t, rows), 0) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fromJSON, err := openJSON(jsonLines(t, rows), 0)
			require.NoError(t, err)
			reader, err := open()
			require.NoError(t, err)

			golden.RequireSameLines(t, fromJSON, reader)
		})
	}
}

func TestAMissingColumnRefusesTheFile(t *testing.T) {
	t.Parallel()
	rows := month(30)
	for _, dot := range []string{".", "_"} {
		for _, column := range []string{
			"billing_account_id", "invoice.month", "cost_type", "service.description", "project.id",
			"usage_start_time", "usage_end_time", "currency", "cost", "credits",
		} {
			t.Run(column+" with "+dot, func(t *testing.T) {
				t.Parallel()
				text := flattened(t, rows, dialect{
					dot: dot, list: asJSON, drop: func(path string) bool { return path == column },
				})
				_, err := openCSV(text, 0)
				requireSchema(t, err, column)
			})
		}
	}
}

// Every other column may be absent: the money stays what it is.
func TestAnyOtherColumnMayBeMissing(t *testing.T) {
	t.Parallel()
	rows := month(60)
	reader, err := openJSON(jsonLines(t, rows), 0)
	require.NoError(t, err)
	want := totals(t, reader)
	for _, column := range []string{
		"service.id", "sku.id", "sku.description", "project.name", "location.region", "location.location",
		"usage.amount", "usage.unit", "usage.amount_in_pricing_units", "usage.pricing_unit", "labels", "project.labels",
		"system_labels", "tags", "transaction_type", "seller_name", "subscription.instance_id", "export_time",
		"cost_at_list", "adjustment_info.description",
	} {
		t.Run(column, func(t *testing.T) {
			t.Parallel()
			reader, err := openCSV(flattened(t, rows, dialect{
				dot: "_", list: asJSON, drop: func(path string) bool { return path == column },
			}), 0)
			require.NoError(t, err)
			got := totals(t, reader)
			for i := range got {
				require.Equal(t, want[i].Rows, got[i].Rows)
				require.Equal(t, want[i].Billed, got[i].Billed)
			}
		})
	}
}

func requireSchema(t *testing.T, err error, column string) {
	t.Helper()
	var coded *fault.Error
	require.ErrorAs(t, err, &coded)
	require.Equal(t, fault.Schema, coded.Code)
	require.Equal(t, column, coded.Place.Column, "%v", err)
	require.NotEmpty(t, coded.Cure)
}

// A file without credits, or with credits joined to its rows, would bill too
// much: it is refused before a row of it is read.
func TestCreditsThatCannotBeCounted(t *testing.T) {
	t.Parallel()
	joined := func(columns ...string) string {
		drop := func(path string) bool { return path == "credits" }
		d := dialect{dot: "_", list: asJSON, drop: drop, add: map[string]string{}}
		for _, column := range columns {
			d.add[column] = "-1"
		}
		return flattened(t, month(3), d)
	}
	_, err := openCSV(joined("credits_amount", "credits_name"), 0)
	requireSchema(t, err, "credits_amount")
	_, err = openCSV(joined("credit_amount"), 0)
	requireSchema(t, err, "credit_amount")

	_, err = openJSON(strings.ReplaceAll(row(nil).nested(t), `"credits":[]`, `"credits":{"amount":-1}`), 0)
	requireSchema(t, err, "credits.amount")
	_, err = openJSON(strings.ReplaceAll(row(nil).nested(t), `"credits":[],`, ""), 0)
	requireSchema(t, err, "credits")
}

func TestAColumnUnderBothItsNamesIsTwice(t *testing.T) {
	t.Parallel()
	text := flattened(t, month(3),
		dialect{dot: ".", list: asJSON, add: map[string]string{"service_description": "x"}})
	_, err := openCSV(text, 0)
	requireSchema(t, err, "service.description")
}

func TestRecognize(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"dots":        flattened(t, month(2), dialect{dot: ".", list: asJSON}),
		"underscores": flattened(t, month(2), dialect{dot: "_", list: asJSON}),
		"another export": "billing_account_id,service_description,sku_id,list_price\n" +
			"1,2,3,4\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, err := csvscan.NewFile(strings.NewReader(text), csvscan.Options{})
			require.NoError(t, err)
			require.Equal(t, name != "another export", gcp.Recognize(rows.Header()))
		})
	}
}
