package hostile

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"magam/domain/fault"
)

// gcp is Google Cloud's export, flattened to CSV.
var gcp = shape{
	name: "gcp",
	columns: []string{
		"billing_account_id",
		"invoice.month",
		"cost_type",
		"service.description",
		"sku.description",
		"project.id",
		"usage_start_time",
		"usage_end_time",
		"currency",
		"cost",
		"usage.amount",
		"usage.unit",
		"credits",
		"labels",
	},
	row: map[string]string{
		"billing_account_id": "01A2B3-C4D5E6-F70819", "invoice.month": "202610", "cost_type": "regular",
		"service.description": "Compute Engine", "sku.description": "N2 Core", "project.id": "haneul",
		"usage_start_time": "2026-10-03 05:00:00 UTC", "usage_end_time": "2026-10-03 06:00:00 UTC",
		"currency": "USD", "cost": "100.00", "usage.amount": "1", "usage.unit": "h", "credits": "[]",
		"labels": `[{"key": "team", "value": "a,b"}]`,
	},
	cost:     "cost",
	quantity: "usage.amount",
	start:    "usage_start_time",
	kind:     "cost_type",
	currency: "currency",
	month:    "invoice.month",
	required: []string{"cost_type", "project.id", "usage_end_time", "currency", "credits"},
}

// oneLine is a row as BigQuery writes it, which a case may spoil in one place.
const oneLine = `{"billing_account_id":"01A2B3-C4D5E6-F70819","service":{"id":"6F81","description":"Compute Engine"},` +
	`"usage_start_time":"2026-10-03 05:00:00 UTC","usage_end_time":"2026-10-03 06:00:00 UTC",` +
	`"project":{"id":"haneul","labels":[]},"labels":[{"key":"team","value":"a"}],"cost":100.5,"currency":"USD",` +
	`"credits":[],"invoice":{"month":"202610"},"cost_type":"regular"}` + "\n"

// google is all that can be wrong with Google Cloud's exports: as CSV like any
// other, as JSON lines, and what only their credits can do.
func google() []Case {
	cases := append(gcp.headers(), gcp.cells()...)
	return append(append(append(cases, gcp.numbers()...), brokenLines()...), oddLines()...)
}

// spoil is a good line and one in which something stands for something else.
func spoil(from, to string) []byte {
	return []byte(oneLine + strings.Replace(oneLine, from, to, 1))
}

// brokenLines are files that are no JSON lines, or burst the bounds.
func brokenLines() []Case {
	big, deep := strings.Repeat("x", 5<<20), strings.Repeat("[", 500)+strings.Repeat("]", 500)
	var wide strings.Builder
	for i := range 2001 {
		fmt.Fprintf(&wide, `,"k%d":1`, i)
	}
	cases := []Case{
		refused("lines: gzip: the last line not ended", "a.json.gz",
			gz([]byte(strings.TrimSuffix(oneLine+oneLine, "\n"))), fault.GzipTruncated),
		refused("lines: an array of rows", "a.jsonl", []byte("["+strings.TrimSpace(oneLine)+"]\n"),
			fault.Schema),
		refused("lines: of another export", "a.jsonl", []byte(`{"a":1}`+"\n"), fault.UnknownFormat),
		refused("lines: FOCUS without its other columns", "a.jsonl",
			[]byte(`{"BilledCost":1,"ChargeCategory":"Usage","BillingPeriodStart":"2026-10-01"}`+"\n"),
			fault.Schema),
		refused("lines: CUR", "a.jsonl",
			[]byte(`{"bill_payer_account_id":"1","line_item_line_item_type":"Usage",`+
				`"line_item_unblended_cost":1}`+"\n"), fault.UnknownFormat),
		refused("lines: the first row without credits", "a.jsonl",
			[]byte(strings.Replace(oneLine, `"credits":[],`, "", 1)), fault.Schema),
		refused("lines: credits joined to the rows", "a.jsonl",
			[]byte(strings.Replace(oneLine, `"credits":[]`, `"credits":{"amount":-1}`, 1)), fault.Schema),
		refused("gcp: credits joined to the rows", "a.csv",
			bytes.Replace(gcp.file(gcp.good()), []byte("credits"), []byte("credits_amount"), 1),
			fault.Schema),
	}
	for name, one := range map[string]struct {
		from, to string
		code     fault.Code
	}{
		"NaN":                       {"100.5", "NaN", fault.Schema},
		"a number in words":         {"100.5", "ten", fault.Schema},
		"a number with a comma":     {"100.5", "1,5", fault.Schema},
		"words after the row":       {`"regular"}`, `"regular"} x`, fault.Schema},
		"two rows on a line":        {`"regular"}`, `"regular"}{}`, fault.Schema},
		"a row cut off":             {`"regular"}`, `"regu`, fault.Schema},
		"single quotes":             {`"USD"`, `'USD'`, fault.Schema},
		"a key twice":               {`"currency"`, `"cost":1,"currency"`, fault.Schema},
		"a cost twice, with a dot":  {`"currency"`, `"project.id":"x","currency"`, fault.Schema},
		"an amount twice":           {`"credits":[]`, `"credits":[{"amount":1,"amount":2}]`, fault.Schema},
		"an escape of nobody":       {"Compute", `\q`, fault.Schema},
		"a control character":       {"Compute", "\x02", fault.Schema},
		"NUL":                       {"Compute", "\x00", fault.Encoding},
		"NUL, escaped":              {"Compute", `\u0000`, fault.Encoding},
		"half a character":          {"Compute", `\ud83d`, fault.Encoding},
		"bytes that are not UTF-8":  {"Compute", "\xc3\x28", fault.Encoding},
		"lists without end":         {`"credits":[]`, `"credits":` + deep, fault.RowTooLarge},
		"objects without end":       {"100.5", strings.Repeat(`{"a":`, 500) + "1" + strings.Repeat("}", 500), fault.RowTooLarge},
		"more than 2,000 columns":   {`"regular"}`, `"regular"` + wide.String() + "}", fault.RowTooLarge},
		"a row of more than 4 MB":   {"Compute", big, fault.RowTooLarge},
		"a value of more than 1 MB": {"Compute", big[:1<<20+1], fault.RowTooLarge},
	} {
		cases = append(cases, refused("lines: "+name, "a.jsonl", spoil(one.from, one.to), one.code))
	}
	return inOrder(cases)
}

