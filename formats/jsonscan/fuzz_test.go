package jsonscan_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"magam/formats/jsonscan"
	"magam/formats/table"
)

// Whatever a file holds, it is refused, or each of its lines is JSON whose top
// values encoding/json reads the same; and it is read the same way however its
// bytes arrive.
func FuzzScan(f *testing.F) {
	for _, text := range []string{
		`{"a":1,"b":{"c":"x"}}`, "{\"a\":\"\\ud55c\\n\"}\n{\"b\":[1,{\"k\":null}]}", `{"a":-7.0E-10}`, `{"a":{}}`,
		"\xef\xbb\xbf{\"a\":true}\r\n\r\n", `{"a":"\ud83d\ude00"}`, `{"a":[[],{}]}`, `{"a":1,"a":2}`, `{"a":NaN}`,
		`{"a.b":1,"a":{"b":2}}`, `{}`, `{"":""}`, `[{"a":1}]`,
	} {
		f.Add(text)
	}
	columns := func(first table.Header) table.Header {
		for _, column := range first {
			if column == "a" {
				return first
			}
		}
		return append(first[:len(first):len(first)], "a")
	}
	f.Fuzz(func(t *testing.T, text string) {
		options := jsonscan.Options{}
		header, got, err := readAll(strings.NewReader(text), options, columns)
		_, again, errAgain := readAll(iotest.HalfReader(strings.NewReader(text)), options, columns)
		require.Equal(t, err == nil, errAgain == nil, "%v, then %v", err, errAgain)
		require.Equal(t, got, again)
		if err != nil {
			return
		}
		rows := 0
		for line := range strings.SplitSeq(strings.TrimPrefix(text, "\xef\xbb\xbf"), "\n") {
			if strings.Trim(strings.TrimSuffix(line, "\r"), " \t") == "" {
				continue
			}
			var want map[string]json.RawMessage
			require.NoError(t, json.Unmarshal([]byte(line), &want))
			compare(t, want["a"], got[rows][header.Index("a")])
			rows++
		}
		require.Len(t, got, rows)
	})
}

// compare holds a cell against what encoding/json makes of the value.
func compare(t *testing.T, want json.RawMessage, got string) {
	t.Helper()
	var text string
	switch {
	case len(want) == 0:
	case want[0] == '"':
		require.NoError(t, json.Unmarshal(want, &text))
		require.Equal(t, text, got)
	case string(want) == "null":
		require.Empty(t, got)
	case want[0] == '{' || want[0] == '[':
		if got == "" {
			return // an object that was flattened
		}
		require.JSONEq(t, string(want), got)
	default:
		require.Equal(t, string(want), got)
	}
}
