package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"
)

// The same export in whatever container goes through the same workflow, comes
// out of the books with every digit, and lies in the archive byte for byte.
func TestEveryContainerKeepsEveryDigit(t *testing.T) {
	t.Parallel()

	const name = "focus/focus_1_2_aws_25_credits.csv"
	tests := map[string]struct {
		pack   func(*testing.T, []byte) []byte
		ending string
	}{
		"plain":   {func(_ *testing.T, text []byte) []byte { return text }, ".csv"},
		"gzip":    {packGzip, ".csv.gz"},
		"zip":     {packZip, ".csv.zip"},
		"parquet": {packParquet, ".parquet"},
	}
	for packing, tt := range tests {
		t.Run(packing, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join(sharedData(t), filepath.FromSlash(name)))
			require.NoError(t, err)
			want, content := expectations(t)[name], tt.pack(t, text)
			house, folder := openHouse(t), t.TempDir()
			// The name's ending says nothing, whatever it is.
			require.NoError(t, os.WriteFile(filepath.Join(folder, "export.csv"), content, 0o600))

			result := house.ingest(t, folder)

			require.Len(t, result.Deliveries, 1)
			one := result.Deliveries[0]
			require.Equal(t, "sealed", one.State)
			require.Equal(t, want.Rows, one.Rows)
			whole, err := house.totals.OfDelivery(t.Context(), one.ID, "")
			require.NoError(t, err)
			requireSame(t, want.Sums["BilledCost"], whole[0].Billed)
			requireSame(t, want.Sums["EffectiveCost"], whole[0].Effective)
			requireSame(t, want.Sums["ListCost"], whole[0].List)
			requireSame(t, want.Sums["ContractedCost"], whole[0].Contracted)
			services, err := house.totals.OfDelivery(t.Context(), one.ID, "service")
			require.NoError(t, err)
			require.Len(t, services, len(want.Groups["ServiceName"]))
			for _, total := range services {
				requireSame(t, want.Groups["ServiceName"][total.Key].Sum, total.Billed)
			}

			sum := sha256.Sum256(content)
			digest := hex.EncodeToString(sum[:])
			kept, err := house.archive.store.Get(t.Context(), "archive/"+digest[:2]+"/"+digest+tt.ending)
			require.NoError(t, err)
			require.True(t, bytes.Equal(content, kept))
			left, err := os.ReadDir(house.spool)
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}

// A damaged parquet file refuses its delivery, with its place, before a row of
// it is seen.
func TestADamagedParquetFileIsRefused(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(sharedData(t), "focus", "focus_1_2_aws_25_credits.csv"))
	require.NoError(t, err)
	content := packParquet(t, text)
	for at := range content[4:2000] { // pages; the footer stays whole
		content[4+at] ^= 0x55
	}
	house, folder := openHouse(t), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "export.parquet"), content, 0o600))

	_, err = house.tryIngest(t, folder)

	require.ErrorContains(t, err, "E_PARQUET")
	require.ErrorContains(t, err, "export.parquet")
}

func packGzip(t *testing.T, text []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, err := writer.Write(text)
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	return packed.Bytes()
}

func packZip(t *testing.T, text []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	writer := zip.NewWriter(&packed)
	file, err := writer.Create("export-00001.csv")
	require.NoError(t, err)
	_, err = io.Copy(file, bytes.NewReader(text))
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	return packed.Bytes()
}

// packParquet writes every column as text; typed ones are tested where formats are.
func packParquet(t *testing.T, text []byte) []byte {
	t.Helper()
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	require.NoError(t, err)
	fields, position := parquet.Group{}, map[string]int{}
	for i, name := range records[0] {
		fields[name], position[name] = parquet.Optional(parquet.String()), i
	}
	schema := parquet.NewSchema("export", fields)
	var packed bytes.Buffer
	writer := parquet.NewGenericWriter[any](&packed, schema, parquet.Compression(&parquet.Snappy))
	for _, record := range records[1:] {
		row := make(parquet.Row, 0, len(record))
		for column, path := range schema.Columns() {
			cell := record[position[path[0]]]
			row = append(row, parquet.ByteArrayValue([]byte(cell)).Level(0, 1, column))
		}
		_, err := writer.WriteRows([]parquet.Row{row})
		require.NoError(t, err)
	}
	require.NoError(t, writer.Close())
	return packed.Bytes()
}
