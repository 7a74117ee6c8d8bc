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
	f.Fuzz(func(t *testing.T, text []byte) {
		found, err := awsmanifest.Parse("m", text)
		if err != nil {
			_, coded := fault.CodeOf(err)
			require.True(t, coded, "%v", err)
			return
		}
		require.False(t, found.Month.IsZero())
		require.NotEmpty(t, found.Keys)
		for _, key := range found.Keys {
			require.True(t, filepath.IsLocal(key), "%q", key)
		}
	})
}
