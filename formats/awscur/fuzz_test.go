package awscur_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/money"
)

// Whatever a row holds, it is booked with amounts that are amounts and tags
// that are JSON, or set aside with a code, or the file is refused: never both,
// and never a crash.
func FuzzRow(f *testing.F) {
	f.Add(row(nil))
	f.Add(
		row(
			map[string]string{
				"lineItem/LineItemType":  "SavingsPlanNegation",
				"lineItem/UnblendedCost": "-7.0E-10",
			},
		),
	)
	f.Add(row(map[string]string{"lineItem/LineItemType": "RIFee", "reservation/UnusedRecurringFee": "1e14"}))
	f.Add(row(map[string]string{"resourceTags/user:Name": `"웹, ""1"""`}))
	f.Add(row(map[string]string{"lineItem/UsageStartDate": "2026-02-30T00:00:00Z"}))
	f.Fuzz(func(t *testing.T, rows string) { requireSound(t, header+rows) })
}

// The same of CUR 2.0, whose maps are JSON.
func FuzzExportRow(f *testing.F) {
	for _, given := range []map[string]string{
		nil,
		{"resource_tags": `{"user_Name":"웹\u0000","aws_x":null}`, "cost_category": `{"a":{"b":[1]}}`},
		{"product": `{"product_name":"EC2","region":"ap-northeast-2"}`, "discount": `{"edp_discount":-1.5E-7}`},
		{"discount": `{"edp_discount":"-10","total_discount":-10}`, "line_item_net_unblended_cost": "90"},
		{"discount": `{`, "resource_tags": strings.Repeat("[", 100)},
		{"line_item_line_item_type": "EdpDiscount", "line_item_unblended_cost": "-1e1"},
	} {
		f.Add(exportRow(exportColumns, given))
	}
	f.Fuzz(func(t *testing.T, rows string) { requireSound(t, exported()+rows) })
}

func requireSound(t *testing.T, text string) {
	t.Helper()
	reader, err := open(strings.NewReader(text), 0)
	require.NoError(t, err)
	for {
		line, aside, err := reader.Next()
		if err != nil {
			return
		}
		require.NotEqual(t, line == nil, aside == nil)
		if aside != nil {
			require.NotEmpty(t, aside.Code)
			continue
		}
		require.NotEmpty(t, line.Billed)
		for _, amount := range [][]byte{line.Billed, line.Effective, line.List, line.Contracted} {
			require.True(t, len(amount) == 0 || money.Check(amount) == nil, "%s", amount)
		}
		require.False(t, line.End.Before(line.Start))
		require.True(t, len(line.Tags) == 0 || json.Valid(line.Tags), "%s", line.Tags)
		require.NotContains(t, string(line.Tags)+string(line.ServiceName), "\x00")
	}
}
