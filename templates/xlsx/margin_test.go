package xlsx_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"magam/domain/fault"
	"magam/internal/golden"
	"magam/templates/xlsx"
)

func TestTheMarginsAreAWorkbook(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"ko", "en"} {
		report, err := golden.MonthReport()
		require.NoError(t, err)
		var made, again bytes.Buffer
		require.NoError(t, xlsx.Margin(report, 1, golden.Digest, language, &made))
		require.NoError(t, xlsx.Margin(report, 1, golden.Digest, language, &again))
		require.Equal(t, made.Bytes(), again.Bytes(), "the same report gives the same bytes")
		if *look != "" {
			require.NoError(t,
				os.WriteFile(filepath.Join(*look, "margin-"+language+".xlsx"), made.Bytes(), 0o600))
		}

		file, err := excelize.OpenReader(bytes.NewReader(made.Bytes()))
		require.NoError(t, err)
		require.Len(t, file.GetSheetList(), 6)
		var text strings.Builder
		for _, sheet := range file.GetSheetList() {
			text.WriteString("# " + sheet + "\n")
			rows, err := file.GetRows(sheet)
			require.NoError(t, err)
			for _, row := range rows {
				text.WriteString(strings.TrimRight(strings.Join(row, " | "), " |") + "\n")
			}
		}
		require.NoError(t, file.Close())
		golden.Require(t, "margin-"+language+".txt", []byte(text.String()))
	}
}

func TestAMarginsWorkbookThatDiffersIsRefused(t *testing.T) {
	t.Parallel()
	report, err := golden.MonthReport()
	require.NoError(t, err)
	report.Accounts = report.Accounts[1:]

	err = xlsx.Margin(report, 1, golden.Digest, "en", &bytes.Buffer{})

	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.Conservation, code)
}
