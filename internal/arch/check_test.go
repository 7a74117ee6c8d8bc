package arch_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

const linesMax = 400

// check reads every source below a folder in this process, so that no cached
// answer stands in for the sources as they are, and gives every break of the
// walls in words.
func check(sources fs.FS) ([]string, error) {
	var breaks []string
	top, err := fs.ReadDir(sources, ".")
	if err != nil {
		return nil, err
	}
	for _, entry := range top {
		if entry.IsDir() && !slices.Contains(topLevel, entry.Name()) {
			breaks = append(breaks,
				entry.Name()+": a new top-level folder is a decision: tree, this test, one paragraph")
		}
	}
	err = fs.WalkDir(sources, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && passedOver(name):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		found, err := checkFile(sources, name)
		breaks = append(breaks, found...)
		return err
	})
	return breaks, err
}

// passedOver are folders without sources of ours.
func passedOver(folder string) bool {
	base := path.Base(folder)
	return base == "testdata" || base == "bin" || base == "demo" ||
		(len(base) > 1 && strings.HasPrefix(base, "."))
}

func checkFile(sources fs.FS, name string) ([]string, error) {
	text, err := fs.ReadFile(sources, name)
	if err != nil {
		return nil, err
	}
	here, known := roomOf(path.Dir(name))
	if !known {
		return []string{
			name + ": no room is called " + path.Dir(
				name,
			) + "; a new one is a decision: tree, this test, one paragraph",
		}, nil
	}
	var breaks []string
	if lines := bytes.Count(text, []byte("\n")); lines > linesMax {
		breaks = append(breaks,
			fmt.Sprintf("%s: %d lines, at most %d: it tells two stories", name, lines, linesMax))
	}
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	test := strings.HasSuffix(name, "_test.go")
	if !test { // a test may look through any wall
		breaks = append(breaks, checkImports(name, parsed, here)...)
	}
	ast.Inspect(parsed, func(node ast.Node) bool {
		what := forbidden(node, here, test)
		if what != "" {
			breaks = append(breaks, fmt.Sprintf("%s: %s", files.Position(node.Pos()), what))
		}
		return true
	})
	return breaks, nil
}

func roomOf(folder string) (room, bool) {
	for _, candidate := range rooms() {
		for _, pattern := range candidate.folders {
			tree, whole := strings.CutSuffix(pattern, "/...")
			if folder == pattern || whole && within(folder, tree) {
				return candidate, true
			}
		}
	}
	return room{}, false
}

func checkImports(name string, parsed *ast.File, here room) []string {
	var breaks []string
	for _, spec := range parsed.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value) // the parser has unquoted it before
		if !here.allows(imported) {
			breaks = append(breaks, fmt.Sprintf("%s: must not import %s", name, imported))
		}
	}
	return breaks
}

func (r room) allows(imported string) bool {
	if slices.Contains(plainText, imported) {
		return true
	}
	if slices.ContainsFunc(r.never, func(closed string) bool { return within(imported, closed) }) {
		return false
	}
	first, _, _ := strings.Cut(imported, "/")
	if first != "magam" && !strings.Contains(first, ".") {
		return true // the standard library
	}
	return slices.ContainsFunc(r.may,
		func(open string) bool { return open == anything || within(imported, open) })
}

// within says whether a path is another or lies below it.
func within(name, tree string) bool { return name == tree || strings.HasPrefix(name, tree+"/") }

var (
	floatNames = []string{"float32", "float64"}
	floatCalls = []string{
		"ParseFloat",
		"NewFromFloat",
		"NewFromFloat32",
		"NewFromFloatWithExponent",
		"InexactFloat64",
	}
	clockCalls = []string{
		"Now",
		"Since",
		"Until",
		"Sleep",
		"After",
		"AfterFunc",
		"Tick",
		"NewTimer",
		"NewTicker",
	}
)

// forbidden says what is wrong with a node in a room, and nothing of most. A
// test may ask the clock; neither it nor anything else may put money in a float.
func forbidden(node ast.Node, here room, test bool) string {
	switch node := node.(type) {
	case *ast.Ident:
		if here.noFloat && slices.Contains(floatNames, node.Name) {
			return node.Name + ": amounts are decimals parsed from text"
		}
	case *ast.BasicLit:
		whole := constant.ToInt(constant.MakeFromLiteral(node.Value, node.Kind, 0)).Kind() == constant.Int
		if here.noFloat && node.Kind == token.FLOAT && !whole { // 1e17 is exact
			return node.Value + " is a binary fraction: write it as text"
		}
	case *ast.SelectorExpr:
		if here.noFloat && slices.Contains(floatCalls, node.Sel.Name) {
			return node.Sel.Name + ": amounts are decimals parsed from text"
		}
		from, named := node.X.(*ast.Ident)
		if here.noClock && !test && named && from.Name == "time" &&
			slices.Contains(clockCalls, node.Sel.Name) {
			return "time." + node.Sel.Name + ": time comes in as an argument"
		}
	}
	return ""
}
