package fonts_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/templates/fonts"
)

func TestFit(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"a Korean name is kept letter by letter":    {"㈜알파전자 · 뷁쀍", "㈜알파전자 · 뷁쀍"},
		"Hangul spelled as jamo is composed":        {"\u1112\u1161\u11ab", "한"},
		"㈱ becomes the letters the family has":      {"㈱みどり", "(株)みどり"},
		"half-width kana become full, marks joined": {"ｶﾞﾗｽ", "ガラス"},
		"line ends and odd blanks become blanks":    {"a\r\nb\u00a0c", "a  b c"},
		"invisible marks and direction tricks go":   {"a\u200b\u202eb\ufe0f", "ab"},
		"currency signs and dashes are there":       {"₩ ¥ $ − – … ·", "₩ ¥ $ − – … ·"},
		"full-width signs a spreadsheet fears stay": {"＝１＋１", "＝１＋１"},
		"nothing stays nothing":                     {"", ""},
		"markup is only letters":                    {"<script>&amp;", "<script>&amp;"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := fonts.Fit(tt.text)
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
}

func TestFitRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a picture letter":                  "좋아요 😀",
		"a kanji outside the basic plane":   "𠮷野家",
		"a script the family does not have": "ก",
		"a control character":               "a\x07b",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := fonts.Fit(text)
			code, _ := fault.CodeOf(err)
			require.Equal(t, fault.Glyph, code)
			require.ErrorContains(t, err, "U+")
		})
	}
}

func TestEveryHangulSyllableIsThere(t *testing.T) {
	t.Parallel()
	for r := '가'; r <= '힣'; r++ {
		require.True(t, fonts.Has(r), "%c", r)
	}
}

func TestWidth(t *testing.T) {
	t.Parallel()
	require.Zero(t, fonts.Width("", false, 8.5))
	require.InDelta(t, 2*fonts.Width("가", false, 8.5), fonts.Width("가나", false, 8.5), 0.001)
	require.InDelta(t, 2*fonts.Width("1", false, 10), fonts.Width("1", false, 20), 0.001)
	require.InDelta(t, fonts.Width("1111", false, 8.5), fonts.Width("8888", false, 8.5), 1e-9,
		"figures line up")
	require.InDelta(t, fonts.Width("1111", true, 8.5), fonts.Width("8888", true, 8.5), 1e-9, "in bold too")
}
