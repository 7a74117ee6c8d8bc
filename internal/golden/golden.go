// Package golden compares what a test got with a file kept beside it.
//
// It owns the one -update flag of the house and the specimen snapshots that
// documents are tested with. A golden difference is read like code before it is
// accepted with -update.
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite golden files with what the tests got")

// Require holds got against testdata/<name> of the package under test, or
// rewrites that file under -update.
func Require(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", filepath.FromSlash(name))
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o644))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "no golden file yet: run the test with -update and read it")
	require.Equal(t, string(want), string(got), "%s differs; if that is meant, run with -update", path)
}
