package gcp_test

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/formats/gcp"
)

// opener opens a file's text.
type opener func(text string, month charge.Month) (*gcp.Reader, error)

// Reading a month of JSON lines into charge lines, without the store.
func BenchmarkJSONLines(b *testing.B) { benchmark(b, jsonLines(b, month(2000)), openJSON) }

// The same month as flattened CSV.
func BenchmarkCSV(b *testing.B) {
	benchmark(b, flattened(b, month(2000), dialect{dot: "_", list: asJSON}), openCSV)
}

func benchmark(b *testing.B, text string, open opener) {
	b.Helper()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		reader, err := open(text, 0)
		require.NoError(b, err)
		for err == nil {
			_, _, err = reader.Next()
		}
		require.ErrorIs(b, err, io.EOF)
	}
}
