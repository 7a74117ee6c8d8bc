package gcp_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/money"
)

// Whatever a row holds, it is booked with amounts that are amounts, tags that
// are JSON and credits that add up, or set aside with a code: never both, and
// never a crash.
func FuzzRow(f *testing.F) {
	f.Add("100.5", "[]", "[]", "regular", "202610")
	f.Add("-7.0E-10", `[{"name":"x","amount":-1.5,"type":"PROMOTION"}]`, `[{"key":"팀","value":"a"}]`, "tax",
		"202609")
	f.Add("1", `[{'name': "it's", 'amount': -1e-05, 'type': 'FREE_TIER', 'full_name': None}]`, "{'a': 'b'}",
		"adjustment", "")
	f.Add("1", `[{'amount': Decimal('-0.5'), 'type': 'DISCOUNT', 'id': {'x': [1, 'y']}}]`, "[",
		"rounding_error", "202613")
	f.Add("1", `[{"amount":1,"amount":2}]`, `[{"key":"\ud83d\ude00","value":"\x41\U0001f600"}]`, "", "000000")
	f.Add("NaN", `[{"type":"NEW","amount":"-1"},{"type":"NEW","amount":nan}]`, "nan", "credit", "202610")
	f.Fuzz(func(t *testing.T, cost, credits, labels, kind, month string) {
		for _, text := range []string{cost, credits, labels, kind, month} {
			if !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\r") {
				return // no scanner lets them through
			}
		}
		one := row(map[string]string{
			"cost": cost, "cost_type": kind, "invoice.month": month, "credits": credits, "labels": labels,
		})
		reader, err := openCSV(plain(t, one), 0)
		require.NoError(t, err)
		total, lines := decimal.Zero, 0
		for {
			line, aside, err := reader.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			require.NotEqual(t, line == nil, aside == nil)
			if aside != nil {
				require.NotEmpty(t, aside.Code)
				require.Zero(t, lines, "a row is set aside whole")
				return
			}
			lines++
			requireBookable(t, line)
			amount, err := money.Parse(string(line.Billed))
			require.NoError(t, err)
			total = total.Add(amount)
		}
		var held []struct{ Amount json.Number }
		if json.Unmarshal([]byte(credits), &held) == nil {
			want, err := money.Parse(cost)
			require.NoError(t, err)
			for _, one := range held {
				amount, err := money.Parse(one.Amount.String())
				require.NoError(t, err)
				want = want.Add(amount)
			}
			require.True(t, want.Equal(total), "%s, then %s", want, total)
		}
	})
}

func requireBookable(t *testing.T, line *charge.Line) {
	t.Helper()
	require.NotZero(t, line.Category)
	require.NotZero(t, line.BillingMonth)
	for _, amount := range [][]byte{line.Billed, line.Effective, line.List, line.Contracted} {
		require.NoError(t, money.CheckSource(amount))
	}
	require.True(t, len(line.Tags) == 0 || json.Valid(line.Tags), "%s", line.Tags)
	require.True(t, utf8.Valid(line.Description))
}

// plain writes one row's cells as CSV, exactly as they are.
func plain(t *testing.T, one made) string {
	t.Helper()
	var text strings.Builder
	writer := csv.NewWriter(&text)
	var header, cells []string
	for path, cell := range one.cells {
		header, cells = append(header, path), append(cells, cell)
	}
	require.NoError(t, writer.WriteAll([][]string{header, cells}))
	require.NoError(t, writer.Error())
	return text.String()
}
