package parquetscan_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"magam/formats/csvscan"
)

const (
	benchRows    = 100_000
	benchColumns = 113
	benchWanted  = 25
)

// BenchmarkWantedColumns reads a file in the shape of a cost and usage report:
// of 113 columns, 25 are wanted, among them five amounts, two instants, a long
// id and a map.
func BenchmarkWantedColumns(b *testing.B) {
	file := reportFile(b)
	b.ReportAllocs()
	b.SetBytes(benchRows) // MB/s reads as million rows a second
	for b.Loop() {
		rows, err := open(file, func(name string) bool { return name < fmt.Sprintf("c%03d", benchWanted) })
		require.NoError(b, err)
		for err == nil {
			err = rows.Next()
		}
		require.ErrorIs(b, err, io.EOF)
	}
}

// BenchmarkTheSameAsGzip reads the same rows as compressed CSV, decompressing
// ahead of parsing as loading does: what parquet is measured against.
func BenchmarkTheSameAsGzip(b *testing.B) {
	packed := gzipped(b, reportFile(b))
	b.ReportAllocs()
	b.SetBytes(benchRows)
	for b.Loop() {
		text, options, err := csvscan.Open(bytes.NewReader(packed), csvscan.Options{File: "f"})
		require.NoError(b, err)
		ahead := csvscan.Ahead(text)
		rows, err := csvscan.NewFile(ahead, options)
		for err == nil {
			err = rows.Next()
		}
		require.ErrorIs(b, err, io.EOF)
		require.NoError(b, ahead.Close())
	}
}

func gzipped(b *testing.B, file []byte) []byte {
	b.Helper()
	header, cells, err := readAll(file, nil)
	require.NoError(b, err)
	var packed bytes.Buffer
	squeezed := gzip.NewWriter(&packed)
	writer := csv.NewWriter(squeezed)
	require.NoError(b, writer.Write(header))
	require.NoError(b, writer.WriteAll(cells))
	require.NoError(b, squeezed.Close())
	return packed.Bytes()
}

// reportFile is written as exporters do: dictionaries, snappy, pages of a megabyte.
func reportFile(b *testing.B) []byte {
	b.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	fields := parquet.Group{}
	for i := range benchColumns {
		fields[fmt.Sprintf("c%03d", i)] = parquet.Optional(benchNode(i))
	}
	schema := parquet.NewSchema("report", fields)
	var file bytes.Buffer
	writer := parquet.NewGenericWriter[any](&file, schema, parquet.Compression(&parquet.Snappy),
		parquet.PageBufferSize(1<<20))
	leaves := schema.Columns()
	for n := range benchRows {
		row := make(parquet.Row, 0, len(leaves))
		for column, path := range leaves {
			var i int
			_, err := fmt.Sscanf(path[0], "c%d", &i)
			require.NoError(b, err)
			row = append(row, benchValues(random, i, n, column, path)...)
		}
		_, err := writer.WriteRows([]parquet.Row{row})
		require.NoError(b, err)
	}
	require.NoError(b, writer.Close())
	return file.Bytes()
}

func benchNode(i int) parquet.Node {
	switch {
	case i < 5:
		return parquet.Leaf(parquet.DoubleType)
	case i < 7:
		return parquet.Timestamp(parquet.Millisecond)
	case i == 7:
		return parquet.String()
	case i == 8:
		return parquet.Map(parquet.String(), parquet.String())
	default:
		return parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
	}
}

func benchValues(random *rand.Rand, i, n, column int, path []string) []parquet.Value {
	switch {
	case i < 5:
		bits := 0x3f50000000000000 | random.Uint64()>>14
		return []parquet.Value{parquet.DoubleValue(math.Float64frombits(bits)).Level(0, 1, column)}
	case i < 7:
		return []parquet.Value{
			parquet.Int64Value(1_790_812_800_000+int64(n/300)*3_600_000).Level(0, 1, column),
		}
	case i == 7:
		arn := fmt.Sprintf("arn:aws:ec2:ap-northeast-2:123456789012:instance/i-%017x", random.IntN(60_000))
		return []parquet.Value{parquet.ByteArrayValue([]byte(arn)).Level(0, 1, column)}
	case i == 8:
		var values []parquet.Value
		for tag := range 3 {
			text := fmt.Sprintf("user_%c", 'a'+tag)
			if path[len(path)-1] == "value" {
				text = fmt.Sprintf("team-%d", random.IntN(20))
			}
			values = append(values, parquet.ByteArrayValue([]byte(text)).Level(min(tag, 1), 2, column))
		}
		return values
	case i%4 == 3:
		return []parquet.Value{parquet.NullValue().Level(0, 0, column)}
	default:
		text := strings.Repeat("x", i%20) + fmt.Sprint(random.IntN(1+i*3))
		return []parquet.Value{parquet.ByteArrayValue([]byte(text)).Level(0, 1, column)}
	}
}
