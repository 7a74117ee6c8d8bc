package master

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// numberForm is how a style shows a number: what the person who typed it sees.
type numberForm uint8

const (
	formPlain numberForm = iota
	formDate
	formPercent
)

// readStyles learns which styles show numbers as dates or percentages.
func (b *workbook) readStyles() error {
	custom := map[int]numberForm{}
	inCells := false
	return eachElement(b.archive, "xl/styles.xml", func(element xml.StartElement, _ *xml.Decoder) error {
		switch element.Name.Local {
		case "numFmt":
			id, _ := strconv.Atoi(attribute(element, "numFmtId"))
			custom[id] = formOfCode(attribute(element, "formatCode"))
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs", "tableStyles":
			inCells = false
		case "xf":
			if !inCells {
				return nil
			}
			id, _ := strconv.Atoi(attribute(element, "numFmtId"))
			form, own := custom[id]
			if !own {
				form = builtInForm(id)
			}
			b.formats = append(b.formats, form)
		}
		return nil
	})
}

// builtInForm knows the formats that have a number only (ECMA-376, 18.8.30,
// with the East Asian dates).
func builtInForm(id int) numberForm {
	switch {
	case id == 9 || id == 10:
		return formPercent
	case id >= 14 && id <= 22, id >= 27 && id <= 36, id >= 45 && id <= 47, id >= 50 && id <= 58:
		return formDate
	default:
		return formPlain
	}
}

// formOfCode reads a custom format: what is quoted, escaped or in brackets
// (a colour, a locale) is decoration.
func formOfCode(code string) numberForm {
	var bare strings.Builder
	quoted, bracketed, escaped := false, false, false
	for _, r := range code {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '[':
			bracketed = true
		case r == ']':
			bracketed = false
		case !bracketed:
			bare.WriteRune(r)
		}
	}
	plain := strings.ToLower(strings.ReplaceAll(bare.String(), "General", ""))
	switch {
	case strings.Contains(plain, "%"):
		return formPercent
	case strings.ContainsAny(plain, "ymdh"):
		return formDate
	default:
		return formPlain
	}
}
