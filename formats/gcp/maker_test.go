package gcp_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// made is one row of a billing export, by BigQuery's nested names. What a row
// does not name is null.
type made struct {
	cells   map[string]string
	credits []madeCredit
	labels  [4][][2]string // labels, project.labels, system_labels, tags
}

type madeCredit struct{ kind, name, amount string }

var labelColumns = [4]string{"labels", "project.labels", "system_labels", "tags"}

// numbers are BigQuery's FLOAT64 columns, which JSON prints without quotes.
var numbers = []string{
	"cost", "currency_conversion_rate", "usage.amount", "usage.amount_in_pricing_units",
}

// row is a row of October like every other, but for what is given.
func row(given map[string]string, credits ...madeCredit) made {
	cells := map[string]string{
		"billing_account_id": "01A2B3-C4D5E6-F70819", "invoice.month": "202610", "cost_type": "regular",
		"service.id": "6F81-5844-456A", "service.description": "Compute Engine", "sku.id": "2E27-4F75-95CD",
		"sku.description":  "N2 Instance Core running in Seoul",
		"usage_start_time": "2026-10-03 05:00:00 UTC", "usage_end_time": "2026-10-03 06:00:00 UTC",
		"project.id": "haneul-prod", "project.name": "하늘 운영", "location.location": "asia-northeast3",
		"location.region": "asia-northeast3", "cost": "100.5", "currency": "USD", "usage.amount": "3600.0",
		"usage.unit": "seconds", "usage.amount_in_pricing_units": "1.0", "usage.pricing_unit": "hour",
		"cost_at_list": "120.25", "transaction_type": "GOOGLE", "export_time": "2026-11-02 01:02:03.456 UTC",
		"currency_conversion_rate": "1.0", "price.tier_start_amount": "0",
	}
	maps.Copy(cells, given)
	maps.DeleteFunc(cells, func(_, value string) bool { return value == "null" })
	return made{cells: cells, credits: credits}
}

// nested is the row as BigQuery writes JSON: null is left out, lists are not.
func (m made) nested(t testing.TB) string {
	t.Helper()
	root := map[string]any{}
	put := func(path string, value any) {
		at := root
		keys := strings.Split(path, ".")
		for _, key := range keys[:len(keys)-1] {
			if at[key] == nil {
				at[key] = map[string]any{}
			}
			at = at[key].(map[string]any)
		}
		at[keys[len(keys)-1]] = value
	}
	for path, value := range m.cells {
		if slices.Contains(numbers, path) {
			put(path, json.RawMessage(value))
			continue
		}
		put(path, value)
	}
	put("credits", m.creditValues())
	for i, column := range labelColumns {
		put(column, m.labelValues(i))
	}
	text, err := json.Marshal(root)
	require.NoError(t, err)
	return string(text) + "\n"
}

func (m made) creditValues() []map[string]any {
	values := []map[string]any{}
	for _, c := range m.credits {
		value := map[string]any{
			"name":      c.name,
			"amount":    json.RawMessage(c.amount),
			"full_name": "",
			"id":        c.name,
		}
		if c.kind != "" {
			value["type"] = c.kind
		}
		values = append(values, value)
	}
	return values
}

func (m made) labelValues(i int) []map[string]any {
	values := []map[string]any{}
	for _, label := range m.labels[i] {
		value := map[string]any{"key": label[0], "value": label[1]}
		if i == 3 {
			value["namespace"], value["inherited"] = "organizations/1", true
		}
		values = append(values, value)
	}
	return values
}

// jsonLines is the rows as BigQuery writes them.
func jsonLines(t testing.TB, rows []made) string {
	t.Helper()
	var text strings.Builder
	for _, one := range rows {
		text.WriteString(one.nested(t))
	}
	return text.String()
}

// dialect is how a tool flattens rows to CSV.
type dialect struct {
	dot    string            // between nested names
	list   func(any) string  // prints a repeated column
	header func([]string)    // reorders columns
	drop   func(string) bool // columns that are left out
	add    map[string]string // columns that no export has
}

func asJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// asPython prints a list as Python's repr does.
func asPython(value any) string {
	var text strings.Builder
	text.WriteByte('[')
	for i, record := range value.([]map[string]any) {
		if i > 0 {
			text.WriteString(", ")
		}
		text.WriteByte('{')
		for j, key := range slices.Sorted(maps.Keys(record)) {
			if j > 0 {
				text.WriteString(", ")
			}
			fmt.Fprintf(&text, "'%s': ", key)
			switch held := record[key].(type) {
			case bool:
				text.WriteString(map[bool]string{true: "True", false: "False"}[held])
			case string:
				quote := "'"
				if strings.Contains(held, "'") {
					quote = `"`
				}
				text.WriteString(quote + strings.ReplaceAll(held, `\`, `\\`) + quote)
			default:
				fmt.Fprintf(&text, "%s", held)
			}
		}
		text.WriteByte('}')
	}
	return text.String() + "]"
}

// flattened is the rows as CSV.
func flattened(t testing.TB, rows []made, d dialect) string {
	t.Helper()
	known := map[string]bool{"credits": true}
	for _, column := range labelColumns {
		known[column] = true
	}
	for _, one := range rows {
		for path := range one.cells {
			known[path] = true
		}
	}
	for column := range d.add {
		known[column] = true
	}
	paths := slices.Sorted(maps.Keys(known))
	if d.drop != nil {
		paths = slices.DeleteFunc(paths, d.drop)
	}
	if d.header != nil {
		d.header(paths)
	}
	var text strings.Builder
	writer := csv.NewWriter(&text)
	header := slices.Clone(paths)
	for i, path := range header {
		header[i] = strings.ReplaceAll(path, ".", d.dot)
	}
	require.NoError(t, writer.Write(header))
	for _, one := range rows {
		record := make([]string, len(paths))
		for i, path := range paths {
			switch at := slices.Index(labelColumns[:], path); {
			case path == "credits":
				record[i] = d.list(one.creditValues())
			case at >= 0:
				record[i] = d.list(one.labelValues(at))
			case d.add[path] != "":
				record[i] = d.add[path]
			default:
				record[i] = one.cells[path]
			}
		}
		require.NoError(t, writer.Write(record))
	}
	writer.Flush()
	require.NoError(t, writer.Error())
	return text.String()
}

// month is a made October: every kind of row, several projects, and a few rows
// that Google bills in September and November.
func month(rows int) []made {
	chance := rand.New(rand.NewPCG(2026, 10))
	amount := func(most int64, places int32) string {
		return decimal.New(chance.Int64N(most)+1, -places).String()
	}
	var all []made
	for i := range rows {
		given := map[string]string{
			"project.id":                    fmt.Sprintf("project-%d", chance.IntN(7)),
			"cost":                          amount(1e9, 9),
			"usage_start_time":              fmt.Sprintf("2026-10-%02d %02d:00:00 UTC", 1+i%31, i%24),
			"usage_end_time":                fmt.Sprintf("2026-10-%02d %02d:59:59.999 UTC", 1+i%31, i%24),
			"usage.amount_in_pricing_units": amount(1e6, 3),
			"sku.id":                        fmt.Sprintf("%04X-0000-0000", chance.IntN(40)),
			"cost_at_list":                  amount(2e9, 9),
		}
		one := row(given)
		switch i % 20 {
		case 1:
			one.cells["cost"] = fmt.Sprintf("%d.%dE-7", 1+chance.IntN(9), chance.IntN(1e6))
		case 2:
			one.credits = []madeCredit{
				{"SUSTAINED_USAGE_DISCOUNT", "Sustained Usage Discount", "-" + amount(1e8, 9)},
			}
		case 3:
			one.credits = []madeCredit{
				{"COMMITTED_USAGE_DISCOUNT", "Committed Usage Discount: CPU", "-" + amount(1e8, 9)},
				{"PROMOTION", "Startup's credit", "-" + amount(1e8, 9)},
			}
		case 4:
			one.credits = []madeCredit{{"RESELLER_MARGIN", "Reseller Program Discount", "-" + amount(1e8, 9)}}
		case 5:
			one.cells["sku.description"] = "Commitment v1: Cpu in Seoul for 1 Year"
			one.cells["subscription.instance_id"] = "sub-42"
			one.credits = []madeCredit{{"FEE_UTILIZATION_OFFSET", "Flex CUD", "-" + amount(1e8, 9)}}
		case 6:
			one.cells["cost_type"], one.cells["service.description"] = "tax", "Invoice"
			delete(one.cells, "project.id")
			delete(one.cells, "cost_at_list")
		case 7:
			one.cells["cost_type"], one.cells["cost"] = "adjustment", "-"+amount(1e9, 9)
			one.cells["adjustment_info.type"] = "PRICE_CORRECTION"
			one.cells["adjustment_info.description"] = "Wrong price in \"Seoul\""
		case 8:
			one.cells["cost_type"], one.cells["cost"] = "rounding_error", "-0.0000000676"
		case 9:
			one.cells["transaction_type"], one.cells["seller_name"] = "THIRD_PARTY_AGENCY", "Harbor, Inc."
		case 10:
			one.cells["invoice.month"] = []string{"202609", "202611"}[chance.IntN(2)]
		case 11:
			one.credits = []madeCredit{
				{"FREE_TIER", "Free tier", "-" + amount(1e7, 12)},
				{"FREE_TIER", "Free tier", "-1E-8"},
				{"", "Sustained Usage Discount", "-" + amount(1e7, 12)},
			}
		}
		one.labels[0] = [][2]string{{"team", fmt.Sprintf("팀-%d", i%5)}, {"env", "prod"}}
		one.labels[3] = [][2]string{{"cost-center", "cc,1"}}
		all = append(all, one)
	}
	return all
}

// net is Google's own sum: cost and credits of an invoice month.
func net(t testing.TB, rows []made, month string) decimal.Decimal {
	t.Helper()
	total := decimal.Zero
	for _, one := range rows {
		if one.cells["invoice.month"] != month {
			continue
		}
		amounts := []string{one.cells["cost"]}
		for _, c := range one.credits {
			amounts = append(amounts, c.amount)
		}
		for _, amount := range amounts {
			parsed, err := decimal.NewFromString(amount)
			require.NoError(t, err)
			total = total.Add(parsed)
		}
	}
	return total
}
