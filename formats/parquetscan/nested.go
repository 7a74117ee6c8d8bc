package parquetscan

import (
	"bytes"
	"slices"

	"github.com/parquet-go/parquet-go/format"

	"magam/domain/charge"
	"magam/domain/fault"
)

// entriesMax bounds what one cell may hold of maps and lists.
const entriesMax = 200_000

// entry is one value of a leaf inside of a map or list: whether it is there,
// of which element it is one more, and where its JSON ends.
type entry struct {
	repetition uint8
	definition uint8
	end        int
}

// strand is the entries that one row has of a leaf.
type strand struct {
	leaf    *leaf
	entries []entry
	text    []byte
	at      int   // of the entry that is assembled next
	ahead   int16 // repetition level of the value after the row, -1 where not read
}

// assembly puts the strands of a map or list together again as one JSON text.
type assembly struct {
	root    *node
	pairs   []pair
	scratch []byte
}

// pair is where a map's entry lies in the text that is being written.
type pair struct{ key, colon, end int }

func newAssembly(root *node) *assembly {
	for _, one := range root.leaves {
		one.json = true
		one.strand = &strand{leaf: one, ahead: -1}
	}
	return &assembly{root: root}
}

// append writes the current row's map or list. One that is null is an empty
// cell; one without entries is {} or [].
func (a *assembly) append(dst []byte) ([]byte, error) {
	for _, one := range a.root.leaves {
		if err := one.strand.readRow(); err != nil {
			return dst, err
		}
	}
	start := len(dst)
	dst, err := a.write(dst, a.root)
	if err != nil {
		return dst, err
	}
	for _, one := range a.root.leaves {
		if strand := one.strand; strand.at != len(strand.entries) {
			return dst, damaged("the values of a list do not fit together")
		}
	}
	if string(dst[start:]) == "null" {
		dst = dst[:start]
	}
	return dst, nil
}

// readRow gathers what a leaf has of one row: a first value, and those that are
// more of the same row.
func (s *strand) readRow() error {
	s.entries, s.text, s.at = s.entries[:0], s.text[:0], 0
	for {
		if s.ahead < 0 {
			more, err := s.leaf.ready()
			if err != nil {
				return err
			}
			if !more {
				break
			}
			level, err := s.leaf.repetitions.next()
			if err != nil {
				return err
			}
			if level > uint32(s.leaf.repeats) {
				return damaged("a list is nested deeper than the schema says")
			}
			s.ahead = int16(level)
		}
		if s.ahead == 0 && len(s.entries) > 0 {
			break
		}
		if s.ahead > 0 && len(s.entries) == 0 {
			return damaged("a row begins in the midst of a list")
		}
		if err := s.take(); err != nil {
			return err
		}
	}
	if len(s.entries) == 0 {
		return damaged("the column ends before its row group")
	}
	return nil
}

func (s *strand) take() error {
	if len(s.entries) == entriesMax {
		return &problem{code: fault.RowTooLarge, what: "the cell holds more than 200,000 values"}
	}
	s.leaf.left--
	definition, err := s.leaf.definitions.next()
	if err != nil {
		return err
	}
	if definition > uint32(s.leaf.definition) {
		return damaged("a value is deeper than the schema says")
	}
	if uint8(definition) == s.leaf.definition {
		if s.text, err = s.leaf.appendValue(s.text); err != nil {
			return err
		}
		if len(s.text) > fieldBytesMax {
			return &problem{code: fault.RowTooLarge, what: "the cell is longer than 1 MB"}
		}
	}
	s.entries = append(s.entries, entry{uint8(s.ahead), uint8(definition), len(s.text)})
	s.ahead = -1
	return nil
}

// write writes a node with all that it holds.
func (a *assembly) write(dst []byte, n *node) ([]byte, error) {
	if n.repetition == format.Repeated {
		return a.writeList(dst, n, n)
	}
	return a.writeOne(dst, n)
}

// writeOne writes one occurrence of a node.
func (a *assembly) writeOne(dst []byte, n *node) ([]byte, error) {
	if len(n.leaves) == 0 {
		return append(dst, "null"...), nil
	}
	here, err := a.peek(n)
	if err != nil {
		return dst, err
	}
	if here.definition < n.definition {
		return append(dst, "null"...), a.pass(n)
	}
	switch {
	case n.element.Type.Valid:
		return n.leaves[0].strand.write(dst), nil
	case n.isMap():
		return a.writeMap(dst, n)
	case n.isList():
		return a.writeList(dst, n.children[0], n.elementOf())
	default:
		return a.writeStruct(dst, n)
	}
}

