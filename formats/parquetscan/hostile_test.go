package parquetscan_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/formats/parquetscan"
)

// small are files of every kind that is written differently.
func small(t testing.TB) [][]byte {
	rows := samplesOf(math.Float64frombits, math.Float32frombits)
	return [][]byte{
		write(t, rows),
		write(t, rows, parquet.DataPageVersion(1), parquet.Compression(&parquet.Snappy)),
		write(t, rows, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(2)),
		write(t, encodedRows()[:40], parquet.Compression(&parquet.Gzip)),
		write(t, encodedRows()[:40], parquet.Compression(&parquet.Lz4Raw)),
		write(t, rows, parquet.Compression(&parquet.Brotli)),
	}
}

// Whatever byte of a file is another, or missing, there is a coded refusal or
// every row: never fewer or more rows, never a crash, never memory that a few
// kilobytes could not mean.
func TestADamagedFileIsRefusedOrWhole(t *testing.T) {
	t.Parallel()

	random := rand.New(rand.NewPCG(2026, 10))
	for _, file := range small(t) {
		_, whole, err := readAll(file, nil)
		require.NoError(t, err)
		for range 1000 {
			damaged := bytes.Clone(file)
			for range 1 + random.IntN(3) {
				damaged[random.IntN(len(damaged))] ^= byte(1 + random.IntN(255))
			}

			_, cells, err := readAll(damaged, nil)
			if err != nil {
				requireCoded(t, err)
				continue
			}
			require.Len(t, cells, len(whole))
		}
	}
}

func TestACutFileIsAlwaysRefused(t *testing.T) {
	t.Parallel()

	for _, file := range small(t) {
		for cut := range file {
			_, _, err := readAll(file[:cut], nil)

			requireCoded(t, err)
		}
	}
}

//nolint:paralleltest // memory is measured for the whole process
func TestWhatAFileClaimsIsNotBelieved(t *testing.T) {
	file := write(t, samplesOf(math.Float64frombits, math.Float32frombits),
		parquet.Compression(&parquet.Zstd))
	random := rand.New(rand.NewPCG(10, 2026))
	length := int(binary.LittleEndian.Uint32(file[len(file)-8:]))
	footer := len(file) - 8 - length
	var before, after runtime.MemStats
	most := uint64(0)
	for range 800 {
		damaged := bytes.Clone(file)
		for at := range 5 { // numbers of thrift that become as big as they can
			damaged[footer+random.IntN(length-5)+at] = 0xff
		}
		runtime.ReadMemStats(&before)
		_, _, err := readAll(damaged, nil)
		runtime.ReadMemStats(&after)
		if err != nil {
			requireCoded(t, err)
		}
		most = max(most, after.TotalAlloc-before.TotalAlloc)
	}
	require.Less(t, most, uint64(64<<20))
}

func TestTextOutOfNothingIsABomb(t *testing.T) {
	t.Parallel()

	type constant struct {
		Text string `parquet:"text,dict"`
	}
	rows := make([]constant, 10_000)
	for i := range rows {
		rows[i].Text = string(bytes.Repeat([]byte{'x'}, 10_000))
	}
	file := write(t, rows, parquet.Compression(&parquet.Zstd))
	require.Less(t, len(file), 100_000, "100 MB of text in a few kilobytes")

	_, _, err := readAll(file, nil)

	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.Bomb, code)
}

func TestABrokenConnectionIsNoBrokenFile(t *testing.T) {
	t.Parallel()

	file := write(t, samplesOf(math.Float64frombits, math.Float32frombits))
	dead := errors.New("the line went dead")
	for after := range 12 {
		rows, err := parquetscan.NewFile(&dying{bytes.NewReader(file), after, dead}, int64(len(file)),
			parquetscan.Options{File: "f"})
		for err == nil {
			err = rows.Next()
		}
		if errors.Is(err, io.EOF) {
			continue // it did not need that many reads
		}
		require.ErrorIs(t, err, dead)
		_, coded := fault.CodeOf(err)
		require.False(t, coded, "a retry cures it")
	}
}

// dying fails after a few reads.
type dying struct {
	io.ReaderAt
	left int
	err  error
}

func (d *dying) ReadAt(p []byte, offset int64) (int, error) {
	if d.left == 0 {
		return 0, d.err
	}
	d.left--
	return d.ReaderAt.ReadAt(p, offset)
}

func requireCoded(t testing.TB, err error) {
	t.Helper()
	var coded *fault.Error
	require.ErrorAs(t, err, &coded)
	require.Contains(t,
		[]fault.Code{fault.Parquet, fault.Encoding, fault.RowTooLarge, fault.Bomb, fault.Schema},
		coded.Code)
	require.Equal(t, "f", coded.Place.File)
}

// FuzzFile holds a file of any bytes to the same promise.
func FuzzFile(f *testing.F) {
	for _, file := range small(f) {
		f.Add(file)
	}
	f.Add([]byte("PAR1\x15\x00PAR1"))
	f.Fuzz(func(t *testing.T, file []byte) {
		rows, err := open(file, nil)
		if err != nil {
			requireCoded(t, err)
			return
		}
		seen := int64(0)
		for {
			err := rows.Next()
			if errors.Is(err, io.EOF) {
				require.Equal(t, rows.Count(), seen)
				return
			}
			if err != nil {
				requireCoded(t, err)
				return
			}
			seen++
			require.Equal(t, len(rows.Header()), rows.Row().Len())
			if seen > 10_000 {
				return
			}
		}
	})
}
