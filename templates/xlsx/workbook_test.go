package xlsx_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/internal/golden"
	"magam/templates/xlsx"
)

func written(t *testing.T, s invoice.Snapshot) []byte {
	t.Helper()
	var made bytes.Buffer
	require.NoError(t, xlsx.Workbook(s, golden.Digest, &made))
	return made.Bytes()
}

func opened(t *testing.T, workbook []byte) *excelize.File {
	t.Helper()
	file, err := excelize.OpenReader(bytes.NewReader(workbook))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, file.Close()) })
	return file
}

func TestCellsReadBackAsText(t *testing.T) {
	t.Parallel()
	for name, snapshot := range golden.Specimens() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := opened(t, written(t, snapshot))
			var text strings.Builder
			for _, sheet := range file.GetSheetList() {
				fmt.Fprintf(&text, "== %s\n", sheet)
				rows, err := file.GetRows(sheet)
				require.NoError(t, err)
				for i, row := range rows[:min(len(rows), 60)] {
					fmt.Fprintf(&text, "%d: %s\n", i+1, strings.Join(row, " | "))
				}
			}
			golden.Require(t, name+".txt", []byte(text.String()))
		})
	}
}

func TestAWorkbookIsReadyToUse(t *testing.T) {
	t.Parallel()
	file := opened(t, written(t, golden.Korean()))
	require.Equal(t,
		[]string{"요약", "제품별", "계정별", "상세", "계정상세", "크레딧·조정"}, file.GetSheetList())
	require.Equal(t, 0, file.GetActiveSheetIndex())
	for _, sheet := range file.GetSheetList() {
		layout, err := file.GetPageLayout(sheet)
		require.NoError(t, err)
		require.Equal(t, "landscape", *layout.Orientation)
		require.Equal(t, 9, *layout.Size, "A4")
		merged, err := file.GetMergeCells(sheet)
		require.NoError(t, err)
		require.Empty(t, merged)
	}
	panes, err := file.GetPanes("상세")
	require.NoError(t, err)
	require.True(t, panes.Freeze)
	require.Equal(t, 4, panes.YSplit)
	titles := map[string]string{}
	for _, name := range file.GetDefinedName() {
		titles[name.Scope+" "+name.Name] = name.RefersTo
	}
	require.Equal(t, "'상세'!$4:$4", titles["상세 _xlnm.Print_Titles"])
	require.Contains(t, titles["상세 _xlnm._FilterDatabase"], "$A$4:$G$")

	sum, err := file.GetCellFormula("제품별", "D3")
	require.NoError(t, err)
	require.Equal(t, "SUM(D5:D57)", sum)
	computed, err := file.CalcCellValue("제품별", "D3", excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	require.Equal(t, golden.Korean().Supply.String(), computed, "the formula gives what the cell shows")
	supply, err := file.GetCellFormula("요약", "B15")
	require.NoError(t, err)
	require.Equal(t, "'제품별'!D3", supply)
}

func TestNumbersAreExactOrText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]excelize.CellType{
		"0.1":                     excelize.CellTypeUnset,
		"1616.6955570831":         excelize.CellTypeUnset,
		"-0.0000000001":           excelize.CellTypeUnset,
		"999999999999999":         excelize.CellTypeUnset,
		"0.123456789012345":       excelize.CellTypeUnset,
		"0.1234567890123456":      excelize.CellTypeInlineString,
		"98765432.1098765432":     excelize.CellTypeInlineString,
		"-1000000000000.00000001": excelize.CellTypeInlineString,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			s := golden.Tiny()
			s.Lines[0].Net = decimal.RequireFromString(text)
			file := opened(t, written(t, s))
			value, err := file.GetCellValue("제품별", "C5", excelize.Options{RawCellValue: true})
			require.NoError(t, err)
			require.Equal(t, text, value)
			kind, err := file.GetCellType("제품별", "C5")
			require.NoError(t, err)
			require.Equal(t, want, kind)
		})
	}
}

