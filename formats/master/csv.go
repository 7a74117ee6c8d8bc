package master

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"path"
	"sort"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"

	"magam/domain/fault"
)

// ReadFolder reads the CSV files of a folder, each named after its sheet.
// Other files are passed over.
func ReadFolder(folder fs.FS) (Result, error) {
	names, err := fs.Glob(folder, "*.csv")
	if err != nil {
		return Result{}, err
	}
	sort.Strings(names)
	var readers []*tableReader
	for _, name := range names {
		sheet := strings.TrimSuffix(path.Base(name), path.Ext(name))
		if !isOurs(sheet) {
			continue
		}
		content, err := readFile(folder, name)
		if err != nil {
			return Result{}, err
		}
		reader := newTableReader(known(sheet), true)
		err = reader.readCSV(name, content)
		if err != nil {
			return Result{}, err
		}
		readers = append(readers, reader)
	}
	if len(readers) == 0 {
		return Result{}, fault.New(fault.UnknownFormat, "there is neither a workbook nor a CSV file",
			"give an .xlsx file, or a folder with files such as customers.csv")
	}
	return gather(readers), nil
}

func readFile(folder fs.FS, name string) ([]byte, error) {
	file, err := folder.Open(name)
	if err != nil {
		return nil, &fault.Error{
			Code:  fault.Path,
			Place: fault.Place{File: name},
			What:  "cannot be opened",
			Cure:  "look at the file",
			Err:   err,
		}
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, fileBytesMax+1))
	if err != nil {
		return nil, err
	}
	if len(content) > fileBytesMax {
		return nil, bomb("has the file %s of more than %d MB", name, fileBytesMax>>20)
	}
	return content, nil
}

// readCSV reads one file: UTF-8, with or without a byte order mark.
func (r *tableReader) readCSV(name string, content []byte) error {
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(content) {
		return wrongEncoding(name, content)
	}
	lines := csv.NewReader(bytes.NewReader(content))
	lines.FieldsPerRecord = -1
	lines.ReuseRecord = true
	total := 0
	for {
		record, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return &fault.Error{
				Code: fault.Schema, Place: fault.Place{File: name}, What: "is not readable as CSV",
				Cure: "save it as CSV UTF-8, fields with commas in double quotes", Err: err,
			}
		}
		number, _ := lines.FieldPos(0)
		var cells []cell
		for column, text := range record {
			if strings.TrimSpace(text) != "" {
				cells = append(cells, cell{column: column, text: text})
			}
		}
		total += len(record)
		if total > cellsMax || number > rowsMax || len(record) > columnsMax {
			return bomb("has too many cells in %s", name)
		}
		r.row(number, cells)
	}
}

// wrongEncoding tells Korean Windows' CP949, which Excel's plain CSV is, from
// bytes that are no text at all. It is refused rather than guessed at: a name
// on a tax document is nothing to guess.
func wrongEncoding(name string, content []byte) error {
	what, cure := "is not UTF-8 text", "save it as CSV UTF-8"
	decoded, err := korean.EUCKR.NewDecoder().Bytes(content)
	if err == nil && !bytes.ContainsRune(decoded, utf8.RuneError) {
		what, cure = "is in CP949 (Korean Windows)", `save it from Excel as "CSV UTF-8 (comma delimited)"`
	}
	return &fault.Error{Code: fault.Encoding, Place: fault.Place{File: name}, What: what, Cure: cure}
}
