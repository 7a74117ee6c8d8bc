package activities

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/gzip"
	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"magam/domain/delivery"
	"magam/domain/fault"
)

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, err := io.WriteString(writer, text)
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	return packed.Bytes()
}

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var packed bytes.Buffer
	writer := zip.NewWriter(&packed)
	file, err := writer.Create("r.csv")
	require.NoError(t, err)
	_, err = io.WriteString(file, text)
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	return packed.Bytes()
}

func parqueted(t *testing.T) []byte {
	t.Helper()
	type row struct {
		A string `parquet:"a"`
		B int64  `parquet:"b"`
	}
	var file bytes.Buffer
	require.NoError(t, parquet.Write(&file, []row{{"1", 2}}))
	return file.Bytes()
}

func TestTheFirstBytesTellHowAFileIsPacked(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		file   []byte
		ending string
	}{
		"CSV":                              {[]byte("a,b\n1,2\n"), ".csv"},
		"CSV behind a byte order mark":     {[]byte("\xef\xbb\xbfa,b\n1,2\n"), ".csv"},
		"nothing":                          {nil, ".csv"},
		"CSV in gzip":                      {gzipped(t, "a,b\n1,2\n"), ".csv.gz"},
		"a gzip that is cut in its head":   {gzipped(t, "a,b\n")[:5], ".csv.gz"},
		"CSV in zip":                       {zipped(t, "a,b\n1,2\n"), ".csv.zip"},
		"parquet":                          {parqueted(t), ".parquet"},
		"JSON lines":                       {[]byte("\xef\xbb\xbf {\"a\":1}\n"), ".jsonl"},
		"JSON lines in gzip":               {gzipped(t, "\n{\"a\":1}\n"), ".jsonl.gz"},
		"a header that begins like no zip": {[]byte("PK,b\n1,2\n"), ".csv"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			file, err := sniff("f", bytes.NewReader(tt.file))

			require.NoError(t, err)
			require.Equal(t, tt.ending, file.ending)
			all, err := io.ReadAll(file.stream)
			require.NoError(t, err)
			require.Len(t, all, len(tt.file), "looking takes nothing away")
		})
	}
}

func TestRowsComeOutOfEveryPacking(t *testing.T) {
	t.Parallel()

	for name, content := range map[string][]byte{
		"csv": []byte("a,b\n1,2\n"), "gzip": gzipped(t, "a,b\n1,2\n"), "zip": zipped(t, "a,b\n1,2\n"),
		"parquet": parqueted(t),
	} {
		for _, ahead := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				file, err := sniff("f", bytes.NewReader(content))
				require.NoError(t, err)
				file.at, file.size, file.ahead = bytes.NewReader(content), int64(len(content)), ahead

				rows, done, err := file.open(nil)

				require.NoError(t, err)
				defer done()
				require.Equal(t, []string{"a", "b"}, []string(rows.Header()))
				require.NoError(t, rows.Next())
				require.Equal(t, "1", string(rows.Row().Cell(0)))
				require.Equal(t, "2", string(rows.Row().Cell(1)))
				require.ErrorIs(t, rows.Next(), io.EOF)
			})
		}
	}
}

// memorySpool stands in for a file on disk.
type memorySpool struct {
	kept   bytes.Buffer
	full   error
	closed bool
}

func (m *memorySpool) Write(p []byte) (int, error) {
	if m.full != nil {
		return 0, m.full
	}
	return m.kept.Write(p)
}

func (m *memorySpool) ReadAt(p []byte, offset int64) (int, error) {
	return bytes.NewReader(m.kept.Bytes()).ReadAt(p, offset)
}

func (m *memorySpool) Close() error {
	m.closed = true
	return nil
}

func TestASpoolIsGivenBackOnEveryPath(t *testing.T) {
	t.Parallel()
	content := parqueted(t)
	size := int64(len(content))

	tests := map[string]struct {
		source io.Reader
		full   error
		size   int64
		code   fault.Code
	}{
		"a file that grew":   {bytes.NewReader(content), nil, size - 1, fault.Hash},
		"a file that shrank": {bytes.NewReader(content), nil, size + 1, fault.Hash},
		"a disk without space": {
			bytes.NewReader(content),
			fault.New(fault.DiskFull, "full", "wait"),
			size,
			fault.DiskFull,
		},
		"a line that goes dead": {iotest.ErrReader(errors.New("dead")), nil, size, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spool := &memorySpool{full: tt.full}
			hands := &Ingest{Spool: func() (Spool, error) { return spool, nil }}

			_, err := hands.spool(&packed{file: "f", stream: tt.source}, tt.size)

			require.Error(t, err)
			code, _ := fault.CodeOf(err)
			require.Equal(t, tt.code, code, "%v", err)
			require.True(t, spool.closed)
		})
	}
}

// store is a SourceStore of one file that counts what is fetched.
type store struct {
	SourceStore
	content []byte
	fetched int64
}

func (s *store) OpenRange(_ context.Context, _ string, offset, length int64) (io.ReadCloser, error) {
	s.fetched += length
	return io.NopCloser(io.NewSectionReader(bytes.NewReader(s.content), offset, length)), nil
}

func (s *store) Open(context.Context, string) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(s.content)), nil
}

// A look at a parquet file in a store fetches its footer and the first page of
// one column, never the file.
func TestALookAtParquetFetchesLittle(t *testing.T) {
	t.Parallel()
	type row struct {
		BilledCost         int64  `parquet:"BilledCost"`
		ChargeCategory     string `parquet:"ChargeCategory"`
		BillingPeriodStart string `parquet:"BillingPeriodStart,dict"`
	}
	rows := make([]row, 200_000)
	for i := range rows {
		rows[i] = row{int64(i) * 7_777_777, "Usage", "2026-10-01T00:00:00Z"}
	}
	var file bytes.Buffer
	require.NoError(t, parquet.Write(&file, rows))
	kept := &store{content: file.Bytes()}
	look := search{files: &listing{
		store: kept, byKey: map[string]StoredFile{"f": {Key: "f", Bytes: int64(file.Len())}},
	}}

	seen, err := look.glanceAt(t.Context(), "f")

	require.NoError(t, err)
	require.Equal(t, delivery.FormatFOCUS, seen.format)
	require.Equal(t, "2026-10", seen.month.String())
	require.Len(t, seen.header, 3)
	require.Less(t, kept.fetched, int64(file.Len()/4))
}

func TestTheArchiveEndsAsTheBytesArePacked(t *testing.T) {
	t.Parallel()

	require.Equal(t, "archive/ab/abcdef.parquet", archiveKey("abcdef", packedParquet))
}
