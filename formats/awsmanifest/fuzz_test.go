package awsmanifest_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/formats/awsmanifest"
)

// A manifest is refused with a code, or every path in it stays inside the
// folder of the delivery.
func FuzzParse(f *testing.F) {
	for _, key := range []string{
		"p/r/20261001-20261101/a1/r-1.csv.gz", "../x.csv", "a/%2e%2e/x", `..\x`, "C:/x", "/etc/passwd", "nul",
	} {
		f.Add(manifest(key))
	}
	f.Add([]byte(`{"reportKeys":["a"],"billingPeriod":{"start":"2026-10-01"}}`))
	f.Add([]byte(`{"reportKeys":[`))
	f.Add(export(nil))
	f.Add(export(map[string]any{"dataFiles": []string{"s3://b/../x.csv.gz"}}))
	f.Add(export(map[string]any{"columns": []map[string]any{{"name": "BilledCost", "type": 1}}}))
	f.Add(legacy(map[string]any{"additionalArtifactKeys": []any{map[string]any{"name": 7}, nil}}))
	f.Add(legacy(map[string]any{"compression": "Parquet", "contentType": "Parquet"}))
	f.Fuzz(func(t *testing.T, text []byte) {
		found, err := awsmanifest.Parse("m", text)
		if err != nil {
			_, coded := fault.CodeOf(err)
			require.True(t, coded, "%v", err)
			return
		}
		require.False(t, found.Month.IsZero())
		require.NotEmpty(t, found.Keys)
		require.Len(t, uniques(found.Keys), len(found.Keys))
		for _, key := range append(found.Keys, found.Artifacts...) {
			require.True(t, filepath.IsLocal(key), "%q", key)
		}
	})
}

func uniques(keys []string) map[string]bool {
	found := map[string]bool{}
	for _, key := range keys {
		found[key] = true
	}
	return found
}
