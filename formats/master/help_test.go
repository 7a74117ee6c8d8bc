package master_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/formats/master"
)

type part struct{ name, text string }

func zipped(t *testing.T, parts ...part) []byte {
	t.Helper()
	packed, err := pack(parts)
	require.NoError(t, err)
	return packed
}

func pack(parts []part) ([]byte, error) {
	var file bytes.Buffer
	archive := zip.NewWriter(&file)
	for _, one := range parts {
		writer, err := archive.Create(one.name)
		if err != nil {
			return nil, err
		}
		_, err = writer.Write([]byte(one.text))
		if err != nil {
			return nil, err
		}
	}
	err := archive.Close()
	return file.Bytes(), err
}

// workbookParts is the least that a workbook of one sheet, people, is made of.
// Styles: 0 plain, 1 a date, 2 a percentage, 3 a date of its own, 4 a number of its own.
func workbookParts(sheet string) []part {
	return []part{
		{
			"xl/workbook.xml",
			`<workbook xmlns:r="r"><sheets><sheet name="people" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		},
		{
			"xl/_rels/workbook.xml.rels",
			`<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
		},
		{"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;년&quot;\ m"/>` +
			`<numFmt numFmtId="165" formatCode="#,##0.0_);[Red]\(#,##0.0\)"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>` +
			`<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="10"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`},
		{"xl/worksheets/sheet1.xml", sheet},
	}
}

func workbook(t *testing.T, sheet string, more ...part) []byte {
	t.Helper()
	return zipped(t, append(workbookParts(sheet), more...)...)
}

// named is a workbook whose one sheet has another name.
func named(t *testing.T, name, sheet string) []byte {
	t.Helper()
	parts := workbookParts(sheet)
	parts[0].text = `<workbook xmlns:r="r"><sheets><sheet name="` + name + `" sheetId="1" r:id="rId1"/></sheets></workbook>`
	return zipped(t, parts...)
}

func sheetXML(rows string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><worksheet><sheetData>` + rows + `</sheetData></worksheet>`
}

func manyParts(n int) []part {
	parts := make([]part, n)
	for i := range parts {
		parts[i] = part{fmt.Sprintf("x/%d", i), ""}
	}
	return parts
}

// noise does not compress well, so that size alone is what is refused.
func noise(n int) string {
	text := make([]byte, n)
	state := uint32(7)
	for i := range text {
		state = state*1664525 + 1013904223
		text[i] = 'a' + byte(state>>24)%26
	}
	return string(text)
}

func fuzzSeed() []byte {
	seed, err := pack(
		workbookParts(sheetXML(`<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row>`)),
	)
	if err != nil {
		panic(err)
	}
	return seed
}

// rows reads a workbook of one sheet, which must read without a problem.
func rows(t *testing.T, file []byte) []map[string]string {
	t.Helper()
	result, err := master.Read(file)
	require.NoError(t, err)
	require.Empty(t, result.Problems)
	require.Len(t, result.Tables, 1)
	var all []map[string]string
	for _, row := range result.Tables[0].Rows {
		all = append(all, row.Cells)
	}
	return all
}
