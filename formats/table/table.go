// Package table is the shape of every export file before its columns mean
// anything: a header, and rows of text cells.
//
// It owns the looking up of columns and the setting aside of a row. It does
// not own how a file becomes rows (see csvscan and its neighbours) nor what
// columns mean (see the formats beside it).
package table

// Rows are the rows of one file. A row is valid until the next call of Next.
type Rows interface {
	// File names the file in refusals.
	File() string
	Header() Header
	// Next moves to the next row, and returns io.EOF after the last. A row that
	// does not have a cell for every column is refused: no cell of it can be trusted.
	Next() error
	// Row is always the same one: what Next fills.
	Row() *Row
	// Raw is a view of the row exactly as it stands in the file, or, where the
	// file has no text, its cells as JSON.
	Raw() []byte
	// Line is where the row starts, counted from 1; where the file has no
	// lines, its ordinal.
	Line() int64
	// Offset is the byte of the uncompressed file where the row starts, 0 where
	// the file does not tell.
	Offset() int64
}

// Row is the cells of one row, side by side in one text with a byte between
// them, so that reading a cell is one slice of it.
type Row struct {
	Text []byte
	Ends []int // end of each cell in Text
}

// Len is the number of cells.
func (r *Row) Len() int { return len(r.Ends) }

// Cell is a view of one cell, counted from 0, and empty for a column below 0:
// one that the file lacks.
func (r *Row) Cell(column int) []byte {
	switch {
	case column > 0:
		return r.Text[r.Ends[column-1]+1 : r.Ends[column]]
	case column == 0:
		return r.Text[:r.Ends[0]]
	default:
		return nil
	}
}

// Reset forgets the cells and keeps their memory.
func (r *Row) Reset() { r.Text, r.Ends = r.Text[:0], r.Ends[:0] }

// Close ends the cell that was appended to Text.
func (r *Row) Close() {
	r.Ends = append(r.Ends, len(r.Text))
	r.Text = append(r.Text, ',')
}