// writeStruct writes the members that are not null.
func (a *assembly) writeStruct(dst []byte, n *node) ([]byte, error) {
	dst = append(dst, '{')
	opened := len(dst)
	for _, child := range n.sorted {
		before := len(dst)
		if before > opened {
			dst = append(dst, ',')
		}
		dst = append(charge.AppendTagText(dst, []byte(child.name)), ':')
		from := len(dst)
		var err error
		if dst, err = a.write(dst, child); err != nil {
			return dst, err
		}
		if string(dst[from:]) == "null" {
			dst = dst[:before]
		}
	}
	return append(dst, '}'), nil
}

// writeList writes what repeats of a node: the node itself, or the one that it wraps.
func (a *assembly) writeList(dst []byte, repeated, element *node) ([]byte, error) {
	dst = append(dst, '[')
	err := a.each(repeated, func(first bool) error {
		if !first {
			dst = append(dst, ',')
		}
		var err error
		dst, err = a.writeOne(dst, element)
		return err
	})
	return append(dst, ']'), err
}

// writeMap writes entries sorted by key. Of a key that is there twice, the last
// one counts.
func (a *assembly) writeMap(dst []byte, n *node) ([]byte, error) {
	base, start := len(a.pairs), len(dst)
	entries := n.children[0]
	err := a.each(entries, func(bool) error {
		one := pair{key: len(dst)}
		var err error
		if dst, err = a.writeKey(dst, entries.children[0]); err != nil {
			return err
		}
		one.colon = len(dst)
		dst = append(dst, ':')
		if len(entries.children) == 2 {
			dst, err = a.write(dst, entries.children[1])
		} else {
			dst = append(dst, "null"...)
		}
		one.end = len(dst)
		a.pairs = append(a.pairs, one)
		return err
	})
	if err != nil {
		return dst, err
	}
	pairs := a.pairs[base:]
	slices.SortStableFunc(pairs, func(x, y pair) int {
		return bytes.Compare(dst[x.key:x.colon], dst[y.key:y.colon])
	})
	a.scratch = append(a.scratch[:0], '{')
	for i, one := range pairs {
		if i+1 < len(pairs) && bytes.Equal(dst[one.key:one.colon], dst[pairs[i+1].key:pairs[i+1].colon]) {
			continue
		}
		if len(a.scratch) > 1 {
			a.scratch = append(a.scratch, ',')
		}
		a.scratch = append(a.scratch, dst[one.key:one.end]...)
	}
	a.scratch = append(a.scratch, '}')
	a.pairs = a.pairs[:base]
	return append(dst[:start], a.scratch...), nil
}

// writeKey writes a map's key, which JSON wants as a string.
func (a *assembly) writeKey(dst []byte, key *node) ([]byte, error) {
	start := len(dst)
	dst, err := a.write(dst, key)
	if err != nil || dst[start] == '"' {
		return dst, err
	}
	text := bytes.Clone(dst[start:])
	return charge.AppendTagText(dst[:start], text), nil
}

// each visits every occurrence of a repeated node within the one above it.
func (a *assembly) each(repeated *node, visit func(first bool) error) error {
	if len(repeated.leaves) == 0 {
		return nil
	}
	here, err := a.peek(repeated)
	if err != nil {
		return err
	}
	if here.definition < repeated.definition {
		return a.pass(repeated)
	}
	for first := true; ; first = false {
		before := repeated.leaves[0].strand.at
		if err := visit(first); err != nil {
			return err
		}
		strand := repeated.leaves[0].strand
		if strand.at == before {
			return damaged("the values of a list do not fit together")
		}
		if strand.at == len(strand.entries) || strand.entries[strand.at].repetition != repeated.repeats {
			return nil
		}
	}
}

// peek is the entry that tells whether a node is there: that of any leaf below it.
func (a *assembly) peek(n *node) (entry, error) {
	strand := n.leaves[0].strand
	if strand.at == len(strand.entries) {
		return entry{}, damaged("the values of a list do not fit together")
	}
	return strand.entries[strand.at], nil
}

// pass steps over a node that is not there: each leaf has one entry that says so.
func (a *assembly) pass(n *node) error {
	for _, one := range n.leaves {
		strand := one.strand
		if strand.at == len(strand.entries) {
			return damaged("the values of a list do not fit together")
		}
		strand.at++
	}
	return nil
}

func (s *strand) write(dst []byte) []byte {
	start := 0
	if s.at > 0 {
		start = s.entries[s.at-1].end
	}
	s.at++
	return append(dst, s.text[start:s.entries[s.at-1].end]...)
}
