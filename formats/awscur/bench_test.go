package awscur_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkRead is the time a row takes from text to charge line: the hot path
// of every ingest.
func BenchmarkRead(b *testing.B) {
	small, err := os.ReadFile(filepath.Join("testdata", "small.csv"))
	require.NoError(b, err)
	header, rows, _ := bytes.Cut(small, []byte("\n"))
	text := append(append(bytes.Clone(header), '\n'), bytes.Repeat(rows, 500)...)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		reader, err := open(bytes.NewReader(text), 0)
		require.NoError(b, err)
		for !errors.Is(err, io.EOF) {
			_, _, err = reader.Next()
		}
	}
}
