package azure_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/formats/azure"
	"magam/internal/golden"
)

// small.csv has one row of every charge type that actual costs have, one that
// Azure documents no type for, and one whose cost is no number; amortized.csv
// has what only amortized costs have.
func TestTheSmallExportsBecomeTheseLines(t *testing.T) {
	t.Parallel()

	for name, kind := range map[string]azure.Kind{
		"small": azure.KindActual, "amortized": azure.KindAmortized,
	} {
		text, err := os.ReadFile(filepath.Join("testdata", name+".csv"))
		require.NoError(t, err)

		reader, err := open(bytes.NewReader(text), 0, kind)

		require.NoError(t, err)
		golden.RequireLines(t, name+".lines", reader)
	}
}
