package master

import (
	"slices"
	"strings"
	"unicode/utf8"

	"magam/domain/master"
)

// noteOf is what a column's head says when pointed at.
func (w *writer) noteOf(column master.Column) string {
	ko := w.language == "ko"
	lines := []string{master.In(w.language, column.Ko, column.En).Caption + "  (" + column.Name + ")"}
	if note := master.In(w.language, column.Ko, column.En).Note; note != "" {
		lines = append(lines, note)
	}
	if form := Form(w.language, column); form != "" {
		lines = append(lines, pick(ko, "형식: ", "Form: ")+form)
	}
	switch {
	case column.Required:
		lines = append(lines, pick(ko, "필수", "Required"))
	case column.Default != "":
		lines = append(lines, pick(ko, "비우면: ", "Empty means: ")+column.Default)
	}
	return strings.Join(lines, "\n")
}

// Form says in a few words what a column's cells look like.
func Form(language string, column master.Column) string {
	ko := language == "ko"
	words := strings.Join(column.CodeForms(), " · ")
	switch column.Type {
	case master.TypeChoice:
		return words
	case master.TypeChoices:
		return words + pick(ko, " (여러 개)", " (several)")
	case master.TypeMonth:
		return "2026-10"
	case master.TypeDate:
		return "2026-10-31"
	case master.TypeDecimal:
		return pick(ko, "숫자", "number")
	case master.TypePercent:
		return pick(ko, "백분율, 5 = 5 %", "per cent, 5 = 5 %")
	case master.TypeInteger:
		if words != "" {
			return words
		}
		return pick(ko, "정수", "whole number")
	case master.TypeBool:
		return "yes · no"
	case master.TypeCurrency:
		return pick(ko, "통화 코드, 예: KRW", "currency code, such as KRW")
	case master.TypeEmail:
		return pick(ko, "메일 주소 하나", "one e-mail address")
	case master.TypeColor:
		return "#RRGGBB"
	case master.TypeCountry:
		return pick(ko, "국가 코드, 예: KR", "country code, such as KR")
	case master.TypeCode:
		if column.Refers != "" {
			return pick(ko, column.Refers+" 시트의 코드", "a code of "+column.Refers)
		}
		return pick(ko, "코드: 영문, 숫자, . _ -", "code: letters, digits, . _ -")
	case master.TypeID:
		return pick(ko, "빈칸 없는 번호", "identifier without blanks")
	case master.TypeList:
		return pick(ko, "띄어쓰기나 세미콜론으로 여러 개", "several, by blanks or semicolons")
	case master.TypeURL:
		return "URL"
	case master.TypeBusinessNumber:
		return "124-81-00998"
	case master.TypeTNumber:
		return "T1234567890123"
	case master.TypeText:
		return pick(ko, "글", "text")
	default:
		return ""
	}
}

func pick(ko bool, korean, english string) string {
	if ko {
		return korean
	}
	return english
}

// noteHeight fits a note's box to its lines.
func noteHeight(note string) uint {
	const lineRunes, linePixels, margin = 34, 17, 16
	lines := 0
	for _, line := range strings.Split(note, "\n") {
		lines += 1 + utf8.RuneCountInString(line)/lineRunes
	}
	return uint(lines*linePixels + margin) //nolint:gosec // small and positive
}

// width fits a column to what it usually holds.
func width(column master.Column) float64 {
	need := float64(utf8.RuneCountInString(column.Name)) + 4
	usual := usualWidth(column.Type)
	switch column.Name {
	case "address", "address_en", "address_ja", "bank_account", "reason":
		usual = 38
	case "from", "to":
		usual = 12
	}
	return max(need, usual, 10)
}

// usualWidth is what a type's cells take; zero leaves it to the column's name.
func usualWidth(typ master.Type) float64 {
	for _, one := range []struct {
		types []master.Type
		width float64
	}{
		{[]master.Type{master.TypeText}, 20},
		{[]master.Type{master.TypeCode, master.TypeDate}, 13},
		{[]master.Type{master.TypeID}, 18},
		{[]master.Type{master.TypeList, master.TypeEmail}, 26},
		{[]master.Type{master.TypeChoices}, 22},
		{[]master.Type{master.TypeURL}, 34},
		{[]master.Type{master.TypeBusinessNumber, master.TypeTNumber}, 17},
	} {
		if slices.Contains(one.types, typ) {
			return one.width
		}
	}
	return 0
}
