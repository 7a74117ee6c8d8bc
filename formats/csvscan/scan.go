// Package csvscan reads CSV fast and within bounds.
//
// It owns quoting (RFC 4180), line ends, the byte order mark, encoding and the
// bounds of a hostile file, and the decompression of gzip. It does not own
// what columns mean (see the formats beside it).
//
// Whatever a file holds, memory stays below a row of 4 MB and its buffer, and
// every refusal names the line and the byte.
package csvscan

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/bits"
	"unicode/utf8"

	"magam/domain/fault"
	"magam/formats/table"
)

// The bounds of a file. Real exports stay far below all of them.
const (
	fieldBytesMax = 1 << 20
	rowBytesMax   = 4 << 20
	columnsMax    = 2000
	bufferBytes   = 256 << 10
)

// Options say where the bytes come from.
type Options struct {
	File string // names the file in refusals
	// NeedsFinalNewline refuses a last line without its line end: a compressed
	// file cut at a member's boundary reads without any other sign.
	NeedsFinalNewline bool
}

// Scanner splits rows into fields. Fields are views that are valid until the
// next call of Next.
type Scanner struct {
	source  io.Reader
	options Options
	buffer  []byte
	start   int   // of what is unread in buffer
	filled  int   // end of what was read into buffer
	base    int64 // offset in the file of buffer[0]
	ended   bool  // source is exhausted

	row     table.Row // the fields of the current row
	raw     []byte    // the row as it stands in the file, without its line end
	scratch []byte    // unquoted copy of a row with quotes
	offset  int64     // of raw in the file
	line    int64     // of raw in the file, from 1
	next    int64     // line after it
}

// New returns a scanner that has skipped the byte order mark, if any.
func New(source io.Reader, options Options) (*Scanner, error) {
	s := &Scanner{source: source, options: options, buffer: make([]byte, bufferBytes), next: 1}
	for s.filled < 3 && !s.ended {
		if err := s.fill(); err != nil {
			return nil, err
		}
	}
	if bytes.HasPrefix(s.buffer[:s.filled], []byte("\xef\xbb\xbf")) {
		s.start = 3
	}
	return s, nil
}

// Len is the number of fields of the row.
func (s *Scanner) Len() int { return s.row.Len() }

// Field is a view of one field, counted from 0, its quotes taken off.
func (s *Scanner) Field(i int) []byte { return s.row.Cell(i) }

// Raw is a view of the row exactly as it stands in the file.
func (s *Scanner) Raw() []byte { return s.raw }

// Line is the line of the file where the row starts, from 1.
func (s *Scanner) Line() int64 { return s.line }

// Offset is the byte of the uncompressed file where the row starts.
func (s *Scanner) Offset() int64 { return s.offset }

// Next moves to the next row that is not blank, and returns io.EOF after the last.
func (s *Scanner) Next() error {
	for {
		found, err := s.take()
		if err != nil {
			return err
		}
		if !found {
			return io.EOF
		}
		if len(s.raw) == 0 {
			continue
		}
		if err := s.check(); err != nil {
			return err
		}
		if bytes.IndexByte(s.raw, '"') < 0 {
			s.row.Text = s.raw
			s.row.Ends = appendCommas(s.row.Ends[:0], s.raw, 0)
			s.row.Ends = append(s.row.Ends, len(s.raw))
		} else if err := s.unquote(); err != nil {
			return err
		}
		return s.checkFields()
	}
}

// take cuts the next row out of the buffer, filling it as needed.
func (s *Scanner) take() (bool, error) {
	s.line, s.offset = s.next, s.base+int64(s.start)
	seen := 0 // bytes after start known to hold no end of the row
	open := false
	for {
		pending := s.buffer[s.start:s.filled]
		for {
			at := bytes.IndexByte(pending[seen:], '\n')
			if at < 0 {
				break
			}
			if bytes.Count(pending[seen:seen+at], quote)%2 == 1 {
				open = !open
			}
			seen += at + 1
			s.next++
			if !open {
				return true, s.cut(seen, pending[:seen-1])
			}
		}
		if len(pending) > rowBytesMax {
			return false, s.refuse(fault.RowTooLarge, "the row is longer than 4 MB; a quote may be unclosed",
				0)
		}
		if s.ended {
			return s.takeLast(pending)
		}
		if bytes.Count(pending[seen:], quote)%2 == 1 {
			open = !open
		}
		seen = len(pending)
		if err := s.fill(); err != nil {
			return false, err
		}
	}
}

var quote = []byte{'"'}

// takeLast takes what follows the last line end.
func (s *Scanner) takeLast(pending []byte) (bool, error) {
	if len(pending) == 0 {
		return false, nil
	}
	if s.options.NeedsFinalNewline {
		return false, s.refuse(fault.GzipTruncated, "the last line of a compressed file has no line end", 0)
	}
	s.next++
	return true, s.cut(len(pending), pending)
}

// cut moves past consumed bytes, of which row is what counts.
func (s *Scanner) cut(consumed int, row []byte) error {
	if len(row) > rowBytesMax {
		return s.refuse(fault.RowTooLarge, "the row is longer than 4 MB; a quote may be unclosed", 0)
	}
	if len(row) > 0 && row[len(row)-1] == '\r' {
		row = row[:len(row)-1]
	}
	s.raw = row
	s.start += consumed
	return nil
}

