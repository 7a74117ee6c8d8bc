package sample

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
)

// rowsPerGroup bounds what a parquet writer keeps in memory.
const rowsPerGroup = 50_000

// parquetPart writes rows of cells as a parquet file with the provider's types:
// amounts are binary fractions there, as in its own files.
type parquetPart struct {
	writer  *parquet.GenericWriter[any]
	columns []parquetColumn // in the order of the file's leaves
	row     parquet.Row
	entries map[string][][2]string // of maps, by their text
}

type parquetColumn struct {
	cell int
	leaf int
	kind parquetKind
}

type parquetKind uint8

const (
	parquetText parquetKind = iota
	parquetAmount
	parquetInstant
	parquetMap
)

func newParquetPart(file io.Writer, columns []shapeColumn) (*parquetPart, error) {
	p := &parquetPart{entries: map[string][][2]string{}}
	group := parquet.Group{}
	for _, column := range columns {
		group[column.name] = parquetNode(kindOf(column))
	}
	schema := parquet.NewSchema("report", group)
	for i, column := range columns {
		kind, path := kindOf(column), []string{column.name}
		if kind == parquetMap {
			path = append(path, "key_value", "key")
		}
		leaf, found := schema.Lookup(path...)
		if !found {
			return nil, fmt.Errorf("the parquet file has no column %s", column.name)
		}
		p.columns = append(p.columns, parquetColumn{i, leaf.ColumnIndex, kind})
	}
	slices.SortFunc(p.columns, func(a, b parquetColumn) int { return a.leaf - b.leaf })
	p.writer = parquet.NewGenericWriter[any](file, schema, parquet.Compression(&parquet.Snappy),
		parquet.MaxRowsPerRowGroup(rowsPerGroup))
	return p, nil
}

// amountEndings are how columns of amounts end that the manifest calls text.
var amountEndings = []string{
	"Cost", "Rate", "Amount", "Commitment", "CommitmentToDate", "Fee", "ForUsage", "ForBillingPeriod",
}

func kindOf(column shapeColumn) parquetKind {
	switch {
	case column.isMap():
		return parquetMap
	case slices.ContainsFunc(amountEndings, func(end string) bool { return strings.HasSuffix(column.source, end) }):
		return parquetAmount
	case strings.HasSuffix(column.source, "Date"):
		return parquetInstant
	default:
		return parquetText
	}
}

func parquetNode(kind parquetKind) parquet.Node {
	switch kind {
	case parquetAmount:
		return parquet.Optional(parquet.Leaf(parquet.DoubleType))
	case parquetInstant:
		return parquet.Optional(parquet.Timestamp(parquet.Millisecond))
	case parquetMap:
		return parquet.Map(parquet.String(), parquet.String())
	case parquetText:
	}
	return parquet.Optional(parquet.String())
}

// Write takes whole lines.
func (p *parquetPart) Write(lines []byte) (int, error) {
	for line := range bytes.Lines(lines) {
		if err := p.writeRow(strings.Split(string(line[:len(line)-1]), string(rune(cellEnd)))); err != nil {
			return 0, err
		}
	}
	return len(lines), nil
}

func (p *parquetPart) writeRow(cells []string) error {
	p.row = p.row[:0]
	for _, column := range p.columns {
		if err := p.appendCell(column, cells[column.cell]); err != nil {
			return err
		}
	}
	_, err := p.writer.WriteRows([]parquet.Row{p.row})
	return err
}

func (p *parquetPart) appendCell(column parquetColumn, text string) error {
	if column.kind == parquetMap {
		return p.appendMap(column.leaf, text)
	}
	if text == "" {
		p.row = append(p.row, parquet.NullValue().Level(0, 0, column.leaf))
		return nil
	}
	value := parquet.ByteArrayValue([]byte(text))
	switch column.kind {
	case parquetAmount:
		amount, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return fmt.Errorf("write an amount to parquet: %w", err)
		}
		value = parquet.DoubleValue(amount)
	case parquetInstant:
		instant, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return fmt.Errorf("write an instant to parquet: %w", err)
		}
		value = parquet.Int64Value(instant.UnixMilli())
	case parquetText, parquetMap:
	}
	p.row = append(p.row, value.Level(0, 1, column.leaf))
	return nil
}

// appendMap writes the keys and then the values, which are a leaf each.
func (p *parquetPart) appendMap(leaf int, text string) error {
	entries, known := p.entries[text]
	if !known {
		var object map[string]string
		if err := json.Unmarshal([]byte(text), &object); err != nil {
			return fmt.Errorf("write a map to parquet: %w", err)
		}
		for _, key := range slices.Sorted(maps.Keys(object)) {
			entries = append(entries, [2]string{key, object[key]})
		}
		p.entries[text] = entries
	}
	for side := range 2 {
		if len(entries) == 0 {
			p.row = append(p.row, parquet.NullValue().Level(0, 0, leaf+side))
		}
		for i, entry := range entries {
			p.row = append(p.row, parquet.ByteArrayValue([]byte(entry[side])).Level(min(i, 1), 1, leaf+side))
		}
	}
	return nil
}

// Close writes the file's foot.
func (p *parquetPart) Close() error { return p.writer.Close() }
