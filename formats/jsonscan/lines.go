package jsonscan

import (
	"bytes"
	"io"
	"unicode/utf8"

	"magam/domain/fault"
)

// lines cuts a text into lines that lie in one buffer.
type lines struct {
	source  io.Reader
	options Options
	buffer  []byte
	start   int   // of what is unread in buffer
	filled  int   // end of what was read into buffer
	base    int64 // offset in the file of buffer[0]
	ended   bool  // source is exhausted

	raw    []byte // the line as it stands in the file, without its end
	offset int64  // of raw in the file
	line   int64  // of raw in the file, from 1
}

// open skips the byte order mark, if any.
func (l *lines) open() error {
	for l.filled < 3 && !l.ended {
		if err := l.fill(); err != nil {
			return err
		}
	}
	if bytes.HasPrefix(l.buffer[:l.filled], []byte("\xef\xbb\xbf")) {
		l.start = 3
	}
	return nil
}

// next moves to the next line that is not blank, and returns io.EOF after the last.
func (l *lines) next() error {
	for {
		found, err := l.take()
		if err != nil {
			return err
		}
		if !found {
			return io.EOF
		}
		if len(bytes.Trim(l.raw, " \t")) > 0 {
			return l.check()
		}
	}
}

// take cuts the next line out of the buffer, filling it as needed.
func (l *lines) take() (bool, error) {
	l.line++
	l.offset = l.base + int64(l.start)
	for seen := 0; ; {
		pending := l.buffer[l.start:l.filled]
		if at := bytes.IndexByte(pending[seen:], '\n'); at >= 0 {
			return true, l.cut(seen+at+1, pending[:seen+at])
		}
		switch {
		case len(pending) > rowBytesMax:
			return false, l.tooLong()
		case l.ended && len(pending) == 0:
			return false, nil
		case l.ended && l.options.NeedsFinalNewline:
			return false, l.refuse(fault.GzipTruncated,
				"the last line of a compressed file has no line end", 0)
		case l.ended:
			return true, l.cut(len(pending), pending)
		}
		seen = len(pending)
		if err := l.fill(); err != nil {
			return false, err
		}
	}
}

// cut moves past consumed bytes, of which line is what counts.
func (l *lines) cut(consumed int, line []byte) error {
	if len(line) > rowBytesMax {
		return l.tooLong()
	}
	if len(line) > 0 && line[len(line)-1] == '\r' {
		line = line[:len(line)-1]
	}
	l.raw = line
	l.start += consumed
	return nil
}

// fill reads more, moving or growing the buffer where it is full.
func (l *lines) fill() error {
	if l.start > 0 && l.filled == len(l.buffer) {
		copy(l.buffer, l.buffer[l.start:l.filled])
		l.base += int64(l.start)
		l.filled -= l.start
		l.start = 0
	}
	if l.filled == len(l.buffer) {
		grown := make([]byte, 2*len(l.buffer))
		copy(grown, l.buffer[:l.filled])
		l.buffer = grown
	}
	n, err := l.source.Read(l.buffer[l.filled:])
	l.filled += n
	if err == io.EOF {
		l.ended = true
		return nil
	}
	return err
}

// check refuses what no text file holds, naming the byte.
func (l *lines) check() error {
	if at := bytes.IndexByte(l.raw, 0); at >= 0 {
		return l.refuse(fault.Encoding, "the file holds a NUL byte: it is not UTF-8 text", at)
	}
	if utf8.Valid(l.raw) {
		return nil
	}
	for at := 0; ; {
		r, size := utf8.DecodeRune(l.raw[at:])
		if r == utf8.RuneError && size <= 1 {
			return l.refuse(fault.Encoding, "the file is not UTF-8", at)
		}
		at += size
	}
}

func (l *lines) tooLong() error {
	return l.refuse(fault.RowTooLarge, "the line is longer than 4 MB", 0)
}

// refuse names the line, and the byte of it that is wrong.
func (l *lines) refuse(code fault.Code, what string, at int) error {
	return &fault.Error{
		Code:  code,
		Place: fault.Place{File: l.options.File, Line: l.line, Byte: l.offset + int64(at)},
		What:  what,
		Cure:  "have the export delivered again as JSON lines in UTF-8",
	}
}
