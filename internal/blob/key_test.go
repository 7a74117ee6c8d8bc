package blob_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/internal/blob"
)

func TestKeysAreMadeFromAnyText(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		parts []string
		want  string
	}{
		"plain text stays": {
			[]string{"archive", "2026-10", "part_1.csv.gz"},
			"archive/2026-10/part_1.csv.gz",
		},
		"Hangul and spaces are escaped": {[]string{"㈜a b"}, "~E3~88~9Ca~20b"},
		"a slash stays inside its part": {[]string{"a/b", "c"}, "a~2Fb/c"},
		"an empty part is seen":         {[]string{"a", "", "c"}, "a/~/c"},
		"dots do not climb":             {[]string{"..", "."}, "~2E./~2E"},
		"the escape itself is escaped":  {[]string{"~20"}, "~7E20"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			require.Equal(t, tt.want, blob.Key(tt.parts...))
		})
	}
}

func TestDifferentTextsNeverShareAKey(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		one := rapid.SliceOfN(rapid.String(), 1, 3).Draw(t, "one")
		other := rapid.SliceOfN(rapid.String(), 1, 3).Draw(t, "other")

		same := strings.Join(one, "\x00") == strings.Join(other, "\x00") && len(one) == len(other)
		require.Equal(t, same, blob.Key(one...) == blob.Key(other...))
	})
}
