package arch_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/fault"
)

// Who reads a code in the middle of the night finds it explained, under its class.
func TestEveryFaultHasItsPlaceInThePlaybook(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "playbooks", "errors.md"))
	require.NoError(t, err)
	sections := map[string]string{}
	for _, section := range strings.Split(string(text), "\n## ")[1:] {
		class, rows, _ := strings.Cut(section, "\n")
		sections[class] = rows
	}

	codes := faultCodes(t)

	require.NotEmpty(t, codes)
	for _, code := range codes {
		class := string(fault.Code(code).Class())
		require.Contains(t, sections[class], "| `"+code+"` |", "docs/playbooks/errors.md, class %s", class)
	}
	require.Equal(t, len(codes), strings.Count(string(text), "\n| `"), "no row speaks of a code that is gone")
}

// faultCodes are the constants of type Code, as the source declares them.
func faultCodes(t *testing.T) []string {
	t.Helper()
	path := filepath.Join("..", "..", "domain", "fault", "fault.go")
	parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	require.NoError(t, err)
	var codes []string
	ast.Inspect(parsed, func(node ast.Node) bool {
		spec, isValue := node.(*ast.ValueSpec)
		if !isValue || len(spec.Values) != 1 {
			return true
		}
		declared, isNamed := spec.Type.(*ast.Ident)
		literal, isLiteral := spec.Values[0].(*ast.BasicLit)
		if !isNamed || !isLiteral || declared.Name != "Code" {
			return true
		}
		code, err := strconv.Unquote(literal.Value)
		require.NoError(t, err)
		codes = append(codes, code)
		return true
	})
	return codes
}
