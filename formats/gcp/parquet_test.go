package gcp_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/formats/gcp"
	"magam/formats/parquetscan"
)

// numerics are BigQuery's NUMERIC columns: decimals of 9 places in 16 bytes.
var numerics = []string{"cost_at_list", "cost_at_effective_price_default", "price.tier_start_amount"}

// instants are BigQuery's TIMESTAMP columns: microseconds.
var instants = []string{"usage_start_time", "usage_end_time", "export_time"}

// parquetSchema is BigQuery's: structs, nullable leaves, lists of structs.
func parquetSchema(rows []made) *parquet.Schema {
	text := func() parquet.Node { return parquet.Optional(parquet.String()) }
	root := parquet.Group{}
	put := func(path string, leaf parquet.Node) {
		at := root
		keys := strings.Split(path, ".")
		for _, key := range keys[:len(keys)-1] {
			if at[key] == nil {
				at[key] = parquet.Group{}
			}
			at = at[key].(parquet.Group)
		}
		at[keys[len(keys)-1]] = leaf
	}
	for _, one := range rows {
		for path := range one.cells {
			switch {
			case slices.Contains(numbers, path):
				put(path, parquet.Optional(parquet.Leaf(parquet.DoubleType)))
			case slices.Contains(numerics, path):
				put(path, parquet.Optional(parquet.Decimal(9, 38, parquet.FixedLenByteArrayType(16))))
			case slices.Contains(instants, path):
				put(path, parquet.Optional(parquet.Timestamp(parquet.Microsecond)))
			default:
				put(path, text())
			}
		}
	}
	put("credits", parquet.List(parquet.Group{
		"type": text(), "name": text(), "full_name": text(),
		"amount": parquet.Optional(parquet.Leaf(parquet.DoubleType)),
	}))
	for _, column := range labelColumns {
		put(column, parquet.List(parquet.Group{"key": text(), "value": text(), "namespace": text()}))
	}
	return parquet.NewSchema("billing", root)
}

// binary is a number as BigQuery keeps it.
func binary(t testing.TB, spelled string) parquet.Value {
	t.Helper()
	var number any // JSON's numbers are doubles
	require.NoError(t, json.Unmarshal([]byte(spelled), &number))
	return parquet.ValueOf(number)
}

// numeric is a decimal of 9 places in 16 bytes, the highest first.
func numeric(t testing.TB, spelled string) parquet.Value {
	t.Helper()
	number, err := decimal.NewFromString(spelled)
	require.NoError(t, err)
	unscaled := number.Shift(9)
	require.True(t, unscaled.IsInteger() && !unscaled.IsNegative(), spelled)
	return parquet.FixedLenByteArrayValue(unscaled.BigInt().FillBytes(make([]byte, 16)))
}

// leaf is one row's values of one column, with their levels.
func (m made) leaf(t testing.TB, path []string, column int) []parquet.Value {
	t.Helper()
	name := strings.Join(path, ".")
	if list, field, found := strings.Cut(name, ".list.element."); found {
		return m.listed(t, list, field, column)
	}
	cell, present := m.cells[name]
	switch {
	case !present:
		return []parquet.Value{parquet.NullValue().Level(0, 0, column)}
	case slices.Contains(numbers, name):
		return []parquet.Value{binary(t, cell).Level(0, 1, column)}
	case slices.Contains(numerics, name):
		return []parquet.Value{numeric(t, cell).Level(0, 1, column)}
	case slices.Contains(instants, name):
		at, ok := charge.ParseInstant([]byte(cell))
		require.True(t, ok, cell)
		return []parquet.Value{parquet.Int64Value(at.UnixMicro()).Level(0, 1, column)}
	default:
		return []parquet.Value{parquet.ByteArrayValue([]byte(cell)).Level(0, 1, column)}
	}
}

// listed is one field of the records of a list: level 0 is no record, 1 a
// record without the field, 2 the field.
func (m made) listed(t testing.TB, list, field string, column int) []parquet.Value {
	t.Helper()
	records := m.creditValues()
	if list != "credits" {
		records = m.labelValues(slices.Index(labelColumns[:], list))
	}
	if len(records) == 0 {
		return []parquet.Value{parquet.NullValue().Level(0, 0, column)}
	}
	var values []parquet.Value
	for i, record := range records {
		value := parquet.NullValue().Level(min(i, 1), 1, column)
		switch held := record[field].(type) {
		case string:
			value = parquet.ByteArrayValue([]byte(held)).Level(min(i, 1), 2, column)
		case json.RawMessage:
			value = binary(t, string(held)).Level(min(i, 1), 2, column)
		}
		values = append(values, value)
	}
	return values
}

func parquetFile(t testing.TB, rows []made) []byte {
	t.Helper()
	schema := parquetSchema(rows)
	var file bytes.Buffer
	writer := parquet.NewGenericWriter[any](&file, schema, parquet.Compression(&parquet.Snappy))
	for _, one := range rows {
		var row parquet.Row
		for column, path := range schema.Columns() {
			row = append(row, one.leaf(t, path, column)...)
		}
		_, err := writer.WriteRows([]parquet.Row{row})
		require.NoError(t, err)
	}
	require.NoError(t, writer.Close())
	return file.Bytes()
}

func openParquet(file []byte, month charge.Month) (*gcp.Reader, error) {
	rows, err := parquetscan.NewFile(bytes.NewReader(file), int64(len(file)), parquetscan.Options{
		File: "part-1.parquet",
	})
	if err != nil {
		return nil, err
	}
	return gcp.New(rows, month)
}
