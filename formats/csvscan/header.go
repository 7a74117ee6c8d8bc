package csvscan

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"magam/domain/fault"
)

// Header is the first row of a file: its column names, exactly.
type Header []string

// ReadHeader moves to the first row and copies it. A column named twice is
// refused: which of the two is meant cannot be known.
func (s *Scanner) ReadHeader() (Header, error) {
	err := s.Next()
	if errors.Is(err, io.EOF) {
		return nil, &fault.Error{
			Code: fault.Schema, Place: fault.Place{File: s.options.File}, What: "the file is empty",
			Cure: "have the export delivered again",
		}
	}
	if err != nil {
		return nil, err
	}
	header := make(Header, s.Len())
	for i := range header {
		header[i] = string(s.Field(i))
	}
	seen := slices.Clone(header)
	slices.Sort(seen)
	for i := 1; i < len(seen); i++ {
		if seen[i] == seen[i-1] {
			return nil, &fault.Error{
				Code: fault.Schema, Place: fault.Place{File: s.options.File, Line: s.Line(), Column: seen[i]},
				What: "the column is there twice", Cure: "have the export delivered with each column once",
			}
		}
	}
	return header, nil
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

// NextOf moves to the next row and refuses it unless it has as many fields as
// the header: in a broken row no cell can be trusted.
func (s *Scanner) NextOf(header Header) error {
	err := s.Next()
	if err != nil || s.Len() == len(header) {
		return err
	}
	return s.refuse(fault.Schema,
		fmt.Sprintf("the row has %d fields, the header %d; the file may be cut off", s.Len(), len(header)), 0)
}
