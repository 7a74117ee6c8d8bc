package table

import (
	"bytes"
	"cmp"
	"strings"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
)

// SetAside copies the current row into a record of the quarantine, with what
// could be read of it into line. A column below 0 is one that the file lacks.
func SetAside(rows Rows, line *charge.Line, code fault.Code, column int) *charge.Quarantined {
	value, name := rows.Row().Cell(column), ""
	if column >= 0 {
		name = rows.Header()[column]
	}
	row := &charge.Quarantined{
		Row: line.Row, Line: rows.Line(), Offset: rows.Offset(), Code: code, Column: name,
		Value: fault.Excerpt(string(value[:min(len(value), 256)])), Raw: bytes.Clone(rows.Raw()),
		Header: rows.Header(), Cells: cells(rows.Row()),

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

// cells copies a row's cells; what no text may hold is shown as such.
func cells(row *Row) []string {
	copied := make([]string, row.Len())
	for i := range copied {
		copied[i] = strings.ReplaceAll(strings.ToValidUTF8(string(row.Cell(i)), "\ufffd"), "\x00", "\ufffd")
	}
	return copied
}