// fill reads more, moving or growing the buffer where it is full.
func (s *Scanner) fill() error {
	if s.start > 0 && s.filled == len(s.buffer) {
		copy(s.buffer, s.buffer[s.start:s.filled])
		s.base += int64(s.start)
		s.filled -= s.start
		s.start = 0
	}
	if s.filled == len(s.buffer) {
		grown := make([]byte, 2*len(s.buffer))
		copy(grown, s.buffer[:s.filled])
		s.buffer = grown
	}
	n, err := s.source.Read(s.buffer[s.filled:])
	s.filled += n
	if err == io.EOF {
		s.ended = true
		return nil
	}
	return err
}

// check refuses what no text file holds, naming the byte.
func (s *Scanner) check() error {
	if at := bytes.IndexByte(s.raw, 0); at >= 0 {
		return s.refuse(fault.Encoding, "the file holds a NUL byte: it is not UTF-8 text", at)
	}
	if utf8.Valid(s.raw) {
		return nil
	}
	for at := 0; at < len(s.raw); {
		r, size := utf8.DecodeRune(s.raw[at:])
		if r == utf8.RuneError && size == 1 {
			return s.refuse(fault.Encoding, "the file is not UTF-8", at)
		}
		at += size
	}
	return nil
}

// checkFields refuses a row of too many or too long fields.
func (s *Scanner) checkFields() error {
	if len(s.row.Ends) > columnsMax {
		return s.refuse(fault.RowTooLarge, "the row has more than 2,000 columns", 0)
	}
	if len(s.row.Text) <= fieldBytesMax {
		return nil
	}
	for i := range s.row.Ends {
		if len(s.Field(i)) > fieldBytesMax {
			return s.refuse(fault.RowTooLarge, "a field is longer than 1 MB; a quote may be unclosed", 0)
		}
	}
	return nil
}

// unquote splits a row that holds quotes, copying it without them. What stands
// between two quoted fields is split in one go.
func (s *Scanner) unquote() error {
	s.scratch, s.row.Ends = s.scratch[:0], s.row.Ends[:0]
	for rest := s.raw; ; {
		at := bytes.IndexByte(rest, '"')
		if at < 0 {
			s.plain(rest)
			s.row.Ends = append(s.row.Ends, len(s.scratch))
			break
		}
		if at > 0 && rest[at-1] != ',' {
			return s.refuse(fault.Schema, "a quote stands inside a field that is not quoted",
				len(s.raw)-len(rest)+at)
		}
		s.plain(rest[:at])
		after, err := s.quoted(rest[at+1:])
		if err != nil {
			return err
		}
		if len(after) == 0 {
			break
		}
		s.scratch = append(s.scratch, ',')
		rest = after[1:]
	}
	s.row.Text = s.scratch
	return nil
}

// plain copies whole fields without quotes; the last one is left open.
func (s *Scanner) plain(text []byte) {
	s.row.Ends = appendCommas(s.row.Ends, text, len(s.scratch))
	s.scratch = append(s.scratch, text...)
}

// quoted copies one field up to its closing quote and returns what follows it.
func (s *Scanner) quoted(rest []byte) ([]byte, error) {
	for {
		at := bytes.IndexByte(rest, '"')
		if at < 0 {
			return nil, s.refuse(fault.Schema, "a quoted field is not closed", 0)
		}
		s.scratch = append(s.scratch, rest[:at]...)
		rest = rest[at+1:]
		if len(rest) > 0 && rest[0] == '"' {
			s.scratch = append(s.scratch, '"')
			rest = rest[1:]
			continue
		}
		if len(rest) > 0 && rest[0] != ',' {
			return nil, s.refuse(fault.Schema, "text follows the closing quote of a field",
				len(s.raw)-len(rest))
		}
		s.row.Ends = append(s.row.Ends, len(s.scratch))
		return rest, nil
	}
}

func (s *Scanner) refuse(code fault.Code, what string, at int) error {
	return &fault.Error{
		Code:  code,
		Place: fault.Place{File: s.options.File, Line: s.line, Byte: s.offset + int64(at)},
		What:  what,
		Cure:  "have the export delivered again as UTF-8 CSV",
	}
}

// appendCommas appends the position of every comma in row, which starts at
// base. It looks at eight bytes at once: a byte of probe is zero where row has a comma.
func appendCommas(ends []int, row []byte, base int) []int {
	const (
		commas = 0x2c2c2c2c2c2c2c2c
		lows   = 0x7f7f7f7f7f7f7f7f
	)
	at := 0
	for ; at+8 <= len(row); at += 8 {
		probe := binary.LittleEndian.Uint64(row[at:]) ^ commas
		hits := ^((probe&lows + lows) | probe | lows)
		for hits != 0 {
			ends = append(ends, base+at+bits.TrailingZeros64(hits)/8)
			hits &= hits - 1
		}
	}
	for ; at < len(row); at++ {
		if row[at] == ',' {
			ends = append(ends, base+at)
		}
	}
	return ends
}
