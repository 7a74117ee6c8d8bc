package arch_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// What we pay is for finance alone. In the rooms that also make what customers
// get, only these files may know it.
var mayKnowTheMargin = map[string]func(file string) bool{
	"templates/pdf":   ofTheMargin,
	"templates/xlsx":  ofTheMargin,
	"templates/email": ofTheMargin,
	"activities":      func(file string) bool { return strings.HasPrefix(file, "report") },
	"starter":         ofTheMargin,
	"db":              ofTheMargin,
	"internal/golden": ofTheMargin,
}

func ofTheMargin(file string) bool { return strings.HasPrefix(file, "margin") }

// knowsTheMargin gives every source that imports the margin and may not.
func knowsTheMargin(sources fs.FS) ([]string, error) {
	var breaks []string
	err := fs.WalkDir(sources, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && passedOver(name):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		text, err := fs.ReadFile(sources, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			return err
		}
		folder := path.Dir(name)
		allowed, listed := mayKnowTheMargin[folder]
		for _, imported := range file.Imports {
			if imported.Path.Value == `"magam/domain/margin"` && folder != "domain/margin" &&
				(!listed || !allowed(path.Base(name))) {
				breaks = append(breaks, name+": must not know the margin: customers get what this room makes")
			}
		}
		return nil
	})
	slices.Sort(breaks)
	return breaks, err
}

func TestOnlyFinanceKnowsTheMargin(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	require.NoError(t, err)

	breaks, err := knowsTheMargin(os.DirFS(root))

	require.NoError(t, err)
	require.Empty(t, breaks, "\n"+strings.Join(breaks, "\n"))

	const leak = "package p\nimport _ \"magam/domain/margin\"\n"
	for _, planted := range []string{
		"templates/pdf/lines.go", "templates/xlsx/views.go", "templates/email/invoice.go", "activities/documents.go",
		"domain/invoice/assemble.go", "workflows/close_customer.go",
	} {
		breaks, err := knowsTheMargin(fstest.MapFS{planted: {Data: []byte(leak)}})
		require.NoError(t, err)
		require.Len(t, breaks, 1, planted)
	}
}
