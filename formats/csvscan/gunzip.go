package csvscan

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"

	"magam/domain/fault"
)

// The ratio beyond which a compressed file is a bomb; real exports reach 30.
// The first megabyte is free, since tiny files may compress absurdly well.
const (
	ratioMax   = 200
	ratioGrace = 1 << 20
)

// GzipMagic is how a gzip begins, whatever its name.
const GzipMagic = "\x1f\x8b"

// Open tells by its first bytes whether source is compressed and returns its
// text, and options made stricter where it is.
func Open(source io.Reader, options Options) (io.Reader, Options, error) {
	counted := &countingReader{source: source}
	buffered := bufio.NewReaderSize(counted, 64<<10)
	magic, err := buffered.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, options, fmt.Errorf("open %s: %w", options.File, err)
	}
	if len(magic) < 2 || string(magic[:2]) != GzipMagic {
		return buffered, options, nil
	}
	options.NeedsFinalNewline = true
	inflater, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, options, gzipFault(options.File, 0, err, counted.failed)
	}
	return &gunzip{file: options.File, packed: counted, text: inflater}, options, nil
}

// gunzip decompresses within a bound and names what is wrong.
type gunzip struct {
	file   string
	packed *countingReader
	text   io.Reader
	out    int64
}

func (g *gunzip) Read(p []byte) (int, error) {
	n, err := g.text.Read(p)
	g.out += int64(n)
	if g.out > ratioGrace+ratioMax*g.packed.n {
		return 0, &fault.Error{
			Code: fault.Bomb, Place: fault.Place{File: g.file, Byte: g.packed.n},
			What: fmt.Sprintf("the file unpacks to more than %d times its size", ratioMax),
			Cure: "have the export delivered again",
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return n, gzipFault(g.file, g.packed.n, err, g.packed.failed)
	}
	return n, err
}

// gzipFault tells a broken file, which no retry cures, from a broken connection.
func gzipFault(file string, at int64, err, failed error) error {
	if failed != nil {
		return fmt.Errorf("read %s: %w", file, failed)
	}
	var corrupt flate.CorruptInputError
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, gzip.ErrChecksum) ||
		errors.Is(err, gzip.ErrHeader) || errors.As(err, &corrupt) {
		return &fault.Error{
			Code: fault.GzipTruncated, Place: fault.Place{File: file, Byte: at},
			What: "the compressed file is cut off or damaged", Err: err,
			Cure: "have the export delivered again",
		}
	}
	return fmt.Errorf("decompress %s: %w", file, err)
}

// countingReader counts what was read and remembers how reading failed.
type countingReader struct {
	source io.Reader
	n      int64
	failed error
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.source.Read(p)
	c.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		c.failed = err
	}
	return n, err
}
