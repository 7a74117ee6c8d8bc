package jsonscan

import (
	"magam/domain/fault"
	"magam/formats/table"
)

// broken is what is wrong with a line, and at which byte of it.
type broken struct {
	code fault.Code
	what string
	at   int
}

// cell is where a column's text lies, if the row names the column.
type cell struct {
	row        int64
	start, end int
}

// parser reads one object at a time into cells.
type parser struct {
	paths
	cells []cell
	rows  int64  // read so far: stamps what a row named
	text  []byte // of all cells, in the order in which the row names them
	key   []byte // unescaped

	in  []byte // the line
	at  int    // in it
	bad *broken
}

// want makes room for the header's cells.
func (p *parser) want(header table.Header) {
	p.paths.want(header)
	p.cells = make([]cell, len(header))
}

func (p *parser) parse(line []byte) *broken {
	p.in, p.at, p.bad = line, 0, nil
	p.text = p.text[:0]
	p.rows++
	p.blank()
	if p.peek() != '{' {
		return &broken{fault.Schema, "the line is no JSON object", p.at}
	}
	p.object(&p.root, 1)
	if p.blank(); p.bad == nil && p.at < len(line) {
		p.fail(fault.Schema, "text follows the object")
	}
	return p.bad
}

// fail keeps the first thing that is wrong and ends every loop.
func (p *parser) fail(code fault.Code, what string) bool {
	if p.bad == nil {
		p.bad = &broken{code, what, p.at}
	}
	return false
}

func (p *parser) blank() {
	for p.at < len(p.in) && (p.in[p.at] == ' ' || p.in[p.at] == '\t') {
		p.at++
	}
}

// peek is the next byte, or 0 at the end: a line holds no NUL.
func (p *parser) peek() byte {
	if p.at < len(p.in) {
		return p.in[p.at]
	}
	return 0
}

// object reads an object whose members are columns or objects of columns.
func (p *parser) object(n *node, depth int) bool {
	if depth > depthMax {
		return p.fail(fault.RowTooLarge, "objects are nested deeper than 64 levels")
	}
	p.at++
	expected := 0
	for first := true; ; first = false {
		more, ok := p.member(first)
		if !ok || !more {
			return ok
		}
		var child *node
		child, expected = n.find(p.key, expected)
		if child == nil {
			if p.count++; p.count > columnsMax {
				return p.fail(fault.RowTooLarge, "the file has more than 2,000 columns")
			}
			child = n.add(p.key, p.column)
		}
		if child.seen == p.rows {
			return p.fail(fault.Schema, "the object names a key twice")
		}
		child.seen = p.rows
		if !p.value(child, depth) {
			return false
		}
	}
}

// member reads up to a member's value, its key into p.key, or to the object's end.
func (p *parser) member(first bool) (more, ok bool) {
	p.blank()
	if p.peek() == '}' {
		p.at++
		return false, true
	}
	if !first {
		if p.peek() != ',' {
			return false, p.fail(fault.Schema, "the object is cut off, or a comma is missing")
		}
		p.at++
		p.blank()
	}
	if p.peek() != '"' {
		return false, p.fail(fault.Schema, "the object is cut off, or a key is missing")
	}
	if p.key, ok = p.unquote(p.key[:0]); !ok {
		return false, false
	}
	p.blank()
	if p.peek() != ':' {
		return false, p.fail(fault.Schema, "a key has no value")
	}
	p.at++
	p.blank()
	return true, true
}

// value reads what a key of the tree holds: into its column's cell, into the
// columns below it, or nowhere.
func (p *parser) value(n *node, depth int) bool {
	if p.peek() == '{' && n.column < 0 {
		return p.object(n, depth+1)
	}
	if p.rows == 1 {
		p.leaves = append(p.leaves, n.path)
	}
	start := len(p.text)
	var ok bool
	switch p.peek() {
	case '"':
		p.text, ok = p.unquote(p.text)
	case 'n':
		ok = p.word("null")
	case '{', '[':
		p.text, ok = p.compact(p.text, depth+1)
	default:
		p.text, ok = p.scalar(p.text)
	}
	switch {
	case !ok:
		return false
	case len(p.text)-start > fieldBytesMax:
		return p.fail(fault.RowTooLarge, "a value is longer than 1 MB")
	case n.column < 0 || n.column >= len(p.cells):
		p.text = p.text[:start]
		return true
	}
	at := &p.cells[n.column]
	if at.row == p.rows {
		return p.fail(fault.Schema, "the row names a column twice, nested and with a dot")
	}
	*at = cell{p.rows, start, len(p.text)}
	return true
}
