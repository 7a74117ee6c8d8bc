package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/stretchr/testify/require"
)

// widthsOf are the widths of a print's lines, as a terminal shows them.
func widthsOf(printed string) []int {
	var widths []int
	for line := range strings.Lines(printed) {
		widths = append(widths, text.StringWidth(strings.TrimRight(line, "\n")))
	}
	return widths
}

func TestATableFitsAHundredColumnsAndKeepsEveryAmount(t *testing.T) {
	t.Parallel()
	amount := "-123,456,789,012.123456789012345678"
	tests := map[string]struct {
		columns []column
		row     []any
		keeps   []string
	}{
		"a long name is cut and shows it": {
			[]column{cut("service"), plain("currency"), figure("billed")},
			[]any{strings.Repeat("Elastic ", 30), "USD", amount},
			[]string{amount, "…"},
		},
		"a wide script counts as it is shown": {
			[]column{cut("customer"), figure("billed"), figure("effective")},
			[]any{strings.Repeat("주식회사", 20), amount, amount},
			[]string{amount, "…"},
		},
		"a long reason goes over lines and loses no word": {
			[]column{plain("code"), wrapped("reason")},
			[]any{"alpha", strings.Repeat("jumped ", 40) + "last"},
			[]string{"alpha", "last"},
		},
		"the widest gives way first": {
			[]column{cut("account"), cut("service"), figure("billed"), figure("list")},
			[]any{"123456789012", strings.Repeat("x", 200), amount, "1"},
			[]string{amount},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			list := newTable(&session{out: &out}, tt.columns...)
			list.row(tt.row...)

			list.print()

			for _, width := range widthsOf(out.String()) {
				require.LessOrEqual(t, width, columnsMax, out.String())
			}
			for _, kept := range tt.keeps {
				require.Contains(t, out.String(), kept)
			}
		})
	}
}

func TestATableIsInTheHousesStyle(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	list := newTable(&session{out: &out}, plain("account"), figure("billed"))
	list.row("1", "9.00")
	list.row("2", "1,000.00")
	list.footer("total", "1,009.00")

	list.print()

	require.Equal(t, strings.TrimLeft(`
┌─────────┬──────────┐
│ account │   billed │
├─────────┼──────────┤
│ 1       │     9.00 │
│ 2       │ 1,000.00 │
├─────────┼──────────┤
│ total   │ 1,009.00 │
└─────────┴──────────┘
`, "\n"), out.String(), "lower case, figures to the right, no colour away from a terminal")

	out.Reset()
	newTable(&session{out: &out}, plain("account")).print()
	require.Empty(t, out.String(), "a table of nothing is no table")
}

func TestTotalsKeepEveryDigitInJSONAndRoundInTables(t *testing.T) {
	t.Parallel()
	key := "AmazonEC2"
	answer := totalsAnswer{Month: "2026-10", By: "service", Totals: []totalRow{
		{
			Key:            &key,
			Name:           "Elastic Compute Cloud",
			Currency:       "KRW",
			State:          "sealed",
			Rows:           3,
			BilledCost:     "1.68230869740",
			EffectiveCost:  "-0.0000000676",
			ListCost:       "1234567.5",
			ContractedCost: "0",
		},
	}}
	var out bytes.Buffer
	s := &session{out: &out}

	require.NoError(t, printTotals(s, answer))
	require.Contains(t, out.String(),
		"│ AmazonEC2 Elastic Comp… │ KRW      │ sealed │    3 │      2 │         0 │ 1,234,568 │")

	out.Reset()
	require.NoError(t, s.printJSON(answer))
	require.JSONEq(
		t,
		`{"month": "2026-10", "by": "service", "totals": [{"key": "AmazonEC2", "name": "Elastic Compute Cloud",
		"currency": "KRW", "state": "sealed", "rows": 3, "billed_cost": "1.68230869740", "effective_cost": "-0.0000000676",
		"list_cost": "1234567.5", "contracted_cost": "0"}]}`,
		out.String(),
	)
}
