package csvscan

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/klauspost/compress/flate"

	"magam/domain/fault"
)

// membersMax bounds the files in a zip; AWS delivers one.
const membersMax = 10_000

// IsZip tells a zip by its first bytes, an empty one too.
func IsZip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
}

// OpenZip returns the text of the CSV files in a zip, one after the other by
// name, as if they were one file: all must have the same header. What is wrong
// with the zip's directory is refused before a byte is decompressed.
func OpenZip(at io.ReaderAt, size int64, options Options) (io.Reader, Options, error) {
	counted := &countingAt{source: at}
	packed, err := zip.NewReader(counted, size)
	if err != nil {
		return nil, options, zipFault(options.File, err, counted.failed)
	}
	packed.RegisterDecompressor(zip.Deflate, flate.NewReader)
	files, err := membersOf(packed.File, options.File, size)
	if err == nil {
		err = checkApart(packed.File, options.File, size)
	}
	if err != nil {
		return nil, options, zipFault(options.File, err, counted.failed)
	}
	return &members{file: options.File, source: counted, size: size, files: files}, options, nil
}

// membersOf lists the CSV files by name, and refuses a zip that holds anything
// else but folders and what tools leave behind.
func membersOf(files []*zip.File, file string, size int64) ([]*zip.File, error) {
	var found []*zip.File
	for _, one := range files {
		problem := judgeMember(one, size)
		if problem != nil {
			problem.Place, problem.Value = fault.Place{File: file}, one.Name
			return nil, problem
		}
		switch {
		case strings.HasSuffix(one.Name, "/") && one.UncompressedSize64 == 0 || leftBehind(one.Name):
		case !strings.EqualFold(one.Name[max(len(one.Name)-4, 0):], ".csv"):
			return nil, &fault.Error{
				Code: fault.UnknownFormat, Place: fault.Place{File: file}, Value: one.Name,
				What: "is in the zip and no CSV", Cure: "deliver zip files of CSV alone",
			}
		default:
			found = append(found, one)
		}
	}
	if len(found) == 0 || len(found) > membersMax {
		return nil, &fault.Error{
			Code:  fault.UnknownFormat,
			Place: fault.Place{File: file},
			What:  fmt.Sprintf("the zip holds %d CSV files", len(found)),
			Cure:  "have the export delivered again",
		}
	}
	slices.SortFunc(found, func(a, b *zip.File) int { return cmp.Compare(a.Name, b.Name) })
	return found, nil
}

