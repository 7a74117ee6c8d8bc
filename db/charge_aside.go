package db

import (
	"fmt"

	"magam/domain/charge"
	"magam/domain/fault"
)

// The bounds of what a part may set aside: beyond them the fault lies with the
// export, not with a row.
const (
	quarantinedMax      = 1000
	quarantinedShare    = 1000 // of files above 10,000 rows at most one in a thousand
	quarantinedFree     = 10_000
	quarantinedBytesMax = 32 << 20
)

func (l *partLoad) setAside(row *charge.Quarantined) error {
	if err := l.control.SetAside(row); err != nil {
		return err
	}
	l.aside = append(l.aside, row)
	l.asideBytes += len(row.Raw)
	return l.checkQuarantined(false)
}

// checkQuarantined refuses a part of which too much would be set aside.
func (l *partLoad) checkQuarantined(ended bool) error {
	count := int64(len(l.aside))
	total := l.rows + count
	tooMany := count > quarantinedMax || l.asideBytes > quarantinedBytesMax ||
		ended && total > quarantinedFree && count > total/quarantinedShare
	if !tooMany {
		return nil
	}
	first := l.aside[0]
	return &fault.Error{
		Code:  fault.Schema,
		Place: fault.Place{Line: first.Line, Column: first.Column, Byte: first.Offset},
		What: fmt.Sprintf("%d of %d rows cannot be booked, the first because of %s %s", count, total,
			first.Code, first.Value),
		Cure: "the export is wrong as a whole: have it delivered again, or ask for its new columns to be learnt",
	}
}
