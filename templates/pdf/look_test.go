package pdf_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/internal/golden"
	"magam/templates/pdf"
)

var look = flag.String("look", "", "a folder to write the specimens into, to be looked at")

// TestLook prints every specimen and, where a folder is given, keeps them there
// for a person's eyes: pdftoppm turns them into pictures.
func TestLook(t *testing.T) {
	t.Parallel()
	for name, snapshot := range golden.Specimens() {
		printed, err := pdf.Invoice(snapshot, golden.Digest)
		require.NoError(t, err, name)
		require.NotEmpty(t, printed)
		if *look != "" {
			require.NoError(t, os.WriteFile(filepath.Join(*look, name+".pdf"), printed, 0o644))
		}
	}
}
