package money_test

import (
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/money"
)

// sixtyLiterals is the table of FAULTS F25: what a bill may spell, and what it
// may not. An empty want is a refusal.
var sixtyLiterals = []struct{ text, want string }{
	{"0", "0"},
	{"4", "4"},
	{"-3", "-3"},
	{"1.234", "1.234"},
	{"-100.2", "-100.2"},
	{"35.2E-7", "0.00000352"},
	{"1.5E-3", "0.0015"},
	{"35.2E7", "352000000"},
	{"-7.0E-10", "-0.0000000007"},
	{"5E-7", "0.0000005"},
	{"5e-7", "0.0000005"},
	{"00012", "12"},
	{"0.00", "0"},
	{"-0", "0"},
	{"-0.000", "0"},
	{"0E5", "0"},
	{"999999999999999", "999999999999999"},
	{"-999999999999999.99", "-999999999999999.99"},
	{"1388.0999999999999", "1388.0999999999999"},
	{"1.10", "1.1"},
	{"1E14", "100000000000000"},
	{"0.000000000000000000000000000001", "0.000000000000000000000000000001"},
	{"1E-30", "0.000000000000000000000000000001"},

	{"", ""},
	{" ", ""},
	{" 1", ""},
	{"1 ", ""},
	{"\t1", ""},
	{"1\n", ""},
	{"1\x00", ""},
	{"+1", ""},
	{"--1", ""},
	{"1-", ""},
	{"-", ""},
	{".", ""},
	{".5", ""},
	{"5.", ""},
	{"1.2.3", ""},
	{"1,000.00", ""},
	{"1_000", ""},
	{"3,432,342", ""},
	{"0x10", ""},
	{"1e", ""},
	{"1e-", ""},
	{"1E+3", ""},
	{"35.2E+7", ""},
	{"1e400", ""},
	{"1e-400", ""},
	{"1e99", ""},
	{"1e-31", ""},
	{"1e15", ""},
	{"1000000000000000", ""},
	{"NaN", ""},
	{"nan", ""},
	{"Inf", ""},
	{"-Infinity", ""},
	{"NULL", ""},
	{"abc", ""},
	{"１２", ""},
	{"٣", ""},
	{"1٫5", ""},
	{"−1", ""},
	{"1234567890123456789", ""},
	{"0.0000000000000000000000000000001", ""},
	{"35.24 x 10^7", ""},
	{"2.3^3", ""},
	{"$1", ""},
	{"1USD", ""},
	{"(1)", ""},
	{"1e2e3", ""},
	{"1e100", ""},
	{"\ufeff1", ""},
	{"9" + strings.Repeat("9", 2_000_000), ""},
}

func TestParseAcceptsTheGrammarOfAnAmountAndNothingElse(t *testing.T) {
	t.Parallel()
	require.GreaterOrEqual(t, len(sixtyLiterals), 60)
	for _, tt := range sixtyLiterals {
		name := tt.text
		if len(name) > 40 {
			name = name[:40]
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got, err := money.Parse(tt.text)

			if tt.want == "" {
				require.Error(t, err)
				require.Less(t, len(err.Error()), 200)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.want, money.Text(got))
		})
	}
}

func TestParseSaysWhyItRefuses(t *testing.T) {
	t.Parallel()
	_, err := money.Parse("1_000")
	require.ErrorIs(t, err, money.ErrNotANumber)
	_, err = money.Parse("1e15")
	require.ErrorIs(t, err, money.ErrOutOfRange)
	_, err = money.Parse("1e-31")
	require.ErrorIs(t, err, money.ErrOutOfRange)
}

// requireExact: what is accepted prints, reads back alike and equals the
// rational number that the text spells.
func requireExact(t require.TestingT, text string) {
	amount, err := money.Parse(text)
	if err != nil {
		return
	}
	printed := money.Text(amount)
	again, err := money.Parse(printed)
	require.NoError(t, err, printed)
	require.True(t, again.Equal(amount), "%s -> %s", text, printed)
	require.Equal(t, printed, money.Text(again))
	want, ok := new(big.Rat).SetString(text)
	require.True(t, ok)
	require.Zero(t, want.Cmp(amount.Rat()), "%s -> %s", text, printed)
}

func TestParsePrintParseIsIdentical(t *testing.T) {
	t.Parallel()
	spelled := rapid.StringMatching(`-?[0-9]{1,18}(\.[0-9]{1,30})?([eE]-?[0-9]{1,2})?`)
	rapid.Check(t, func(t *rapid.T) {
		requireExact(t, spelled.Draw(t, "text"))
	})
}

func FuzzParse(f *testing.F) {
	for _, tt := range sixtyLiterals {
		if len(tt.text) < 100 {
			f.Add(tt.text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) { requireExact(t, text) })
}
