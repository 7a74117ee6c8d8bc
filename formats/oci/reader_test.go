package oci_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/formats/csvscan"
	"magam/formats/oci"
	"magam/internal/golden"
)

var columns = []string{
	"lineItem/tenantId",
	"lineItem/intervalUsageStart",
	"lineItem/intervalUsageEnd",
	"product/service",
	"product/compartmentName",
	"usage/billedQuantity",
	"cost/subscriptionId",
	"cost/productSku",
	"product/Description",
	"cost/myCost",
	"cost/myCostOverage",
	"cost/currencyCode",
	"cost/skuUnitDescription",
	"cost/overageFlag",
	"lineItem/isCorrection",
	"lineItem/backreferenceNo",
	"tags/b",
	"tags/a",
}

// row writes one row of October; what is not given is like every other's.
func row(given map[string]string) string {
	values := map[string]string{
		"lineItem/tenantId": "ocid1.tenancy", "lineItem/intervalUsageStart": "2026-10-03T05:00Z",
		"lineItem/intervalUsageEnd": "2026-10-03T06:00Z", "product/service": "COMPUTE",
		"usage/billedQuantity": "8", "cost/subscriptionId": "20209880", "cost/myCost": "100.00",
		"cost/currencyCode": "USD", "cost/overageFlag": "N", "lineItem/isCorrection": "false",
	}
	for column, value := range given {
		values[column] = value
	}
	cells := make([]string, len(columns))
	for i, column := range columns {
		cells[i] = `"` + strings.ReplaceAll(values[column], `"`, `""`) + `"`
	}
	return strings.Join(cells, ",") + "\n"
}

func header() string { return strings.Join(columns, ",") + "\n" }

// open reads a CSV file as the product does.
func open(source io.Reader, month charge.Month) (*oci.Reader, error) {
	rows, err := csvscan.NewFile(source, csvscan.Options{File: "f"})
	if err != nil {
		return nil, err
	}
	return oci.New(rows, month)
}

// summary tells of every row what money and class it has.
func summary(text string, month charge.Month) ([]string, error) {
	reader, err := open(strings.NewReader(text), month)
	if err != nil {
		return nil, err
	}
	var rows []string
	for {
		line, aside, err := reader.Next()
		switch {
		case errors.Is(err, io.EOF):
			return rows, nil
		case err != nil:
			return nil, err
		case aside != nil:
			rows = append(rows, fmt.Sprintf("aside %s %s %q", aside.Code, aside.Column, aside.Billed))
		default:
			rows = append(
				rows,
				fmt.Sprintf("%s %s %s %q %s %s %s", line.BillingMonth.Period(), line.LineType, line.Billed,
					line.Class.String(), line.Quantity, line.Unit, line.Tags),
			)
		}
	}
}

// small.csv has a row of every kind, one that claims to be perhaps a correction
// and one without a cost.
func TestTheSmallReportBecomesTheseLines(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "small.csv"))
	require.NoError(t, err)

	reader, err := open(bytes.NewReader(text), 0)

	require.NoError(t, err)
	golden.RequireLines(t, "small.lines", reader)
}

// docs/spec/24-format-oci.md, the table of rows.
func TestRows(t *testing.T) {
	t.Parallel()
	october := charge.Month(2026*12 + 9)

	tests := map[string]struct {
		given map[string]string
		want  string
	}{
		"usage": {nil, `2026-10 Usage 100.00 "" 8  `},
		"overage is part of the cost, never added": {
			map[string]string{
				"cost/overageFlag":   "Y",
				"cost/myCostOverage": "20",
			},
			`2026-10 Overage 100.00 "" 8  `,
		},
		"a correction": {
			map[string]string{"lineItem/isCorrection": "true", "cost/myCost": "-7E-10"},
			`2026-10 Correction -7E-10 "Correction" 8  `,
		},
		"a correction that only names the corrected row": {
			map[string]string{"lineItem/isCorrection": "", "lineItem/backreferenceNo": "V2.1"},
			`2026-10 Correction 100.00 "Correction" 8  `,
		},
		"tags are canonical, the compartment among them": {
			map[string]string{"tags/a": `1, "x"`, "tags/b": "웹", "product/compartmentName": "prod"},
			`2026-10 Usage 100.00 "" 8  {"a":"1, \"x\"","b":"웹","product/compartmentName":"prod"}`,
		},
		"an instant with seconds": {
			map[string]string{
				"lineItem/intervalUsageStart": "2026-10-03T05:00:00.000Z",
			},
			`2026-10 Usage 100.00 "" 8  `,
		},
		"no cost":       {map[string]string{"cost/myCost": ""}, `aside E_NUMBER cost/myCost ""`},
		"a cost of NaN": {map[string]string{"cost/myCost": "NaN"}, `aside E_NUMBER cost/myCost ""`},
		"an overage of words": {
			map[string]string{"cost/myCostOverage": "x"},
			`aside E_NUMBER cost/myCostOverage "100.00"`,
		},
		"perhaps a correction": {
			map[string]string{
				"lineItem/isCorrection": "perhaps",
			},
			`aside E_UNKNOWN_TYPE lineItem/isCorrection "100.00"`,
		},
		"perhaps overage": {
			map[string]string{"cost/overageFlag": "?"},
			`aside E_UNKNOWN_TYPE cost/overageFlag "100.00"`,
		},
		"no currency": {
			map[string]string{"cost/currencyCode": ""},
			`aside E_CURRENCY cost/currencyCode "100.00"`,
		},
		"a day that does not exist": {
			map[string]string{"lineItem/intervalUsageStart": "2026-02-30T05:00Z"},
			`aside E_DATE lineItem/intervalUsageStart "100.00"`,
		},
		"an end before the start": {
			map[string]string{"lineItem/intervalUsageEnd": "2026-10-01T05:00Z"},
			`aside E_DATE lineItem/intervalUsageEnd "100.00"`,
		},
		"another month than the delivery's": {
			map[string]string{
				"lineItem/intervalUsageStart": "2026-09-30T23:00Z",
				"lineItem/intervalUsageEnd":   "2026-10-01T00:00Z",
			},
			`aside E_PERIOD_MISMATCH lineItem/intervalUsageStart "100.00"`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got, err := summary(header()+row(tt.given), october)

			require.NoError(t, err)
			require.Equal(t, []string{tt.want}, got)
		})
	}
}

