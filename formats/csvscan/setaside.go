package csvscan

import (
	"bytes"

	"magam/domain/charge"
	"magam/domain/fault"
)

// SetAside copies the current row into a record of the quarantine, which the
// caller completes with what can be read of it.
func (s *Scanner) SetAside(row int64, code fault.Code, column string, value []byte) *charge.Quarantined {
	return &charge.Quarantined{
		Row: row, Line: s.line, Offset: s.offset, Code: code, Column: column,
		Value: fault.Excerpt(string(value[:min(len(value), 256)])), Raw: bytes.Clone(s.raw),
	}
}
