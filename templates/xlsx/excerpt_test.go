package xlsx_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/internal/golden"
	"magam/templates/xlsx"
)

// excerpts are specimens narrowed to some of their accounts.
func excerpts() map[string]invoice.Excerpt {
	byAlias := golden.Japanese()
	byAlias.GroupBy = invoice.GroupByAlias
	made := map[string]invoice.Excerpt{}
	for name, of := range map[string]struct {
		s        invoice.Snapshot
		accounts []string
	}{
		"korean":     {golden.Korean(), []string{"444455556666", "777788889999"}},
		"english":    {golden.English(), []string{"111122223333"}},
		"quarterly":  {golden.Quarterly(), []string{"444455556666"}},
		"japanese":   {byAlias, []string{"111122223333", "101010101010"}},
		"long-names": {golden.LongNames(), []string{"111122223333", "444455556666"}},
	} {
		made[name], _ = invoice.Narrow(of.s, of.accounts)
	}
	return made
}

func excerptOf(t *testing.T, e invoice.Excerpt) []byte {
	t.Helper()
	var made bytes.Buffer
	require.NoError(t, xlsx.Excerpt(e, golden.Digest, &made))
	return made.Bytes()
}

func TestExcerptCellsReadBackAsText(t *testing.T) {
	t.Parallel()
	for name, excerpt := range excerpts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			workbook := excerptOf(t, excerpt)
			require.Equal(t, workbook, excerptOf(t, excerpt), "the same excerpt gives the same bytes")
			file := opened(t, workbook)
			var text strings.Builder
			for _, sheet := range file.GetSheetList() {
				fmt.Fprintf(&text, "== %s\n", sheet)
				rows, err := file.GetRows(sheet)
				require.NoError(t, err)
				for i, row := range rows[:min(len(rows), 40)] {
					fmt.Fprintf(&text, "%d: %s\n", i+1, strings.Join(row, " | "))
				}
			}
			golden.Require(t, "excerpt-"+name+".txt", []byte(text.String()))
			computed, err := file.CalcCellValue(file.GetSheetList()[0], sumCell(t, file),
				excelize.Options{RawCellValue: true})
			require.NoError(t, err)
			require.Equal(t, excerpt.Sum.String(), computed, "the formula gives what the cell shows")
		})
	}
}

func sumCell(t *testing.T, file *excelize.File) string {
	t.Helper()
	for row := 1; row < 40; row++ {
		cell := fmt.Sprintf("C%d", row)
		formula, err := file.GetCellFormula(file.GetSheetList()[0], cell)
		require.NoError(t, err)
		if formula != "" {
			return cell
		}
	}
	t.Fatal("no sum on the summary")
	return ""
}

