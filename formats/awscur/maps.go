package awscur

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"magam/domain/charge"
	"magam/domain/money"
	"magam/formats/table"
)

// mapColumns are the columns of CUR 2.0 that hold a JSON object in each cell;
// -1 where the export has no such column.
type mapColumns struct {
	tags, category, allTags int // allTags holds what the two others do, and account tags
	product                 int
	discount, totalDiscount int
}

func mapsOf(header table.Header) mapColumns {
	at := header.Index
	found := mapColumns{
		tags: at("resource_tags"), category: at("cost_category"), allTags: at("tags"), product: at("product"),
		discount: at("discount"), totalDiscount: -1,
	}
	if RecognizeExport(header) { // a legacy report has this column beside discount lines
		found.totalDiscount = at("discount_total_discount")
	}
	return found
}

// isFilled says whether the cell of a map holds anything.
func isFilled(cell []byte) bool { return len(cell) > 0 && string(cell) != "{}" }

// cacheBytesMax bounds what a cache of decoded cells holds of them. Exports repeat
// few cells; a hostile one is decoded again and again.
const cacheBytesMax = 4 << 20

// cache keeps what cells were decoded to, by their text.
type cache[V any] struct {
	decode func(text []byte) V
	known  map[string]V
	bytes  int
}

func (c *cache[V]) read(text []byte) V {
	if found, known := c.known[string(text)]; known {
		return found
	}
	if c.bytes += len(text); c.known == nil || c.bytes > cacheBytesMax {
		c.known, c.bytes = map[string]V{}, len(text)
	}
	value := c.decode(text)
	c.known[string(text)] = value
	return value
}

// unparsedTags is the key under which tags that are no JSON object are kept: a
// broken tag must not hold up money.
const unparsedTags = "_unparsed"

// mapSeparator stands between the cells of two maps that are read as one; no
// JSON text and no file holds it.
const mapSeparator = 0

// decodeTags makes canonical JSON of the cells of resource_tags, cost_category and
// tags, one after the other.
func decodeTags(cells []byte) []byte {
	values := map[string][]byte{}
	for i, cell := range bytes.Split(cells, []byte{mapSeparator}) {
		if len(cell) == 0 {
			continue
		}
		var object map[string]json.RawMessage
		if err := json.Unmarshal(cell, &object); err != nil {
			values[unparsedTags] = cell
			continue
		}
		for key, raw := range object {
			if value := mapText(raw); len(value) > 0 {
				values[string(withoutNUL(mapTagKey(i, key)))] = value
			}
		}
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

// mapTagKey is the key of a tag as the legacy report would spell it, by the map
// that it stands in: resource_tags, cost_category, tags.
func mapTagKey(which int, key string) string {
	switch which {
	case 0:
		return tagKey(key)
	case 1:
		return "costCategory/" + key
	default:
		return strings.TrimPrefix(key, "resourceTags/")
	}
}

// mapText is a value of a map: text as it is, null as nothing, anything else as
// its JSON.
func mapText(raw json.RawMessage) []byte {
	var text *string
	if err := json.Unmarshal(raw, &text); err == nil {
		if text == nil {
			return nil
		}
		return withoutNUL(*text)
	}
	return raw
}

// withoutNUL takes out what JSON can spell and no database text can hold.
func withoutNUL(text string) []byte {
	return []byte(strings.ReplaceAll(text, "\x00", "\uFFFD"))
}

// product is what the product map tells where the export has no column for it.
type product struct {
	name, region, sku []byte
}

func decodeProduct(cell []byte) product {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(cell, &object); err != nil {
		return product{} // names only: nothing is billed by them
	}
	first := func(keys ...string) []byte {
		for _, key := range keys {
			if value := mapText(object[key]); len(value) > 0 {
				return value
			}
		}
		return nil
	}
	return product{
		name: first("product_name", "servicename"), region: first("region", "region_code"), sku: first("sku"),
	}
}

// discount is what a discount map takes off a row.
type discount struct {
	total   []byte // empty for none
	partner bool   // part of it is the reseller's own margin
	bad     bool   // some value is no amount, or it is no map
}

// decodeDiscount adds a map up. What it holds beside amounts, such as the name of
// an agreement, is text without a digit in front and counts for nothing; the
// total among the parts would count them twice.
func decodeDiscount(cell []byte) discount {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(cell, &object); err != nil {
		return discount{bad: true}
	}
	var (
		found discount
		sum   money.Tally
	)
	for key, raw := range object {
		text := mapText(raw)
		if len(text) == 0 || strings.Contains(key, "total") || isName(raw) {
			continue
		}
		if money.CheckSource(text) != nil || sum.Add(text) != nil {
			return discount{bad: true}
		}
		found.partner = found.partner || isPartner(key) && !isZero(text)
	}
	found.total = []byte(money.Text(sum.Total()))
	return found
}

func isName(raw json.RawMessage) bool {
	return len(raw) > 1 && raw[0] == '"' && raw[1] != '-' && (raw[1] < '0' || raw[1] > '9')
}

// isPartner tells the discount of AWS's Solution Provider Program, which is the
// reseller's margin.
func isPartner(key string) bool {
	return strings.HasPrefix(strings.ReplaceAll(strings.ToLower(key), "_", ""), "spp")
}
