package gcp

import (
	"bytes"
	"cmp"
	"slices"

	"magam/domain/charge"
)

// tagCacheMax bounds the cache by entries; exports repeat few tag sets.
const tagCacheMax = 4096

// unparsedTags is the key under which tags that are no records are kept: a
// broken tag must not hold up money.
const unparsedTags = "_unparsed"

// tagCache turns the four columns of tags into canonical JSON, once per spelling.
type tagCache struct {
	canonical map[string][]byte
	spelling  []byte
	literals  literals
}

type tag struct{ key, value string }

// read returns canonical tags; no tags are empty text.
func (c *tagCache) read(cells [4][]byte) []byte {
	c.spelling = c.spelling[:0]
	empty := true
	for _, cell := range cells {
		if len(cell) > 0 && string(cell) != "[]" {
			c.spelling = append(c.spelling, cell...)
			empty = false
		}
		c.spelling = append(c.spelling, 0) // no cell holds NUL
	}
	if empty {
		return nil
	}
	if found, ok := c.canonical[string(c.spelling)]; ok {
		return found
	}
	if c.canonical == nil || len(c.canonical) >= tagCacheMax {
		c.canonical = make(map[string][]byte)
	}
	var tags []tag
	for i, cell := range cells {
		tags = c.collect(tags, tagPrefixes[i], cell)
	}
	made := object(tags)
	c.canonical[string(c.spelling)] = made
	return made
}

// collect reads [{"key": k, "value": v}, …], or {k: v, …} as some tools
// flatten it. A tag of a namespace carries it: two may have one key.
func (c *tagCache) collect(tags []tag, prefix string, cell []byte) []tag {
	if !c.literals.read(cell) {
		return append(tags, tag{prefix + unparsedTags, string(cell)})
	}
	if bytes.HasPrefix(bytes.TrimLeft(cell, " \t"), []byte("{")) {
		for _, m := range c.literals.members {
			tags = append(tags, tag{prefix + string(m.key), string(m.value)})
		}
		return tags
	}
	records := make([]struct{ key, value, namespace string }, c.literals.records)
	for _, m := range c.literals.members {
		switch string(m.key) {
		case "key":
			records[m.record].key = string(m.value)
		case "value":
			records[m.record].value = string(m.value)
		case "namespace":
			records[m.record].namespace = string(m.value) + "/"
		}
	}
	for _, one := range records {
		if one.key != "" {
			tags = append(tags, tag{prefix + one.namespace + one.key, one.value})
		}
	}
	return tags
}

// object writes tags as canonical JSON. Of a key that is there twice the
// smaller value stays, whatever the order of the export.
func object(tags []tag) []byte {
	slices.SortFunc(tags, func(a, b tag) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.value, b.value))
	})
	tags = slices.CompactFunc(tags, func(a, b tag) bool { return a.key == b.key })
	if len(tags) == 0 {
		return nil
	}
	var out []byte
	for i, one := range tags {
		opening := byte(',')
		if i == 0 {
			opening = '{'
		}
		out = append(charge.AppendTagText(append(out, opening), []byte(one.key)), ':')
		out = charge.AppendTagText(out, []byte(one.value))
	}
	return append(out, '}')
}