// T1: each account has canaries in every text and every figure. Whatever part of
// the workbook is unpacked, it holds those of its own account alone, and nothing
// that the document says of the whole.
func TestNoCanaryOfAnotherAccountIsInAnExcerpt(t *testing.T) {
	t.Parallel()
	accounts := []string{"900000000011", "900000000022", "900000000033"}
	canaries := map[string][]string{}
	s := golden.Tiny()
	line := s.Lines[0]
	s.Lines = nil
	for i, account := range accounts {
		for k := range 3 {
			mark := fmt.Sprintf("canary-%c-%d", 'a'+i, k)
			line.Position = len(s.Lines) + 1
			line.Account, line.AccountName = account, "alias-"+mark
			line.Service, line.ServiceName, line.UsageType, line.Unit = "svc-"+mark, "name-"+mark, "use-"+mark, "unit-"+mark
			figure := int64(31000000 + i*1000 + k*7)
			line.Amount = decimal.NewFromInt(figure)
			line.Net, line.Quantity = decimal.New(figure+100000, -3), decimal.New(figure+200000, -2)
			line.Billed = decimal.New(figure+300000, -4)
			line.Steps = []invoice.Step{
				{Name: invoice.StepPrice, Rule: "rule-" + mark, Delta: decimal.NewFromInt(figure + 400000)},
			}
			s.Lines = append(s.Lines, line)
			canaries[account] = append(canaries[account], mark, line.Amount.String(), line.Net.String(),
				line.Quantity.String())
		}
		canaries[account] = append(canaries[account], account)
	}
	whole := []string{
		"98765432",
		"87654321",
		"76543219",
		"65432198",
		"canary bank",
		"canary credit",
		"canary adjustment",
		"54321987",
	}
	s.Supply, s.Tax = decimal.NewFromInt(98765432), decimal.NewFromInt(87654321)
	s.AfterTax, s.Total = decimal.NewFromInt(76543219), decimal.NewFromInt(65432198)
	s.Bank = "canary bank"
	s.Credits = []invoice.CreditUse{{ID: "canary credit", Reason: "canary credit"}}
	s.Adjustments = []invoice.AdjustmentUse{{ID: "canary adjustment", Reason: "canary adjustment"}}
	s.History = []invoice.MonthTotal{{Month: s.Month.Add(-1), Total: decimal.NewFromInt(54321987)}}
	s.Sources[0].Net, s.Sources[0].Billed = s.Supply, s.Tax
	s.Sources[0].Converted = s.Total

	for i, own := range accounts {
		excerpt, shows := invoice.Narrow(s, []string{own})
		require.True(t, shows)
		unpacked := unzipped(t, excerptOf(t, excerpt))
		for account, marks := range canaries {
			for _, mark := range marks {
				require.Equal(t, account == own, strings.Contains(unpacked, mark),
					"%s in the workbook of %s", mark, own)
			}
		}
		for _, mark := range whole {
			require.NotContains(t, unpacked, mark)
		}
		require.NotContains(t, unpacked, fmt.Sprintf("rule-canary-%c", 'a'+i), "no rule of ours")
		require.NotContains(t, unpacked, s.Lines[3*i].Billed.String(), "no cost of ours")
	}
}

func unzipped(t *testing.T, workbook []byte) string {
	t.Helper()
	parts, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	require.NoError(t, err)
	var all strings.Builder
	for _, part := range parts.File {
		reader, err := part.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(reader)
		require.NoError(t, err)
		all.WriteString(part.Name + "\n")
		all.Write(content)
	}
	return all.String()
}

func TestAnExcerptThatIsNotItsScopesIsRefused(t *testing.T) {
	t.Parallel()
	excerpt := excerpts()["korean"]
	workbook := excerptOf(t, excerpt)
	for name, spoil := range map[string]func(*testing.T, *excelize.File){
		"another amount": func(t *testing.T, f *excelize.File) { require.NoError(t, f.SetCellValue("상세", "G5", 1)) },
		"another account": func(t *testing.T, f *excelize.File) {
			require.NoError(t, f.SetCellValue("계정상세", "A5", "111122223333"))
		},
		"another sum": func(t *testing.T, f *excelize.File) { require.NoError(t, f.SetCellValue("요약", "C12", 1)) },
		"one more sheet": func(t *testing.T, f *excelize.File) {
			_, err := f.NewSheet("크레딧·조정")
			require.NoError(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := opened(t, workbook)
			spoil(t, file)
			changed, err := file.WriteToBuffer()
			require.NoError(t, err)
			requireCode(t, fault.Conservation, xlsx.VerifyExcerpt(changed.Bytes(), excerpt))
		})
	}
	other, _ := invoice.Narrow(golden.Korean(), []string{"444455556666"})
	requireCode(t, fault.Conservation, xlsx.VerifyExcerpt(workbook, other))
	requireCode(t, fault.Conservation, xlsx.Verify(workbook, golden.Korean()))
	requireCode(t, fault.Conservation, xlsx.VerifyExcerpt(written(t, golden.Korean()), excerpt))
}
