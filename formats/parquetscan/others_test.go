package parquetscan_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/internal/golden"
)

// Files of writers that share no code with the library we read headers with become
// the cells of their golden file, whatever their encodings and compression are
// (testdata/README.md).
func TestFilesOfOtherWriters(t *testing.T) {
	t.Parallel()
	for _, writer := range []string{"duckdb", "arrow"} {
		files, err := filepath.Glob(filepath.Join("testdata", writer+"-*.parquet"))
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, name := range files {
			t.Run(filepath.Base(name), func(t *testing.T) {
				t.Parallel()
				file, err := os.ReadFile(name)
				require.NoError(t, err)

				header, rows, err := readAll(file, func(column string) bool {
					return !slices.Contains(withoutText, column)
				})

				require.NoError(t, err)
				var page bytes.Buffer
				for i, row := range rows {
					fmt.Fprintf(&page, "row %d\n", i+1)
					for j, cell := range row {
						line := fmt.Sprintf("  %-16s %s", header[j], cell)
						page.WriteString(strings.TrimRight(line, " ") + "\n")
					}
				}
				golden.Require(t, writer+".cells", page.Bytes())
			})
		}
	}
}

// withoutText are columns of types that no text is agreed for.
var withoutText = []string{"span", "half", "fixed", "bytes"}

// A column of such a type is in nobody's way until somebody wants it.
func TestATypeWithoutTextRefusesOnlyWhoWantsIt(t *testing.T) {
	t.Parallel()
	for column, name := range map[string]string{
		"span": "duckdb-v1", "bytes": "duckdb-v1", "half": "arrow-plain", "fixed": "arrow-plain",
	} {
		file, err := os.ReadFile(filepath.Join("testdata", name+".parquet"))
		require.NoError(t, err)

		_, _, err = readAll(file, func(one string) bool { return one == column })

		code, _ := fault.CodeOf(err)
		require.Contains(t, []fault.Code{fault.Parquet, fault.Encoding}, code, column)
	}
}
