package sample

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zip"
)

const (
	rowsPerPart  = 1_000_000
	chunkBytes   = 256 << 10
	chunksAhead  = 4
	compression  = gzip.BestSpeed // fixed: another level gives other bytes
	dirMode      = 0o755
	fileMode     = 0o644
	partsOfSeoul = 3 // at least, so that a small sample has several parts too
)

// exportFiles writes rows into numbered parts, compressing beside the caller.
type exportFiles struct {
	root    string
	shape   shape
	name    func(part int) string // path of a part, from 1, under root
	header  []byte
	perPart int
	paths   []string
	open    *partFile
	inPart  int
	chunk   []byte
}

// writeRow appends a finished line and opens the next part when one is full.
func (f *exportFiles) writeRow(line []byte) error {
	if f.open == nil || f.inPart == f.perPart {
		err := f.nextPart()
		if err != nil {
			return err
		}
	}
	f.inPart++
	f.chunk = append(f.chunk, line...)
	if len(f.chunk) < chunkBytes {
		return nil
	}
	return f.flush()
}

func (f *exportFiles) nextPart() error {
	err := f.close()
	if err != nil {
		return err
	}
	path := f.name(len(f.paths) + 1)
	f.open, err = createPart(filepath.Join(f.root, filepath.FromSlash(path)), f.shape)
	if err != nil {
		return err
	}
	f.paths, f.inPart = append(f.paths, path), 0
	f.chunk = append(<-f.open.spare, f.header...)
	return nil
}

func (f *exportFiles) flush() error {
	f.open.full <- f.chunk
	select {
	case err := <-f.open.failed:
		return err // close reports it again
	case spare := <-f.open.spare:
		f.chunk = spare[:0]
		return nil
	}
}

// close ends the open part, if any.
func (f *exportFiles) close() error {
	if f.open == nil {
		return nil
	}
	part := f.open
	f.open = nil
	part.full <- f.chunk
	close(part.full)
	return <-part.closed
}

// partFile is one compressed file and the goroutine that fills it.
type partFile struct {
	file   *os.File
	shape  shape
	full   chan []byte
	spare  chan []byte
	failed chan error
	closed chan error
}

func createPart(path string, of shape) (*partFile, error) {
	err := os.MkdirAll(filepath.Dir(path), dirMode)
	if err != nil {
		return nil, fmt.Errorf("make the folder of an export: %w", err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, fileMode)
	if err != nil {
		return nil, fmt.Errorf("create an export's part: %w", err)
	}
	p := &partFile{
		file: file, shape: of, full: make(chan []byte, chunksAhead), spare: make(chan []byte, chunksAhead+1),
		failed: make(chan error, 1), closed: make(chan error, 1),
	}
	for range chunksAhead {
		p.spare <- make([]byte, 0, chunkBytes+64<<10)
	}
	go p.fill()
	return p, nil
}

// pack is what the part's lines are written through.
func (p *partFile) pack() (io.WriteCloser, error) {
	switch p.shape.packing {
	case packedParquet:
		return newParquetPart(p.file, p.shape.columns)
	case packedZIP:
		archive := zip.NewWriter(p.file)
		inside, err := archive.Create(strings.TrimSuffix(filepath.Base(p.file.Name()), ".zip"))
		return zipPart{inside, archive}, err
	case packedGZIP:
	}
	return gzip.NewWriterLevel(p.file, compression)
}

// zipPart is the one file of an archive.
type zipPart struct {
	io.Writer
	archive *zip.Writer
}

// Close ends the archive.
func (z zipPart) Close() error { return z.archive.Close() }

// fill compresses chunks until there are no more. After a failure it goes on
// taking them, so that the writer of rows never waits for nobody.
func (p *partFile) fill() {
	packed, failure := p.pack()
	for chunk := range p.full {
		if failure == nil {
			_, failure = packed.Write(chunk)
			if failure != nil {
				p.failed <- failure
			}
		}
		p.spare <- chunk
	}
	if failure == nil {
		failure = packed.Close()
	}
	p.closed <- errors.Join(failure, p.file.Close())
}
