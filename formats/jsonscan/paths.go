package jsonscan

import "magam/formats/table"

// node is a key of an object, in the place where it stands: rows repeat their
// keys in one order, so that the key which follows is nearly always known.
type node struct {
	key      string
	path     string // the keys down to here, with dots between them
	column   int    // in the header, or -1
	seen     int64  // the last row that named it: a second time is refused
	children []*node
	index    map[string]*node // of many children
}

// linearMax is how many children are looked through one by one.
const linearMax = 16

// find looks for a child, first at the place where it is expected.
func (n *node) find(key []byte, expected int) (*node, int) {
	if expected < len(n.children) && n.children[expected].key == string(key) {
		return n.children[expected], expected + 1
	}
	if n.index != nil {
		return n.index[string(key)], expected
	}
	for i, child := range n.children {
		if child.key == string(key) {
			return child, i + 1
		}
	}
	return nil, expected
}

// add makes a child.
func (n *node) add(key []byte, column func(path string) int) *node {
	child := &node{key: string(key), path: string(key)}
	if n.path != "" {
		child.path = n.path + "." + child.key
	}
	child.column = column(child.path)
	n.children = append(n.children, child)
	if n.index != nil {
		n.index[child.key] = child
	} else if len(n.children) > linearMax {
		n.index = make(map[string]*node, 2*len(n.children))
		for _, one := range n.children {
			n.index[one.key] = one
		}
	}
	return child
}

// paths is every path that the file's rows named so far.
type paths struct {
	root   node
	count  int
	leaves table.Header   // of the first row, in its order
	index  map[string]int // the header's columns
}

// column of a path, or -1.
func (p *paths) column(path string) int {
	if at, wanted := p.index[path]; wanted {
		return at
	}
	return -1
}

// want gives the header's columns to the paths known so far.
func (p *paths) want(header table.Header) {
	p.index = make(map[string]int, len(header))
	for i, column := range header {
		p.index[column] = i
	}
	var walk func(n *node)
	walk = func(n *node) {
		for _, child := range n.children {
			child.column = p.column(child.path)
			walk(child)
		}
	}
	walk(&p.root)
}
