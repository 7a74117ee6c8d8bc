package db_test

import (
	"bytes"
	"encoding/binary"
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
		"0", "0.0", "-0", "-0.000", "1", "-1", "9999", "10000", "12345678", "0.1", "0.01", "0.001", "0.0001", "0.00001",
		"0.0000000676", "1.5E-3", "35.2E-7", "35.2E7", "-7.0E-10", "5E-7", "5e-07", "100.00", "10000.0000",
		"999999999999999", "999999999999999.999999999999999999999999999999", "-100.2", "0.00000080000", "1e14",
		"123456.789e-5", "0e9", "0.10e1", "000000000000000001.5", "12340000", "0.000000000000000000000000000001",
	}
	for range 400 {
		texts = append(texts, rapid.StringMatching(`-?[0-9]{1,15}(\.[0-9]{1,18})?(E-1?[0-9])?`).Example())
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
	_, err = conn.Exec(t.Context(), "CREATE TEMPORARY TABLE encoded (i int GENERATED ALWAYS AS IDENTITY, x numeric)")
	require.NoError(t, err)
	stream = binary.BigEndian.AppendUint16(stream, 0xffff)

	_, err = conn.Conn().PgConn().CopyFrom(t.Context(), bytes.NewReader(stream), "COPY encoded (x) FROM STDIN (FORMAT binary)")

	require.NoError(t, err)
	for i, text := range legal {
		var got, want string
		err = conn.QueryRow(t.Context(), "SELECT x::text, $2::text::numeric::text FROM encoded WHERE i = $1", i+1, text).
			Scan(&got, &want)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
}

func TestNumericRefusesWhatParseRefuses(t *testing.T) {
	t.Parallel()

	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?[0-9]{0,17}(\.[0-9]{0,31})?([eE][-+]?[0-9]{0,3})?`).Draw(t, "text")
		if text == "" {
			return
		}
		_, parsed := money.Parse(text)

		_, encoded := db.AppendNumeric(nil, []byte(text))

		require.Equal(t, parsed == nil, encoded == nil, "%q: %v", text, parsed)
	})
	for _, text := range []string{"NaN", "Inf", "1_000", "1,0", " 1", "+1", "-", ".", "1.", ".5", "e1", "1e", "1.2.3"} {
		_, err := db.AppendNumeric(nil, []byte(text))
		require.ErrorContains(t, err, "not an amount", text)
	}
}
