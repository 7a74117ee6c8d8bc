package master

import (
	"github.com/xuri/excelize/v2"

	"magam/domain/master"
)

// One family, one ink, one accent; grey for what is not data.
const (
	fontFamily = "Malgun Gothic"
	ink        = "1F2933"
	accent     = "1F4E79"
	quiet      = "7B8794"
	pale       = "E4E7EB"
	paper      = "F5F7FA"
)

type styles struct {
	text, number                           int
	head, headRequired, caption            int
	example, exampleNumber                 int
	title, lead, section, body, link, tale int
}

func (w *writer) makeStyles() error {
	text, plain := 49, 0 // as typed; General
	font := func(size float64, color string, bold, italic bool) *excelize.Font {
		return &excelize.Font{Family: fontFamily, Size: size, Color: color, Bold: bold, Italic: italic}
	}
	right := &excelize.Alignment{Horizontal: "right", Vertical: "center"}
	middle := &excelize.Alignment{Vertical: "center"}
	wrap := &excelize.Alignment{Vertical: "top", WrapText: true}
	rule := []excelize.Border{{Type: "bottom", Color: "CBD2D9", Style: 1}}
	var err error
	make := func(style excelize.Style) int {
		if err != nil {
			return 0
		}
		var id int
		id, err = w.file.NewStyle(&style)
		return id
	}
	w.styles = styles{
		text:   make(excelize.Style{Font: font(10, ink, false, false), NumFmt: text, Alignment: middle}),
		number: make(excelize.Style{Font: font(10, ink, false, false), NumFmt: plain, Alignment: right}),
		head: make(
			excelize.Style{
				Font:      font(10, accent, true, false),
				NumFmt:    text,
				Fill:      fill(pale),
				Alignment: middle,
			},
		),
		headRequired: make(
			excelize.Style{
				Font:      font(10, "FFFFFF", true, false),
				NumFmt:    text,
				Fill:      fill(accent),
				Alignment: middle,
			},
		),
		caption: make(
			excelize.Style{
				Font:      font(9, quiet, false, false),
				NumFmt:    text,
				Fill:      fill(paper),
				Border:    rule,
				Alignment: middle,
			},
		),
		example: make(excelize.Style{Font: font(10, quiet, false, true), NumFmt: text, Alignment: middle}),
		exampleNumber: make(
			excelize.Style{Font: font(10, quiet, false, true), NumFmt: plain, Alignment: right},
		),
		title: make(excelize.Style{Font: font(20, accent, true, false), Alignment: middle}),
		lead:  make(excelize.Style{Font: font(10.5, ink, false, false), Alignment: wrap}),
		section: make(
			excelize.Style{Font: font(10.5, accent, true, false), Border: rule, Alignment: middle},
		),
		body: make(excelize.Style{Font: font(10, ink, false, false), Alignment: wrap}),
		link: make(
			excelize.Style{
				Font:      font(10, accent, true, false),
				Alignment: &excelize.Alignment{Vertical: "top"},
			},
		),
		tale: make(excelize.Style{Font: font(9, quiet, false, false), Alignment: wrap}),
	}
	return err
}

// page freezes the head and prepares the sheet for print.
func (w *writer) page(sheet master.Sheet) error {
	landscape, a4, wide, high, fit := "landscape", 9, pagesWide(sheet), 0, true
	words := master.In(w.language, sheet.Ko, sheet.En)
	tab := tabColor(sheet)
	for _, step := range []func() error{
		func() error { return w.file.SetRowHeight(sheet.Name, 1, 22) },
		func() error { return w.file.SetRowHeight(sheet.Name, 2, 18) },
		func() error {
			return w.file.SetPanes(sheet.Name, &excelize.Panes{
				Freeze: true, XSplit: 1, YSplit: 2, TopLeftCell: "B3", ActivePane: "bottomRight",
				Selection: []excelize.Selection{{SQRef: "A3", ActiveCell: "A3", Pane: "bottomLeft"}},
			})
		},
		func() error {
			return w.file.SetSheetProps(sheet.Name,
				&excelize.SheetPropsOptions{TabColorRGB: &tab, FitToPage: &fit})
		},
		func() error {
			return w.file.SetPageLayout(sheet.Name, &excelize.PageLayoutOptions{
				Orientation: &landscape, Size: &a4, FitToWidth: &wide, FitToHeight: &high,
			})
		},
		func() error {
			return w.file.SetHeaderFooter(sheet.Name, &excelize.HeaderFooterOptions{
				OddHeader: "&L&9" + sheet.Name + "  ·  " + words.Caption, OddFooter: "&R&9&P / &N",
			})
		},
		func() error {
			return w.file.SetDefinedName(&excelize.DefinedName{
				Name: "_xlnm.Print_Titles", Scope: sheet.Name,
				RefersTo: sheet.Name + "!$A:$A," + sheet.Name + "!$1:$2",
			})
		},
	} {
		err := step()
		if err != nil {
			return err
		}
	}
	return nil
}

// tabColor groups the sheets: who, what they pay, what the month needs.
func tabColor(sheet master.Sheet) string {
	switch at := position(sheet.Name); {
	case at < position("sources"):
		return accent
	case at < position("tags"):
		return "2E7D6B"
	default:
		return quiet
	}
}

func position(name string) int {
	for i, sheet := range master.Sheets {
		if sheet.Name == name {
			return i
		}
	}
	return -1
}

// pagesWide is how many sheets of paper a sheet's columns take side by side to
// stay readable; the first column is repeated on each.
func pagesWide(sheet master.Sheet) int {
	const charactersPerPage = 190
	total := 0.0
	for _, column := range sheet.Columns {
		total += width(column)
	}
	return 1 + int(total)/charactersPerPage
}

func fill(color string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
}
