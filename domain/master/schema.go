// Package master holds the workbook that finance keeps: its sheets, their
// columns, what each cell must satisfy, and the typed view that a close reads.
//
// It owns one schema, from which the workbook is read, written, validated and
// documented. It does not own file formats (see formats/master and
// templates/master) nor where versions are kept (see db).
//
// A Book is made only of tables that Validate found no problem in.
package master

import "slices"

// Sheet is one sheet of the workbook, or one CSV file of the folder.
type Sheet struct {
	Name     string
	Ko, En   Words // title and what the sheet is for
	Columns  []Column
	Key      []string // columns that name one row; with a validity, one row at a time
	Validity Validity
	Examples []map[string]string // filled rows, together a coherent workbook
}

// Words are a caption and a note in one language.
type Words struct {
	Caption, Note string
}

// Validity says what a sheet's from and to hold.
type Validity uint8

// The validities. Both ends are included; an empty end is open.
const (
	ValidAlways Validity = iota
	ValidMonths
	ValidDays
)

// Type is what a cell holds.
type Type uint8

// The types of cells.
const (
	TypeText           Type = iota + 1 // free text in one line
	TypeCode                           // a short name of our own: letters, digits, . _ -
	TypeID                             // a provider's identifier: no blanks
	TypeList                           // texts separated by spaces, or by semicolons or commas
	TypeChoice                         // one of Codes
	TypeChoices                        // several of Codes
	TypeMonth                          // 2026-10
	TypeDate                           // 2026-10-31
	TypeDecimal                        // an exact number
	TypePercent                        // an exact number; 5 is 5 %
	TypeInteger                        // a whole number
	TypeBool                           // yes, no
	TypeCurrency                       // ISO 4217
	TypeEmail                          // an address
	TypeColor                          // #RRGGBB
	TypeCountry                        // ISO 3166 alpha-2
	TypeURL                            // where a source's exports lie
	TypeBusinessNumber                 // 사업자등록번호
	TypeTNumber                        // a Japanese invoice registration number
)

// Column is one column of a sheet.
type Column struct {
	Name     string
	Type     Type
	Ko, En   Words
	Required bool
	Default  string   // what empty means; none where empty means nothing
	Codes    []string // the allowed words; "day:{1-31}" is a word with a number
	Suggest  []string // words offered but not demanded
	Refers   string   // the sheet whose code this names
	Star     bool     // "*", everybody, is allowed too
	Min, Max string   // bounds of a number, both included
}

// Column finds a column by name.
func (s Sheet) Column(name string) (Column, bool) {
	at := s.Position(name)
	if at < 0 {
		return Column{}, false
	}
	return s.Columns[at], true
}

// Position is a column's place in the schema from 0, or -1.
func (s Sheet) Position(name string) int {
	return slices.IndexFunc(s.Columns, func(c Column) bool { return c.Name == name })
}

// Find finds a sheet by name.
func Find(name string) (Sheet, bool) {
	for _, sheet := range Sheets {
		if sheet.Name == name {
			return sheet, true
		}
	}
	return Sheet{}, false
}

// In picks the words of a language: ko, or English for anything else.
func In(language string, ko, en Words) Words {
	if language == "ko" {
		return ko
	}
	return en
}
