package activities

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"magam/domain/fault"
	"magam/formats/csvscan"
	"magam/formats/jsonscan"
	"magam/formats/parquetscan"
	"magam/formats/table"
)

// How a file is packed, by the ending under which it is archived.
const (
	packedCSV     = ".csv"
	packedLines   = ".jsonl"
	packedGzip    = ".gz" // after either
	packedZip     = ".csv.zip"
	packedParquet = ".parquet"
)

// headBytes is enough of a file to tell how it is packed.
const headBytes = 4096

// Spool keeps one file's bytes on disk while they are read at random.
type Spool interface {
	io.Writer
	io.ReaderAt
	// Close gives the space back.
	Close() error
}

// packed is a file whose first bytes told how it is packed, whatever its name.
type packed struct {
	file   string
	ending string
	stream io.Reader   // of all its bytes
	at     io.ReaderAt // of them, where the packing wants to be read at random
	size   int64
	ahead  bool // decompress or decode ahead of parsing; whoever reads two rows need not
}

// sniff looks at the first bytes of a stream.
func sniff(file string, source io.Reader) (packed, error) {
	buffered := bufio.NewReaderSize(source, 64<<10)
	head, err := buffered.Peek(headBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return packed{}, fmt.Errorf("open %s: %w", file, err)
	}
	return packed{file: file, ending: endingOf(head), stream: buffered}, nil
}

func endingOf(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte(parquetscan.Magic)):
		return packedParquet
	case csvscan.IsZip(head):
		return packedZip
	case bytes.HasPrefix(head, []byte(csvscan.GzipMagic)):
		return textEnding(unpackedHead(head)) + packedGzip
	default:
		return textEnding(head)
	}
}

// textEnding tells JSON lines from CSV: no header begins with a brace, nor with
// a bracket, which is JSON that has no lines.
func textEnding(head []byte) string {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if bytes.HasPrefix(head, []byte("{")) || bytes.HasPrefix(head, []byte("[")) {
		return packedLines
	}
	return packedCSV
}

// unpackedHead is the first bytes of what a gzip holds, as far as they can be had.
func unpackedHead(head []byte) []byte {
	text, _, err := csvscan.Open(bytes.NewReader(head), csvscan.Options{})
	if err != nil {
		return nil // whoever reads it will say so
	}
	first := make([]byte, 64)
	n, _ := io.ReadFull(text, first) // the head is cut off, of course
	return first[:n]
}

// random says that the packing is read at random, from the end first.
func (p *packed) random() bool { return p.ending == packedParquet || p.ending == packedZip }

// open turns the file's bytes into rows. The columns that are not wanted are
// left out where the packing makes that worth while; nil wants all. What it
// gives to close must be closed before the bytes go away.
func (p *packed) open(want func(column string) bool) (_ table.Rows, done func(), err error) {
	options, done := csvscan.Options{File: p.file}, func() {}
	var text io.Reader
	switch p.ending {
	case packedParquet:
		rows, err := parquetscan.NewFile(p.at, p.size, parquetscan.Options{File: p.file, Want: want})
		if err != nil || !p.ahead {
			return rows, done, err
		}
		ahead := parquetscan.NewAhead(rows)
		return ahead, ahead.Close, nil
	case packedZip:
		text, options, err = csvscan.OpenZip(p.at, p.size, options)
	default:
		text, options, err = csvscan.Open(p.stream, options)
	}
	if err != nil {
		return nil, done, err
	}
	if p.ahead {
		ahead := csvscan.Ahead(text)
		text, done = ahead, func() { _ = ahead.Close() } // stops reading ahead; it has no error of its own
	}
	var rows table.Rows
	if p.ending == packedLines || p.ending == packedLines+packedGzip {
		rows, err = jsonscan.NewFile(text, jsonscan.Options(options))
	} else {
		rows, err = csvscan.NewFile(text, options)
	}
	if err != nil {
		done()
		return nil, func() {}, err
	}
	return rows, done, nil
}

// spool copies a file to where it can be read at random. It gives up on one
// that is longer than it was when it was found.
func (i *Ingest) spool(p *packed, size int64) (Spool, error) {
	kept, err := i.Spool()
	if err != nil {
		return nil, err
	}
	n, err := io.Copy(kept, io.LimitReader(p.stream, size+1))
	if err == nil && n != size {
		err = &fault.Error{
			Code: fault.Hash, Place: fault.Place{File: p.file},
			What: fmt.Sprintf("the file changed after it was found: it had %d bytes", size),
			Cure: "ingest again once the export is written whole",
		}
	}
	if err != nil {
		_ = kept.Close() // nothing of it is needed
		return nil, err
	}
	p.at, p.size = kept, size
	return kept, nil
}

// ranged reads a file of a store at random, a request for each piece: enough to
// look at a few rows without fetching the whole.
type ranged struct {
	ctx   context.Context //nolint:containedctx // io.ReaderAt has no place for it
	store SourceStore
	key   string
	size  int64
}

// ReadAt fetches one piece.
func (r *ranged) ReadAt(p []byte, offset int64) (int, error) {
	if offset >= r.size {
		return 0, io.EOF
	}
	length := min(int64(len(p)), r.size-offset)
	piece, err := r.store.OpenRange(r.ctx, r.key, offset, length)
	if err != nil {
		return 0, err
	}
	defer piece.Close()
	n, err := io.ReadFull(piece, p[:length])
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, err
}
