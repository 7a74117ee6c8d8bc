package db

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestStatementsAreFoundByTheirNames(t *testing.T) {
	t.Parallel()

	loaded, err := loadQueries(fstest.MapFS{
		"queries/credit.sql": {
			Data: []byte("-- Credits.\n\n-- name: due\n-- $1 month\nSELECT 1;\n\n-- name: used\nSELECT 2;\n"),
		},
		"queries/tag.sql": {Data: []byte("-- name: all\nSELECT 3;\n")},
	})

	require.NoError(t, err)
	require.Equal(t, map[string]string{
		"credit/due":  "-- $1 month\nSELECT 1",
		"credit/used": "SELECT 2",
		"tag/all":     "SELECT 3",
	}, loaded)
}

func TestStatementsAreRefused(t *testing.T) {
	t.Parallel()

	tests := map[string]struct{ text, want string }{
		"when a name stands twice": {
			"-- name: a\nSELECT 1;\n-- name: a\nSELECT 2;\n",
			"credit/a stands twice",
		},
		"when a name has no text":   {"-- name: a\n-- name: b\nSELECT 2;\n", "credit/a is empty"},
		"when the last has no text": {"-- name: a\nSELECT 1;\n-- name: b\n", "credit/b is empty"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := loadQueries(fstest.MapFS{"queries/credit.sql": {Data: []byte(tt.text)}})

			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestAMissingStatementStopsTheProgramAtInit(t *testing.T) {
	t.Parallel()

	require.PanicsWithValue(t,
		"db: no statement \"credit/nowhere\": queries/<subject>.sql needs a line `-- name: …`",
		func() { query("credit/nowhere") })
}
