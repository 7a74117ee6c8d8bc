package delivery

import (
	"fmt"
	"strings"

	"magam/domain/fault"
)

// Broken says what of a manifest's promises can be seen to be broken before a
// row is read: a file of another size, or of other bytes.
func (f Found) Broken() error {
	var bytes int64
	for _, part := range f.Parts {
		bytes += part.Bytes
		switch promised := part.Promised; {
		case promised.Bytes != 0 && promised.Bytes != part.Bytes:
			return incomplete(part.Key, fmt.Sprintf("the file has %d bytes, its manifest says %d", part.Bytes,
				promised.Bytes))
		case promised.SHA256 != "" && !strings.EqualFold(promised.SHA256, part.Digest):
			return &fault.Error{
				Code: fault.Hash, Place: fault.Place{File: part.Key},
				What: fmt.Sprintf("the file is %.8s, its manifest says %.8s", part.Digest, promised.SHA256),
				Cure: "deliver it again",
			}
		}
	}
	if f.Promised.Bytes != 0 && f.Promised.Bytes != bytes {
		return incomplete(f.Location, fmt.Sprintf("the files have %d bytes, their manifest says %d", bytes,
			f.Promised.Bytes))
	}
	return nil
}

func incomplete(file, what string) error {
	return &fault.Error{
		Code: fault.IncompleteDelivery, Place: fault.Place{File: file}, What: what,
		Cure: "wait until it is written whole; after that ask the provider",
	}
}

// CheckRows compares rows that were counted, booked or set aside, with the
// promise for a file or, with an empty name, for the whole.
func (p Promise) CheckRows(file string, counted int64) error {
	if p.Rows == 0 || p.Rows == counted {
		return nil
	}
	return &fault.Error{
		Code: fault.ControlTotal, Place: fault.Place{File: file},
		What: fmt.Sprintf("%d rows were read, the manifest says %d", counted, p.Rows),
		Cure: "deliver again; never adjust",
	}
}

// CheckDrop refuses to replace an older delivery by one with less than half of
// its rows. An export only grows within its month; one that shrinks so much is
// more likely cut off than right. Rows are those of the same source and scope.
func CheckDrop(older, rows, olderRows int64) error {
	if 2*rows >= olderRows {
		return nil
	}
	return fault.New(fault.RowCountDrop,
		fmt.Sprintf("%d rows, delivery %d of the same scope has %d", rows, older, olderRows),
		"find out why; then deliver again, or let two people say `starter deliveries accept` with the reason")
}

// ToldAlready refuses to publish a month beside a delivery that holds it already
// and was read from the same file: were both right, its rows would count twice.
func ToldAlready(other int64, month string) error {
	return fault.New(fault.Overlap,
		fmt.Sprintf("delivery %d, of the same file, holds %s already", other, month),
		fmt.Sprintf("`starter deliveries withdraw %d` if this one replaces it, and let two people "+
			"say `starter deliveries accept`", other))
}