// oddLines are files that go in, some with a row set aside.
func oddLines() []Case {
	aside := func(what string, code fault.Code, from, to string) Case {
		return Case{
			Name: "lines: " + what, Files: map[string][]byte{"a.json": spoil(from, to)}, Rows: 1,
			Aside: map[fault.Code]int64{code: 1},
		}
	}
	credit := func(text string) (from, to string) { return `"credits":[]`, `"credits":` + text }
	odd := func(what string, code fault.Code, text string) Case {
		from, to := credit(text)
		return aside(what, code, from, to)
	}
	return []Case{
		taken("lines: in order", "a.json", []byte(oneLine+oneLine), 2),
		taken("lines: without an ending", "export-000000000000", []byte(oneLine+oneLine+oneLine), 3),
		taken("lines: packed", "a.json.gz", gz([]byte(oneLine+oneLine)), 2),
		taken("lines: a byte order mark and line ends of Windows", "a.ndjson",
			[]byte("\xef\xbb\xbf"+strings.ReplaceAll(oneLine+oneLine, "\n", "\r\n")), 2),
		taken("lines: blank ones between, the last not ended", "a.json",
			[]byte("\n"+oneLine+" \n\n"+strings.TrimSpace(oneLine)), 2),
		taken("lines: a column that nobody knows", "a.json",
			spoil(`"cost_type"`, `"new":{"x":[1]},"cost_type"`), 2),
		taken("lines: a credit is a line of its own", "a.json",
			spoil(credit(`[{"name":"x","amount":-1.5e-7,"type":"PROMOTION"}]`)), 3),
		aside("NaN in quotes", fault.Number, "100.5", `"NaN"`),
		aside("a cost of null", fault.Number, "100.5", "null"),
		aside("a cost that is a list", fault.Number, "100.5", "[100.5]"),
		aside("a cost that is true", fault.Number, "100.5", "true"),
		aside("a cost beyond bounds", fault.Number, "100.5", "1E+300"),
		aside("a month that is not", fault.Date, "202610", "202613"),
		aside("an end before its start", fault.Date, "06:00:00", "04:00:00"),
		odd("credits that are no list", fault.Number, `"none"`),
		odd("credits that are numbers", fault.Number, `[1,2]`),
		odd("a credit without an amount", fault.Number, `[{"name":"x","type":"PROMOTION"}]`),
		odd("a credit of infinity", fault.Number, `[{"amount":"-Infinity","type":"PROMOTION"}]`),
		odd("a credit of a type that nobody knows", fault.UnknownType, `[{"amount":-1,"type":"LOYALTY"}]`),
		odd("credits that add up beyond bounds", fault.Number,
			`[{"amount":9e14,"type":"DISCOUNT"},{"amount":9e14,"type":"DISCOUNT"}]`),
	}
}

// inOrder sorts cases by name: a map has no order.
func inOrder(cases []Case) []Case {
	slices.SortFunc(cases, func(a, b Case) int { return strings.Compare(a.Name, b.Name) })
	return cases
}
