package parquetscan_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/formats/parquetscan"
	"magam/formats/table"
)

// typed has a column of every type that exports use.
//
// What a double is comes as a type argument, since no float has a name here:
// tests write them by their bits.
type typed[D, F any] struct {
	Text     string            `parquet:"text"`
	Maybe    *string           `parquet:"maybe,optional,dict"`
	Whole    int64             `parquet:"whole"`
	Small    int32             `parquet:"small"`
	Natural  uint64            `parquet:"natural"`
	Truth    bool              `parquet:"truth"`
	Double   D                 `parquet:"double"`
	Float    F                 `parquet:"float"`
	Cost     int64             `parquet:"cost,decimal(9:18)"`
	Wide     [16]byte          `parquet:"wide,decimal(10:38)"`
	Millis   time.Time         `parquet:"millis,timestamp(millisecond)"`
	Micros   time.Time         `parquet:"micros,timestamp(microsecond)"`
	Nanos    time.Time         `parquet:"nanos,timestamp(nanosecond)"`
	Day      int32             `parquet:"day,date"`
	Old      deprecated.Int96  `parquet:"old"`
	Service  service           `parquet:"service"`
	Tags     map[string]string `parquet:"tags"`
	Credits  []credit[D]       `parquet:"credits,list"`
	Repeated []int64           `parquet:"repeated"`
}

type service struct {
	ID   string  `parquet:"id"`
	Name *string `parquet:"description,optional"`
}

type credit[D any] struct {
	Name   string   `parquet:"name"`
	Amount D        `parquet:"amount"`
	Full   *string  `parquet:"full_name,optional"`
	Kinds  []string `parquet:"kinds,list"`
}

var names = []string{
	"text",
	"maybe",
	"whole",
	"small",
	"natural",
	"truth",
	"double",
	"float",
	"cost",
	"wide",
	"millis",
	"micros",
	"nanos",
	"day",
	"old",
	"service.id",
	"service.description",
	"tags",
	"credits",
	"repeated",
}

func text(s string) *string { return &s }

func wide(digits string) (b [16]byte) {
	n, ok := new(big.Int).SetString(digits, 10)
	if !ok {
		panic(digits)
	}
	if n.Sign() < 0 {
		n.Add(n, new(big.Int).Lsh(big.NewInt(1), 128))
	}
	n.FillBytes(b[:])
	return b
}

// The bits of a few binary fractions.
const (
	tenth      = 0x3fb999999999999a
	minusHalf  = 0xbfe0000000000000
	tiny       = 0x3ea0c6f7a0b5ed8d // 0.0000005
	huge       = 0x7e37e43c8800759c // 1e300
	million    = 0x4132d68700000000 // 1234567
	floatTenth = 0x3dcccccd
	floatTwo   = 0x40200000 // 2.5
)

func samplesOf[D, F any](double func(uint64) D, float func(uint32) F) []typed[D, F] {
	at := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	return []typed[D, F]{
		{
			Text:    `a "quoted", 한글`,
			Maybe:   text("yes"),
			Whole:   -7,
			Small:   42,
			Natural: 1<<64 - 1,
			Truth:   true,
			Double:  double(tenth),
			Float:   float(floatTenth),
			Cost:    -1_234_567_890,
			Wide:    wide("-12345678901234567890123456789012345678"),
			Millis:  at,
			Micros:  at.Add(1500 * time.Microsecond),
			Nanos:   at.Add(-time.Nanosecond),
			Day:     20727,
			Old:     deprecated.Int96{0, 0, 2_440_588},
			Service: service{ID: "6F81", Name: text("Compute")},
			Tags:    map[string]string{"b": "2", "a": `x"y`},
			Credits: []credit[D]{
				{Name: "promo", Amount: double(minusHalf), Kinds: []string{"k1", "k2"}},
				{Name: "cud", Amount: double(tiny), Full: text("CUD")},
			},
			Repeated: []int64{1, 2, 3},
		},
		{
			Double: double(huge),
			Float:  float(floatTwo),
			Cost:   5,
			Wide:   wide("-1"),
			Millis: at,
			Micros: at,
			Nanos:  at,
			Old:    deprecated.Int96{0, 0, 2_440_589},
		},
		{
			Maybe:   text(""),
			Double:  double(million),
			Old:     deprecated.Int96{500_000_000, 0, 2_440_588},
			Cost:    1_000_000_000,
			Wide:    wide("99"),
			Millis:  at,
			Micros:  at,
			Nanos:   at,
			Tags:    map[string]string{"only": ""},
			Credits: []credit[D]{{}},
		},
	}
}

