package charge_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
)

func TestInstantsAsExportsPrintThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Time{
		"2024-09-18":                    time.Date(2024, 9, 18, 0, 0, 0, 0, time.UTC),
		"2024-02-29 22:00:00":           time.Date(2024, 2, 29, 22, 0, 0, 0, time.UTC),
		"2024-09-18T22:00":              time.Date(2024, 9, 18, 22, 0, 0, 0, time.UTC),
		"2024-09-18T22:00:00.25+00:00":  time.Date(2024, 9, 18, 22, 0, 0, 250_000_000, time.UTC),
		"2000-01-01T00:00:00Z":          time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		"2199-12-31T23:59:59.999999999": time.Date(2199, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
	} {
		got, ok := charge.ParseInstant([]byte(text))

		require.True(t, ok, text)
		require.Equal(t, want, got, text)
	}
}

func TestWhatIsNoInstantOfABill(t *testing.T) {
	t.Parallel()
	for claim, text := range map[string]string{
		"nothing":                       "",
		"words":                         "yesterday",
		"a day that does not exist":     "2025-02-29",
		"another zone":                  "2025-03-01T00:00:00+09:00",
		"a year before anybody's cloud": "1999-12-31",
		"the year nought":               "0000-01-01T00:00:00Z",
		"a year mistyped":               "5026-03-01T00:00:00Z",
		"a year of five digits":         "12026-03-01",
	} {
		_, ok := charge.ParseInstant([]byte(text))

		require.False(t, ok, claim)
	}
}