// checkApart refuses members that share bytes: a zip of one block under a
// thousand names needs no lies to be a bomb.
func checkApart(files []*zip.File, file string, size int64) error {
	type stretch struct{ from, to int64 }
	var taken []stretch
	for _, one := range files {
		from, err := one.DataOffset()
		if err != nil {
			return err
		}
		to := from + int64(one.CompressedSize64) // at most size, as was judged
		if to > size {
			return &fault.Error{
				Code: fault.GzipTruncated, Place: fault.Place{File: file}, Value: one.Name,
				What: "claims bytes behind the zip's end", Cure: "have the export delivered again",
			}
		}
		taken = append(taken, stretch{from, to})
	}
	slices.SortFunc(taken, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(taken); i++ {
		if taken[i].from < taken[i-1].to || taken[i].from == taken[i-1].from {
			return &fault.Error{
				Code: fault.Bomb, Place: fault.Place{File: file}, What: "files in the zip share their bytes",
				Cure: "have the export delivered again",
			}
		}
	}
	return nil
}

// judgeMember refuses a member that lies about its size, that is named as if it
// lay elsewhere, or that cannot be read.
func judgeMember(one *zip.File, size int64) *fault.Error {
	const again = "have the export delivered again"
	switch {
	case !fs.ValidPath(strings.TrimSuffix(one.Name, "/")) || strings.ContainsAny(one.Name, "\\\x00"):
		return fault.New(fault.Path, "is no path inside of the zip", again)
	case one.Flags&1 != 0:
		return fault.New(fault.UnknownFormat, "is encrypted", "deliver it without a password")
	case one.Method != zip.Store && one.Method != zip.Deflate:
		return fault.New(fault.UnknownFormat,
			fmt.Sprintf("is compressed by method %d, which is not read", one.Method),
			"deliver a zip of the usual kind")
	case one.CompressedSize64 > uint64(size):
		return fault.New(fault.Bomb, "claims bytes that the zip does not have", again)
	case one.UncompressedSize64/ratioMax > one.CompressedSize64 && one.UncompressedSize64 > ratioGrace:
		return fault.New(fault.Bomb, fmt.Sprintf("unpacks to more than %d times its size", ratioMax), again)
	default:
		return nil
	}
}

// leftBehind tells what a Mac adds to a zip.
func leftBehind(name string) bool {
	base := name[strings.LastIndexByte(name, '/')+1:]
	return strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(base, "._") || base == ".DS_Store"
}

// members reads file after file.
type members struct {
	file    string
	source  *countingAt
	size    int64
	files   []*zip.File
	current io.ReadCloser
	text    *bufio.Reader // of current
	header  []byte        // of the first file
	pending []byte        // to give before text
	last    byte          // that was given
	out     int64
}

func (m *members) Read(p []byte) (int, error) {
	for {
		if len(m.pending) > 0 {
			n := copy(p, m.pending)
			m.pending = m.pending[n:]
			m.last = p[n-1]
			return n, nil
		}
		if m.current == nil {
			if len(m.files) == 0 {
				return 0, io.EOF
			}
			if err := m.open(); err != nil {
				return 0, err
			}
			continue
		}
		n, err := m.text.Read(p)
		if n > 0 {
			m.last = p[n-1]
			m.out += int64(n)
		}
		if m.out > ratioGrace+ratioMax*m.size {
			return 0, &fault.Error{
				Code: fault.Bomb, Place: fault.Place{File: m.file},
				What: fmt.Sprintf("the zip unpacks to more than %d times its size", ratioMax),
				Cure: "have the export delivered again",
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			_ = m.current.Close() // the checksum was proved by reading to the end
			m.current, m.files = nil, m.files[1:]
		case err != nil:
			return n, m.fault(err)
		}
		if n > 0 || len(p) == 0 {
			return n, nil
		}
	}
}

// open begins the next file. The first one's header is everybody's: a later
// file must repeat it, and only what follows it is given.
func (m *members) open() error {
	current, err := m.files[0].Open()
	if err != nil {
		return m.fault(err)
	}
	m.current, m.text = current, bufio.NewReaderSize(current, 64<<10)
	header, err := m.readHeader()
	if err != nil {
		return m.fault(err)
	}
	if m.header == nil {
		m.header, m.pending = header, header
		return nil
	}
	if !bytes.Equal(plainHeader(header), plainHeader(m.header)) {
		return &fault.Error{
			Code: fault.Schema, Place: fault.Place{File: m.file, Line: 1}, Value: m.files[0].Name,
			What: "has other columns than the file before it in the zip",
			Cure: "deliver files of one report in one zip",
		}
	}
	if m.last != '\n' {
		m.pending = []byte{'\n'}
	}
	return nil
}

// readHeader reads up to the end of the first row, which is no line end in quotes.
func (m *members) readHeader() ([]byte, error) {
	var header []byte
	for {
		piece, err := m.text.ReadSlice('\n')
		header = append(header, piece...)
		if len(header) > rowBytesMax {
			return nil, fault.New(fault.RowTooLarge, "the header is longer than 4 MB",
				"have the export delivered again")
		}
		switch {
		case errors.Is(err, io.EOF):
			return header, nil
		case errors.Is(err, bufio.ErrBufferFull):
		case err != nil:
			return nil, err
		case bytes.Count(header, quote)%2 == 0:
			return header, nil
		}
	}
}

func plainHeader(header []byte) []byte {
	return bytes.TrimRight(bytes.TrimPrefix(header, []byte("\xef\xbb\xbf")), "\r\n")
}

func (m *members) fault(err error) error { return zipFault(m.file, err, m.source.failed) }

// zipFault tells a broken file, which no retry cures, from a broken connection.
func zipFault(file string, err, failed error) error {
	var coded *fault.Error
	switch {
	case failed != nil:
		return fmt.Errorf("read %s: %w", file, failed)
	case errors.As(err, &coded):
		if coded.Place.File == "" {
			coded.Place.File = file
		}
		return coded
	default:
		return &fault.Error{
			Code: fault.GzipTruncated, Place: fault.Place{File: file},
			What: "the zip is cut off or damaged", Err: err, Cure: "have the export delivered again",
		}
	}
}

// countingAt remembers how reading failed.
type countingAt struct {
	source io.ReaderAt
	failed error
}

// ReadAt reads within the file.
func (c *countingAt) ReadAt(p []byte, offset int64) (int, error) {
	if offset < 0 {
		return 0, zip.ErrFormat // that is the directory's doing
	}
	n, err := c.source.ReadAt(p, offset)
	if err != nil && !errors.Is(err, io.EOF) {
		c.failed = err
	}
	return n, err
}
