package parquetscan

import (
	"bufio"
	"io"

	"github.com/parquet-go/parquet-go/format"
)

// A page's header holds the bounds of its values, which may be long.
const (
	headerBytes    = 4 << 10
	headerBytesMax = 64 << 10
)

// leaf reads the values of one column of the schema, page after page.
type leaf struct {
	// What the schema says.
	index      int // among all leaves
	definition uint8
	repeats    uint8
	physical   format.Type
	width      int // bytes of a value, where all have the same
	means      meaning
	scale      int
	unit       int64 // nanoseconds that a time counts
	json       bool  // inside of a map or list
	strand     *strand

	// The column chunk that is being read.
	pages  *bufio.Reader
	budget *budget
	unread int64 // values in pages that were not read yet
	codec  format.CompressionCodec
	terms  dictionary

	// The page that is being read.
	left         int // values, nulls included
	repetitions  levels
	definitions  levels
	values       values
	packed, page []byte
}

// open begins the leaf's part of a row group.
func (l *leaf) open(from *source, chunk *format.ColumnChunk, rows int64) error {
	meta := &chunk.MetaData
	start := meta.DataPageOffset
	if at := meta.DictionaryPageOffset; at > 0 && at < start {
		start = at
	}
	size := meta.TotalCompressedSize
	switch {
	case chunk.FilePath != "":
		return damaged("the column lies in another file")
	case chunk.CryptoMetadata.Value != nil || len(chunk.EncryptedColumnMetadata) > 0:
		return damaged("the column is encrypted")
	case meta.Type != l.physical:
		return damaged("the column is %s by the schema and %s by its chunk", l.physical, meta.Type)
	case l.repeats == 0 && meta.NumValues != rows || meta.NumValues < rows:
		return damaged("the column has %d values for %d rows", meta.NumValues, rows)
	case start < int64(len(Magic)) || size < 0 || start > from.size || size > from.size-start:
		return damaged("the column claims bytes outside of the file")
	case !canUnpack(meta.Codec):
		return damaged("the column is compressed as %s, which is not read", meta.Codec)
	}
	l.unread, l.codec, l.left = meta.NumValues, meta.Codec, 0
	l.terms.reset()
	section := io.NewSectionReader(from, start, size)
	if l.pages == nil {
		l.pages = bufio.NewReaderSize(section, headerBytes)
	} else {
		l.pages.Reset(section)
	}
	return nil
}

// finish proves that nothing is left of a row group.
func (l *leaf) finish() error {
	if l.left > 0 || l.unread > 0 {
		return damaged("the column goes on after the last row of its group")
	}
	return nil
}

// ready makes sure that there is a value to read; false says that the chunk is
// at its end.
func (l *leaf) ready() (bool, error) {
	for l.left == 0 {
		if l.unread == 0 {
			return false, nil
		}
		if err := l.nextPage(); err != nil {
			return false, err
		}
	}
	return true, nil
}

// appendFlat writes the current row's value; a null is an empty cell.
func (l *leaf) appendFlat(dst []byte) ([]byte, error) {
	if l.left == 0 {
		more, err := l.ready()
		if err != nil {
			return dst, err
		}
		if !more {
			return dst, damaged("the column ends before its row group")
		}
	}
	l.left--
	if l.definition > 0 {
		definition, err := l.definitions.next()
		if err != nil || definition < uint32(l.definition) {
			return dst, err
		}
	}
	return l.appendValue(dst)
}

func (l *leaf) appendValue(dst []byte) ([]byte, error) {
	if l.values.kind != storedTerms {
		v, err := l.values.next()
		if err != nil {
			return dst, err
		}
		return l.render(dst, v)
	}
	id, err := l.values.ids.next()
	if err != nil {
		return dst, err
	}
	return l.terms.append(dst, id)
}

// dictionary is the chunk's distinct values as text: each is rendered once,
// however many rows have it.
type dictionary struct {
	text []byte
	ends []int
	some bool
}

func (d *dictionary) reset() { d.text, d.ends, d.some = d.text[:0], d.ends[:0], false }

func (d *dictionary) append(dst []byte, id uint32) ([]byte, error) {
	if int64(id) >= int64(len(d.ends)) {
		return dst, damaged("a value is number %d of a dictionary of %d", id, len(d.ends))
	}
	start := 0
	if id > 0 {
		start = d.ends[id-1]
	}
	return append(dst, d.text[start:d.ends[id]]...), nil
}

// oldDictionary is how older writers call the encoding of both a dictionary and
// the pages that refer to it.
const oldDictionary format.Encoding = 2

// readDictionary renders the values of a dictionary page. Every one takes at
// least a byte of the page.
func (l *leaf) readDictionary(page []byte, count int, encoding format.Encoding) error {
	if encoding != format.Plain && encoding != oldDictionary {
		return damaged("a dictionary is encoded as %s", encoding)
	}
	if count < 0 || count > 8*len(page) {
		return damaged("a dictionary of %d bytes claims %d values", len(page), count)
	}
	l.terms.reset()
	l.terms.some = true
	plain := values{kind: storedPlain, physical: l.physical, width: l.width, rest: page}
	for range count {
		v, err := plain.next()
		if err != nil {
			return err
		}
		if l.terms.text, err = l.render(l.terms.text, v); err != nil {
			return err
		}
		l.terms.ends = append(l.terms.ends, len(l.terms.text))
	}
	return nil
}