func TestNoTextBecomesAFormula(t *testing.T) {
	t.Parallel()
	s := golden.LongNames()
	workbook := written(t, s)
	parts, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	require.NoError(t, err)
	formulas := 0
	for _, part := range parts.File {
		if !strings.HasPrefix(part.Name, "xl/worksheets/sheet") {
			continue
		}
		reader, err := part.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(reader)
		require.NoError(t, err)
		require.NotContains(t, string(text), "<f>HYPERLINK")
		require.NotContains(t, string(text), "hyperlink")
		formulas += strings.Count(string(text), "<f>")
	}
	require.Equal(t, 4+3, formulas, "the sums of the four views and three on the summary, nothing else")
	file := opened(t, workbook)
	all, err := file.SearchSheet("제품별", `=HYPERLINK("http://evil.example","click")`)
	require.NoError(t, err)
	require.Len(t, all, 1)
}

func TestTheSameSnapshotGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	if os.Getenv("PRINT_DIGESTS") != "" {
		t.Log("digests", digests(t))
		return
	}
	want := digests(t)
	for range 3 {
		require.Equal(t, want, digests(t))
		command := exec.CommandContext(t.Context(), os.Args[0], "-test.v",
			"-test.run=^TestTheSameSnapshotGivesTheSameBytes$")
		command.Env = append(os.Environ(), "PRINT_DIGESTS=1")
		output, err := command.Output()
		require.NoError(t, err)
		require.Contains(t, string(output), want)
	}
}

func digests(t *testing.T) string {
	t.Helper()
	specimens := golden.Specimens()
	names := make([]string, 0, len(specimens))
	for name := range specimens {
		names = append(names, name)
	}
	slices.Sort(names)
	sum := sha256.New()
	for _, name := range names {
		sum.Write(written(t, specimens[name]))
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

func TestFiguresThatAreNotTheSnapshotsAreRefused(t *testing.T) {
	t.Parallel()
	t.Run("one changed cell", func(t *testing.T) {
		t.Parallel()
		for _, cell := range [][2]string{{"제품별", "D7"}, {"계정별", "F9"}, {"상세", "G5"}, {"계정상세", "I6"}, {"요약", "B16"}} {
			file := opened(t, written(t, golden.Korean()))
			require.NoError(t, file.SetCellValue(cell[0], cell[1], 1))
			changed, err := file.WriteToBuffer()
			require.NoError(t, err)
			requireCode(t, fault.Conservation, xlsx.Verify(changed.Bytes(), golden.Korean()))
		}
	})
	t.Run("another customer's workbook", func(t *testing.T) {
		t.Parallel()
		other := golden.Korean()
		other.Customer.Code = "beta"
		requireCode(t, fault.Conservation, xlsx.Verify(written(t, golden.Korean()), other))
	})
	t.Run("a line that the total does not have", func(t *testing.T) {
		t.Parallel()
		s := golden.Korean()
		s.Lines[0].Amount = s.Lines[0].Amount.Add(decimal.NewFromInt(1))
		requireCode(t, fault.Conservation, xlsx.Workbook(s, golden.Digest, io.Discard))
	})
}

func TestATextThatACellWouldCutIsRefused(t *testing.T) {
	t.Parallel()
	s := golden.Tiny()
	s.Lines[0].UsageType = strings.Repeat("가", 32767)
	require.NoError(t, xlsx.Workbook(s, golden.Digest, io.Discard))
	s.Lines[0].UsageType += "나"
	requireCode(t, fault.Bound, xlsx.Workbook(s, golden.Digest, io.Discard))
}

func TestAGiantInvoiceIsWrittenInTime(t *testing.T) {
	t.Parallel()
	s := golden.Tiny()
	line := s.Lines[0]
	s.Lines = nil
	const lines = 30_000
	for i := range lines {
		line.Position, line.UsageType = i+1, fmt.Sprintf("APN2-BoxUsage:%d", i)
		s.Lines = append(s.Lines, line)
	}
	s.Supply = line.Amount.Mul(decimal.NewFromInt(lines))
	s.Tax = decimal.Zero
	s.Taxes = nil
	s.Total = s.Supply
	begun := time.Now()
	require.NoError(t, xlsx.Workbook(s, golden.Digest, io.Discard))
	t.Logf("%d lines in %s", lines, time.Since(begun).Round(time.Millisecond))
	require.Less(t, time.Since(begun), 3*time.Minute, "on a machine that is busy with everything else")
}

func requireCode(t *testing.T, want fault.Code, err error) {
	t.Helper()
	code, _ := fault.CodeOf(err)
	require.Equal(t, want, code, "%v", err)
}
