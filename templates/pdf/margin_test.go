package pdf_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/margin"
	"magam/internal/golden"
	"magam/templates/pdf"
)

// TestLookAtTheReport prints the report in both languages and, where a folder is
// given, keeps it there for a person's eyes.
func TestLookAtTheReport(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"ko", "en"} {
		report, err := golden.MonthReport()
		require.NoError(t, err)
		printed, err := pdf.MarginReport(report, 1, golden.Digest, language)
		require.NoError(t, err)
		if *look != "" {
			require.NoError(t, os.WriteFile(filepath.Join(*look, "report-"+language+".pdf"), printed, 0o600))
		}
		again, err := pdf.MarginReport(report, 1, golden.Digest, language)
		require.NoError(t, err)
		require.Equal(t, printed, again, "the same report gives the same bytes")

		pages, err := pdf.Texts(printed)
		require.NoError(t, err)
		require.LessOrEqual(t, len(pages), 3, "what has no room is in the workbook")
		var text []string
		for _, page := range pages {
			text = append(text, page...)
		}
		golden.Require(t, "report-"+language+".txt", []byte(strings.Join(text, "\n")+"\n"))
	}
}

func TestAReportOfAMonthWithoutDocuments(t *testing.T) {
	t.Parallel()
	empty, err := golden.MonthReport()
	require.NoError(t, err)
	empty = margin.NewTally(empty.Month, "").Report(margin.Around{})

	printed, err := pdf.MarginReport(empty, 1, golden.Digest, "ko")

	require.NoError(t, err)
	pages, err := pdf.Texts(printed)
	require.NoError(t, err)
	require.Len(t, pages, 1)
}

func TestAReportOfAThousandCustomersStaysShort(t *testing.T) {
	t.Parallel()
	report, err := golden.MonthReport()
	require.NoError(t, err)
	for range 7 {
		report.Parked = append(report.Parked, report.Parked...)
		report.Unbilled = append(report.Unbilled, report.Unbilled...)
		report.Unmapped = append(report.Unmapped, report.Unmapped...)
		report.Decisions = append(report.Decisions, report.Decisions...)
		report.UnderBilled = append(report.UnderBilled, report.UnderBilled...)
		report.Retained = append(report.Retained, report.Retained...)
		report.Customers = append(report.Customers, report.Customers...)
		report.Proof = append(report.Proof, report.Proof...)
	}

	printed, err := pdf.MarginReport(report, 1, golden.Digest, "en")

	require.NoError(t, err)
	pages, err := pdf.Texts(printed)
	require.NoError(t, err)
	require.LessOrEqual(t, len(pages), 5)
}
