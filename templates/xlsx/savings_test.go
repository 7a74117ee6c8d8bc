package xlsx_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/internal/golden"
)

// A savings fee shows what it was taken of, by names that tell nobody's account.
func TestTheEvidenceOfASavingsFeeIsASheet(t *testing.T) {
	t.Parallel()
	snapshot := golden.English()
	plain := written(t, snapshot)
	snapshot.Fees = golden.Savings("")
	require.Equal(t, plain, written(t, snapshot), "a document of before has the pages that it had")
	snapshot.Fees = golden.Savings("savingsplan/7f")

	file := opened(t, written(t, snapshot))

	rows, err := file.GetRows("Savings")
	require.NoError(t, err)
	require.Equal(t, [][]string{
		{"Commitment", "Currency", "Its use at list price", "Its cost", "Saved", "Amount"},
		{"savingsplan/7f", "USD", "100.00", "60.00", "40.00"},
		{"Carried from earlier months", "USD", "", "", "-16.00"},
		{"Fee: 20 %", "USD", "", "", "", "4.80"},
	}, rows[3:])
}
