package db_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/db"
	"magam/domain/money"
	"magam/internal/devstack/pgtest"
)

// What is encoded here must be what Postgres itself reads from the text: the
// same value, the same scale, every trailing zero.
func TestNumericIsWhatPostgresReads(t *testing.T) {
	t.Parallel()
	pool := pgtest.Open(t).App(t)
	texts := []string{
		"0", "0.0", "-0", "-0.000", "1", "-1", "9999", "10000", "12345678", "0.1", "0.01", "0.001", "0.0001",
		"0.00001", "0.0000000676", "1.5E-3", "35.2E-7", "35.2E7", "-7.0E-10", "5E-7", "5e-07", "100.00",
		"10000.0000", "999999999999999", "999999999999999.999999999999999999999999999999", "-100.2",
		"0.00000080000", "1e14", "123456.789e-5", "0e9", "0.10e1", "000000000000000001.5", "12340000",
		"0.000000000000000000000000000001",
	}
	for i := range 400 {
		texts = append(texts, rapid.StringMatching(`-?[0-9]{1,15}(\.[0-9]{1,18})?(E-1?[0-9])?`).Example(i))
	}
	stream := append([]byte("PGCOPY\n\xff\r\n\x00"), 0, 0, 0, 0, 0, 0, 0, 0)
	var legal []string
	for _, text := range texts {
		if _, err := money.Parse(text); err != nil {
			continue
		}
		var err error
		stream, err = db.AppendNumeric(binary.BigEndian.AppendUint16(stream, 1), []byte(text))
		require.NoError(t, err, text)
		legal = append(legal, text)
	}
	require.Greater(t, len(legal), 200)
	conn, err := pool.Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	_, err = conn.Exec(t.Context(),
		"CREATE TEMPORARY TABLE encoded (i int GENERATED ALWAYS AS IDENTITY, x numeric)")
	require.NoError(t, err)
	stream = binary.BigEndian.AppendUint16(stream, 0xffff)

	_, err = conn.Conn().PgConn().CopyFrom(t.Context(), bytes.NewReader(stream),
		"COPY encoded (x) FROM STDIN (FORMAT binary)")

	require.NoError(t, err)
	for i, text := range legal {
		var got, want string
		err = conn.QueryRow(t.Context(), "SELECT x::text, $2::text::numeric::text FROM encoded WHERE i = $1",
			i+1, text).
			Scan(&got, &want)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
}

// Every length at a bound, every exponent around it: what one refuses, so does the other.
func TestNumericRefusesWhatParseRefuses(t *testing.T) {
	t.Parallel()
	var wholes, fractions []string
	for _, digit := range []string{"0", "1", "9"} {
		for _, length := range []int{0, 1, 15, 16, 18, 19} {
			wholes = append(wholes, strings.Repeat(digit, length))
		}
		for _, length := range []int{0, 1, 4, 30, 31} {
			fractions = append(fractions, "."+strings.Repeat(digit, length))
		}
	}
	wholes, fractions = append(wholes, "000000000000000012", "-7", "-"), append(fractions, "", ".05", ".50")
	exponents := []string{
		"", "e", "E0", "e+0", "E+1", "e-", "e1", "E-1", "e07", "e14", "e15", "e-12", "e-29", "e-30", "e-31",
		"e99", "E-99", "e100", "e-100", "e1.5",
	}

	for _, whole := range wholes {
		for _, fraction := range fractions {
			for _, exponent := range exponents {
				requireSameJudgement(t, whole+fraction+exponent)
			}
		}
	}
	for _, text := range []string{"NaN", "Inf", "1_000", "1,0", " 1", "+1", "-", ".", "1.", ".5", "e1", "1e", "1.2.3"} {
		_, err := db.AppendNumeric(nil, []byte(text))
		require.ErrorContains(t, err, "not an amount", text)
	}
}

func FuzzNumericRefusesWhatParseRefuses(f *testing.F) {
	for _, text := range []string{"0E+0", "1.5E-7", "-0.000", "999999999999999.9", "0.0000000000000000000000000000001e5"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { requireSameJudgement(t, text) })
}

// requireSameJudgement holds the encoder against money.Parse. Empty text alone
// is nought in the books and no amount in a file.
func requireSameJudgement(t *testing.T, text string) {
	t.Helper()
	_, parsed := money.Parse(text)
	_, encoded := db.AppendNumeric(nil, []byte(text))
	if text != "" && (parsed == nil) != (encoded == nil) {
		require.Failf(t, "they disagree", "%q: Parse says %v, the encoder %v", text, parsed, encoded)
	}
}
