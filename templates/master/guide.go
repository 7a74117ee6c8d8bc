package master

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"magam/domain/master"
)

// Rules are what everybody who fills the workbook in must know, in a language.
func Rules(language string) []string {
	if language == "ko" {
		return []string{
			"1행은 열 이름이므로 바꾸지 마십시오. 2행의 설명은 가져올 때 무시됩니다. 3행부터 입력합니다.",
			"첫 칸이 #으로 시작하는 행은 예시이며 가져오지 않습니다. #을 지우면 실제 행이 됩니다.",
			"진한 머리글은 필수, 옅은 머리글은 선택입니다. 빈칸은 기본값을 뜻합니다. 머리글에 마우스를 올리면 설명이 나옵니다.",
			"월은 2026-10, 날짜는 2026-10-31, 금액과 율은 쉼표 없는 숫자로 적습니다. 5는 5 %입니다.",
			"from과 to는 월이며 둘 다 포함합니다(accounts에서는 날짜). 비우면 끝이 없습니다.",
			"가져오기는 파일에 든 시트를 통째로 바꾸며, 문제가 하나라도 있으면 아무것도 바꾸지 않습니다. 쓰지 않는 시트는 지워도 됩니다.",
			"이름이 #으로 시작하는 시트는 자유롭게 쓸 수 있고 가져오지 않습니다.",
		}
	}
	return []string{
		"Row 1 holds the names of the columns: leave it as it is. Row 2 explains them and is passed over. Data begin in row 3.",
		"A row whose first cell begins with # is an example and is not imported. Take the # away to make it real.",
		"Columns with a dark head must be filled, the others may be. Empty means the default. Point at a head to read its note.",
		"Months are 2026-10, dates 2026-10-31, amounts and rates plain numbers without thousands separators. 5 is 5 %.",
		"from and to are months, both included (dates in accounts). Empty is open.",
		"An import replaces the sheets that the file contains, and changes nothing if there is any problem. Delete the sheets that you do not mean to replace.",
		"A sheet whose name begins with # is yours and is never imported.",
	}
}

// GuideName is the first sheet's name; readers pass it over.
func GuideName(language string) string { return pick(language == "ko", "안내", "Guide") }

func (w *writer) guide(examples bool) error {
	name := GuideName(w.language)
	err := w.file.SetSheetName("Sheet1", name)
	if err != nil {
		return err
	}
	ko := w.language == "ko"
	g := &guideWriter{w: w, sheet: name, row: 2}
	g.line("B", pick(ko, "기준정보", "Master data"), w.styles.title, 34)
	lead := pick(ko, "청구의 기준이 되는 모든 정보를 이 파일 하나로 관리합니다.",
		"Everything that invoices rest on, kept in this one file.")
	if !examples {
		lead = pick(ko, "현재 등록된 기준정보입니다. 고쳐서 다시 가져올 수 있습니다.",
			"What stands in the books. Change it and import it again.")
	}
	g.line("B", lead, w.styles.lead, 24)
	g.row++
	g.line("B", pick(ko, "쓰는 법", "How to use it"), w.styles.section, 22)
	for i, rule := range Rules(w.language) {
		g.cell("B", fmt.Sprintf("%d", i+1), w.styles.link)
		g.line("C", rule, w.styles.body, ruleHeight(rule))
	}
	g.row++
	g.line("B", pick(ko, "시트", "Sheets"), w.styles.section, 22)
	for _, sheet := range master.Sheets {
		words := master.In(w.language, sheet.Ko, sheet.En)
		g.link("B", sheet.Name)
		g.cell("C", words.Caption, w.styles.body)
		g.line("D", words.Note, w.styles.tale, noteRowHeight(words.Note))
	}
	g.row++
	g.line("B", pick(ko, "보류 기준(thresholds)", "Words of the thresholds sheet"), w.styles.section, 22)
	for _, hold := range master.Holds {
		g.cell("B", hold.Name, w.styles.link)
		g.cell("C", pick(ko, "기본값 ", "default ")+orDash(hold.Default), w.styles.body)
		g.line("D", pick(ko, hold.Ko, hold.En), w.styles.tale, 18)
	}
	return g.finish()
}

// lastColumn is how far the guide's lines reach.
const lastColumn = "D"

// guideWriter writes the guide line by line and keeps the first error.
type guideWriter struct {
	w     *writer
	sheet string
	row   int
	err   error
}

func (g *guideWriter) do(step func() error) {
	if g.err == nil {
		g.err = step()
	}
}

func (g *guideWriter) at(letters string) string { return fmt.Sprintf("%s%d", letters, g.row) }

func (g *guideWriter) cell(letters, text string, style int) {
	g.do(func() error { return g.w.file.SetCellStr(g.sheet, g.at(letters), text) })
	g.do(func() error { return g.w.file.SetCellStyle(g.sheet, g.at(letters), g.at(letters), style) })
}

// line writes the last cell of a row, over several columns, and goes on.
func (g *guideWriter) line(from, text string, style int, height float64) {
	g.cell(from, text, style)
	if from != lastColumn {
		g.do(func() error { return g.w.file.MergeCell(g.sheet, g.at(from), g.at(lastColumn)) })
		g.do(func() error { return g.w.file.SetCellStyle(g.sheet, g.at(from), g.at(lastColumn), style) })
	}
	g.do(func() error { return g.w.file.SetRowHeight(g.sheet, g.row, height) })
	g.row++
}

func (g *guideWriter) link(letters, sheet string) {
	g.cell(letters, sheet, g.w.styles.link)
	place := g.at(letters)
	g.do(func() error { return g.w.file.SetCellHyperLink(g.sheet, place, sheet+"!A1", "Location") })
}

func (g *guideWriter) finish() error {
	portrait, a4, wide, high, fit, lines := "portrait", 9, 1, 0, true, false
	for letters, width := range map[string]float64{"A": 3, "B": 17, "C": 21, "D": 78} {
		g.do(func() error { return g.w.file.SetColWidth(g.sheet, letters, letters, width) })
	}
	g.do(func() error {
		return g.w.file.SetSheetView(g.sheet, 0, &excelize.ViewOptions{ShowGridLines: &lines})
	})
	g.do(func() error {
		return g.w.file.SetPageLayout(g.sheet, &excelize.PageLayoutOptions{
			Orientation: &portrait, Size: &a4, FitToWidth: &wide, FitToHeight: &high,
		})
	})
	g.do(
		func() error { return g.w.file.SetSheetProps(g.sheet, &excelize.SheetPropsOptions{FitToPage: &fit}) },
	)
	return g.err
}

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

// ruleHeight and noteRowHeight give long lines room to wrap: about as many
// half-width letters to a line as the columns are wide.
func ruleHeight(text string) float64 { return 18 * float64(1+halfWidths(text)/118) }

func noteRowHeight(text string) float64 { return 16 * float64(1+halfWidths(text)/104) }

func halfWidths(text string) int {
	count := 0
	for _, r := range text {
		count++
		if r > 0x1100 {
			count++
		}
	}
	return count
}
