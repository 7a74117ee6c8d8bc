package db_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/fault"
)

func TestHowManyRowsMayBeSetAside(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		booked, aside int
		refused       bool
	}{
		"a thousand of few":                            {0, 1000, false},
		"not one more":                                 {0, 1001, true},
		"half of a small file":                         {5000, 1000, false},
		"any share of ten thousand":                    {9000, 1000, false},
		"one in a thousand above ten thousand":         {10_989, 10, false},
		"not one more than one in a thousand":          {10_988, 11, true},
		"of ten thousand and one, ten":                 {9991, 10, false},
		"of ten thousand and one, not eleven":          {9990, 11, true},
		"of two thousand thousand, no more than limit": {60_000, 60, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := openCharges(t)
			registered := register(t, store, found("d1", 1))
			reader := &fakeReader{lines: make([]charge.Line, tt.booked)}
			for i := range reader.lines {
				reader.lines[i] = line("1")
			}
			for i := range tt.aside {
				reader.aside = append(reader.aside, aside(int64(tt.booked+i+1), "1"))
			}

			_, err := store.LoadPart(t.Context(), registered.Parts[0].ID, reader, func(int64) {}, noEnd)

			if tt.refused {
				requireCode(t, fault.Schema, err)
				require.Zero(t, count(t, store.Pool, "quarantined_row"))
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.aside, count(t, store.Pool, "quarantined_row"))
		})
	}
}
