// Package arch_test holds the walls of the house: which room may import what.
//
// It has no code of its own. docs/ARCHITECTURE.md says why the walls stand.
package arch_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestTheWallsHold(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(root, "go.mod"))

	breaks, err := check(os.DirFS(root))

	require.NoError(t, err)
	require.Empty(t, breaks, "\n"+strings.Join(breaks, "\n"))
}

// The walls are no use if nothing is ever caught: each break is planted once.
func TestAPlantedBreakIsCaught(t *testing.T) {
	t.Parallel()

	tests := map[string]struct{ file, source, want string }{
		"arithmetic that opens files": {
			"domain/money/m.go", `import "os"`, "must not import os",
		},
		"arithmetic that reads streams": {
			"domain/money/m.go", `import "io/fs"`, "must not import io/fs",
		},
		"arithmetic that asks the clock": {
			"domain/money/m.go",
			"import \"time\"\nvar now = time.Now()",
			"time.Now: time comes in as an argument",
		},
		"a lower storey that calls a higher one": {
			"domain/charge/c.go", `import "magam/domain/invoice"`, "must not import magam/domain/invoice",
		},
		"rooms of one storey that call each other": {
			"domain/credit/c.go", `import "magam/domain/tax"`, "must not import magam/domain/tax",
		},
		"master data that knows documents": {
			"domain/master/m.go", `import "magam/domain/invoice"`, "must not import magam/domain/invoice",
		},
		"one provider's format in another": {
			"formats/focus/f.go", `import "magam/formats/awscur"`, "must not import magam/formats/awscur",
		},
		"a format that stores": {"formats/focus/f.go", `import "magam/db"`, "must not import magam/db"},
		"a template that asks the network": {
			"templates/pdf/p.go", `import "net/http"`, "must not import net/http",
		},
		"a hand that holds its own door": {
			"activities/a.go",
			`import "github.com/jackc/pgx/v5/pgxpool"`,
			"must not import github.com/jackc/pgx/v5/pgxpool",
		},
		"a judgement with a context of its own": {
			"workflows/w.go",
			`import "context"`,
			"must not import context",
		},
		"a judgement that reads the books": {
			"workflows/w.go",
			`import "magam/db"`,
			"must not import magam/db",
		},
		"a check that shares what it checks": {
			"internal/audit/a.go", `import "magam/domain/money"`, "must not import magam/domain/money",
		},
		"an amount in a float": {"db/d.go", "var amount float64", "float64: amounts are decimals"},
		"an amount in a test's float": {
			"db/d_test.go",
			"var amount float64",
			"float64: amounts are decimals",
		},
		"a fraction in the source": {"activities/a.go", "const rate = 0.1", "0.1 is a binary fraction"},
		"a float parsed from text": {
			"formats/focus/f.go",
			"import \"strconv\"\nvar parse = strconv.ParseFloat",
			"ParseFloat: amounts are decimals",
		},
		"a folder that nobody decided on": {"utils/u.go", "", "utils: a new top-level folder is a decision"},
		"a room that nobody decided on":   {"domain/misc/m.go", "", "no room is called domain/misc"},
		"a file of two stories":           {"db/d.go", strings.Repeat("\n", linesMax), "lines, at most 400"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			breaks, err := check(fstest.MapFS{tt.file: {Data: []byte("package p\n" + tt.source + "\n")}})

			require.NoError(t, err)
			require.Contains(t, strings.Join(breaks, "\n"), tt.want)
		})
	}
}

func TestWhatTheHouseAllowsIsNotCaught(t *testing.T) {
	t.Parallel()

	tests := map[string]struct{ file, source string }{
		"arithmetic on decimals": {
			"domain/tax/t.go",
			"import (\n\"fmt\"\n\"magam/domain/money\"\n\"github.com/shopspring/decimal\"\n)",
		},
		"a test that asks the clock": {
			"domain/money/m_test.go",
			"import \"time\"\nvar now = time.Now()",
		},
		"the worker that marries all": {
			"worker/main.go",
			"import (\n\"magam/db\"\n\"magam/internal/mail\"\n)",
		},
		"a hand that reads a format":        {"activities/a.go", `import "magam/formats/focus"`},
		"a package named like a closed one": {"domain/money/m.go", `import "iter"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			breaks, err := check(fstest.MapFS{tt.file: {Data: []byte("package p\n" + tt.source + "\n")}})

			require.NoError(t, err)
			require.Empty(t, breaks)
		})
	}
}
