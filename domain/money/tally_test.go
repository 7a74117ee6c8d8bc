package money_test

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/money"
)

func TestTallyAgreesWithRationals(t *testing.T) {
	t.Parallel()

	rapid.Check(t, func(t *rapid.T) {
		amounts := rapid.SliceOfN(rapid.Custom(drawAmount), 0, 200).Draw(t, "amounts")
		var tally money.Tally
		want := new(big.Rat)
		for _, text := range amounts {
			exact, ok := new(big.Rat).SetString(text)
			require.True(t, ok, text)
			_, err := money.Parse(text)
			if err != nil {
				require.Error(t, tally.Add([]byte(text)), text)
				require.Error(t, money.CheckSource([]byte(text)), text)
				continue
			}
			require.NoError(t, tally.Add([]byte(text)), text)
			require.NoError(t, money.CheckSource([]byte(text)), text)
			want.Add(want, exact)
		}

		got, ok := new(big.Rat).SetString(tally.Total().String())

		require.True(t, ok)
		require.Zero(t, want.Cmp(got), "want %s, got %s", want, got)
	})
}

// drawAmount spells a number every way that providers do.
func drawAmount(t *rapid.T) string {
	text := rapid.StringMatching(`-?[0-9]{1,16}(\.[0-9]{1,30})?`).Draw(t, "digits")
	switch rapid.IntRange(0, 3).Draw(t, "notation") {
	case 0:
		return fmt.Sprintf("%sE-%d", text, rapid.IntRange(0, 31).Draw(t, "exponent"))
	case 1:
		return fmt.Sprintf("%se%d", text, rapid.IntRange(0, 9).Draw(t, "exponent"))
	default:
		return text
	}
}

func TestTallyRefusesWhatParseRefuses(t *testing.T) {
	t.Parallel()

	for _, text := range []string{
		"NaN", "Inf", "-Infinity", "1_000", "1,000.00", " 1", "1 ", "+1", "１", "1.", ".5", "1e", "1e400",
		"1e-400", "--1", "0x10", "1000000000000000", "1E-31", "1e15", "-", "1.2.3", "1e-1x", "1e--1",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()

			var tally money.Tally

			require.Error(t, tally.Add([]byte(text)))
			require.Error(t, money.CheckSource([]byte(text)))
			require.True(t, tally.Total().IsZero())
		})
	}
}

func TestTallyCarriesPast64Bits(t *testing.T) {
	t.Parallel()

	var tally money.Tally
	for range 100 {
		require.NoError(t, tally.Add([]byte("999999999999999.99")))
	}
	require.Equal(t, "99999999999999999", tally.Total().String())
	for range 200 {
		require.NoError(t, tally.Add([]byte("-999999999999999.99")))
	}
	require.Equal(t, "-99999999999999999", tally.Total().String())
}

//nolint:paralleltest // allocations are counted for the whole process
func TestTallyDoesNotAllocate(t *testing.T) {
	var tally money.Tally
	amount := []byte("-7.0E-10")
	require.Zero(t, testing.AllocsPerRun(100, func() { _ = tally.Add(amount) }))
}
