package csvscan_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/fault"
	"magam/formats/csvscan"
)

func TestScan(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		text string
		want [][]string
	}{
		"plain rows":                             {"a,b\n1,2\n", [][]string{{"a", "b"}, {"1", "2"}}},
		"the last line may lack its end":         {"a,b\n1,2", [][]string{{"a", "b"}, {"1", "2"}}},
		"CRLF ends a line":                       {"a,b\r\n1,2\r\n", [][]string{{"a", "b"}, {"1", "2"}}},
		"the byte order mark is not in the name": {"\xef\xbb\xbfa,b\n", [][]string{{"a", "b"}}},
		"quotes hold commas, quotes, line ends": {
			"\"a,\"\"b\"\"\nc\",d\n",
			[][]string{{"a,\"b\"\nc", "d"}},
		},
		"empty fields are fields": {",,\n\"\",\n", [][]string{{"", "", ""}, {"", ""}}},
		"blank lines are no rows": {"a\n\n\r\nb\n", [][]string{{"a"}, {"b"}}},
		"a hyphen after a comma is not a comma": {
			"-,-,-,-,-,-\n",
			[][]string{{"-", "-", "-", "-", "-", "-"}},
		},
		"Hangul in long rows": {
			"가나다라,마바사아자차,카타파하\n",
			[][]string{{"가나다라", "마바사아자차", "카타파하"}},
		},
		"a quoted last field at the end of input": {"a,\"b\"", [][]string{{"a", "b"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got, err := readAll(strings.NewReader(tt.text), csvscan.Options{})

			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		source io.Reader
		code   fault.Code
		place  fault.Place
	}{
		"NUL": {
			strings.NewReader("a,b\n1,\x002\n"), fault.Encoding,
			fault.Place{File: "f", Line: 2, Byte: 6},
		},
		"CP949": {
			strings.NewReader("a,b\n1,\xb0\xa1\n"), fault.Encoding, fault.Place{File: "f", Line: 2, Byte: 6},
		},
		"UTF-16": {
			strings.NewReader("\xff\xfea\x00,\x00"), fault.Encoding,
			fault.Place{File: "f", Line: 1, Byte: 3},
		},
		"an unclosed quote": {
			strings.NewReader("a\n\"b"), fault.Schema,
			fault.Place{File: "f", Line: 2, Byte: 2},
		},
		"text after a quote": {
			strings.NewReader("a\n\"b\"c\n"), fault.Schema, fault.Place{File: "f", Line: 2, Byte: 5},
		},
		"a row of 5 MB": {
			io.LimitReader(endless('x'), 5<<20), fault.RowTooLarge, fault.Place{File: "f", Line: 1},
		},
		"a field of 2 MB": {
			io.MultiReader(strings.NewReader("h\n"), io.LimitReader(endless('x'), 2<<20)),
			fault.RowTooLarge,
			fault.Place{File: "f", Line: 2, Byte: 2},
		},
		"100,000 columns": {
			io.LimitReader(endless(','), 100_000), fault.RowTooLarge,
			fault.Place{File: "f", Line: 1},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := readAll(tt.source, csvscan.Options{File: "f"})

			var coded *fault.Error
			require.ErrorAs(t, err, &coded)
			require.Equal(t, tt.code, coded.Code)
			if name != "UTF-16" { // the first bad byte is the mark itself
				require.Equal(t, tt.place, coded.Place)
			}
		})
	}
}

//nolint:paralleltest // memory is measured for the whole process
func TestAnUnclosedQuoteOfAGigabyteStaysSmall(t *testing.T) {
	source := io.MultiReader(strings.NewReader("a\n\""), io.LimitReader(endless('x'), 1<<30))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)

	_, err := readAll(source, csvscan.Options{File: "f"})

	runtime.ReadMemStats(&after)
	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.RowTooLarge, code)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20))
}

