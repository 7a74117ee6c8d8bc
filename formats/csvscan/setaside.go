package csvscan

import (
	"bytes"
	"cmp"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
)

// SetAside copies the current row into a record of the quarantine, with what
// could be read of it into line.
func (s *Scanner) SetAside(
	line *charge.Line,
	code fault.Code,
	column string,
	value []byte,
) *charge.Quarantined {
	row := &charge.Quarantined{
		Row: line.Row, Line: s.line, Offset: s.offset, Code: code, Column: column,
		Value: fault.Excerpt(string(value[:min(len(value), 256)])), Raw: bytes.Clone(s.raw),

		BillingMonth: line.BillingMonth,
		Provider:     string(line.Provider),
		Service:      cmp.Or(string(line.ServiceCode), string(line.ServiceName)),
		SubAccount:   string(line.SubAccountID),
		Category:     line.Category.String(),
		InvoiceID:    string(line.InvoiceID),
		Billed:       string(line.Billed),
		Effective:    string(line.Effective),
		List:         string(line.List),
		Contracted:   string(line.Contracted),
	}
	if money.IsCurrency(line.Currency) {
		row.Currency = string(line.Currency)
	}
	return row
}
