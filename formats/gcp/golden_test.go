package gcp_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/internal/golden"
)

// small.jsonl has one row of every kind that the made month has, and one of a
// cost type that Google documents none of.
func TestTheSmallExportBecomesTheseLines(t *testing.T) {
	t.Parallel()
	rows := append(
		month(20),
		row(map[string]string{"cost_type": "fee"}, madeCredit{"PROMOTION", "Trial", "-0.5"}),
	)
	text := jsonLines(t, rows)
	golden.Require(t, "small.jsonl", []byte(text))

	reader, err := openJSON(text, 0)

	require.NoError(t, err)
	golden.RequireLines(t, "small.lines", reader)
}