func TestAgreesWithEncodingCSV(t *testing.T) {
	t.Parallel()

	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(1, 12).Draw(t, "columns")
		field := rapid.StringMatching(`[a-z0-9,"\n \-]{0,12}`)
		rows := rapid.SliceOfN(rapid.SliceOfN(field, columns, columns), 1, 20).Draw(t, "rows")
		var text bytes.Buffer
		writer := csv.NewWriter(&text)
		require.NoError(t, writer.WriteAll(rows))
		want, err := csv.NewReader(bytes.NewReader(text.Bytes())).ReadAll()
		require.NoError(t, err)

		got, err := readAll(dribble{bytes.NewReader(text.Bytes())}, csvscan.Options{})

		require.NoError(t, err)
		if len(want) == 0 {
			require.Empty(t, got)
			return
		}
		require.Equal(t, want, got)
	})
}

// Cut anywhere, a compressed file is refused or whole; only a cut between
// members that is also a line end looks whole, and that is told by the row count
// of whoever wrote it, never by the file.
func TestACutGzipIsNeverSilentlyShort(t *testing.T) {
	t.Parallel()

	var packed bytes.Buffer
	members := []string{"a,b\n1,2\n3,", "4\n5,6\n7", ",8\n"}
	for _, member := range members {
		writer := gzip.NewWriter(&packed)
		_, err := writer.Write([]byte(member))
		require.NoError(t, err)
		require.NoError(t, writer.Close())
	}
	whole, err := unpack(packed.Bytes())
	require.NoError(t, err)
	require.Len(t, whole, 5)
	for cut := range packed.Len() {
		_, err := unpack(packed.Bytes()[:cut])

		require.Error(t, err, "cut at %d", cut)
	}
}

func TestABombIsRefused(t *testing.T) {
	t.Parallel()

	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, err := io.Copy(writer, io.LimitReader(endless('\n'), 300<<20))
	require.NoError(t, err)
	require.NoError(t, writer.Close())

	_, err = unpack(packed.Bytes())

	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.Bomb, code)
}

func TestAheadDeliversEveryByteAndStops(t *testing.T) {
	t.Parallel()

	want := make([]byte, 3<<20+17)
	for i := range want {
		want[i] = byte(rand.Uint32())
	}
	reader := csvscan.Ahead(bytes.NewReader(want))
	got, err := io.ReadAll(reader)
	require.NoError(t, err)
	require.NoError(t, reader.Close())
	require.True(t, bytes.Equal(want, got))

	stopped := csvscan.Ahead(endless('x'))
	_, err = io.ReadFull(stopped, make([]byte, 100))
	require.NoError(t, err)
	require.NoError(t, stopped.Close())
}

func TestDuplicateColumnsAreRefused(t *testing.T) {
	t.Parallel()

	_, err := csvscan.NewFile(strings.NewReader("a,b,a\n"), csvscan.Options{File: "f"})

	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.Schema, code)
	require.ErrorContains(t, err, "col a")
}

func unpack(packed []byte) ([][]string, error) {
	text, options, err := csvscan.Open(bytes.NewReader(packed), csvscan.Options{File: "f.gz"})
	if err != nil {
		return nil, err
	}
	options.NeedsFinalNewline = true // an empty cut has no magic to tell it by
	rows, err := readAll(text, options)
	if err == nil && len(rows) == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	return rows, err
}

func readAll(source io.Reader, options csvscan.Options) ([][]string, error) {
	scanner, err := csvscan.New(source, options)
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for {
		err := scanner.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		row := make([]string, scanner.Len())
		for i := range row {
			row[i] = string(scanner.Field(i))
		}
		rows = append(rows, row)
	}
}

// endless repeats a byte for ever.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

// dribble gives at most three bytes at a time.
type dribble struct{ source io.Reader }

func (d dribble) Read(p []byte) (int, error) { return d.source.Read(p[:min(3, len(p))]) }
