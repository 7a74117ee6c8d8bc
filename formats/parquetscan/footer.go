package parquetscan

import (
	"encoding/binary"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// tailBytes are the footer's length and the magic number at the file's end.
const tailBytes = 8

// readFooter reads the file's table of contents.
func readFooter(from *source) (*format.FileMetaData, error) {
	if from.size < int64(len(Magic))+tailBytes {
		return nil, damaged("the file is too short to be parquet")
	}
	var head [len(Magic)]byte
	var tail [tailBytes]byte
	if err := from.read(head[:], 0); err != nil {
		return nil, err
	}
	if err := from.read(tail[:], from.size-tailBytes); err != nil {
		return nil, err
	}
	switch {
	case string(tail[4:]) == "PARE":
		return nil, damaged("the file is encrypted")
	case string(head[:]) != Magic || string(tail[4:]) != Magic:
		return nil, damaged("the file does not begin and end as parquet does; it may be cut off")
	}
	length := int64(binary.LittleEndian.Uint32(tail[:]))
	if length > footerBytes || length > from.size-tailBytes-int64(len(Magic)) {
		return nil, damaged("the footer claims %d bytes", length)
	}
	text := make([]byte, length)
	if err := from.read(text, from.size-tailBytes-length); err != nil {
		return nil, err
	}
	meta := new(format.FileMetaData)
	if _, err := decodeStruct(text, meta); err != nil {
		return nil, err
	}
	return meta, nil
}

// decodeStruct decodes one thrift struct at the start of text and gives its
// length. It is walked first, so that nothing in it claims more than is there.
func decodeStruct(text []byte, into any) (int, error) {
	length, err := structLength(text)
	if err != nil {
		return 0, err
	}
	var protocol thrift.CompactProtocol
	if err := thrift.NewDecoder(protocol.NewReaderFromBytes(text[:length])).Decode(into); err != nil {
		return 0, damaged("a header cannot be decoded: %v", err)
	}
	return length, nil
}

// checkGroups holds the row groups against the schema and the file.
func (f *File) checkGroups() error {
	var rows int64
	for i := range f.meta.RowGroups {
		group := &f.meta.RowGroups[i]
		if len(group.Columns) != len(f.leaves) {
			return damaged("row group %d has %d columns, the schema %d", i+1, len(group.Columns),
				len(f.leaves))
		}
		if group.NumRows < 0 || rows+group.NumRows < rows {
			return damaged("row group %d claims %d rows", i+1, group.NumRows)
		}
		rows += group.NumRows
	}
	if rows != f.meta.NumRows {
		return damaged("the footer counts %d rows, its row groups %d", f.meta.NumRows, rows)
	}
	return nil
}
