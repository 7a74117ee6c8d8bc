// Package parquetscan reads parquet as rows of text.
//
// It owns what of parquet's types becomes which text: decimals with every
// digit, instants as RFC 3339 in UTC, maps and lists as canonical JSON; and the
// bounds of a hostile file. It does not own what columns mean (see the formats
// beside it).
//
// Pages are decoded as they are needed, and only those of the columns that the
// caller wants: memory is one page and one dictionary per wanted column. Every
// byte passes through code that checks its bounds; the library that knows the
// format is only asked to decode headers that were walked before.
package parquetscan

import (
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go/format"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/formats/table"
)

// Magic is how a parquet file begins and ends.
const Magic = "PAR1"

// The bounds of a file. Real exports stay far below all of them.
const (
	columnsMax    = 2000
	depthMax      = 32
	fieldBytesMax = 1 << 20
	rowBytesMax   = 4 << 20
	footerBytes   = 16 << 20
	pageBytesMax  = 64 << 20
	heldBytesMax  = 256 << 20 // of all pages and dictionaries at once
	// The text that a file may become, against its size: a page of a few bytes
	// can claim a billion rows. Real exports reach 30.
	ratioMax   = 200
	ratioGrace = 64 << 20
)

// Options say where the bytes come from.
type Options struct {
	File string // names the file in refusals
	// Want chooses the columns to decode; nil wants all. The header then holds
	// no others.
	Want func(column string) bool
}

// File is the table.Rows of parquet.
type File struct {
	name   string
	source *source
	meta   *format.FileMetaData
	leaves []*leaf
	all    []column // of the schema, in its order

	header  table.Header
	columns []column // wanted
	group   int      // row groups begun
	left    int64    // rows left of the current one
	row     table.Row
	line    int64
	at      int   // column that is being read, -1 for none
	text    int64 // bytes of text made so far
	raw     []byte
	ended   error
}

// NewFile reads the footer. Nothing else is read before the first Next.
func NewFile(at io.ReaderAt, size int64, options Options) (_ *File, err error) {
	f := &File{name: options.File, source: &source{at: at, size: size}, at: -1}
	defer f.edge(&err)
	f.meta, err = readFooter(f.source)
	if err != nil {
		return nil, err
	}
	root, leaves, err := readSchema(f.meta)
	if err != nil {
		return nil, err
	}
	f.leaves = leaves
	held := &budget{}
	for _, one := range leaves {
		one.budget = held
	}
	if err := f.checkGroups(); err != nil {
		return nil, err
	}
	f.all = flatten(nil, "", root)
	f.columns = f.all
	f.setHeader()
	if err := f.header.CheckTwice(f.name, 0); err != nil {
		return nil, err
	}
	if options.Want != nil {
		f.Narrow(options.Want)
	}
	return f, nil
}

// Narrow leaves only the columns that are wanted. It must come before the first Next.
func (f *File) Narrow(want func(column string) bool) {
	wanted := make([]column, 0, len(f.all))
	for _, one := range f.all {
		if want(one.name) {
			wanted = append(wanted, one)
		}
	}
	f.columns = wanted
	f.setHeader()
}

func (f *File) setHeader() {
	f.header = make(table.Header, len(f.columns))
	for i, one := range f.columns {
		f.header[i] = one.name
	}
}

// File names the file in refusals.
func (f *File) File() string { return f.name }

// Header is the wanted columns, those of structs under their dotted names.
func (f *File) Header() table.Header { return f.header }

// Row is what Next fills.
func (f *File) Row() *table.Row { return &f.row }

// Line is the row's ordinal, from 1.
func (f *File) Line() int64 { return f.line }

// Offset is 0: a row has no one place in the file.
func (f *File) Offset() int64 { return 0 }

// Count is the number of rows that the file says it has.
func (f *File) Count() int64 { return f.meta.NumRows }

// Raw is the row's cells as one JSON object, maps and lists as they are.
func (f *File) Raw() []byte {
	f.raw = f.appendRaw(f.raw[:0], &f.row)
	return f.raw
}

func (f *File) appendRaw(dst []byte, row *table.Row) []byte {
	dst = append(dst, '{')
	for i, one := range f.columns {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(charge.AppendTagText(dst, []byte(one.name)), ':')
		cell := row.Cell(i)
		switch {
		case one.nested == nil:
			dst = charge.AppendTagText(dst, cell)
		case len(cell) == 0:
			dst = append(dst, "null"...)
		default:
			dst = append(dst, cell...)
		}
	}
	return append(dst, '}')
}

// Next moves to the next row, and returns io.EOF after the last one: the last
// that the footer counts, with nothing left over in any column.
func (f *File) Next() (err error) {
	if f.ended != nil {
		return f.ended
	}
	defer f.edge(&err)
	for f.left == 0 {
		if err := f.nextGroup(); err != nil {
			return err
		}
	}
	f.row.Reset()
	f.line++
	f.left--
	for i := range f.columns {
		f.at = i
		start := len(f.row.Text)
		f.row.Text, err = f.columns[i].append(f.row.Text)
		if err != nil {
			return err
		}
		if len(f.row.Text)-start > fieldBytesMax {
			return &problem{code: fault.RowTooLarge, what: "the cell is longer than 1 MB"}
		}
		f.row.Close()
	}
	f.at = -1
	return f.checkRow()
}

func (f *File) checkRow() error {
	if len(f.row.Text) > rowBytesMax {
		return &problem{code: fault.RowTooLarge, what: "the row is longer than 4 MB"}
	}
	f.text += int64(len(f.row.Text)) + 1
	if f.text > ratioGrace+ratioMax*f.source.size {
		return &problem{
			code: fault.Bomb,
			what: fmt.Sprintf("the file unpacks to more than %d times its size", ratioMax),
		}
	}
	return nil
}

// nextGroup begins the next row group, once every column has ended where the
// one before it ends.
func (f *File) nextGroup() error {
	if f.group > 0 {
		for i, one := range f.columns {
			f.at = i
			for _, leaf := range one.leaves {
				if err := leaf.finish(); err != nil {
					return err
				}
			}
		}
	}
	if f.group == len(f.meta.RowGroups) {
		return io.EOF
	}
	group := &f.meta.RowGroups[f.group]
	for i, one := range f.columns {
		f.at = i
		for _, leaf := range one.leaves {
			if err := leaf.open(f.source, &group.Columns[leaf.index], group.NumRows); err != nil {
				return err
			}
		}
	}
	f.left = group.NumRows
	f.group++
	return nil
}

// edge is the room's edge: what is wrong with the file becomes a coded fault with
// its place, a panic too; what is wrong with the connection stays what it is.
func (f *File) edge(err *error) {
	if caught := recover(); caught != nil {
		*err = damaged("the file cannot be decoded: %v", caught)
	}
	var coded *fault.Error
	switch {
	case *err == nil:
		return
	case f.source.failed != nil:
		*err = fmt.Errorf("read %s: %w", f.name, f.source.failed)
	case *err == io.EOF || errors.As(*err, &coded): //nolint:errorlint // what wraps it is no end
	default:
		*err = f.fault(*err)
	}
	f.ended = *err
}

func (f *File) fault(err error) error {
	found := &problem{code: fault.Parquet, what: "the file cannot be decoded: " + err.Error()}
	_ = errors.As(err, &found) // or it stays as it is
	place := fault.Place{File: f.name, Line: f.line}
	if f.at >= 0 {
		place.Column = f.columns[f.at].name
	}
	return &fault.Error{
		Code: found.code, Place: place, What: found.what, Value: found.value,
		Cure: "have the export delivered again",
	}
}
