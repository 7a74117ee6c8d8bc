package xlsx

import (
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/shopspring/decimal"

	"magam/domain/fault"
	"magam/domain/money"
)

const (
	significantMax = 15    // digits that a workbook keeps of a number
	cellMax        = 32767 // UTF-16 units; the writer would cut silently what is longer
	rowsMax        = 1 << 20
)

// number is what a cell holds for an amount: an integer where it is one, else a
// number whose printed form is exactly the amount's. Workbooks keep fifteen
// significant digits; an amount with more is written as text, since a changed
// digit is worse than a cell that does not sum (docs/documents.md).
func number(amount decimal.Decimal) any {
	text := money.Text(amount)
	digits := strings.TrimLeft(strings.Replace(strings.TrimPrefix(text, "-"), ".", "", 1), "0")
	if len(digits) > significantMax {
		return text
	}
	if amount.IsInteger() {
		return amount.IntPart()
	}
	// The file format itself knows only binary numbers. This one is proved to print
	// as the amount does, and no arithmetic is done with it.
	cell, err := strconv.ParseFloat(text, 64)
	if err != nil || strconv.FormatFloat(cell, 'f', -1, 64) != text {
		return text
	}
	return cell
}

// isText says that an amount had to be written as text.
func isText(amount decimal.Decimal) bool {
	_, text := number(amount).(string)
	return text
}

// checkText refuses a text that a cell would cut.
func checkText(sheet, text string) error {
	if len(text) <= cellMax || len(utf16.Encode([]rune(text))) <= cellMax {
		return nil
	}
	return &fault.Error{
		Code:  fault.Bound,
		Place: fault.Place{File: sheet},
		Value: text,
		What:  "is longer than the 32,767 characters a cell holds",
		Cure:  "shorten the name or the reason in its source",
	}
}
