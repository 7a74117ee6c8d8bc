package jsonscan_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/formats/jsonscan"
	"magam/formats/table"
)

// choice of columns; nil is the first row's.
type choice func(first table.Header) table.Header

func readAll(source io.Reader, options jsonscan.Options, columns choice) (table.Header, [][]string, error) {
	file, err := jsonscan.NewFile(source, options)
	if err == nil && columns != nil {
		err = file.Choose(columns)
	}
	if err != nil {
		return nil, nil, err
	}
	var rows [][]string
	for {
		err := file.Next()
		if errors.Is(err, io.EOF) {
			return file.Header(), rows, nil
		}
		if err != nil {
			return file.Header(), rows, err
		}
		row := make([]string, file.Row().Len())
		for i := range row {
			row[i] = string(file.Row().Cell(i))
		}
		rows = append(rows, row)
	}
}

func always(columns ...string) choice {
	return func(table.Header) table.Header { return columns }
}

func TestRows(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text    string
		columns choice
		header  table.Header
		rows    [][]string
	}{
		"objects become dotted columns": {
			`{"a":"1","b":{"c":"2","d":{"e":"3"}}}`, nil,
			table.Header{"a", "b.c", "b.d.e"},
			[][]string{{"1", "2", "3"}},
		},
		"numbers keep the spelling of the file": {
			`{"a":-7.0E-10,"b":12345678901234567890.10,"c":1e+3}`, nil,
			table.Header{"a", "b", "c"},
			[][]string{{"-7.0E-10", "12345678901234567890.10", "1e+3"}},
		},
		"strings lose their escapes": {
			`{"a":"\"\\\/\b\f\n\r\t\u00e9\ud55c\ud83d\ude00"}`, nil,
			table.Header{"a"},
			[][]string{{"\"\\/\b\f\n\r\té한😀"}},
		},
		"null is empty, true and false are words": {
			`{"a":null,"b":true,"c":false}`, nil,
			table.Header{"a", "b", "c"},
			[][]string{{"", "true", "false"}},
		},
		"an array is one cell of compact JSON": {
			`{"a":[ {"k" : "\u0041", "v" : 1.50 } , [ ] , null , "한\n" ]}`, nil,
			table.Header{"a"},
			[][]string{{`[{"k":"A","v":1.50},[],null,"한\u000a"]`}},
		},
		"rows may name their keys in any order, and leave some out": {
			"{\"a\":1,\"b\":2}\n{\"b\":3,\"a\":4}\n{\"b\":5}\n", nil,
			table.Header{"a", "b"},
			[][]string{{"1", "2"}, {"4", "3"}, {"", "5"}},
		},
		"columns that are asked for need not be in the first row, others are left alone": {
			"{\"a\":1,\"x\":{\"y\":[1]}}\n{\"b\":{\"c\":2},\"a\":3,\"x\":null}\n", always("b.c", "a"),
			table.Header{"b.c", "a"},
			[][]string{{"", "1"}, {"2", "3"}},
		},
		"a column that is asked for may hold an object, which is its JSON": {
			`{"labels":{"team":"a", "env":"b"}}`, always("labels"),
			table.Header{"labels"},
			[][]string{{`{"team":"a","env":"b"}`}},
		},
		"a key may have a dot of its own": {
			`{"a.b":1}`, always("a.b"), table.Header{"a.b"}, [][]string{{"1"}},
		},
		"a byte order mark, blank lines, CR LF": {
			"\xef\xbb\xbf\r\n {\"a\":1} \r\n\n\t\n{\"a\":2}",
			nil,
			table.Header{"a"},
			[][]string{{"1"}, {"2"}},
		},
		"an empty object has no columns of itself": {
			`{"a":{},"b":1}`, nil, table.Header{"b"}, [][]string{{"1"}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, source := range []io.Reader{
				strings.NewReader(tt.text), iotest.OneByteReader(strings.NewReader(tt.text)),
			} {
				header, rows, err := readAll(source, jsonscan.Options{}, tt.columns)
				require.NoError(t, err)
				require.Equal(t, tt.header, header)
				require.Equal(t, tt.rows, rows)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	good := "{\"a\":1}\n"
	deep, wide := strings.Repeat(`{"a":`, 70)+"1"+strings.Repeat("}", 70), keys(2001)
	tests := map[string]struct {
		text string
		code fault.Code
		line int64
		byte int64
	}{
		"no bytes at all":            {"", fault.Schema, 0, 0},
		"an array of objects":        {"[{\"a\":1}]", fault.Schema, 1, 0},
		"text after the object":      {good + "{\"a\":1} x\n", fault.Schema, 2, 16},
		"two objects on a line":      {good + `{"a":1}{"a":2}`, fault.Schema, 2, 15},
		"a line cut off":             {good + `{"a":"1`, fault.Schema, 2, 15},
		"a value cut off":            {good + `{"a":`, fault.Schema, 2, 13},
		"a comma too many":           {good + `{"a":1,}`, fault.Schema, 2, 15},
		"a comma too few":            {good + `{"a":1 "b":2}`, fault.Schema, 2, 15},
		"NaN":                        {good + `{"a":NaN}`, fault.Schema, 2, 13},
		"Infinity":                   {good + `{"a":-Infinity}`, fault.Schema, 2, 14},
		"a leading nought":           {good + `{"a":01}`, fault.Schema, 2, 15},
		"a leading plus":             {good + `{"a":+1}`, fault.Schema, 2, 13},
		"a point without places":     {good + `{"a":1.}`, fault.Schema, 2, 15},
		"a number that runs on":      {good + `{"a":1_000}`, fault.Schema, 2, 14},
		"a word that runs on":        {good + `{"a":nullx}`, fault.Schema, 2, 17},
		"a single quote":             {good + `{'a':1}`, fault.Schema, 2, 9},
		"a key twice":                {good + `{"a":1,"a":1}`, fault.Schema, 2, 19},
		"a key twice, once escaped":  {good + `{"a":1,"\u0061":1}`, fault.Schema, 2, 24},
		"a column twice":             {good + `{"b":{"c":1},"b.c":1,"a":1}`, fault.Schema, 2, 28},
		"a key twice in an array":    {good + `{"a":[{"x":1,"x":2}]}`, fault.Schema, 2, 27},
		"a control character":        {good + "{\"a\":\"\x01\"}", fault.Schema, 2, 14},
		"an escape JSON has not":     {good + `{"a":"\x41"}`, fault.Schema, 2, 15},
		"NUL":                        {good + "{\"a\":\"\x00\"}", fault.Encoding, 2, 14},
		"NUL escaped":                {good + `{"a":"\u0000"}`, fault.Encoding, 2, 20},
		"half a surrogate pair":      {good + `{"a":"\ud83d"}`, fault.Encoding, 2, 20},
		"bytes that are not UTF-8":   {good + "{\"a\":\"\xff\"}", fault.Encoding, 2, 14},
		"UTF-16":                     {"\xff\xfe{\x00", fault.Encoding, 1, 3},
		"objects nested without end": {good + deep, fault.RowTooLarge, 2, 328},
		"arrays nested without end": {
			good + `{"a":` + strings.Repeat("[", 1<<20),
			fault.RowTooLarge,
			2,
			76,
		},
		"more than 2,000 columns": {good + "{" + wide + "}", fault.RowTooLarge, 2, 0},
		"a value of more than 1 MB": {
			good + `{"a":"` + strings.Repeat("x", 1<<20+1) + `"}`,
			fault.RowTooLarge,
			2,
			0,
		},
		"a line of more than 4 MB": {
			good + `{"a":"` + strings.Repeat("x", 5<<20),
			fault.RowTooLarge,
			2,
			8,
		},
		"many keys, of which two are": {good + `{"a":[{` + keys(40) + `,"k7":2}]}`, fault.Schema, 2, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			columns := always("a", "b.c")
			_, _, err := readAll(strings.NewReader(tt.text), jsonscan.Options{File: "x.json"}, columns)

			var coded *fault.Error
			require.ErrorAs(t, err, &coded)
			require.Equal(t, tt.code, coded.Code, "%v", err)
			require.Equal(t, "x.json", coded.Place.File)
			require.Equal(t, tt.line, coded.Place.Line, "%v", err)
			if tt.byte > 0 {
				require.Equal(t, tt.byte, coded.Place.Byte, "%v", err)
			}
			require.NotEmpty(t, coded.Cure)
		})
	}
}

// keys is that many members of an object.
func keys(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, `"k%d":1,`, i)
	}
	return strings.TrimSuffix(text.String(), ",")
}

