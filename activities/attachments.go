package activities

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/invoice"
)

// propertiesMax bounds the part of a workbook that names its document.
const propertiesMax = 1 << 20

// checkAttachment refuses a file that is not this document's, or not what its
// recipient may see: its bytes are the rendered ones, and the marks inside the
// page or workbook name the customer, the number and the scope. A mix-up of
// rows, keys or caches cannot reach a recipient.
func checkAttachment(document delivery.Document, content []byte, s invoice.Snapshot, scope string) error {
	if mailDigest(content) != document.SHA256 {
		return refusedFile(document, s, "is not the file that was rendered")
	}
	if document.Scope != scope {
		return refusedFile(document, s, "is of another scope than its recipient's")
	}
	mark := fmt.Sprintf("customer=%s number=%s month=", s.Customer.Code, s.Number)
	if scope != "" {
		mark = fmt.Sprintf("customer=%s number=%s scope=%s month=", s.Customer.Code, s.Number, scope)
	}
	switch {
	case bytes.HasPrefix(content, []byte("%PDF-")):
		if !bytes.Contains(content, []byte(mark)) && !bytes.Contains(content, utf16Bytes(mark)) {
			return refusedFile(document, s, "does not name this customer, number and scope")
		}
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		properties, err := workbookProperties(content)
		if err != nil || !strings.Contains(properties, mark) {
			return refusedFile(document, s, "does not name this customer, number and scope")
		}
	case scope != "":
		return refusedFile(document, s, "carries no marks that name its scope")
	default:
		// A text file carries no marks: its digest ties it to the document's row.
	}
	return nil
}

// workbookProperties reads the part in which a workbook says what it is.
func workbookProperties(content []byte) (string, error) {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return "", err
	}
	part, err := archive.Open("docProps/core.xml")
	if err != nil {
		return "", err
	}
	defer part.Close()
	properties, err := io.ReadAll(io.LimitReader(part, propertiesMax))
	return string(properties), err
}

// utf16Bytes spells text as the properties of a PDF do.
func utf16Bytes(text string) []byte {
	var spelled []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		spelled = append(spelled, byte(unit>>8), byte(unit))
	}
	return spelled
}

func refusedFile(document delivery.Document, s invoice.Snapshot, what string) error {
	return &fault.Error{
		Code: fault.Attachment, Place: fault.Place{File: document.Kind + " of " + s.Number}, What: what,
		Cure: "nothing was sent; call the engineer on duty",
	}
}
