package xlsx

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"sort"

	"github.com/xuri/excelize/v2"
)

// spool writes a workbook's parts in the order of their names: the library
// would write streamed sheets in the order of a map, other bytes each time.
type spool struct {
	parts *zip.Writer
	held  bytes.Buffer
	out   io.Writer
}

func newSpool(out io.Writer) excelize.ZipWriter {
	s := &spool{out: out}
	s.parts = zip.NewWriter(&s.held)
	return s
}

// Create begins a part; parts are compressed once, here.
func (s *spool) Create(name string) (io.Writer, error) { return s.parts.Create(name) }

// AddFS is part of the library's interface.
func (s *spool) AddFS(files fs.FS) error { return s.parts.AddFS(files) }

// Close copies the parts, sorted, as they are compressed already.
func (s *spool) Close() error {
	err := s.parts.Close()
	if err != nil {
		return err
	}
	held, err := zip.NewReader(bytes.NewReader(s.held.Bytes()), int64(s.held.Len()))
	if err != nil {
		return err
	}
	sort.SliceStable(held.File, func(a, b int) bool { return held.File[a].Name < held.File[b].Name })
	sorted := zip.NewWriter(s.out)
	for _, part := range held.File {
		header := part.FileHeader
		writer, err := sorted.CreateRaw(&header)
		if err != nil {
			return err
		}
		reader, err := part.OpenRaw()
		if err != nil {
			return err
		}
		_, err = io.Copy(writer, reader)
		if err != nil {
			return err
		}
	}
	return sorted.Close()
}
