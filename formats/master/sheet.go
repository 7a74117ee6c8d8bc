package master

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"magam/domain/fault"
	"magam/domain/master"
)

// readSheet streams the rows of one sheet.
func (b *workbook) readSheet(part string, into *tableReader) error {
	last := 0
	err := eachElement(b.archive, part, func(element xml.StartElement, decoder *xml.Decoder) error {
		if element.Name.Local != "row" {
			return nil
		}
		number := last + 1
		if given := attribute(element, "r"); given != "" {
			parsed, err := strconv.Atoi(given)
			if err != nil || parsed <= last || parsed > rowsMax {
				return bomb("has the row number %s in %s", fault.Excerpt(given), part)
			}
			number = parsed
		}
		last = number
		cells, err := b.readRow(decoder, into, number)
		if err != nil {
			return err
		}
		if len(into.problems) > problemsMax {
			return bomb("has more than %d cells that cannot be read", problemsMax)
		}
		into.row(number, cells)
		return nil
	})
	return err
}

// readRow reads the filled cells of one row, in order.
func (b *workbook) readRow(decoder *xml.Decoder, into *tableReader, number int) ([]cell, error) {
	var cells []cell
	next := 0
	for {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		switch element := token.(type) {
		case xml.Directive:
			return nil, hostileXML("a sheet")
		case xml.EndElement:
			if element.Name.Local == "row" {
				return cells, nil
			}
		case xml.StartElement:
			if element.Name.Local != "c" {
				continue
			}
			b.cells++
			if b.cells > cellsMax {
				return nil, bomb("has more than %d cells", cellsMax)
			}
			column := next
			if name := attribute(element, "r"); name != "" {
				column, err = columnOf(name)
				if err != nil || column < next {
					return nil, bomb("has the cell name %s in row %d", fault.Excerpt(name), number)
				}
			}
			next = column + 1
			raw, err := readCell(element, decoder)
			if err != nil {
				return nil, err
			}
			if one := b.cellOf(raw, into.columnAt(column)); one.text != "" || one.wrong != "" {
				one.column = column
				cells = append(cells, one)
			}
		}
	}
}

// columnOf reads the letters of a cell's name: AB12 is column 27.
func columnOf(name string) (int, error) {
	letters := strings.TrimRight(name, "0123456789")
	column := 0
	for _, letter := range letters {
		if letter < 'A' || letter > 'Z' || column > columnsMax {
			return 0, errors.New("not a cell name")
		}
		column = column*26 + int(letter-'A') + 1
	}
	if column == 0 || column > columnsMax {
		return 0, errors.New("not a cell name")
	}
	return column - 1, nil
}

// columnAt is the schema's column at a place of the file, once the header is read.
func (r *tableReader) columnAt(column int) master.Column {
	if column >= len(r.table.Columns) {
		return master.Column{}
	}
	known, _ := r.sheet.Column(r.table.Columns[column])
	return known
}

// rawCell is a cell as the XML has it.
type rawCell struct {
	kind    string // s, str, inlineStr, b, e, d, n or empty
	style   int
	value   string
	formula bool
}

func readCell(element xml.StartElement, decoder *xml.Decoder) (rawCell, error) {
	style, _ := strconv.Atoi(attribute(element, "s"))
	raw := rawCell{kind: attribute(element, "t"), style: style}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return raw, io.ErrUnexpectedEOF
		}
		if err != nil {
			return raw, err
		}
		switch part := token.(type) {
		case xml.Directive:
			return raw, hostileXML("a cell")
		case xml.EndElement:
			if part.Name.Local == "c" {
				return raw, nil
			}
		case xml.StartElement:
			text, err := innerText(part, decoder)
			if err != nil {
				return raw, err
			}
			switch part.Name.Local {
			case "v", "is":
				raw.value = text
			case "f":
				raw.formula = true
			}
		}
	}
}

// innerText reads a cell's value, or the texts of an inline string.
func innerText(element xml.StartElement, decoder *xml.Decoder) (string, error) {
	if element.Name.Local == "is" {
		return richText(decoder)
	}
	var text strings.Builder
	for {
		token, err := decoder.Token()
		if err != nil {
			return "", err
		}
		switch part := token.(type) {
		case xml.CharData:
			text.Write(part)
			if text.Len() > cellBytesMax {
				return "", bomb("has a cell of more than %d bytes", cellBytesMax)
			}
		case xml.StartElement:
			err = decoder.Skip()
			if err != nil {
				return "", err
			}
		case xml.EndElement:
			return text.String(), nil
		case xml.Directive:
			return "", hostileXML("a cell")
		}
	}
}
