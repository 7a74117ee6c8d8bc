package db

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"magam/domain/period"
)

// InvoiceRow is one document as the command line lists it. Amounts are text
// with every digit.
type InvoiceRow struct {
	ID       int64          `json:"id"`
	Number   string         `json:"number"`
	Quarter  string         `json:"billed_with,omitempty"` // the number under which a deferred month is billed
	Kind     string         `json:"kind"`
	Issuer   string         `json:"issuer"`
	Customer string         `json:"customer"`
	Provider string         `json:"provider"`
	Month    string         `json:"month"`
	State    string         `json:"state"`
	Currency string         `json:"currency"`
	Sources  []SourceAmount `json:"source_totals"`
	Supply   string         `json:"supply"`
	Tax      string         `json:"tax"`
	AfterTax string         `json:"after_tax"`
	Total    string         `json:"total"`
	Digest   string         `json:"digest"` // of the frozen snapshot
	// Documents are the rendered files by content.
	Documents []DocumentRow `json:"documents"`
	Mails     int           `json:"mails"`
	Sent      int           `json:"sent"`
}

// SourceAmount is what one source currency was billed.
type SourceAmount struct {
	Currency string `json:"currency"`
	Billed   string `json:"billed"`
}

// DocumentRow is one rendered file.
type DocumentRow struct {
	Kind     string `json:"kind"`
	Language string `json:"language"`
	FileName string `json:"file_name"`
	SHA256   string `json:"sha256"`
	Key      string `json:"key"`
	Bytes    int64  `json:"bytes"`
}

// Invoices lists a month's documents of every kind and state.
func (l *Ledger) Invoices(ctx context.Context, month period.Month) ([]InvoiceRow, error) {
	rows, err := l.pool.Query(ctx, query("board/invoices"), month.String())
	if err != nil {
		return nil, fmt.Errorf("list the invoices of %s: %w", month, err)
	}
	listed, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (InvoiceRow, error) {
		var r InvoiceRow
		var sources, documents []byte
		err := row.Scan(&r.ID, &r.Number, &r.Quarter, &r.Kind, &r.Issuer, &r.Customer, &r.Provider,
			&r.Month, &r.State, &r.Currency, &sources, &r.Supply, &r.Tax, &r.AfterTax, &r.Total, &r.Digest,
			&documents, &r.Mails, &r.Sent)
		if err != nil {
			return r, err
		}
		err = json.Unmarshal(sources, &r.Sources)
		if err != nil {
			return r, err
		}
		return r, json.Unmarshal(documents, &r.Documents)
	})
	if err != nil {
		return nil, fmt.Errorf("list the invoices of %s: %w", month, err)
	}
	return listed, nil
}
