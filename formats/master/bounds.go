package master

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"

	"magam/domain/fault"
)

// The bounds of an honest workbook: about a million cells.
const (
	fileBytesMax   = 64 << 20
	entriesMax     = 2000
	entryBytesMax  = 256 << 20
	totalBytesMax  = 512 << 20
	ratioMax       = 250
	ratioBytesMin  = 8 << 20 // small files may be all alike
	rowsMax        = 1_048_576
	columnsMax     = 16_384
	cellsMax       = 5_000_000
	cellBytesMax   = 64 << 10
	sharedTextsMax = 2_000_000
	problemsMax    = 5000
)

func bomb(what string, values ...any) error {
	return fault.New(fault.Bomb, "the workbook "+fmt.Sprintf(what, values...),
		"save it again from Excel; if it is honest, split it by sheets")
}

// openZip looks at a zip's directory before a byte of it is inflated: sizes,
// ratios, names and count. Zip64 sizes are numbers like any other here, and
// one beyond the bounds is refused before anything computes with it.
func openZip(content []byte) (*zip.Reader, error) {
	if len(content) > fileBytesMax {
		return nil, bomb("is larger than %d MB", fileBytesMax>>20)
	}
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, &fault.Error{
			Code: fault.UnknownFormat,
			What: "the file is not a workbook",
			Cure: "give an .xlsx file or a folder of CSV files",
			Err:  err,
		}
	}
	if len(archive.File) > entriesMax {
		return nil, bomb("has more than %d parts", entriesMax)
	}
	names := map[string]bool{}
	var total uint64
	for _, file := range archive.File {
		size, packed := file.UncompressedSize64, file.CompressedSize64
		switch {
		case names[file.Name]:
			return nil, bomb("has the part %s twice", fault.Excerpt(file.Name))
		case size > entryBytesMax || packed > uint64(len(content)):
			return nil, bomb("has the part %s of %d bytes", fault.Excerpt(file.Name), size)
		case size > ratioBytesMin && size > ratioMax*max(packed, 1):
			return nil, bomb("has the part %s packed more than %d to one", fault.Excerpt(file.Name), ratioMax)
		}
		names[file.Name] = true
		total += size // at most entriesMax × entryBytesMax: cannot overflow
	}
	if total > totalBytesMax {
		return nil, bomb("unpacks to %d MB", total>>20)
	}
	return archive, nil
}

// openPart opens one part, which gives no more bytes than its directory says.
func openPart(archive *zip.Reader, name string) (io.ReadCloser, bool, error) {
	for _, file := range archive.File {
		if file.Name != name {
			continue
		}
		opened, err := file.Open()
		if err != nil {
			return nil, true, &fault.Error{
				Code: fault.UnknownFormat, Place: fault.Place{File: name}, What: "cannot be unpacked",
				Cure: "save the workbook again from Excel", Err: err,
			}
		}
		return struct {
			io.Reader
			io.Closer
		}{&cutOff{opened, int64(file.UncompressedSize64)}, opened}, true, nil
	}
	return nil, false, nil
}

// cutOff refuses a part that unpacks to more than its directory claims.
type cutOff struct {
	from io.Reader
	left int64
}

func (c *cutOff) Read(buffer []byte) (int, error) {
	n, err := c.from.Read(buffer)
	c.left -= int64(n)
	if c.left < 0 {
		return 0, bomb("has a part that is larger than it says")
	}
	return n, err
}
