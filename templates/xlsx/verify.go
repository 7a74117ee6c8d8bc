package xlsx

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/templates/texts"
)

// unzipMax bounds what a workbook of ours may unfold to when it is read back.
const unzipMax = 4 << 30

// Verify reads a finished workbook back, as a reader's office would, and holds
// its figures against the snapshot: on each of the four sheets the amounts and
// the sum over them, on the summary supply value, taxes and total, and in the
// properties whose document it is. What differs is refused with E_CONSERVATION.
func Verify(workbook []byte, s invoice.Snapshot) error {
	words, err := texts.For(s.Language)
	if err != nil {
		return err
	}
	return readBack(workbook, texts.Marks(s), func(file *excelize.File) error {
		for _, sheet := range []string{
			words.SheetProducts, words.SheetAccounts, words.SheetDetail, words.SheetAccountDetail,
		} {
			err := verifySheet(file, sheet, s.Supply)
			if err != nil {
				return err
			}
		}
		return verifySummary(file, words, s)
	})
}

// readBack opens a finished workbook, looks at its marks and lets check see the rest.
func readBack(workbook []byte, want string, check func(*excelize.File) error) (err error) {
	file, err := excelize.OpenReader(bytes.NewReader(workbook),
		excelize.Options{RawCellValue: true, UnzipSizeLimit: unzipMax})
	if err != nil {
		return fmt.Errorf("read back: %w", err)
	}
	defer func() {
		closed := file.Close()
		if err == nil {
			err = closed
		}
	}()
	marks, err := file.GetDocProps()
	if err != nil {
		return err
	}
	if marks.Keywords != want {
		return differs("docProps", "keywords", marks.Keywords, want)
	}
	return check(file)
}

// verifySheet adds the last column up, cell by cell.
func verifySheet(file *excelize.File, sheet string, want decimal.Decimal) error {
	rows, err := file.Rows(sheet)
	if err != nil {
		return err
	}
	shown, sum, columns := "", decimal.Zero, 0
	for at := 1; rows.Next(); at++ {
		cells, err := rows.Columns()
		if err != nil {
			return err
		}
		switch {
		case at == sumRow && len(cells) > 0:
			shown = cells[len(cells)-1]
		case at == headRow:
			columns = len(cells)
		case at >= dataRow && len(cells) == columns:
			amount, err := money.Parse(cells[columns-1])
			if err != nil {
				return differs(sheet, fmt.Sprintf("row %d", at), cells[columns-1], "an amount")
			}
			sum = sum.Add(amount)
		case at >= dataRow && len(cells) > 0:
			return differs(sheet, fmt.Sprintf("row %d", at), strings.Join(cells, " "), "a whole row")
		}
	}
	err = rows.Close()
	if err != nil {
		return err
	}
	if !sum.Equal(want) {
		return differs(sheet, "sum of the amounts", sum.String(), want.String())
	}
	if shown != money.Text(want) {
		return differs(sheet, "sum at the top", shown, money.Text(want))
	}
	return nil
}

// verifySummary looks the totals up by their captions.
func verifySummary(file *excelize.File, words *texts.Words, s invoice.Snapshot) error {
	rows, err := file.GetRows(words.SheetSummary)
	if err != nil {
		return err
	}
	found := map[string]string{}
	taxes := decimal.Zero
	for _, cells := range rows {
		if len(cells) < 2 {
			continue
		}
		found[cells[0]] = cells[1]
		if cells[0] == words.Tax || strings.HasPrefix(cells[0], words.Tax+" · ") {
			amount, err := money.Parse(cells[1])
			if err != nil {
				return differs(words.SheetSummary, cells[0], cells[1], s.Tax.String())
			}
			taxes = taxes.Add(amount)
		}
	}
	for caption, want := range map[string]decimal.Decimal{words.Supply: s.Supply, words.Total: s.Total} {
		if found[caption] != money.Text(want) {
			return differs(words.SheetSummary, caption, found[caption], money.Text(want))
		}
	}
	if !taxes.Equal(s.Tax) {
		return differs(words.SheetSummary, words.Tax, taxes.String(), s.Tax.String())
	}
	return nil
}

func differs(sheet, place, found, want string) error {
	return &fault.Error{
		Code: fault.Conservation, Place: fault.Place{File: sheet, Column: place}, Value: found,
		What: fmt.Sprintf("is in the workbook where the snapshot has %q", want),
		Cure: "nothing was sent; report it with the document's number",
	}
}