// Generations differ in case, in the unit's name and in the back reference's.
func TestBothGenerations(t *testing.T) {
	t.Parallel()

	for name, header := range map[string]string{
		"the older": "lineItem/referenceNo,lineItem/TenantId,lineItem/intervalUsageStart,lineItem/intervalUsageEnd," +
			"product/service,cost/myCost,cost/currencyCode,cost/billingUnitReadable,lineItem/iscorrection,lineItem/backReference\n",
		"the newer": "lineItem/referenceNo,lineItem/tenantId,lineItem/intervalUsageStart,lineItem/intervalUsageEnd," +
			"product/service,cost/myCost,cost/currencyCode,cost/skuUnitDescription,lineItem/isCorrection,lineItem/backreferenceNo\n",
	} {
		got, err := summary(
			header+"1,t,2026-10-03T05:00Z,2026-10-03T06:00Z,COMPUTE,1.5,USD,GB Hours,true,0\n",
			0,
		)
		require.NoError(t, err, name)
		require.Equal(t, []string{`2026-10 Correction 1.5 "Correction"  GB Hours `}, got, name)
	}
}

func TestEachRequiredColumnIsMissed(t *testing.T) {
	t.Parallel()

	for _, column := range []string{
		"lineItem/tenantId", "lineItem/intervalUsageStart", "lineItem/intervalUsageEnd", "product/service", "cost/myCost",
		"cost/currencyCode",
	} {
		t.Run(column, func(t *testing.T) {
			t.Parallel()

			_, err := summary(strings.Replace(header(), column+",", "other,", 1), 0)

			require.ErrorContains(t, err, column)
			code, _ := fault.CodeOf(err)
			require.Equal(t, fault.Schema, code)
		})
	}
}

func TestRecognize(t *testing.T) {
	t.Parallel()

	for header, want := range map[string]bool{
		header(): true,
		"lineItem/intervalUsageStart,product/resource,usage/consumedQuantity\n": false, // a usage report
		"lineItem/LineItemType,lineItem/UnblendedCost,bill/PayerAccountId\n":    false,
		"BilledCost,ChargeCategory,BillingPeriodStart,oci_ReferenceNumber\n":    false,
	} {
		rows, err := csvscan.NewFile(strings.NewReader(header+"\n"), csvscan.Options{File: "f"})
		require.NoError(t, err)
		require.Equal(t, want, oci.Recognize(rows.Header()), header)
	}
}

// Whatever the order of the columns, the rows are the same.
func TestTheOrderOfColumnsChangesNothing(t *testing.T) {
	t.Parallel()
	rowsOf := func(order []int) string {
		var out strings.Builder
		for _, line := range []string{header(), row(nil), row(map[string]string{"tags/a": "x", "tags/b": "y"}), row(map[string]string{"cost/myCost": "?"})} {
			cells := strings.Split(strings.TrimSuffix(line, "\n"), ",")
			for i, at := range order {
				if i > 0 {
					out.WriteByte(',')
				}
				out.WriteString(cells[at])
			}
			out.WriteByte('\n')
		}
		return out.String()
	}
	plain := make([]int, len(columns))
	for i := range plain {
		plain[i] = i
	}
	want, err := summary(rowsOf(plain), 0)
	require.NoError(t, err)
	require.Len(t, want, 3)

	rapid.Check(t, func(t *rapid.T) {
		order := slices.Clone(plain)
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)).Shuffle(len(order), func(i, j int) {
			order[i], order[j] = order[j], order[i]
		})
		got, err := summary(rowsOf(order), 0)
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

func TestMonthOf(t *testing.T) {
	t.Parallel()

	for start, want := range map[string]charge.Month{"2026-10-31T23:00Z": 2026*12 + 9, "2026-11-01T00:00Z": 2026*12 + 10, "x": 0} {
		rows, err := csvscan.NewFile(
			strings.NewReader(header()+row(map[string]string{"lineItem/intervalUsageStart": start})),
			csvscan.Options{File: "f"},
		)
		require.NoError(t, err)
		require.NoError(t, rows.Next())
		require.Equal(t, want, oci.MonthOf(rows))
	}
}

// Whatever a row holds, it is booked with amounts that are amounts and tags
// that are JSON, or set aside with a code, or the file is refused.
func FuzzRow(f *testing.F) {
	f.Add(row(nil))
	f.Add(row(map[string]string{"cost/myCost": "-1.50E-7", "lineItem/isCorrection": "true", "tags/a": `"`}))
	f.Add(row(map[string]string{"lineItem/intervalUsageStart": "2026-02-29T05:00Z", "cost/overageFlag": "Y"}))
	f.Fuzz(func(t *testing.T, rows string) {
		reader, err := open(strings.NewReader(header()+rows), 0)
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
			require.NoError(t, money.CheckSource(line.Billed))
			require.False(t, line.End.Before(line.Start))
			require.NotZero(t, line.BillingMonth)
			require.True(t, len(line.Tags) == 0 || json.Valid(line.Tags), "%s", line.Tags)
		}
	})
}
