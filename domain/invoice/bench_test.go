package invoice_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/invoice"
)

// BenchmarkAssemble is a large customer: 300 accounts, 20,000 finest lines.
func BenchmarkAssemble(b *testing.B) {
	var groups []charge.Group
	for account := range 300 {
		for item := range 67 {
			g := use(fmt.Sprintf("%012d", account), fmt.Sprintf("Service%02d", item%20), "12.3456789012")
			g.UsageType = fmt.Sprintf("usage-%02d", item)
			groups = append(groups, g)
		}
	}
	in := worked()
	in.Groups = groups
	for b.Loop() {
		draft, err := invoice.Assemble(in)
		require.NoError(b, err)
		require.Len(b, draft.Snapshot.Lines, 300*67)
	}
}
