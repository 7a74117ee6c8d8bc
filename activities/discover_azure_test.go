package activities_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/activities"
)

// docs/spec/22-format-azure.md: which files make one delivery.
func TestAzuresFolders(t *testing.T) {
	t.Parallel()
	const run = "0f6a2f5e-7c1d-4c59-9a3e-5d2b8e417c60"

	tests := map[string]struct{ key, want string }{
		"a run's own folder": {
			"root/costs/20261001-20261031/" + run + "/part_0_0001.csv.gz",
			"root/costs|20261001-20261031|" + run + "|2026-10",
		},
		"with the instant of the run": {
			"costs/20261001-20261031/202611020304/" + run + "/part_1_0001.parquet",
			"costs|20261001-20261031|202611020304/" + run + "|2026-10",
		},
		"the manifest belongs to its run": {
			"costs/20261001-20261031/" + run + "/manifest.json",
			"costs|20261001-20261031|" + run + "|2026-10",
		},
		"older: the run in the file's name": {
			"costs/20261001-20261031/costs_" + run + ".csv", "costs|20261001-20261031|" + run + "|2026-10",
		},
		"parts differ in numbers alone": {
			"costs/20261001-20261031/part_12_0001.csv", "costs|20261001-20261031|part__|2026-10",
		},
		"a range over two months": {
			"costs/20260925-20261005/x/part_0.csv", "costs|20260925-20261005|x|",
		},
		"not a range":     {"costs/20261031-20261001/x/part_0.csv", "costs/20261031-20261001/x part_|||"},
		"no such days":    {"costs/20261301-20261331/x/part_0.csv", "costs/20261301-20261331/x part_|||"},
		"a bare download": {"downloads/usage-2026-10.csv", "downloads usage--|||"},
		"a bare run":      {"costs_" + run + ".csv", ". costs||" + run + "|"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			export, span, run, month := activities.PlaceOf(tt.key)

			require.Equal(t, tt.want, strings.Join([]string{export, span, run, month}, "|"))
		})
	}
}
