package focus_test

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/formats/csvscan"
	"magam/formats/focus"
)

var columns = []string{
	"BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "BillingCurrency", "BillingAccountId",
	"BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargePeriodStart", "ChargePeriodEnd",
	"ServiceName", "ProviderName", "PricingQuantity", "PricingUnit", "ConsumedQuantity", "ConsumedUnit",
	"SubAccountId", "Tags",
}

// row writes one row of September; what is not given is like every other's.
func row(given map[string]string) string {
	values := map[string]string{
		"BilledCost": "0.00000080000", "EffectiveCost": "1", "ListCost": "2", "ContractedCost": "3",
		"BillingCurrency": "USD", "BillingAccountId": "1234", "BillingPeriodStart": "2024-09-01 00:00:00",
		"ChargeCategory": "Usage", "ChargeClass": "NULL", "ChargePeriodStart": "2024-09-18 22:00:00",
		"ChargePeriodEnd": "2024-09-18 23:00:00", "ServiceName": "Storage", "ProviderName": "AWS",
		"PricingQuantity": "5", "PricingUnit": "Hours", "ConsumedQuantity": "7", "ConsumedUnit": "Seconds",
		"SubAccountId": "42", "Tags": "NULL",
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

func next(t *testing.T, given map[string]string) (*charge.Line, *charge.Quarantined) {
	t.Helper()
	reader, err := open(strings.NewReader(header()+row(given)), 0)
	require.NoError(t, err)
	line, aside, err := reader.Next()
	require.NoError(t, err)
	return line, aside
}

func TestNullIsEmptyAndTheLiteral(t *testing.T) {
	t.Parallel()

	for _, null := range []string{"", "NULL"} {
		line, aside := next(t, map[string]string{
			"SubAccountId": null, "ChargeClass": null, "PricingQuantity": null, "ContractedCost": null,
			"Tags": null,
		})
		require.Nil(t, aside)
		require.Empty(t, line.SubAccountID)
		require.Empty(t, line.Contracted)
		require.Empty(t, line.Tags)
		require.Equal(t, charge.ClassRegular, line.Class)
		require.Equal(t, "7 Seconds", string(line.Quantity)+" "+string(line.Unit))
	}
}

// An invoice groups by the service's code. FOCUS itself has names only: without
// a code of their own all services of a bill would be one.
func TestAServiceWithoutACodeIsToldByItsName(t *testing.T) {
	t.Parallel()
	line, _ := next(t, nil)
	require.Equal(t, "Storage", string(line.ServiceCode))

	text := strings.TrimSuffix(header(), "\n") + ",x_ServiceCode\n" + strings.TrimSuffix(row(nil),
		"\n") + ",AmazonS3\n"
	reader, err := open(strings.NewReader(text), 0)
	require.NoError(t, err)
	line, _, err = reader.Next()
	require.NoError(t, err)
	require.Equal(t, "AmazonS3 Storage", string(line.ServiceCode)+" "+string(line.ServiceName))
}

func TestInstants(t *testing.T) {
	t.Parallel()

	want := time.Date(2024, 9, 18, 22, 0, 0, 0, time.UTC)
	for _, spelt := range []string{
		"2024-09-18 22:00:00", "2024-09-18T22:00:00Z", "2024-09-18T22:00:00.000Z",
		"2024-09-18T22:00:00+00:00", "2024-09-18T22:00Z", "2024-09-18 22:00",
	} {
		line, aside := next(t, map[string]string{"ChargePeriodStart": spelt})
		require.Nil(t, aside, spelt)
		require.True(t, line.Start.Equal(want), spelt)
	}
	for _, wrong := range []string{"2024-02-30", "2024-9-18", "18.09.2024", "2024-09-18T25:00:00Z", "2024-09-18T22:00:00+09:00", "2024-09-18T22Z", "2024-09-18T22:00.5Z", "2024-09-18T22:00:Z", "2024-09-18T22:0", "NULL"} {
		_, aside := next(t, map[string]string{"ChargePeriodStart": wrong})
		require.NotNil(t, aside, wrong)
		require.Equal(t, fault.Date, aside.Code)
		require.Equal(t, "0.00000080000", aside.Billed)
	}
}

func TestProviders(t *testing.T) {
	t.Parallel()

	for name, code := range map[string]string{
		"AWS": "aws", "Amazon Web Services": "aws", "Microsoft": "azure", "Microsoft Azure": "azure",
		"Google Cloud": "gcp", "Oracle": "oci", "Datadog": "datadog",
		"Naver Cloud Platform": "naver-cloud-platform",
	} {
		line, _ := next(t, map[string]string{"ProviderName": name})
		require.Equal(t, code, string(line.Provider), name)
		require.Equal(t, name, string(line.ProviderName))
	}
}

func TestTags(t *testing.T) {
	t.Parallel()

	tests := map[string]struct{ delivered, want string }{
		"keys are sorted":               {`{"b": "2", "a": "1"}`, `{"a":"1","b":"2"}`},
		"numbers, truth and null":       {`{"n":1.50,"t":true,"z":null}`, `{"n":"1.50","t":"true","z":""}`},
		"deeper things keep their JSON": {`{"a":{"b": [1, 2]}}`, `{"a":"{\"b\":[1,2]}"}`},
		"a key with a blank is its own": {`{" org":"x","org":"y"}`, `{" org":"x","org":"y"}`},
		"commas inside values":          {`{"a":"x, y"}`, `{"a":"x, y"}`},
		"braces left away":              {`"a":"1"`, `{"a":"1"}`},
		"no tags":                       {`{}`, ``},
		"no JSON at all":                {`a=1`, `{"_unparsed":"a=1"}`},
		"Hangul":                        {`{"팀":"결제"}`, `{"팀":"결제"}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			line, _ := next(t, map[string]string{"Tags": tt.delivered})

			require.Equal(t, tt.want, string(line.Tags))
		})
	}
}

func TestRowsAreSetAside(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		column, value string
		code          fault.Code
		billed        string
	}{
		"an unknown category": {"ChargeCategory", "Rebate", fault.UnknownType, "0.00000080000"},
		"an unknown class":    {"ChargeClass", "Redo", fault.UnknownType, "0.00000080000"},
		"no billed cost":      {"BilledCost", "NULL", fault.Number, ""},
		"a thousands comma":   {"ListCost", "3,432", fault.Number, "0.00000080000"},
		"no currency":         {"BillingCurrency", "NULL", fault.Currency, "0.00000080000"},
		"no billing period":   {"BillingPeriodStart", "September", fault.Date, "0.00000080000"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			line, aside := next(t, map[string]string{tt.column: tt.value})

			require.Nil(t, line)
			require.Equal(t, tt.code, aside.Code)
			require.Equal(t, tt.column, aside.Column)
			require.Equal(t, tt.billed, aside.Billed)
		})
	}
}

func TestColumnsAreMissedOneByOneAndMayComeInAnyOrder(t *testing.T) {
	t.Parallel()

	for _, column := range []string{
		"BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "BillingCurrency", "BillingAccountId",
		"BillingPeriodStart", "ChargeCategory", "ChargePeriodStart", "ChargePeriodEnd", "ServiceName",
		"ProviderName",
	} {
		text := strings.Replace(header(), column, "x_"+column, 1)
		_, err := open(strings.NewReader(text), 0)
		code, _ := fault.CodeOf(err)
		require.Equal(t, fault.Schema, code, column)
		require.ErrorContains(t, err, column)
	}
	reversed := func(line string) string {
		cells := strings.Split(strings.TrimSpace(line), ",")
		for i, j := 0, len(cells)-1; i < j; i, j = i+1, j-1 {
			cells[i], cells[j] = cells[j], cells[i]
		}
		return strings.Join(cells, ",") + "\n"
	}
	reader, err := open(strings.NewReader(reversed(header())+reversed(row(nil))), 0)
	require.NoError(t, err)
	line, _, err := reader.Next()
	require.NoError(t, err)
	require.Equal(t, "0.00000080000 1 2 3", strings.Join([]string{
		string(line.Billed), string(line.Effective), string(line.List), string(line.Contracted),
	}, " "))
	_, _, err = reader.Next()
	require.Equal(t, io.EOF, err)
}

// open reads a CSV file as the product does.
func open(source io.Reader, month charge.Month) (*focus.Reader, error) {
	rows, err := csvscan.NewFile(source, csvscan.Options{File: "f"})
	if err != nil {
		return nil, err
	}
	return focus.New(rows, month)
}

// Azure's exports of FOCUS 1.0 have names of their own for what came later, and
// instants without seconds.
func TestAzuresOwnNames(t *testing.T) {
	t.Parallel()

	text := strings.TrimSuffix(header(), "\n") + ",x_InvoiceId,x_SkuMeterName\n" +
		strings.TrimSuffix(row(map[string]string{
			"BillingPeriodStart": "2024-09-01T00:00Z", "ChargePeriodStart": "2024-09-18T00:00Z",
			"ChargePeriodEnd": "2024-09-19T00:00Z", "ProviderName": "Microsoft",
		}), "\n") + ",G012345678,D4s v5\n"
	reader, err := open(strings.NewReader(text), 0)
	require.NoError(t, err)

	line, aside, err := reader.Next()

	require.NoError(t, err)
	require.Nil(t, aside)
	require.Equal(t, "azure G012345678 D4s v5 2024-09 2024-09-18", strings.Join([]string{
		string(line.Provider),
		string(line.InvoiceID),
		string(line.UsageType),
		line.BillingMonth.Period().String(),
		line.Start.Format(time.DateOnly),
	}, " "))
}

func TestARowOfAnotherMonthIsSetAside(t *testing.T) {
	t.Parallel()

	for month, code := range map[time.Month]fault.Code{time.September: "", time.October: fault.PeriodMismatch} {
		delivered := charge.PackMonth(time.Date(2024, month, 1, 0, 0, 0, 0, time.UTC))
		reader, err := open(strings.NewReader(header()+row(nil)), delivered)
		require.NoError(t, err)

		line, aside, err := reader.Next()

		require.NoError(t, err)
		require.Equal(t, code == "", line != nil)
		if code != "" {
			require.Equal(t, code, aside.Code)
			require.Equal(t, "0.00000080000", aside.Billed)
		}
	}
}
