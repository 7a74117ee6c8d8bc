package parquetscan

import (
	"bufio"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"github.com/parquet-go/parquet-go/format"

	"magam/domain/fault"
)

// A page that claims more than this of what it was packed into is not believed
// before memory is given to it. Pages of one repeated value come near it.
const (
	pageRatioMax = 2000
	pageGrace    = 4 << 20
)

// budget is the memory that all pages of a file may take together.
type budget struct{ held int64 }

func (b *budget) take(bytes int) error {
	b.held += int64(bytes)
	if b.held > heldBytesMax {
		return &problem{code: fault.Parquet, what: "the columns' pages take more than 256 MB at once"}
	}
	return nil
}

// nextPage moves to the next data page, reading the dictionary before it.
func (l *leaf) nextPage() error {
	header, err := l.pageHeader()
	if err != nil {
		return err
	}
	packed, whole := int(header.CompressedPageSize), int(header.UncompressedPageSize)
	if packed < 0 || packed > pageBytesMax || whole < 0 ||
		whole > min(pageBytesMax, pageGrace+pageRatioMax*packed) {
		return damaged("a page claims %d bytes, unpacked %d", packed, whole)
	}
	if l.packed, err = l.grow(l.packed, packed); err != nil {
		return err
	}
	if err := l.readPacked(header); err != nil {
		return err
	}
	switch header.Type {
	case format.DictionaryPage:
		return l.dictionaryPage(header, whole)
	case format.DataPage:
		return l.dataPage(header, whole)
	case format.DataPageV2:
		return l.dataPage2(header, whole)
	case format.IndexPage:
		return nil
	default:
		return nil // the specification says to step over what is not known
	}
}

// pageHeader decodes the next header out of what is at hand, and asks for more
// only where it is longer.
func (l *leaf) pageHeader() (*format.PageHeader, error) {
	for ahead := 256; ; ahead *= 4 {
		if ahead > l.pages.Size() {
			l.pages = bufio.NewReaderSize(l.pages, headerBytesMax)
		}
		text, err := l.pages.Peek(min(ahead, headerBytesMax))
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		ended := err != nil
		header := new(format.PageHeader)
		length, err := decodeStruct(text, header)
		switch {
		case err == nil:
			_, err = l.pages.Discard(length)
			return header, err
		case !errors.Is(err, errShort):
			return nil, err
		case ended:
			return nil, damaged("the column ends in the midst of its pages")
		case ahead >= headerBytesMax:
			return nil, damaged("a page's header is longer than %d bytes", headerBytesMax)
		}
	}
}

func (l *leaf) readPacked(header *format.PageHeader) error {
	_, err := io.ReadFull(l.pages, l.packed)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return damaged("a page is cut off")
	}
	if err == nil && header.CRC != 0 && crc32.ChecksumIEEE(l.packed) != uint32(header.CRC) {
		return damaged("a page does not match its checksum")
	}
	return err
}

// grow gives a buffer of that many bytes, with a few to spare for reading
// packed bits by the word.
func (l *leaf) grow(buffer []byte, bytes int) ([]byte, error) {
	if cap(buffer) >= bytes+wordBytes {
		return buffer[:bytes], nil
	}
	if err := l.budget.take(bytes + bytes/4 - cap(buffer)); err != nil {
		return nil, err
	}
	return make([]byte, bytes, bytes+bytes/4+wordBytes), nil
}

// unpacked is the page's bytes, or the packed ones where they are not compressed.
func (l *leaf) unpacked(packed []byte, whole int, compressed bool) ([]byte, error) {
	if !compressed || l.codec == format.Uncompressed {
		if len(packed) != whole {
			return nil, damaged("a page has %d bytes and claims %d", len(packed), whole)
		}
		return packed, nil
	}
	if whole == 0 { // nothing but nulls: some writers compress nothing into nothing
		return nil, nil
	}
	var err error
	if l.page, err = l.grow(l.page, whole); err != nil {
		return nil, err
	}
	return l.page, unpack(l.page, packed, l.codec)
}

func (l *leaf) dictionaryPage(header *format.PageHeader, whole int) error {
	head := header.DictionaryPageHeader
	if !head.Valid || l.terms.some {
		return damaged("a dictionary is without a head, or one of two")
	}
	page, err := l.unpacked(l.packed, whole, true)
	if err != nil {
		return err
	}
	held := cap(l.terms.text) + 8*cap(l.terms.ends)
	if err := l.readDictionary(page, int(head.V.NumValues), head.V.Encoding); err != nil {
		return err
	}
	return l.budget.take(cap(l.terms.text) + 8*cap(l.terms.ends) - held)
}

// dataPage begins a page of the first kind, whose levels are compressed with it.
func (l *leaf) dataPage(header *format.PageHeader, whole int) error {
	head := header.DataPageHeader
	if !head.Valid {
		return damaged("a page is without a head")
	}
	page, err := l.unpacked(l.packed, whole, true)
	if err != nil {
		return err
	}
	if l.repeats > 0 {
		if page, err = l.repetitions.openCounted(
			page,
			l.repeats,
			head.V.RepetitionLevelEncoding,
		); err != nil {
			return err
		}
	}
	if l.definition > 0 {
		if page, err = l.definitions.openCounted(
			page,
			l.definition,
			head.V.DefinitionLevelEncoding,
		); err != nil {
			return err
		}
	}
	return l.begin(page, head.V.NumValues, head.V.Encoding)
}

// dataPage2 begins a page of the second kind, whose levels stand before what is
// compressed.
func (l *leaf) dataPage2(header *format.PageHeader, whole int) error {
	head := header.DataPageHeaderV2
	repetitions, definitions := int(head.V.RepetitionLevelsByteLength), int(head.V.DefinitionLevelsByteLength)
	if !head.Valid || repetitions < 0 || definitions < 0 || repetitions > len(l.packed) ||
		definitions > len(l.packed)-repetitions || whole < repetitions+definitions {
		return damaged("a page claims levels of %d and %d bytes", repetitions, definitions)
	}
	if l.repeats > 0 {
		l.repetitions.open(l.packed[:repetitions], bitsOf(l.repeats))
	}
	rest := l.packed[repetitions:]
	if l.definition > 0 {
		l.definitions.open(rest[:definitions], bitsOf(l.definition))
	}
	compressed := !head.V.IsCompressed.Valid || head.V.IsCompressed.V
	page, err := l.unpacked(rest[definitions:], whole-repetitions-definitions, compressed)
	if err != nil {
		return err
	}
	return l.begin(page, head.V.NumValues, head.V.Encoding)
}

// begin takes a page's values up.
func (l *leaf) begin(page []byte, count int32, encoding format.Encoding) error {
	if count < 0 || int64(count) > l.unread {
		return damaged("a page claims %d values where %d are left", count, l.unread)
	}
	l.left = int(count)
	l.unread -= int64(count)
	return l.values.open(l, page, encoding)
}

// openCounted opens levels that are preceded by their length, and gives what
// follows them.
func (l *levels) openCounted(page []byte, highest uint8, encoding format.Encoding) ([]byte, error) {
	if encoding != format.RLE {
		return nil, damaged("levels are encoded as %s", encoding)
	}
	if len(page) < 4 {
		return nil, damaged("a page ends before its levels")
	}
	length, page := binary.LittleEndian.Uint32(page), page[4:]
	if uint64(length) > uint64(len(page)) {
		return nil, damaged("a page's levels claim %d bytes", length)
	}
	l.open(page[:length], bitsOf(highest))
	return page[length:], nil
}
