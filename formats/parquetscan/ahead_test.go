package parquetscan_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"magam/formats/parquetscan"
	"magam/formats/table"
)

// told is all that a reader can know of one row, or of what came instead.
type told struct {
	cells []string
	raw   string
	line  int64
	err   string
}

func toldOf(rows table.Rows) []told {
	var all []told
	for {
		if err := rows.Next(); err != nil {
			return append(all, told{err: err.Error()})
		}
		one := told{raw: string(rows.Raw()), line: rows.Line()}
		for i := range rows.Row().Len() {
			one.cells = append(one.cells, string(rows.Row().Cell(i)))
		}
		all = append(all, one)
	}
}

func TestDecodingAheadTellsTheSame(t *testing.T) {
	t.Parallel()

	whole := write(t, encodedRows(), parquet.Compression(&parquet.Snappy), parquet.MaxRowsPerRowGroup(700))
	random := rand.New(rand.NewPCG(11, 29))
	files := [][]byte{whole}
	for range 50 {
		damaged := bytes.Clone(whole)
		damaged[random.IntN(len(damaged))] ^= byte(1 + random.IntN(255))
		files = append(files, damaged)
	}
	rows := 0
	for _, file := range files {
		direct, err := open(file, nil)
		if err != nil {
			continue // the footer is what was damaged
		}
		beneath, err := open(file, nil)
		require.NoError(t, err)
		ahead := parquetscan.NewAhead(beneath)

		got := toldOf(ahead)

		require.Equal(t, toldOf(direct), got)
		require.Equal(t, direct.Header(), ahead.Header())
		require.EqualError(t, ahead.Next(), got[len(got)-1].err, "the end stays the end")
		ahead.Close()
		rows += len(got)
	}
	require.Greater(t, rows, 10*len(encodedRows()))
}

func TestDecodingAheadCanBeStopped(t *testing.T) {
	t.Parallel()

	file := write(t, encodedRows())
	for taken := range 3 {
		rows, err := open(file, nil)
		require.NoError(t, err)
		ahead := parquetscan.NewAhead(rows)
		for range taken {
			require.NoError(t, ahead.Next())
		}

		ahead.Close()
		ahead.Close()
	}
}