func wanted() [][]string {
	return [][]string{
		{
			`a "quoted", 한글`, "yes", "-7", "42", "18446744073709551615", "true", "0.1", "0.1", "-1.234567890",
			"-1234567890123456789012345678.9012345678", "2026-10-01T00:00:00Z", "2026-10-01T00:00:00.0015Z",
			"2026-09-30T23:59:59.999999999Z", "2026-10-01", "1970-01-01T00:00:00Z", "6F81", "Compute",
			`{"a":"x\"y","b":"2"}`,
			`[{"amount":-0.5,"kinds":["k1","k2"],"name":"promo"},` +
				`{"amount":0.0000005,"full_name":"CUD","kinds":[],"name":"cud"}]`,
			"[1,2,3]",
		},
		{
			"", "", "0", "0", "0", "false", "1e+300", "2.5", "0.000000005", "-0.0000000001",
			"2026-10-01T00:00:00Z", "2026-10-01T00:00:00Z", "2026-10-01T00:00:00Z", "1970-01-01",
			"1970-01-02T00:00:00Z", "", "", "{}", "[]", "[]",
		},
		{
			"", "", "0", "0", "0", "false", "1234567", "0", "1.000000000", "0.0000000099",
			"2026-10-01T00:00:00Z", "2026-10-01T00:00:00Z", "2026-10-01T00:00:00Z", "1970-01-01",
			"1970-01-01T00:00:00.5Z", "", "", `{"only":""}`, `[{"amount":0,"kinds":[],"name":""}]`, "[]",
		},
	}
}

// write makes a parquet file of rows with another hand than the one that reads it.
func write[T any](t testing.TB, rows []T, options ...parquet.WriterOption) []byte {
	t.Helper()
	var file bytes.Buffer
	writer := parquet.NewGenericWriter[T](&file, options...)
	_, err := writer.Write(rows)
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	return file.Bytes()
}

func open(file []byte, want func(string) bool) (*parquetscan.File, error) {
	return parquetscan.NewFile(bytes.NewReader(file), int64(len(file)),
		parquetscan.Options{File: "f", Want: want})
}

// readAll gives every cell, or what refuses the file.
func readAll(file []byte, want func(string) bool) (table.Header, [][]string, error) {
	rows, err := open(file, want)
	if err != nil {
		return nil, nil, err
	}
	var cells [][]string
	for {
		err := rows.Next()
		if errors.Is(err, io.EOF) {
			return rows.Header(), cells, nil
		}
		if err != nil {
			return nil, nil, err
		}
		row := make([]string, rows.Row().Len())
		for i := range row {
			row[i] = string(rows.Row().Cell(i))
		}
		cells = append(cells, row)
	}
}

func TestEveryTypeBecomesItsText(t *testing.T) {
	t.Parallel()

	tests := map[string][]parquet.WriterOption{
		"pages of the second kind": {parquet.DataPageVersion(2)},
		"pages of the first kind":  {parquet.DataPageVersion(1)},
		"a row group for each row": {parquet.MaxRowsPerRowGroup(1)},
		"pages of a few values":    {parquet.PageBufferSize(16), parquet.DataPageVersion(1)},
	}
	for codec, of := range map[string]compress.Codec{
		"snappy": &parquet.Snappy, "gzip": &parquet.Gzip, "zstd": &parquet.Zstd, "brotli": &parquet.Brotli,
		"LZ4": &parquet.Lz4Raw,
	} {
		tests["compressed as "+codec] = []parquet.WriterOption{parquet.Compression(of)}
		tests["of the first kind, compressed as "+codec] = []parquet.WriterOption{
			parquet.Compression(of), parquet.DataPageVersion(1),
		}
	}
	for name, options := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			header, cells, err := readAll(
				write(t, samplesOf(math.Float64frombits, math.Float32frombits), options...),
				nil,
			)

			require.NoError(t, err)
			require.Equal(t, names, []string(header))
			require.Equal(t, wanted(), cells)
		})
	}
}

func TestOnlyWantedColumnsAreRead(t *testing.T) {
	t.Parallel()

	header, cells, err := readAll(write(t, samplesOf(math.Float64frombits, math.Float32frombits)),
		func(name string) bool { return name == "cost" || name == "tags" })

	require.NoError(t, err)
	require.Equal(t, table.Header{"cost", "tags"}, header)
	require.Equal(
		t,
		[][]string{
			{"-1.234567890", `{"a":"x\"y","b":"2"}`},
			{"0.000000005", "{}"},
			{"1.000000000", `{"only":""}`},
		},
		cells,
	)
}

func TestARowStandsAsJSON(t *testing.T) {
	t.Parallel()

	rows, err := open(write(t, samplesOf(math.Float64frombits, math.Float32frombits)),
		func(name string) bool { return name == "text" || name == "tags" })
	require.NoError(t, err)
	require.NoError(t, rows.Next())

	require.JSONEq(t, `{"text":"a \"quoted\", 한글","tags":{"a":"x\"y","b":"2"}}`, string(rows.Raw()))
	require.Equal(t, int64(1), rows.Line())
	require.Equal(t, int64(3), rows.Count())
}

func TestWhatIsNoParquetIsRefused(t *testing.T) {
	t.Parallel()

	whole := write(t, samplesOf(math.Float64frombits, math.Float32frombits))
	tests := map[string][]byte{
		"nothing":              nil,
		"a CSV":                []byte("a,b\n1,2\n3,4\n5,6\n"),
		"a file that is cut":   whole[:len(whole)-1],
		"the beginning":        whole[:len(whole)/2],
		"the end":              whole[len(whole)/2:],
		"a footer of gigabyte": append(bytes.Clone(whole[:len(whole)-8]), 0, 0, 0, 0x40, 'P', 'A', 'R', '1'),
		"an encrypted one":     append(bytes.Clone(whole[:len(whole)-4]), "PARE"...),
	}
	for name, file := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, _, err := readAll(file, nil)

			code, _ := fault.CodeOf(err)
			require.Equal(t, fault.Parquet, code, "%v", err)
		})
	}
}
