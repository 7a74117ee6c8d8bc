package sample

import (
	"encoding/json"
	"slices"
	"strings"
)

// The formats in which the first payer's month can be written: the same rows, in
// other columns and other files.
const (
	FormatCUR         = "cur" // CSV, gzip
	FormatCURZip      = "cur-zip"
	FormatCURParquet  = "cur-parquet"
	FormatCUR2        = "cur2" // CSV, gzip
	FormatCUR2Parquet = "cur2-parquet"
)

// Formats is all of them, the default first.
var Formats = []string{FormatCUR, FormatCURZip, FormatCURParquet, FormatCUR2, FormatCUR2Parquet}

// packing is how the parts of an export are packed.
type packing string

const (
	packedGZIP    packing = "GZIP"
	packedZIP     packing = "ZIP"
	packedParquet packing = "Parquet"
)

// ending is how the parts' names end.
func (p packing) ending() string {
	return map[packing]string{
		packedGZIP: ".csv.gz", packedZIP: ".csv.zip", packedParquet: ".snappy.parquet",
	}[p]
}

// shape is how the rows of an export stand in its files.
type shape struct {
	format  string // in the sheet of sources
	export  bool   // delivered by Data Exports, with their manifest
	packing packing
	columns []shapeColumn
}

// shapeColumn is a column of a file: one of the layout's, or several as a map.
type shapeColumn struct {
	name   string
	source string   // column of the layout; of the first, where the cell is a map
	of     []string // columns of the layout that are the map's entries
	keys   []string // their keys in the map
}

// shapeOf finds how a format's files look.
func shapeOf(format string) shape {
	packed := packedGZIP
	switch format {
	case FormatCURZip:
		packed = packedZIP
	case FormatCURParquet, FormatCUR2Parquet:
		packed = packedParquet
	}
	switch {
	case strings.HasPrefix(format, FormatCUR2):
		return shape{FormatCUR2, true, packed, cur2Columns()}
	case packed == packedParquet:
		return shape{FormatCUR, false, packed, plainColumns(curColumns, snake)}
	default:
		return shape{FormatCUR, false, packed, plainColumns(curColumns, nil)}
	}
}

// focusShape is how the second payer's export looks.
func focusShape() shape { return shape{"focus", true, packedGZIP, plainColumns(focusColumns, nil)} }

func plainColumns(of *layout, name func(string) string) []shapeColumn {
	columns := make([]shapeColumn, len(of.columns))
	for i, column := range of.columns {
		columns[i] = shapeColumn{name: column, source: column}
		if name != nil {
			columns[i].name = name(column)
		}
	}
	return columns
}

// productColumns are those of product/ that CUR 2.0 keeps as columns.
var productColumns = strings.Fields(`
product_from_location product_from_region_code product_instance_family product_instance_type product_location
product_location_type product_operation product_product_family product_region_code product_servicecode product_sku
product_to_location product_to_region_code product_usagetype`)

// cur2Columns are those of the legacy report, its tags and most of what describes
// the product folded into maps. Discounts are lines, so their columns are not there.
func cur2Columns() []shapeColumn {
	var columns []shapeColumn
	product, tags := shapeColumn{name: "product"}, shapeColumn{name: "resource_tags"}
	for _, column := range curColumns.columns {
		category, name, _ := strings.Cut(column, "/")
		switch {
		case category == "discount":
		case category == "resourceTags":
			giver, key, _ := strings.Cut(name, ":")
			tags.of, tags.keys = append(tags.of, column), append(tags.keys, giver+"_"+key)
		case category == "product" && !slices.Contains(productColumns, snake(column)):
			product.of = append(product.of, column)
			product.keys = append(product.keys, strings.TrimPrefix(snake("/"+name), "_"))
		default:
			columns = append(columns, shapeColumn{name: snake(column), source: column})
		}
	}
	return append(columns, product, tags, shapeColumn{name: "cost_category"})
}

func (c shapeColumn) isMap() bool { return c.source == "" }

// snake spells a legacy name as parquet files and CUR 2.0 do; what is neither
// letter nor digit becomes a line.
func snake(column string) string {
	spelt := make([]byte, 0, len(column)+8)
	inWord := false
	for _, letter := range column {
		switch {
		case letter >= 'A' && letter <= 'Z':
			if inWord {
				spelt = append(spelt, '_')
			}
			spelt, inWord = append(spelt, byte(letter)+'a'-'A'), true
		case letter >= 'a' && letter <= 'z' || letter >= '0' && letter <= '9':
			spelt, inWord = append(spelt, byte(letter)), true
		default:
			spelt, inWord = append(spelt, '_'), false
		}
	}
	return string(spelt)
}

// compile cuts a row at its slots, in the columns of the shape.
func (s shape) compile(c cells) template {
	shaped := make([]string, len(s.columns))
	for i, column := range s.columns {
		if !column.isMap() {
			shaped[i] = c.text[c.of.index[column.source]]
			continue
		}
		entries := map[string]string{}
		for j, source := range column.of {
			if text := c.text[c.of.index[source]]; text != "" {
				entries[column.keys[j]] = text
			}
		}
		text, _ := json.Marshal(entries) // of text alone: it cannot fail
		shaped[i] = string(text)
	}
	if s.packing == packedParquet {
		return compile(shaped, cellEnd, func(text string) string { return text })
	}
	return compile(shaped, ',', quoted)
}

// cellEnd stands between the cells of rows on their way to a parquet file.
const cellEnd = 0x1f

// header is the first line of a part; a parquet file has none.
func (s shape) header() []byte {
	if s.packing == packedParquet {
		return nil
	}
	names := make([]string, len(s.columns))
	for i, column := range s.columns {
		names[i] = column.name
	}
	return []byte(strings.Join(names, ",") + "\n")
}
