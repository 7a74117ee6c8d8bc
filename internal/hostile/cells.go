package hostile

import (
	"fmt"
	"strings"

	"magam/domain/fault"
)

// cells are files with one row in order and one that is not: the good row goes
// in, the other is set aside with the code that says why.
func (s shape) cells() []Case {
	aside := func(what string, code fault.Code, given map[string]string) Case {
		return Case{
			Name: s.name + ": " + what, Files: map[string][]byte{"a.csv": s.file(s.good(), s.with(given))},
			Rows: 1, Aside: map[fault.Code]int64{code: 1},
		}
	}
	var cases []Case
	if s.kind != "" {
		cases = append(
			cases,
			aside("a kind that nobody knows", fault.UnknownType, map[string]string{s.kind: "Gift"}),
			aside("an unknown kind below zero", fault.UnknownType,
				map[string]string{s.kind: "Gift", s.cost: "-5"}),
			aside("a total of the rows above it", fault.UnknownType,
				map[string]string{s.kind: "InvoiceTotal"}),
			aside("two kinds at once", fault.UnknownType, map[string]string{s.kind: s.row[s.kind] + " Tax"}),
		)
	}
	if s.kind != "" && !s.optional {
		cases = append(cases, aside("no kind", fault.UnknownType, map[string]string{s.kind: ""}))
	}
	for _, currency := range []string{"", "usd", "US", "USDT", "$", "ＵＳＤ"} {
		cases = append(cases, aside(fmt.Sprintf("currency %q", currency), fault.Currency,
			map[string]string{s.currency: currency}))
	}
	for _, date := range []string{
		"", "yesterday", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-10-03T25:00:00Z",
		"2026-10-03T05:00:00+09:00", "3 October 2026", "20261003T050000Z", "2026-10-03T05:00:00ZZ",
		"٢٠٢٦-10-03T05:00:00Z", "0000-00-00",
	} {
		cases = append(cases, aside(fmt.Sprintf("start %q", date), fault.Date,
			map[string]string{s.start: date}))
	}
	return append(cases,
		taken(s.name+": dollars and won, each in its own ledger", "a.csv",
			s.file(s.good(), s.with(map[string]string{s.currency: "KRW"})), 2),
		taken(s.name+": a cost below zero of a known kind", "a.csv",
			s.file(s.good(), s.with(map[string]string{s.cost: "-3.25"})), 2),
		refused(s.name+": costs that add up beyond any bill", "a.csv",
			s.file(s.good(), s.with(map[string]string{s.cost: "999999999999999"})), fault.Schema),
		refused(s.name+": half of the rows are unreadable", "a.csv",
			s.file(strings.Repeat(s.good()+s.with(map[string]string{s.cost: "?"}), 1001)), fault.Schema),
	)
}

// notNumbers are outside the grammar of an amount, however a tool would read them.
var notNumbers = []string{
	"NaN",
	"nan",
	"Inf",
	"-Inf",
	"+Inf",
	"Infinity",
	"1e400",
	"1e-400",
	"1E+5",
	"+1",
	"1_000",
	"1,000.00",
	"1.000,00",
	" 1",
	"1 ",
	"１２",
	"١٢",
	"--1",
	"-",
	".",
	".5",
	"5.",
	"1.2.3",
	"0x10",
	"1e",
	"e5",
	"1e5.5",
	"1d3",
	"1f",
	"$1.00",
	"1.00 USD",
	"(1.00)",
	"1%",
	"1/2",
	"null",
	"TRUE",
	"=1+1",
	"1\u00a0000",
	"−1",
	"1\t",
	"1234567890123456789",
	"0.1234567890123456789012345678901",
	"999999999999999999e9",
}

// numbers are files whose second row has a cost, or a quantity, that is none.
func (s shape) numbers() []Case {
	var cases []Case
	for _, text := range append(notNumbers, strings.Repeat("9", 2_000_000/4)) {
		shown := text
		if len(shown) > 40 {
			shown = shown[:40] + "…"
		}
		cases = append(cases, Case{
			Name:  fmt.Sprintf("%s: a cost of %q", s.name, shown),
			Files: map[string][]byte{"a.csv": s.file(s.good(), s.with(map[string]string{s.cost: text}))},
			Rows:  1, Aside: map[fault.Code]int64{fault.Number: 1},
		})
	}
	for _, text := range []string{"NaN", "1,5", "many"} {
		cases = append(cases, Case{
			Name:  fmt.Sprintf("%s: a quantity of %q", s.name, text),
			Files: map[string][]byte{"a.csv": s.file(s.good(), s.with(map[string]string{s.quantity: text}))},
			Rows:  1, Aside: map[fault.Code]int64{fault.Number: 1},
		})
	}
	for _, text := range []string{
		"0", "-0", "0.000000000000000000000000000001", "-7.0E-10", "5E-7", "99999999999999", "1e3", "007",
	} {
		cases = append(cases, taken(fmt.Sprintf("%s: a cost of %q", s.name, text), "a.csv",
			s.file(s.good(), s.with(map[string]string{s.cost: text})), 2))
	}
	return cases
}
