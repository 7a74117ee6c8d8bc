package csvscan

import (
	"errors"
	"fmt"
	"io"

	"magam/domain/fault"
	"magam/formats/table"
)

// File is a CSV file whose first row names its columns. It is the table.Rows of CSV.
type File struct {
	*Scanner
	header table.Header
}

// NewFile reads the header.
func NewFile(source io.Reader, options Options) (*File, error) {
	scanner, err := New(source, options)
	if err != nil {
		return nil, err
	}
	header, err := scanner.readHeader()
	if err != nil {
		return nil, err
	}
	return &File{Scanner: scanner, header: header}, nil
}

// File names the file in refusals.
func (f *File) File() string { return f.options.File }

// Header is the first row.
func (f *File) Header() table.Header { return f.header }

// Row is what Next fills.
func (f *File) Row() *table.Row { return &f.row }

// Next moves to the next row and refuses it unless it has as many cells as the
// header: in a broken row no cell can be trusted.
func (f *File) Next() error {
	err := f.Scanner.Next()
	if err != nil || f.row.Len() == len(f.header) {
		return err
	}
	return f.refuse(
		fault.Schema,
		fmt.Sprintf("the row has %d fields, the header %d; the file may be cut off", f.Len(),
			len(f.header)),
		0,
	)
}

func (s *Scanner) readHeader() (table.Header, error) {
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
	header := make(table.Header, s.Len())
	for i := range header {
		header[i] = string(s.Field(i))
	}
	return header, header.CheckTwice(s.options.File, s.Line())
}
