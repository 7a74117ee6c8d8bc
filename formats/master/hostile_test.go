package master_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/formats/master"
)

func TestHostileWorkbooksAreRefusedWhole(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		file []byte
		want fault.Code
	}{
		"CVE-2026-54063: a row number of 2147483647": {
			workbook(t, sheetXML(`<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row>`+
				`<row r="2147483647"><c r="A2147483647"><v>1</v></c></row>`)), fault.Bomb,
		},
		"a row number that is none": {workbook(t, sheetXML(`<row r="x"/>`)), fault.Bomb},
		"rows that go backwards": {
			workbook(t, sheetXML(`<row r="5"/><row r="4"/>`)),
			fault.Bomb,
		},
		"a column beyond the last": {
			workbook(t, sheetXML(`<row r="1"><c r="XFE1"><v>1</v></c></row>`)),
			fault.Bomb,
		},
		"a column name without end": {
			workbook(t, sheetXML(`<row r="1"><c r="`+strings.Repeat("Z", 5000)+`1"/></row>`)),
			fault.Bomb,
		},
		"CVE-2026-107224: a Zip64 size beyond 2^63": {zip64Bomb(t), fault.Bomb},
		"a document type": {
			workbook(t, `<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>`),
			fault.Bomb,
		},
		"a billion laughs in the texts": {workbook(t, sheetXML(""), part{
			"xl/sharedStrings.xml",
			`<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>`,
		}), fault.Bomb},
		"an entity from outside": {
			workbook(t, sheetXML(`<row r="1"><c r="A1" t="str"><v>&xxe;</v></c></row>`)),
			fault.UnknownFormat,
		},
		"a part packed a thousand to one": {workbook(t, sheetXML(strings.Repeat(" ", 12<<20))), fault.Bomb},
		"a part twice": {
			workbook(t, sheetXML(""), part{"xl/workbook.xml", "<workbook/>"}),
			fault.Bomb,
		},
		"thousands of parts": {workbook(t, sheetXML(""), manyParts(2100)...), fault.Bomb},
		"a cell of a megabyte": {workbook(t, sheetXML(
			`<row r="1"><c r="A1" t="inlineStr"><is><t>`+noise(1<<20)+`</t></is></c></row>`)), fault.Bomb},
		"XML that breaks off": {
			workbook(t, `<worksheet><sheetData><row r="1">`),
			fault.UnknownFormat,
		},
		"a zip that breaks off":        {workbook(t, sheetXML(""))[:200], fault.UnknownFormat},
		"no zip at all":                {[]byte("customer,code\nalpha,1\n"), fault.UnknownFormat},
		"a zip without sheets":         {zipped(t, part{"a.txt", "x"}), fault.UnknownFormat},
		"an old or protected workbook": {[]byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1}, fault.UnknownFormat},
		"nothing":                      {nil, fault.UnknownFormat},
		"a file of CP949 in the folder": {
			zipped(t, part{"people.csv", "code,name\nlee,\xc0\xcc\xc0\xe7\xb9\xab\n"}),
			fault.Encoding,
		},
		"a CSV file with an open quote": {
			zipped(t, part{"people.csv", "code,name\nlee,\"이\n"}),
			fault.Schema,
		},
		"bytes that are no text": {
			zipped(t, part{"people.csv", "code,name\nlee,\xff\xfe\xfd\n"}),
			fault.Encoding,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := master.Read(tt.file)

			code, coded := fault.CodeOf(err)
			require.True(t, coded, "%v", err)
			require.Equal(t, tt.want, code, "%v", err)
		})
	}
}

// Whatever the bytes, Read answers; it never panics.
func FuzzRead(f *testing.F) {
	f.Add([]byte("PK"))
	f.Add(fuzzSeed())
	f.Fuzz(func(_ *testing.T, content []byte) { _, _ = master.Read(content) })
}

// zip64Bomb declares a part of 2^63+1 bytes in the central directory.
func zip64Bomb(t *testing.T) []byte {
	t.Helper()
	file := workbook(t, sheetXML(""))
	at := bytes.LastIndex(file, []byte("PK\x01\x02"))
	require.Positive(t, at)
	header := file[at:]
	nameLength := int(binary.LittleEndian.Uint16(header[28:]))
	extraLength := int(binary.LittleEndian.Uint16(header[30:]))
	extra := make([]byte, 12)
	binary.LittleEndian.PutUint16(extra, 1) // Zip64
	binary.LittleEndian.PutUint16(extra[2:], 8)
	binary.LittleEndian.PutUint64(extra[4:], 1<<63+1)

	var forged bytes.Buffer
	forged.Write(file[:at])
	patched := bytes.Clone(header[:46+nameLength])
	binary.LittleEndian.PutUint32(patched[24:], 0xFFFFFFFF)
	binary.LittleEndian.PutUint16(patched[30:], uint16(len(extra)))
	forged.Write(patched)
	forged.Write(extra)
	end := bytes.Clone(header[46+nameLength+extraLength:])
	directory := bytes.LastIndex(end, []byte("PK\x05\x06"))
	require.GreaterOrEqual(t, directory, 0)
	size := binary.LittleEndian.Uint32(end[directory+12:])
	binary.LittleEndian.PutUint32(end[directory+12:], size+uint32(len(extra)-extraLength))
	forged.Write(end)

	archive, err := zip.NewReader(bytes.NewReader(forged.Bytes()), int64(forged.Len()))
	require.NoError(t, err, "the directory itself is well formed")
	require.Greater(t, archive.File[len(archive.File)-1].UncompressedSize64, uint64(1)<<62)
	return forged.Bytes()
}
