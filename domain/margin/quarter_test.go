package margin_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/invoice"
	"magam/domain/margin"
	"magam/domain/money"
)

// Ruling R-20: a month's margin is its own, whichever document bills it.
func TestR20EachMonthOfAQuarterIsCountedInIt(t *testing.T) {
	t.Parallel()
	defers := func(in *invoice.Input) { in.Deferred = true }
	waiting := document(t, "acme", defers, usage("1", "EC2", "100"))
	waiting.State = "deferred"
	last := document(t, "acme", func(in *invoice.Input) {
		in.Month = october.Add(1)
		in.Rates[0].Date = in.Month.LastDay()
	}, usage("1", "EC2", "7"))
	own := invoice.Draft{Snapshot: last.Snapshot}
	whole, err := invoice.Quarter(own, []invoice.Snapshot{waiting.Snapshot})
	require.NoError(t, err)
	last.Snapshot = whole.Snapshot
	last.Snapshot.Number = "INV-2026-000001"

	for sold, d := range map[string]margin.Document{"100000": waiting, "7000": last} {
		tally := margin.NewTally(d.Snapshot.Month, "")
		require.NoError(t, tally.Add(d))
		report := tally.Report(margin.Around{})
		require.Equal(t, 1, report.Final)
		require.Zero(t, report.Drafts)
		require.Len(t, report.Customers, 1)
		require.Equal(t, sold, money.Text(report.Customers[0].Sold))
		require.Equal(t, d.Snapshot.Number, report.Customers[0].Number)
	}
}
