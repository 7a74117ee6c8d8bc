package parquetscan

import (
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"

	"magam/domain/fault"
)

// node is one element of the schema's tree. Its levels count the optional and
// repeated elements from the root down to itself: that many definition levels
// say that it is there, that many repetition levels that it is one more of the same.
type node struct {
	name       string
	element    *format.SchemaElement
	repetition format.FieldRepetitionType
	definition uint8
	repeats    uint8
	children   []*node
	sorted     []*node // children by name, so that a schema's order never changes a text
	leaves     []*leaf // below it; itself where it is one
}

// column is one column of the header: a leaf outside of any list, or a whole
// map or list, which is one cell of JSON.
type column struct {
	name   string
	leaves []*leaf
	nested *assembly // nil for a leaf
}

// append writes the current row's cell.
func (c *column) append(dst []byte) ([]byte, error) {
	if c.nested == nil {
		return c.leaves[0].appendFlat(dst)
	}
	return c.nested.append(dst)
}

// readSchema builds the tree out of its elements, parents before children.
func readSchema(meta *format.FileMetaData) (*node, []*leaf, error) {
	if len(meta.Schema) == 0 || meta.Schema[0].Type.Valid {
		return nil, nil, damaged("the schema has no root")
	}
	b := schemaBuilder{elements: meta.Schema}
	root, err := b.build(&node{}, 0)
	if err != nil {
		return nil, nil, err
	}
	if b.at != len(b.elements) {
		return nil, nil, damaged("the schema has elements that belong nowhere")
	}
	return root, b.leaves, nil
}

type schemaBuilder struct {
	elements []format.SchemaElement
	at       int
	leaves   []*leaf
}

func (b *schemaBuilder) build(parent *node, depth int) (*node, error) {
	if b.at == len(b.elements) || depth > depthMax {
		return nil, damaged("the schema has fewer elements than it claims, or is nested too deep")
	}
	element := &b.elements[b.at]
	b.at++
	n := &node{
		name: element.Name, element: element, definition: parent.definition, repeats: parent.repeats,
	}
	if depth > 0 && element.RepetitionType.Valid {
		n.repetition = element.RepetitionType.V
	}
	switch n.repetition {
	case format.Required:
	case format.Optional:
		n.definition++
	case format.Repeated:
		n.definition++
		n.repeats++
	default:
		return nil, damaged("the schema's element %q repeats in an unknown way", n.name)
	}
	if element.Type.Valid {
		return n, b.addLeaf(n)
	}
	for range max(element.NumChildren.V, 0) {
		child, err := b.build(n, depth+1)
		if err != nil {
			return nil, err
		}
		n.children = append(n.children, child)
		n.leaves = append(n.leaves, child.leaves...)
	}
	n.sorted = slices.Clone(n.children)
	slices.SortStableFunc(n.sorted, func(a, b *node) int { return strings.Compare(a.name, b.name) })
	return n, nil
}

func (b *schemaBuilder) addLeaf(n *node) error {
	if len(b.leaves) == columnsMax {
		return &problem{code: fault.RowTooLarge, what: "the file has more than 2,000 columns"}
	}
	one := &leaf{index: len(b.leaves), definition: n.definition, repeats: n.repeats}
	if err := one.setType(n.element); err != nil {
		return err
	}
	n.leaves = []*leaf{one}
	b.leaves = append(b.leaves, one)
	return nil
}

// flatten lists the columns of a group. What is inside of a struct stands
// under its dotted name.
func flatten(columns []column, prefix string, group *node) []column {
	for _, n := range group.children {
		name := prefix + n.name
		switch {
		case len(n.leaves) == 0: // an empty group holds nothing
		case n.repetition == format.Repeated || n.isMap() || n.isList():
			columns = append(columns, column{name: name, leaves: n.leaves, nested: newAssembly(n)})
		case n.element.Type.Valid:
			columns = append(columns, column{name: name, leaves: n.leaves})
		default:
			columns = flatten(columns, name+".", n)
		}
	}
	return columns
}

func (n *node) isMap() bool {
	_, logical := n.element.LogicalType.Value.(*format.MapType)
	converted := n.element.ConvertedType
	return !n.element.Type.Valid && len(n.children) == 1 && n.children[0].repetition == format.Repeated &&
		len(n.children[0].children) > 0 && len(n.children[0].children) <= 2 &&
		(logical || converted.Valid && (converted.V == deprecated.Map || converted.V == deprecated.MapKeyValue))
}

func (n *node) isList() bool {
	_, logical := n.element.LogicalType.Value.(*format.ListType)
	converted := n.element.ConvertedType
	return !n.element.Type.Valid && len(n.children) == 1 && n.children[0].repetition == format.Repeated &&
		(logical || converted.Valid && converted.V == deprecated.List)
}

// elementOf is what a list holds. The repeated element is only a wrapper,
// unless it is of the old kinds that the specification names.
func (n *node) elementOf() *node {
	repeated := n.children[0]
	if len(repeated.children) != 1 || repeated.name == "array" || repeated.name == n.name+"_tuple" {
		return repeated
	}
	return repeated.children[0]
}
