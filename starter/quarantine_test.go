package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/stretchr/testify/require"

	"magam/db"
	"magam/domain/closing"
)

// hostile is a row that would clear the screen, ring the bell and turn text around.
func hostile() db.AsideDetail {
	return db.AsideDetail{
		AsideRow: db.AsideRow{
			ID:          1182,
			Delivery:    7,
			Source:      "aws-seoul",
			Part:        3,
			File:        "cur/part-00003.csv.gz",
			Row:         48_213,
			Byte:        9_114_220,
			Code:        "E_NUMBER",
			Column:      "lineItem/UnblendedCost",
			Value:       `"NaN"`,
			Month:       "2026-10",
			Currency:    "USD",
			Provider:    "aws",
			State:       closing.AsideOpen,
			RuleVersion: 1,
			FirstSeen:   time.Date(2026, 11, 2, 3, 4, 5, 0, time.UTC),
		},
		Raw: []byte("a,\x1b[2J\x07,\"NaN\",\u202eevil,\xff\x00,한글\r\n"),
		Header: []string{
			"lineItem/Description",
			"lineItem/UnblendedCost",
			"lineItem/Empty",
			"resourceTags/user:Name",
		},
		Cells: []string{"\x1b[2J\x07", "NaN", "", "한글"},
		Words: []db.AsideSaid{
			{
				Verdict: "accept",
				By:      "kim",
				Reason:  "a test\nof theirs",
				At:      time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC),
			},
		},
		Before: []db.AsideTwice{{ID: 900, State: closing.AsideFixed}},
	}
}

func TestARowIsShownSoThatNoTerminalObeysIt(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer

	printAside(&session{out: &out}, hostile())

	shown := out.String()
	for _, never := range []string{"\x1b", "\x07", "\u202e", "\xff", "\x00", "\r"} {
		require.NotContains(t, shown, never)
	}
	for _, told := range []string{
		"Q-1182 is open: E_NUMBER in column lineItem/UnblendedCost", "48213, byte 9114220", "unreadable",
		"accept by kim: a test\\nof theirs", "Q-900, fixed", `a,\x1b[2J\a,"NaN",\u202eevil,\xff\x00,한글\r\n`,
	} {
		require.Contains(t, strings.Join(strings.Fields(shown), " "), told)
	}
	require.NotContains(t, shown, "lineItem/Empty", "what the row leaves empty is left out")
	for line := range strings.Lines(shown) {
		require.LessOrEqual(t, text.StringWidth(strings.TrimRight(line, "\n")), columnsMax, line)
	}
}

func TestSumsAreAddedPerCurrency(t *testing.T) {
	t.Parallel()
	require.Equal(t, "KRW 1,000, USD 0.3 and 2 unreadable", sumWords([]closing.AsideGroup{
		{
			Currency: "USD",
			Billed:   "0.1",
			Unknown:  2,
		},
		{Currency: "KRW", Billed: "1000"},
		{Currency: "USD", Billed: "0.2"},
	}))
}

func TestWhichRowsAreMeant(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		word asideWord
		want closing.AsideFilter
		says string
	}{
		"rows by name": {
			asideWord{
				Rows: []string{"Q-12", "q-13", "14"},
			},
			closing.AsideFilter{Rows: []int64{12, 13, 14}},
			"",
		},
		"open rows, unless another state is asked for": {
			asideWord{
				asideChoice: asideChoice{Delivery: 7},
			},
			closing.AsideFilter{Delivery: 7, State: "open"},
			"",
		},
		"a name that is none": {
			asideWord{Rows: []string{"E_NUMBER"}},
			closing.AsideFilter{},
			"no row set aside",
		},
		"no rows are not all": {asideWord{}, closing.AsideFilter{}, "no rows are chosen"},
		"a row below the first": {
			asideWord{Rows: []string{"Q-0"}},
			closing.AsideFilter{},
			"no row set aside",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got, err := tt.word.chosen(t.Context(), nil)

			if tt.says != "" {
				require.ErrorContains(t, err, tt.says)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
}
