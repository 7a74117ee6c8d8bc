package xlsx

import (
	"github.com/xuri/excelize/v2"

	"magam/domain/money"
)

// look holds the styles of a workbook, by what they are for.
type look struct {
	title, quiet, label, text, wrapped        int
	head, headRight                           int
	total, totalAmount, totalSource           int
	amount, source, whole, quantity, rate     int
	day, month, percent, strong, strongAmount int
}

// formats of numbers: won without decimals, source amounts with all they have.
const (
	sourceFormat = "#,##0.00########"
	wholeFormat  = "#,##0"
	finerFormat  = "#,##0.0#########"
	rateFormat   = "#,##0.00##"
	dayFormat    = "yyyy-mm-dd"
	monthFormat  = "yyyy-mm"
)

func amountFormat(currency money.Currency) string {
	format := "#,##0"
	for i := int32(0); i < currency.Places(); i++ {
		if i == 0 {
			format += "."
		}
		format += "0"
	}
	return format
}

// fontFor is a face that a reader's office has, whatever the language.
func fontFor(language string) string {
	switch language {
	case "ko":
		return "맑은 고딕"
	case "ja":
		return "Yu Gothic"
	default:
		return "Calibri"
	}
}

// newLook registers the styles. Rules are thin and grey; nothing is boxed.
func newLook(file *excelize.File, language string, currency money.Currency) (look, error) {
	var made look
	var failed error
	face := fontFor(language)
	add := func(style excelize.Style) int {
		if style.Font == nil {
			style.Font = &excelize.Font{}
		}
		style.Font.Family = face
		if style.Font.Size == 0 {
			style.Font.Size = 10
		}
		if style.Alignment == nil {
			style.Alignment = &excelize.Alignment{}
		}
		style.Alignment.Vertical = "center"
		id, err := file.NewStyle(&style)
		if err != nil {
			failed = err
		}
		return id
	}
	right := func() *excelize.Alignment { return &excelize.Alignment{Horizontal: "right", Indent: 1} }
	bold := func() *excelize.Font { return &excelize.Font{Bold: true} }
	under := func(style int, color string) []excelize.Border {
		return []excelize.Border{{Type: "bottom", Style: style, Color: color}}
	}
	in := func(format string) *string { return &format }
	thin := under(1, "D9D9D9")

	made.title = add(excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}})
	made.quiet = add(excelize.Style{Font: &excelize.Font{Color: "6E6E6E", Size: 9}})
	made.label = add(excelize.Style{Font: &excelize.Font{Color: "6E6E6E"}})
	made.text = add(excelize.Style{Border: thin})
	made.wrapped = add(excelize.Style{Border: thin, Alignment: &excelize.Alignment{WrapText: true}})
	made.strong = add(excelize.Style{Font: bold()})
	made.strongAmount = add(
		excelize.Style{Font: bold(), Alignment: right(), CustomNumFmt: in(amountFormat(currency))},
	)
	made.head = add(excelize.Style{Font: bold(), Border: under(1, "3C3C3C")})
	made.headRight = add(excelize.Style{Font: bold(), Border: under(1, "3C3C3C"), Alignment: right()})
	made.total = add(excelize.Style{Font: bold()})
	made.totalAmount = add(
		excelize.Style{Font: bold(), Alignment: right(), CustomNumFmt: in(amountFormat(currency))},
	)
	made.totalSource = add(excelize.Style{Font: bold(), Alignment: right(), CustomNumFmt: in(sourceFormat)})
	made.amount = add(
		excelize.Style{Border: thin, Alignment: right(), CustomNumFmt: in(amountFormat(currency))},
	)
	made.source = add(excelize.Style{Border: thin, Alignment: right(), CustomNumFmt: in(sourceFormat)})
	made.quantity = add(excelize.Style{Border: thin, Alignment: right(), CustomNumFmt: in(finerFormat)})
	made.whole = add(excelize.Style{Border: thin, Alignment: right(), CustomNumFmt: in(wholeFormat)})
	made.rate = add(excelize.Style{Border: thin, Alignment: right(), CustomNumFmt: in(rateFormat)})
	made.day = add(
		excelize.Style{
			Border:       thin,
			Alignment:    &excelize.Alignment{Horizontal: "left"},
			CustomNumFmt: in(dayFormat),
		},
	)
	made.month = add(
		excelize.Style{
			Border:       thin,
			Alignment:    &excelize.Alignment{Horizontal: "left"},
			CustomNumFmt: in(monthFormat),
		},
	)
	made.percent = add(excelize.Style{Border: thin, Alignment: right(), CustomNumFmt: in(`0.##"%"`)})
	return made, failed
}
