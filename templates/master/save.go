package master

import (
	"archive/zip"
	"bytes"
	"io"
	"sort"

	"github.com/xuri/excelize/v2"
)

// save writes the workbook so that the same content is the same bytes: no time
// but a fixed one, and parts in the order of their names, since the library
// lets them fall as its maps do.
func (w *writer) save(to io.Writer) error {
	const born = "2026-01-01T00:00:00Z"
	err := w.file.SetDocProps(&excelize.DocProperties{
		Creator: "magam", LastModifiedBy: "magam", Created: born, Modified: born, Title: "magam master data",
	})
	if err != nil {
		return err
	}
	types := w.file.ContentTypes
	sort.Slice(types.Defaults,
		func(a, b int) bool { return types.Defaults[a].Extension < types.Defaults[b].Extension })
	packed, err := w.file.WriteToBuffer()
	if err != nil {
		return err
	}
	return repack(packed.Bytes(), to)
}

func repack(packed []byte, to io.Writer) error {
	from, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return err
	}
	sort.Slice(from.File, func(a, b int) bool { return from.File[a].Name < from.File[b].Name })
	archive := zip.NewWriter(to)
	for _, file := range from.File {
		raw, err := file.OpenRaw()
		if err != nil {
			return err
		}
		header := file.FileHeader
		header.Extra = nil
		part, err := archive.CreateRaw(&header)
		if err != nil {
			return err
		}
		_, err = io.Copy(part, raw)
		if err != nil {
			return err
		}
	}
	return archive.Close()
}
