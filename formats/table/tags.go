package table

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"magam/domain/charge"
)

// tagCacheMax bounds the cache by entries; exports repeat few tag sets.
const tagCacheMax = 4096

// unparsedTags is the key under which tags that are no JSON object are kept:
// a broken tag must not hold up money.
const unparsedTags = "_unparsed"

// TagCache turns tags as delivered, a JSON object, into canonical JSON, once per
// spelling.
type TagCache struct {
	canonical map[string][]byte
}

// Read returns canonical tags; no tags are empty text.
func (c *TagCache) Read(delivered []byte) []byte {
	if len(delivered) == 0 {
		return nil
	}
	if found, ok := c.canonical[string(delivered)]; ok {
		return found
	}
	if c.canonical == nil || len(c.canonical) >= tagCacheMax {
		c.canonical = make(map[string][]byte)
	}
	tags := canonicalTags(delivered)
	c.canonical[string(delivered)] = tags
	return tags
}

// canonicalTags sorts keys and makes every value a string: numbers and
// booleans as they are spelt, null as empty, anything deeper as its JSON. Azure
// leaves the outer braces away.
func canonicalTags(delivered []byte) []byte {
	tags, err := decodeTags(delivered)
	if err != nil {
		tags, err = decodeTags(slices.Concat([]byte("{"), delivered, []byte("}")))
	}
	if err != nil {
		tags = map[string]json.RawMessage{}
		return object(tags, map[string][]byte{unparsedTags: delivered})
	}
	return object(tags, nil)
}

func decodeTags(text []byte) (map[string]json.RawMessage, error) {
	var tags map[string]json.RawMessage
	err := json.Unmarshal(text, &tags)
	return tags, err
}

func object(tags map[string]json.RawMessage, plain map[string][]byte) []byte {
	values := plain
	if values == nil {
		values = make(map[string][]byte, len(tags))
	}
	for key, value := range tags {
		values[key] = tagValue(value)
	}
	if len(values) == 0 {
		return nil
	}
	var out []byte
	for _, key := range slices.Sorted(maps.Keys(values)) {
		opening := byte(',')
		if len(out) == 0 {
			opening = '{'
		}
		out = append(charge.AppendTagText(append(out, opening), []byte(key)), ':')
		out = charge.AppendTagText(out, values[key])
	}
	return append(out, '}')
}

func tagValue(value json.RawMessage) []byte {
	var text string
	if err := json.Unmarshal(value, &text); err == nil {
		return []byte(text)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, value); err != nil {
		return value
	}
	return compact.Bytes()
}
