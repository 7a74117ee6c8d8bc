package focus_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/internal/golden"
)

// small.csv has one row of every kind that the sample month has, and one
// whose cost is no number.
func TestTheSmallExportBecomesTheseLines(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "small.csv"))
	require.NoError(t, err)

	reader, err := open(bytes.NewReader(text), 0)

	require.NoError(t, err)
	golden.RequireLines(t, "small.lines", reader)
}