func TestTheLastLineOfACompressedFileNeedsItsEnd(t *testing.T) {
	t.Parallel()
	options := jsonscan.Options{NeedsFinalNewline: true}

	_, rows, err := readAll(strings.NewReader("{\"a\":1}\n{\"a\":2}\n"), options, nil)
	require.NoError(t, err)
	require.Len(t, rows, 2)

	_, _, err = readAll(strings.NewReader("{\"a\":1}\n{\"a\":2}"), options, nil)
	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.GzipTruncated, code)
}

func TestARowKnowsItsLineItsByteAndItsText(t *testing.T) {
	t.Parallel()
	file, err := jsonscan.NewFile(strings.NewReader("{\"a\":1}\n\n{ \"a\" : 2 }\n"), jsonscan.Options{})
	require.NoError(t, err)
	require.NoError(t, file.Next())
	require.Equal(t, int64(1), file.Line())
	require.Equal(t, int64(0), file.Offset())
	require.NoError(t, file.Next())
	require.Equal(t, int64(3), file.Line())
	require.Equal(t, int64(9), file.Offset())
	require.Equal(t, `{ "a" : 2 }`, string(file.Raw()))
	require.ErrorIs(t, file.Next(), io.EOF)
}

func TestABrokenConnectionIsNoFaultOfTheFile(t *testing.T) {
	t.Parallel()
	source := io.MultiReader(strings.NewReader("{\"a\":1}\n"), iotest.ErrReader(io.ErrUnexpectedEOF))
	_, _, err := readAll(source, jsonscan.Options{}, nil)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	_, coded := fault.CodeOf(err)
	require.False(t, coded)
}

// A file of many rows costs no memory beyond its buffers.
func TestRowsAreReadWithoutAllocating(t *testing.T) { //nolint:paralleltest // it counts what is allocated
	const rows = 5000
	line := `{"service":{"id":"6F81","description":"Compute \"E\""},"cost":1.5e-7,` +
		`"credits":[{"name":"x","amount":-1}]}` + "\n"
	file, err := jsonscan.NewFile(strings.NewReader(strings.Repeat(line, rows)), jsonscan.Options{})
	require.NoError(t, err)
	require.NoError(t, file.Next())
	require.Zero(t, testing.AllocsPerRun(rows-2, func() {
		if err := file.Next(); err != nil {
			panic(err)
		}
	}))
}
