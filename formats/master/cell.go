package master

import (
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"magam/domain/master"
	"magam/domain/money"
)

// cellOf turns a raw cell into the text of its column.
func (b *workbook) cellOf(raw rawCell, column master.Column) cell {
	switch raw.kind {
	case "s":
		at, err := strconv.Atoi(raw.value)
		if err != nil || at < 0 || at >= len(b.texts) {
			return cell{
				text: raw.value, wrong: "names a text that the workbook does not have",
				cure: "save the workbook again from Excel",
			}
		}
		return cell{text: b.texts[at]}
	case "str", "inlineStr", "d":
		return cell{text: raw.value}
	case "b":
		return cell{text: map[string]string{"1": "yes", "0": "no"}[raw.value]}
	case "e":
		return cell{
			text:  raw.value,
			wrong: "is a formula's error",
			cure:  "correct the formula, or type the value",
		}
	default:
		if raw.formula && raw.value == "" {
			return cell{
				wrong: "is a formula that was never computed",
				cure:  "open the workbook in Excel and save it, or type the value",
			}
		}
		return b.numberCell(raw, column)
	}
}

// numberCell reads a number as the person who typed it sees it: a date, a
// percentage, or fifteen digits.
func (b *workbook) numberCell(raw rawCell, column master.Column) cell {
	form := formPlain
	if raw.style >= 0 && raw.style < len(b.formats) {
		form = b.formats[raw.style]
	}
	if raw.value == "" {
		return cell{}
	}
	text := FifteenDigits(raw.value)
	switch column.Type {
	case master.TypeDate, master.TypeMonth:
		if serial, ok := b.dateOf(text); ok {
			return cell{text: serial}
		}
		return cell{text: text}
	case master.TypeDecimal, master.TypePercent, master.TypeInteger:
		if form == formDate {
			return cell{text: text, wrong: "is a date", cure: "format the cell as a number and type it again"}
		}
		if form == formPercent {
			return cell{text: percent(text)}
		}
		return cell{text: text}
	case master.TypeBool:
		return cell{text: text}
	case master.TypeText,
		master.TypeCode,
		master.TypeID,
		master.TypeList,
		master.TypeChoice,
		master.TypeChoices,
		master.TypeCurrency,
		master.TypeEmail,
		master.TypeColor,
		master.TypeCountry,
		master.TypeURL,
		master.TypeBusinessNumber,
		master.TypeTNumber:
		return textCell(text, raw.value, form)
	default:
		return textCell(text, raw.value, form)
	}
}

// textCell is a number where a text belongs: an account id, say. What Excel
// made of the typing must not be taken for what was typed.
func textCell(text, raw string, form numberForm) cell {
	if form != formPlain {
		return cell{
			text: text, wrong: "was turned into a date or a percentage by the spreadsheet",
			cure: "format the column as text and type the cell again",
		}
	}
	if digits := strings.Trim(text, "-."); len(digits) > excelDigits {
		return cell{
			text: raw, wrong: "is a number of more than 15 digits, of which the spreadsheet lost some",
			cure: "format the column as text and type the cell again",
		}
	}
	return cell{text: text}
}

// excelDigits is how many significant digits a spreadsheet keeps and shows.
const excelDigits = 15

// FifteenDigits reads a number as a spreadsheet stores it, a binary fraction
// printed with up to seventeen digits, the way the spreadsheet shows it: with
// fifteen. 1388.0999999999999 is 1388.1 (ruling R-21). It works on decimal
// text alone. What is no number is left as it is.
func FifteenDigits(text string) string {
	plain := strings.Replace(text, "E+", "E", 1) // as spreadsheets write 1.5E+3
	number, err := decimal.NewFromString(plain)
	if err != nil || money.Check([]byte(plain)) != nil {
		return text
	}
	digits := int32(number.NumDigits())
	if digits > excelDigits {
		places := excelDigits - (digits + number.Exponent())
		rounded, err := money.Round(number, money.ModeHalfUp, money.Unit(places))
		if err != nil {
			return text
		}
		number = rounded
	}
	return money.Text(number)
}

// percent prints 0.05, shown as 5 %, with its sign: exact, the point moved.
func percent(text string) string {
	number, err := money.Parse(text)
	if err != nil {
		return text
	}
	return money.Text(number.Shift(2)) + "%"
}

// The last serial is 31 December 9999; days before 1 March 1900 are off by the
// leap day that year never had, and no master data lies there.
const (
	serialMin = 61
	serialMax = 2_958_465
)

// dateOf prints a date's serial number as a day; its time of day is dropped.
func (b *workbook) dateOf(text string) (string, bool) {
	whole, _, _ := strings.Cut(text, ".")
	serial, err := strconv.Atoi(whole)
	if err != nil || serial < serialMin || serial > serialMax {
		return "", false
	}
	epoch := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	if b.from1904 {
		epoch = time.Date(1904, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	return epoch.AddDate(0, 0, serial).Format(time.DateOnly), true
}
