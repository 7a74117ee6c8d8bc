package focus_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/charge"
)

const decimalPlaces = 20

// asParquet writes a CSV as exporters write parquet: costs, quantities and unit
// prices as decimals of 38 digits, instants as milliseconds, tags as maps.
func asParquet(t *testing.T, text []byte) []byte {
	t.Helper()
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	require.NoError(t, err)
	fields := parquet.Group{}
	for _, name := range records[0] {
		fields[name] = parquet.Optional(nodeOf(name))
	}
	schema := parquet.NewSchema("focus", fields)
	position := map[string]int{}
	for i, name := range records[0] {
		position[name] = i
	}
	var file bytes.Buffer
	writer := parquet.NewGenericWriter[any](&file, schema, parquet.Compression(&parquet.Snappy),
		parquet.MaxRowsPerRowGroup(400))
	for _, record := range records[1:] {
		var row parquet.Row
		for column, path := range schema.Columns() {
			cell := record[position[path[0]]]
			row = append(row, valuesOf(t, path, column, cell)...)
		}
		_, err := writer.WriteRows([]parquet.Row{row})
		require.NoError(t, err)
	}
	require.NoError(t, writer.Close())
	return file.Bytes()
}

func nodeOf(name string) parquet.Node {
	switch {
	case name == "Tags":
		return parquet.Map(parquet.String(), parquet.Optional(parquet.String()))
	case isInstant(name):
		return parquet.Timestamp(parquet.Millisecond)
	case isAmount(name):
		return parquet.Decimal(decimalPlaces, 38, parquet.FixedLenByteArrayType(16))
	default:
		return parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
	}
}

func isInstant(name string) bool {
	return strings.HasSuffix(name, "PeriodStart") || strings.HasSuffix(name, "PeriodEnd")
}

func isAmount(name string) bool {
	return strings.HasSuffix(name, "Cost") || strings.HasSuffix(name, "Quantity") ||
		strings.HasSuffix(name, "UnitPrice")
}

// valuesOf is what a cell writes into one of the schema's leaves.
func valuesOf(t *testing.T, path []string, column int, cell string) []parquet.Value {
	t.Helper()
	name := path[0]
	switch {
	case name == "Tags":
		return tagValues(t, path[len(path)-1], column, cell)
	case cell == "" || cell == "NULL":
		return []parquet.Value{parquet.NullValue().Level(0, 0, column)}
	case isInstant(name):
		instant, ok := charge.ParseInstant([]byte(cell))
		require.True(t, ok, cell)
		return []parquet.Value{parquet.Int64Value(instant.UnixMilli()).Level(0, 1, column)}
	case isAmount(name):
		return []parquet.Value{parquet.FixedLenByteArrayValue(unscaled(t, cell)).Level(0, 1, column)}
	default:
		return []parquet.Value{parquet.ByteArrayValue([]byte(cell)).Level(0, 1, column)}
	}
}

func unscaled(t *testing.T, cell string) []byte {
	t.Helper()
	scaled := decimal.RequireFromString(cell).Shift(decimalPlaces)
	require.True(t, scaled.IsInteger(), "%s has more than %d places", cell, decimalPlaces)
	number := scaled.BigInt()
	if number.Sign() < 0 {
		number.Add(number, new(big.Int).Lsh(big.NewInt(1), 128))
	}
	return number.FillBytes(make([]byte, 16))
}

// tagValues are a map's keys or values. Levels: 0 no map, 1 an empty one, 2 an
// entry, 3 an entry with a value.
func tagValues(t *testing.T, leaf string, column int, cell string) []parquet.Value {
	t.Helper()
	if cell == "" || cell == "NULL" {
		return []parquet.Value{parquet.NullValue().Level(0, 0, column)}
	}
	var tags map[string]string
	require.NoError(t, json.Unmarshal([]byte(cell), &tags), cell)
	if len(tags) == 0 {
		return []parquet.Value{parquet.NullValue().Level(0, 1, column)}
	}
	var values []parquet.Value
	for i, key := range slices.Backward(slices.Sorted(maps.Keys(tags))) { // writers sort nothing
		repetition := 1
		if i == len(tags)-1 {
			repetition = 0
		}
		text, definition := key, 2
		if leaf == "value" {
			text, definition = tags[key], 3
		}
		values = append(values, parquet.ByteArrayValue([]byte(text)).Level(repetition, definition, column))
	}
	return values
}
