package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"

	"magam/formats/csvscan"
)

// makeParquet writes a packed CSV report once more as AWS delivers it in
// parquet: snake names, amounts as doubles, instants as timestamps, snappy.
func makeParquet(report, name string) error {
	packed, err := os.Open(report)
	if err != nil {
		return err
	}
	defer packed.Close()
	text, options, err := csvscan.Open(packed, csvscan.Options{File: report})
	if err != nil {
		return err
	}
	rows, err := csvscan.NewFile(text, options)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close()
	columns, schema := parquetColumns(rows.Header())
	writer := parquet.NewGenericWriter[any](file, schema, parquet.Compression(&parquet.Snappy),
		parquet.MaxRowsPerRowGroup(200_000))
	row := make(parquet.Row, 0, len(columns))
	for {
		err := rows.Next()
		if errors.Is(err, io.EOF) {
			return errors.Join(writer.Close(), file.Close())
		}
		if err != nil {
			return err
		}
		row = row[:0]
		for _, column := range columns {
			value, err := column.value(rows.Row().Cell(column.cell))
			if err != nil {
				return err
			}
			row = append(row, value)
		}
		if _, err := writer.WriteRows([]parquet.Row{row}); err != nil {
			return err
		}
	}
}

// parquetColumn is a column of the parquet file and where the CSV has it.
type parquetColumn struct {
	cell, leaf     int
	double, moment bool
}

func parquetColumns(header []string) ([]parquetColumn, *parquet.Schema) {
	columns := make([]parquetColumn, len(header))
	group := parquet.Group{}
	for i, name := range header {
		columns[i] = parquetColumn{
			cell:   i,
			double: regexp.MustCompile(`(Cost|Rate|Amount)$`).MatchString(name),
			moment: strings.HasSuffix(name, "Date"),
		}
		switch {
		case columns[i].double:
			group[snake(name)] = parquet.Optional(parquet.Leaf(parquet.DoubleType))
		case columns[i].moment:
			group[snake(name)] = parquet.Optional(parquet.Timestamp(parquet.Millisecond))
		default:
			group[snake(name)] = parquet.Optional(parquet.Encoded(parquet.String(), &parquet.RLEDictionary))
		}
	}
	schema := parquet.NewSchema("report", group)
	for i, name := range header {
		leaf, _ := schema.Lookup(snake(name))
		columns[i].leaf = leaf.ColumnIndex
	}
	slices.SortFunc(columns, func(a, b parquetColumn) int { return a.leaf - b.leaf })
	return columns, schema
}

// snake turns lineItem/UsageAccountId into line_item_usage_account_id.
func snake(name string) string {
	name = regexp.MustCompile(`([a-z0-9])([A-Z])`).ReplaceAllString(name, "${1}_${2}")
	return strings.ToLower(regexp.MustCompile(`[^A-Za-z0-9]+`).ReplaceAllString(name, "_"))
}

func (c parquetColumn) value(cell []byte) (parquet.Value, error) {
	value := parquet.ByteArrayValue(cell)
	switch {
	case len(cell) == 0:
		return parquet.NullValue().Level(0, 0, c.leaf), nil
	case c.double:
		amount, err := strconv.ParseFloat(string(cell), 64)
		if err != nil {
			return value, fmt.Errorf("write an amount: %w", err)
		}
		value = parquet.DoubleValue(amount)
	case c.moment:
		moment, err := time.Parse(time.RFC3339, string(cell))
		if err != nil {
			return value, fmt.Errorf("write an instant: %w", err)
		}
		value = parquet.Int64Value(moment.UnixMilli())
	}
	return value.Level(0, 1, c.leaf), nil
}
