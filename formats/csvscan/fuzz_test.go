package csvscan_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/formats/csvscan"
)

// Whatever a file holds, it is read as encoding/csv reads it or refused, and
// the same way however its bytes arrive.
func FuzzScan(f *testing.F) {
	for _, text := range []string{
		"a,b\n1,2\n", "a,b\r\n1,2\r\n", "\"a,\"\"b\"\"\nc\",d", "\xef\xbb\xbfa\n", "a\n\n\r\nb", "a\"b\n", "\"a\"b\n",
		"a,\x00\n", "\xff\xfea\x00", "가나다라,마바사아자차\n", ",,\n\"\",\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := readAll(strings.NewReader(text), csvscan.Options{})
		again, errAgain := readAll(dribble{strings.NewReader(text)}, csvscan.Options{})
		require.Equal(t, err == nil, errAgain == nil, "%v, then %v", err, errAgain)
		require.Equal(t, got, again)
		if err != nil || strings.ContainsAny(text, "\r\ufeff") {
			return // encoding/csv turns line ends inside of quotes, and keeps a byte order mark
		}
		reader := csv.NewReader(strings.NewReader(text))
		reader.FieldsPerRecord = -1
		want, err := reader.ReadAll()
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}
