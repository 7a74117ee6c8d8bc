package parquetscan_test

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"
)

// encoded has the encodings that writers may choose besides the usual ones.
type encoded struct {
	Delta   int64   `parquet:"delta,delta"`
	Delta32 int32   `parquet:"delta32,delta"`
	Lengths string  `parquet:"lengths,delta"`
	Maybe   *int64  `parquet:"maybe,optional"`
	Split   int64   `parquet:"split,split"`
	Term    string  `parquet:"term,dict"`
	Number  *int64  `parquet:"number,optional,dict"`
	Truth   bool    `parquet:"truth"`
	Truths  []bool  `parquet:"truths"`
	Deep    []inner `parquet:"deep"`
}

type inner struct {
	Some *string  `parquet:"some,optional"`
	More []*int64 `parquet:"more,list"`
}

func encodedRows() []encoded {
	rows := make([]encoded, 1000)
	for i := range rows {
		n := int64(i)
		rows[i] = encoded{
			Delta:   n*n*n*1_000_003 - 1<<62,
			Delta32: int32(i*i) - 7,
			Lengths: strings.Repeat("é", i%17),
			Split:   -n << 20,
			Term:    "term-" + strconv.Itoa(i%300),
			Truth:   i%3 == 0,
		}
		if i%3 == 0 {
			rows[i].Maybe = &n
		}
		if i%5 > 0 {
			rows[i].Number = &n
		}
		for j := range i % 4 {
			rows[i].Truths = append(rows[i].Truths, j%2 == 0)
			one := inner{More: []*int64{}}
			if j > 0 {
				one.Some = text(fmt.Sprint(j))
				one.More = []*int64{&n, nil}
			}
			rows[i].Deep = append(rows[i].Deep, one)
		}
	}
	return rows
}

// cells is what a row must become.
func (e encoded) cells() []string {
	number := func(n *int64) string {
		if n == nil {
			return ""
		}
		return strconv.FormatInt(*n, 10)
	}
	truths, deep := make([]string, len(e.Truths)), make([]string, len(e.Deep))
	for i, truth := range e.Truths {
		truths[i] = strconv.FormatBool(truth)
	}
	for i, one := range e.Deep {
		deep[i] = `{"more":[]}`
		if one.Some != nil {
			deep[i] = fmt.Sprintf(`{"more":[%d,null],"some":%q}`, *one.More[0], *one.Some)
		}
	}
	return []string{
		strconv.FormatInt(e.Delta, 10), strconv.Itoa(int(e.Delta32)), e.Lengths, number(e.Maybe),
		strconv.FormatInt(e.Split, 10), e.Term, number(e.Number), strconv.FormatBool(e.Truth),
		"[" + strings.Join(truths, ",") + "]", "[" + strings.Join(deep, ",") + "]",
	}
}

func TestEveryEncodingIsRead(t *testing.T) {
	t.Parallel()

	tests := map[string][]parquet.WriterOption{
		"pages of the second kind": {parquet.DataPageVersion(2), parquet.PageBufferSize(1000)},
		"pages of the first kind":  {parquet.DataPageVersion(1), parquet.PageBufferSize(1000)},
		"one page of everything":   {parquet.PageBufferSize(1 << 20), parquet.Compression(&parquet.Zstd)},
	}
	rows := encodedRows()
	for name, options := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, cells, err := readAll(write(t, rows, options...), nil)

			require.NoError(t, err)
			require.Len(t, cells, len(rows))
			for i, row := range rows {
				require.Equal(t, row.cells(), cells[i], "row %d", i)
			}
		})
	}
}

// Values that repeat the beginning of the one before have no tag of their own.
func TestPrefixesAreRead(t *testing.T) {
	t.Parallel()

	schema := parquet.NewSchema("prefixes", parquet.Group{
		"arn": parquet.Optional(parquet.Encoded(parquet.String(), &parquet.DeltaByteArray)),
	})
	var file bytes.Buffer
	writer := parquet.NewGenericWriter[any](&file, schema, parquet.PageBufferSize(2000))
	var want [][]string
	for i := range 500 {
		arn := fmt.Sprintf("arn:aws:ec2:ap-northeast-2:%012d:volume/%x", i/7, i*i)
		row := parquet.Row{parquet.ValueOf(arn).Level(0, 1, 0)}
		if i%9 == 0 {
			arn, row = "", parquet.Row{parquet.NullValue().Level(0, 0, 0)}
		}
		_, err := writer.WriteRows([]parquet.Row{row})
		require.NoError(t, err)
		want = append(want, []string{arn})
	}
	require.NoError(t, writer.Close())

	_, cells, err := readAll(file.Bytes(), nil)

	require.NoError(t, err)
	require.Equal(t, want, cells)
}
