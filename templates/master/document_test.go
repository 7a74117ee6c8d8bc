package master_test

import (
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/templates/master"
)

var update = flag.Bool("update", false, "write docs/master-data.md from the schema")

func TestTheDocumentationIsTheSchema(t *testing.T) {
	t.Parallel()
	const page = "../../docs/master-data.md"
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(master.Document()), 0o644)) //nolint:gosec // a page of the project
	}

	written, err := os.ReadFile(page)

	require.NoError(t, err)
	require.Equal(t, master.Document(), string(written), "go test ./templates/master -update")
}
