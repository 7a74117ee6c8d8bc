package db_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/db"
	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/margin"
	"magam/domain/money"
)

func TestTheMarginOfAClosedMonth(t *testing.T) {
	t.Parallel()
	b, plant := closedOctober(t)

	report, err := db.NewMargins(b.app).Margin(t.Context(), october, "")
	require.NoError(t, err)

	require.Equal(t, closing.StateClosedWithParked, report.State)
	require.Equal(t, "laboratory", report.Accepted)
	require.Equal(t, 1, report.Final)
	require.Len(t, report.Totals, 1)
	require.Equal(t, "100", money.Text(report.Totals[0].Bought))
	require.Equal(t, "70", money.Text(report.Totals[0].Sold))
	require.Equal(t, "-30", money.Text(report.Totals[0].Margin()))
	require.Equal(t, "C-1", report.UnderBilled[0].Causes[0].Rule)
	require.True(t, report.Balanced(), "%v", report.Reconciled)
	require.Equal(t, "40", money.Text(report.Reconciled[0].Parked))
	require.Equal(t, []margin.Parked{{
		Customer: "beta", Provider: "aws", Reason: "E_FX_MISSING: no rate",
	}}, report.Parked)

	require.Len(t, report.Unmapped, 1)
	lab := report.Unmapped[0]
	require.Equal(t, "lab", lab.Account)
	require.Equal(t, "2026-10-03", lab.FirstSeen.Format("2006-01-02"))
	require.Equal(t, "0.000000001", money.Text(lab.Billed))
	require.Equal(t, "AmazonEC2", lab.Services[0].Name)
	var kinds []string
	for _, leak := range report.Unbilled {
		kinds = append(kinds, leak.Kind+" "+money.Text(leak.Amount))
	}
	require.Equal(t, []string{"parked 40", "unassigned 0.000000001"}, kinds)

	alone, err := db.NewMargins(b.app).Margin(t.Context(), october, "beta")
	require.NoError(t, err)
	require.Empty(t, alone.Customers)
	require.Len(t, alone.Parked, 1)
	require.Empty(t, alone.Unmapped)

	plant(`UPDATE invoice SET snapshot = convert_to(replace(convert_from(snapshot, 'UTF8'), 'Our Company',
		'Our Compony'), 'UTF8') WHERE state = 'final'`)
	_, err = db.NewMargins(b.app).Margin(t.Context(), october, "")
	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.DigestChanged, code)
}

func TestAReportIsKeptAsItWasMade(t *testing.T) {
	t.Parallel()
	b, _ := openDatabase(t)
	reports := db.NewReports(b.app)
	keep := func(basis, content string) (edition int, kept string) {
		t.Helper()
		made, err := reports.Keep(t.Context(), october, basis, []byte(content), "digest of "+content)
		require.NoError(t, err)
		return made.Edition, string(made.Content)
	}

	first, said := keep("a", "one")
	again, same := keep("a", "one, with other alarms")
	second, changed := keep("b", "two")
	third, _ := keep("a", "one")

	require.Equal(t, []int{1, 1, 2, 3}, []int{first, again, second, third})
	require.Equal(t, []string{"one", "one", "two"}, []string{said, same, changed})
	_, err := b.app.Exec(t.Context(), `UPDATE month_report SET content = 'x'`)
	require.Error(t, err)
	_, err = b.owner.Exec(t.Context(), `DELETE FROM month_report`)
	require.ErrorContains(t, err, "append-only")
}
