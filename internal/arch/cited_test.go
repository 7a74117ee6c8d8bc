package arch_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The golden cases and the rulings, by letter and how many there are.
var decided = map[string]int{"G": 11, "R": 21}

// cites finds R-8 in a claim and R8 in the name of a test.
var cites = regexp.MustCompile(`\b([GR])-(\d+)\b|(?:func Test|And)([GR])(\d+)[A-Z]`)

// What is decided stays decided only while a test says so by its number.
func TestEveryGoldenCaseAndRulingIsNamedByATest(t *testing.T) {
	t.Parallel()
	named := map[string]bool{}
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") ||
			strings.HasSuffix(path, "cited_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, cited := range cites.FindAllStringSubmatch(string(source), -1) {
			named[cited[1]+cited[3]+"-"+cited[2]+cited[4]] = true
		}
		return err
	})
	require.NoError(t, err)
	for letter, last := range decided {
		for n := range last {
			name := fmt.Sprintf("%s-%d", letter, n+1)
			require.True(t, named[name], "%s is named by no test", name)
		}
	}
}

// The index of docs/spec has a row for each, and a place for every page.
func TestTheSpecHasAnIndex(t *testing.T) {
	t.Parallel()
	folder := filepath.Join("..", "..", "docs", "spec")
	index, err := os.ReadFile(filepath.Join(folder, "README.md"))
	require.NoError(t, err)
	for letter, last := range decided {
		for n := range last {
			require.Contains(t, string(index), fmt.Sprintf("\n| %s-%d | ", letter, n+1))
		}
	}
	pages, err := filepath.Glob(filepath.Join(folder, "[0-9]*.md"))
	require.NoError(t, err)
	require.NotEmpty(t, pages)
	for _, page := range pages {
		require.Contains(t, string(index), "("+filepath.Base(page)+")")
	}
	for _, link := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(string(index), -1) {
		require.FileExists(t, filepath.Join(folder, link[1]))
	}
}
