package table

import (
	"slices"
	"strings"

	"magam/domain/fault"
)

// Header is a file's column names, exactly.
type Header []string

// CheckTwice refuses a column named twice: which of the two is meant cannot be
// known.
func (h Header) CheckTwice(file string, line int64) error {
	seen := slices.Clone(h)
	slices.Sort(seen)
	for i := 1; i < len(seen); i++ {
		if seen[i] == seen[i-1] {
			return &fault.Error{
				Code: fault.Schema, Place: fault.Place{File: file, Line: line, Column: seen[i]},
				What: "the column is there twice", Cure: "have the export delivered with each column once",
			}
		}
	}
	return nil
}

// Index is the position of a column, and -1 where the file has none.
func (h Header) Index(name string) int { return slices.Index(h, name) }

// Has says whether all the columns are there.
func (h Header) Has(names ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return h.Index(name) < 0 })
}

// Require refuses a file that lacks any of the columns, naming all that it lacks.
func (h Header) Require(file string, names ...string) error {
	var missing []string
	for _, name := range names {
		if h.Index(name) < 0 {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return &fault.Error{
		Code: fault.Schema, Place: fault.Place{File: file, Line: 1, Column: missing[0]},
		What: "columns are missing: " + strings.Join(missing, ", "),
		Cure: "add them to the export's definition and have it delivered again",
	}
}
