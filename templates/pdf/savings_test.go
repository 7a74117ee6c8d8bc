package pdf_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/internal/golden"
	"magam/templates/pdf"
)

// A savings fee shows what it was taken of, by names that tell nobody's account.
func TestTheEvidenceOfASavingsFeeIsOnTheInvoice(t *testing.T) {
	t.Parallel()
	snapshot := golden.English()
	plain, err := pdf.Invoice(snapshot, golden.Digest)
	require.NoError(t, err)
	snapshot.Fees = golden.Savings("")
	unnamed, err := pdf.Invoice(snapshot, golden.Digest)
	require.NoError(t, err)
	require.Equal(t, plain, unnamed, "a document of before has the pages that it had")
	snapshot.Fees = golden.Savings("savingsplan/7f")

	printed, err := pdf.Invoice(snapshot, golden.Digest)

	require.NoError(t, err)
	pages, err := pdf.Texts(printed)
	require.NoError(t, err)
	var text []string
	for _, page := range pages {
		text = append(text, page...)
	}
	require.Contains(t, strings.Join(text, "|"),
		"Savings|already included in the amounts above|Commitment|Its use at list price|Its cost|Saved|"+
			"savingsplan/7f|USD 100.00|USD 60.00|USD 40.00|Carried from earlier months|USD -16.00|Fee: 20 %|USD 4.80")
	require.NotContains(t, strings.Join(text, "|"), "777788889999:")
}
