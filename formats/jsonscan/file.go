// Package jsonscan reads JSON lines as rows of text.
//
// It owns the grammar of JSON, the flattening of objects to dotted columns
// (service.id), encoding and the bounds of a hostile file. It does not own
// decompression (see csvscan) nor what columns mean (see the formats beside it).
//
// Strings come out unescaped, numbers exactly as they are spelt, never through
// a float; null is the empty cell, and an array is one cell of compact JSON.
// Whatever a file holds, memory stays below a row of 4 MB and its buffer, and
// every refusal names the line and the byte.
package jsonscan

import (
	"errors"
	"io"

	"magam/domain/fault"
	"magam/formats/table"
)

// The bounds of a file. Real exports stay far below all of them.
const (
	fieldBytesMax = 1 << 20
	rowBytesMax   = 4 << 20
	columnsMax    = 2000 // of the file: every path that any of its rows names
	depthMax      = 64
	bufferBytes   = 256 << 10
)

// Options say where the bytes come from.
type Options struct {
	File string // names the file in refusals
	// NeedsFinalNewline refuses a last line without its line end: a compressed
	// file cut at a member's boundary reads without any other sign.
	NeedsFinalNewline bool
}

// File is a file of one JSON object a line. It is the table.Rows of JSON.
type File struct {
	lines  lines
	parser parser
	header table.Header
	row    table.Row
	ahead  bool // the first line is cut and not yet a row
}

// NewFile reads the first row for the header: its columns, in its order.
func NewFile(source io.Reader, options Options) (*File, error) {
	f := &File{lines: lines{source: source, options: options, buffer: make([]byte, bufferBytes)}}
	if err := f.lines.open(); err != nil {
		return nil, err
	}
	err := f.lines.next()
	if errors.Is(err, io.EOF) {
		return nil, &fault.Error{
			Code: fault.Schema, Place: fault.Place{File: options.File}, What: "the file is empty",
			Cure: "have the export delivered again",
		}
	}
	if err == nil {
		err = f.parse()
	}
	if err != nil {
		return nil, err
	}
	f.ahead = true
	return f, f.setHeader(f.parser.leaves)
}

// Choose takes other columns than the first row's: a row names no column that is
// null in it, so that the first alone does not tell all that a layout can use.
// It must come before the first Next.
func (f *File) Choose(columns func(first table.Header) table.Header) error {
	return f.setHeader(columns(f.parser.leaves))
}

func (f *File) setHeader(header table.Header) error {
	f.header = header
	f.parser.want(header)
	return header.CheckTwice(f.lines.options.File, f.lines.line)
}

// File names the file in refusals.
func (f *File) File() string { return f.lines.options.File }

// Header is the columns chosen.
func (f *File) Header() table.Header { return f.header }

// Row is what Next fills.
func (f *File) Row() *table.Row { return &f.row }

// Raw is a view of the line exactly as it stands in the file.
func (f *File) Raw() []byte { return f.lines.raw }

// Line is the line of the file, from 1.
func (f *File) Line() int64 { return f.lines.line }

// Offset is the byte of the uncompressed file where the line starts.
func (f *File) Offset() int64 { return f.lines.offset }

// Next moves to the next row; a column that it does not name is empty.
func (f *File) Next() error {
	if !f.ahead {
		if err := f.lines.next(); err != nil {
			return err
		}
	}
	f.ahead = false
	if err := f.parse(); err != nil {
		return err
	}
	f.row.Reset()
	for _, cell := range f.parser.cells {
		if cell.row == f.parser.rows {
			f.row.Text = append(f.row.Text, f.parser.text[cell.start:cell.end]...)
		}
		f.row.Close()
	}
	return nil
}

// parse reads the line's one object.
func (f *File) parse() error {
	if broken := f.parser.parse(f.lines.raw); broken != nil {
		return f.lines.refuse(broken.code, broken.what, broken.at)
	}
	return nil
}
