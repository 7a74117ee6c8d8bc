package master

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"magam/domain/fault"
)

const workbookPart = "xl/workbook.xml"

// readWorkbook reads every sheet of an XLSX that is ours.
func readWorkbook(archive *zip.Reader) (Result, error) {
	index, err := readIndex(archive)
	if err != nil {
		return Result{}, err
	}
	book := &workbook{archive: archive, from1904: index.from1904}
	err = book.readStyles()
	if err != nil {
		return Result{}, err
	}
	err = book.readSharedTexts()
	if err != nil {
		return Result{}, err
	}
	var readers []*tableReader
	for _, sheet := range index.sheets {
		if !isOurs(sheet.name) {
			continue
		}
		reader := newTableReader(known(sheet.name), true)
		err = book.readSheet(sheet.part, reader)
		if err != nil {
			return Result{}, err
		}
		readers = append(readers, reader)
	}
	if len(readers) == 0 {
		return Result{}, fault.New(fault.UnknownFormat, "the workbook has no sheet of ours",
			"start from the template")
	}
	return gather(readers), nil
}

// workbook is what the sheets of one file share.
type workbook struct {
	archive  *zip.Reader
	from1904 bool         // the old Macintosh calendar
	texts    []string     // shared strings
	formats  []numberForm // by style
	cells    int          // read so far, in all sheets
}

type sheetRef struct{ name, part string }

type sheetIndex struct {
	sheets   []sheetRef
	from1904 bool
}

// readIndex reads which part holds which sheet.
func readIndex(archive *zip.Reader) (sheetIndex, error) {
	targets := map[string]string{}
	err := eachElement(
		archive,
		"xl/_rels/workbook.xml.rels",
		func(element xml.StartElement, _ *xml.Decoder) error {
			if element.Name.Local == "Relationship" {
				target := attribute(element, "Target")
				if strings.HasPrefix(target, "/") {
					target = strings.TrimPrefix(target, "/")
				} else {
					target = path.Join("xl", target)
				}
				targets[attribute(element, "Id")] = target
			}
			return nil
		},
	)
	if err != nil {
		return sheetIndex{}, err
	}
	var index sheetIndex
	err = eachElement(archive, workbookPart, func(element xml.StartElement, _ *xml.Decoder) error {
		switch element.Name.Local {
		case "workbookPr":
			date1904 := attribute(element, "date1904")
			index.from1904 = date1904 == "1" || date1904 == "true"
		case "sheet":
			index.sheets = append(index.sheets,
				sheetRef{attribute(element, "name"), targets[attribute(element, "id")]})
		}
		return nil
	})
	return index, err
}

// eachElement walks a part's elements; a part that is not there has none.
func eachElement(
	archive *zip.Reader, part string, visit func(xml.StartElement, *xml.Decoder) error,
) error {
	opened, found, err := openPart(archive, part)
	if err != nil || !found {
		return err
	}
	defer opened.Close()
	decoder := xml.NewDecoder(opened)
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return brokenXML(part, err)
		}
		switch element := token.(type) {
		case xml.Directive:
			return hostileXML(part)
		case xml.StartElement:
			err = visit(element, decoder)
			if err != nil {
				return brokenXML(part, err)
			}
		}
	}
}

// hostileXML refuses a document type: no spreadsheet program writes one, and
// entities are declared nowhere else (XXE, a billion laughs).
func hostileXML(part string) error {
	return &fault.Error{
		Code: fault.Bomb, Place: fault.Place{File: part}, What: "declares a document type (<!DOCTYPE)",
		Cure: "save the workbook again from Excel",
	}
}

func brokenXML(part string, err error) error {
	if _, coded := fault.CodeOf(err); coded {
		return err
	}
	return &fault.Error{
		Code: fault.UnknownFormat, Place: fault.Place{File: part}, What: "is not readable XML",
		Cure: "save the workbook again from Excel", Err: err,
	}
}

func attribute(element xml.StartElement, name string) string {
	for _, one := range element.Attr {
		if one.Name.Local == name {
			return one.Value
		}
	}
	return ""
}

// readSharedTexts reads the table of strings: rich text joined, phonetic
// readings (rPh) left out.
func (b *workbook) readSharedTexts() error {
	return eachElement(
		b.archive,
		"xl/sharedStrings.xml",
		func(element xml.StartElement, decoder *xml.Decoder) error {
			if element.Name.Local != "si" {
				return nil
			}
			if len(b.texts) >= sharedTextsMax {
				return bomb("has more than %d texts", sharedTextsMax)
			}
			text, err := richText(decoder)
			b.texts = append(b.texts, text)
			return err
		},
	)
}

// richText reads up to the end of the element just begun and joins its texts.
func richText(decoder *xml.Decoder) (string, error) {
	var text strings.Builder
	depth, inText, phonetic := 1, false, 0
	for depth > 0 {
		token, err := decoder.Token()
		if err != nil {
			return "", err
		}
		switch part := token.(type) {
		case xml.StartElement:
			depth++
			inText = part.Name.Local == "t"
			if part.Name.Local == "rPh" || phonetic > 0 {
				phonetic++
			}
		case xml.EndElement:
			depth--
			inText = false
			if phonetic > 0 {
				phonetic--
			}
		case xml.CharData:
			if inText && phonetic == 0 {
				text.Write(part)
			}
			if text.Len() > cellBytesMax {
				return "", bomb("has a cell of more than %d bytes", cellBytesMax)
			}
		case xml.Directive:
			return "", hostileXML("a text")
		}
	}
	return text.String(), nil
}
