package azure_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/formats/azure"
)

// manifest is of a run in two partitions, in the shape of manifest version 2024-04-01.
const manifest = `{"manifestVersion":"2024-04-01","byteCount":300,"blobCount":2,"dataRowCount":30,
"exportConfig":{"exportName":"costs","resourceId":"/providers/Microsoft.Billing/billingAccounts/8611537",
 "dataVersion":"2021-10-01","apiVersion":"2023-07-01-preview","type":"ActualCost","timeFrame":"MonthToDate",
 "granularity":"Daily"},
"deliveryConfig":{"partitionData":true,"dataOverwriteBehavior":"OverwritePreviousReport","fileFormat":"Csv",
 "compressionMode":"gzip","containerUri":"/subscriptions/1/x","rootFolderPath":"root"},
"runInfo":{"executionType":"Scheduled","submittedTime":"2026-11-02T03:04:05.1234567Z",
 "runId":"f2b1f8a0-0000-4000-8000-000000000001","startDate":"2026-10-01T00:00:00","endDate":"2026-10-31T00:00:00"},
"blobs":[{"blobName":"root/costs/20261001-20261031/f2b1/part_0_0001.csv.gz","byteCount":100,"dataRowCount":10},
 {"blobName":"root/costs/20261001-20261031/f2b1/part_1_0001.csv.gz","byteCount":200,"dataRowCount":20}]}`

func TestAManifest(t *testing.T) {
	t.Parallel()

	got, err := azure.ParseManifest("x/manifest.json", []byte(manifest))

	require.NoError(t, err)
	require.Equal(t, azure.Manifest{
		Type: "ActualCost", Export: "costs", Run: "f2b1f8a0-0000-4000-8000-000000000001",
		Submitted: time.Date(2026, 11, 2, 3, 4, 5, 123456700, time.UTC), Rows: 30,
		Blobs: []azure.Blob{
			{Key: "root/costs/20261001-20261031/f2b1/part_0_0001.csv.gz", Bytes: 100, Rows: 10},
			{Key: "root/costs/20261001-20261031/f2b1/part_1_0001.csv.gz", Bytes: 200, Rows: 20},
		},
	}, got)
}

func TestManifestsThatAreRefused(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		old, new string
		code     fault.Code
	}{
		"no JSON":                 {manifest, "{", fault.Schema},
		"of something else":       {`"exportConfig"`, `"other"`, fault.UnknownFormat},
		"another number of files": {`"blobCount":2`, `"blobCount":3`, fault.Schema},
		"another number of bytes": {`"byteCount":300`, `"byteCount":301`, fault.Schema},
		"another number of rows":  {`"dataRowCount":30`, `"dataRowCount":31`, fault.Schema},
		"a file twice":            {"part_1", "part_0", fault.Schema},
		"less than nothing":       {`"byteCount":100`, `"byteCount":-100`, fault.Schema},
		"no instant":              {"2026-11-02T03", "yesterday", fault.Schema},
		"a path out of it": {
			"root/costs/20261001-20261031/f2b1/part_0_0001.csv.gz",
			"../../etc/passwd",
			fault.Path,
		},
		"an escaped path out of it": {
			"root/costs/20261001-20261031/f2b1/part_0",
			"root/%2e%2e/part_0",
			fault.Path,
		},
		"a path of another system": {
			"root/costs/20261001-20261031/f2b1/part_0_0001.csv.gz",
			`c:\\x`,
			fault.Path,
		},
		"a path of nothing": {
			"root/costs/20261001-20261031/f2b1/part_0_0001.csv.gz",
			"",
			fault.Path,
		},
		"a path with a control byte": {"f2b1/part_0", `f2b1/\u0007`, fault.Path},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(manifest, tt.old, tt.new, 1)
			require.NotEqual(t, manifest, text)

			_, err := azure.ParseManifest("x/manifest.json", []byte(text))

			requireCode(t, tt.code, err)
			require.ErrorContains(t, err, "x/manifest.json")
		})
	}
	_, err := azure.ParseManifest("x", []byte(strings.Repeat(" ", 8<<20)+manifest))
	requireCode(t, fault.Schema, err)
}
