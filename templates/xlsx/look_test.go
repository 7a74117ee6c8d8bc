package xlsx_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/internal/golden"
	"magam/templates/xlsx"
)

var look = flag.String("look", "", "a folder to write the specimens into, to be looked at")

// TestLook writes every specimen and, where a folder is given, keeps them there
// for a person's eyes.
func TestLook(t *testing.T) {
	t.Parallel()
	for name, snapshot := range golden.Specimens() {
		var written bytes.Buffer
		require.NoError(t, xlsx.Workbook(snapshot, golden.Digest, &written), name)
		require.NotZero(t, written.Len())
		if *look != "" {
			require.NoError(t, os.WriteFile(filepath.Join(*look, name+".xlsx"), written.Bytes(), 0o644))
		}
	}
}

// TestLookAtExcerpts does the same with what a recipient of some accounts gets.
func TestLookAtExcerpts(t *testing.T) {
	t.Parallel()
	for name, excerpt := range excerpts() {
		var written bytes.Buffer
		require.NoError(t, xlsx.Excerpt(excerpt, golden.Digest, &written), name)
		if *look != "" {
			require.NoError(t,
				os.WriteFile(filepath.Join(*look, "excerpt-"+name+".xlsx"), written.Bytes(), 0o644))
		}
	}
}
