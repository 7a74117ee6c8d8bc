package master

import (
	"strings"

	"magam/domain/money"
)

// Canonical writes a cell's text in the one form that is stored, where people
// and spreadsheets have several: blanks around it, 예 for yes, a date at
// midnight, a month as its first day, 5% for 5. What it does not know it leaves
// alone, for Validate to judge.
func (c Column) Canonical(text string) string {
	text = strings.Trim(text, " \u00a0\u3000")
	switch c.Type {
	case TypeBool:
		return canonicalBool(text)
	case TypeDate:
		return atMidnight(text)
	case TypeMonth:
		return onFirstDay(atMidnight(text))
	case TypeDecimal, TypePercent, TypeInteger:
		return c.canonicalNumber(text)
	case TypeEmail:
		local, domain, found := strings.Cut(text, "@")
		if found {
			return local + "@" + strings.ToLower(domain)
		}
		return text
	case TypeChoices:
		return strings.Join(List(text), " ")
	case TypeText, TypeCode, TypeID, TypeList, TypeChoice, TypeCurrency, TypeColor, TypeCountry, TypeURL,
		TypeBusinessNumber, TypeTNumber:
		return text
	default:
		return text
	}
}

func canonicalBool(text string) string {
	switch strings.ToLower(text) {
	case "yes", "y", "true", "1", "예", "네":
		return "yes"
	case "no", "n", "false", "0", "아니오", "아니요":
		return "no"
	default:
		return text
	}
}

// atMidnight takes off a time of day that is none.
func atMidnight(text string) string {
	for _, midnight := range []string{" 00:00:00", "T00:00:00", "T00:00:00Z"} {
		if rest, found := strings.CutSuffix(text, midnight); found {
			return rest
		}
	}
	return text
}

// onFirstDay reads 2026-10-01 as 2026-10: spreadsheets turn a typed month into
// its first day.
func onFirstDay(text string) string {
	if len(text) == len("2026-10-01") {
		return strings.TrimSuffix(text, "-01")
	}
	return text
}

// canonicalNumber prints an exact number with every digit and no exponent, so
// that 5, 5.0 and 5E+0 are one content. A per cent sign belongs to percentages alone.
func (c Column) canonicalNumber(text string) string {
	bare := text
	if c.Type == TypePercent {
		bare = strings.TrimRight(strings.TrimSuffix(text, "%"), " ")
	}
	parsed, err := money.Parse(bare)
	if err != nil {
		return text
	}
	return money.Text(parsed)
}

// CanonicalRow writes a row's cells in their stored form and leaves out the
// empty ones. A value is a percentage where its row's kind says so.
func (s Sheet) CanonicalRow(cells map[string]string) map[string]string {
	row := make(map[string]string, len(cells))
	for name, text := range cells {
		column, known := s.Column(name)
		if known {
			text = column.Canonical(text)
		}
		if text != "" {
			row[name] = text
		}
	}
	switch row["kind"] {
	case "discount", "markup", "percent":
		if value, ok := row["value"]; ok {
			row["value"] = Column{Type: TypePercent}.Canonical(value)
		}
	}
	return row
}
