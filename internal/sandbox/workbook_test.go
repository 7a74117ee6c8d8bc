package sandbox_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	sheets "magam/domain/master"
	format "magam/formats/master"
	"magam/internal/sandbox"
	workbook "magam/templates/master"
)

// read reads a workbook in a child with the limits of a real import.
func read(file []byte) (format.Result, error) {
	output, err := sandbox.Runner{Limits: sandbox.Default()}.Run(context.Background(), format.TaskName, file)
	if err != nil {
		return format.Result{}, err
	}
	return format.Decode(output)
}

func TestAWorkbookIsReadInAChild(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	require.NoError(t, workbook.Template("ko", &file))

	result, err := read(file.Bytes())

	require.NoError(t, err)
	require.Empty(t, result.Problems)
	require.Len(t, result.Tables, len(sheets.Sheets))
}

// The two advisories of FAULTS, F37, as files: rows numbered 2147483647, and a
// part that claims 2^63 bytes.
func TestThePublishedAttacksAreRefusedInAChild(t *testing.T) {
	t.Parallel()

	tests := map[string][]byte{
		"CVE-2026-54063": hostile(
			t,
			`<worksheet><sheetData><row r="2147483647"><c r="A2147483647"><v>1</v></c></row></sheetData></worksheet>`,
			0,
		),
		"CVE-2026-107224": hostile(t, `<worksheet/>`, 1<<63),
	}
	for name, file := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := read(file)

			code, _ := fault.CodeOf(err)
			require.Equal(t, fault.Bomb, code, "%v", err)
		})
	}
}

// hostile is a workbook of one sheet; a claim is written as the sheet's size
// in the directory, by way of Zip64.
func hostile(t *testing.T, sheet string, claim uint64) []byte {
	t.Helper()
	var file bytes.Buffer
	archive := zip.NewWriter(&file)
	for _, part := range [][2]string{
		{
			"xl/workbook.xml",
			`<workbook xmlns:r="r"><sheets><sheet name="people" r:id="r1"/></sheets></workbook>`,
		},
		{
			"xl/_rels/workbook.xml.rels",
			`<Relationships><Relationship Id="r1" Target="worksheets/s.xml"/></Relationships>`,
		},
	} {
		writer, err := archive.Create(part[0])
		require.NoError(t, err)
		_, err = writer.Write([]byte(part[1]))
		require.NoError(t, err)
	}
	header := &zip.FileHeader{Name: "xl/worksheets/s.xml", Method: zip.Store}
	header.CompressedSize64, header.UncompressedSize64 = uint64(len(sheet)), uint64(len(sheet))
	if claim > 0 {
		header.UncompressedSize64 = claim
	}
	writer, err := archive.CreateRaw(header)
	require.NoError(t, err)
	_, err = writer.Write([]byte(sheet))
	require.NoError(t, err)
	require.NoError(t, archive.Close())
	if claim > 0 {
		require.Contains(t, file.String(), string(binary.LittleEndian.AppendUint64(nil, claim)))
	}
	return file.Bytes()
}
