package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"magam/domain/delivery"
	"magam/domain/fault"
)

// Documents reads what documents are rendered from, and remembers what they
// became.
type Documents struct {
	pool *pgxpool.Pool
}

// NewDocuments keeps rendered documents in a database.
func NewDocuments(pool *pgxpool.Pool) *Documents { return &Documents{pool: pool} }

// Frozen gives a finalized document's snapshot and the digest it was frozen with.
func (d *Documents) Frozen(ctx context.Context, number string) (snapshot []byte, digest string, err error) {
	err = d.pool.QueryRow(ctx, query("documents/frozen"), number).Scan(&snapshot, &digest)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, "", &fault.Error{
			Code: fault.Input, Value: number, What: "is no document's number",
			Cure: "see `starter invoices --month MONTH` for the numbers of a month",
		}
	}
	if err != nil {
		return nil, "", fmt.Errorf("read document %s: %w", number, err)
	}
	return snapshot, digest, nil
}

// Draft gives a draft's snapshot and its digest; of one that is final by now,
// what was frozen. A parked customer may have none.
func (d *Documents) Draft(ctx context.Context, invoiceID int64) (snapshot []byte, digest string, err error) {
	err = d.pool.QueryRow(ctx, query("documents/draft"), invoiceID).Scan(&snapshot, &digest)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && snapshot == nil {
		return nil, "", &fault.Error{
			Code:  fault.Input,
			Value: fmt.Sprint(invoiceID),
			What:  "is no draft",
			Cure:  "draft the customer's month again",
		}
	}
	if err != nil {
		return nil, "", fmt.Errorf("read draft %d: %w", invoiceID, err)
	}
	return snapshot, digest, nil
}

// SaveDocument remembers a rendered file, and says whether it was there before.
// A frozen snapshot gives the same bytes each time: other bytes than before are
// an alarm, E_DIGEST, and what was sent first stays as it is.
func (d *Documents) SaveDocument(ctx context.Context, number string, file delivery.Document) (bool, error) {
	done, err := d.pool.Exec(ctx, query("documents/save"),
		number, file.Kind, file.Language, file.FileName, file.SHA256, file.Bytes, file.Key, file.Scope)
	if err != nil {
		return false, fmt.Errorf("remember %s of %s: %w", file.Kind, number, err)
	}
	if done.RowsAffected() == 1 {
		return false, nil
	}
	saved, err := d.Of(ctx, number)
	if err != nil {
		return false, err
	}
	for _, before := range saved {
		if before.Kind != file.Kind || before.Language != file.Language || before.Scope != file.Scope {
			continue
		}
		if before.SHA256 == file.SHA256 {
			return true, nil
		}
		return false, &fault.Error{
			Code:  fault.DigestChanged,
			Value: file.SHA256,
			What: fmt.Sprintf("is what %s of %s became now, %s what it was", file.Kind, number,
				before.SHA256),
			Cure: "the first file stays; render it with the release that made it and report the difference",
		}
	}
	return false, &fault.Error{
		Code:  fault.Input,
		Value: number,
		What:  "is no document's number",
		Cure:  "finalize the document first",
	}
}

// Of lists a document's rendered files.
func (d *Documents) Of(ctx context.Context, number string) ([]delivery.Document, error) {
	rows, err := d.pool.Query(ctx, query("documents/of"), number)
	if err != nil {
		return nil, fmt.Errorf("list the files of %s: %w", number, err)
	}
	files, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (delivery.Document, error) {
		var f delivery.Document
		return f, row.Scan(&f.Kind, &f.Language, &f.FileName, &f.SHA256, &f.Bytes, &f.Key, &f.Scope,
			&f.Accounts)
	})
	if err != nil {
		return nil, fmt.Errorf("list the files of %s: %w", number, err)
	}
	return files, nil
}

// Scopes lists the parts of a finalized document that its recipients may see:
// each set of accounts once. The whole document is not among them.
func (d *Documents) Scopes(ctx context.Context, number string) ([]delivery.Scope, error) {
	rows, err := d.pool.Query(ctx, query("documents/scopes"), number)
	if err != nil {
		return nil, fmt.Errorf("list the scopes of %s: %w", number, err)
	}
	scopes, err := pgx.CollectRows(rows, pgx.RowToStructByPos[delivery.Scope])
	if err != nil {
		return nil, fmt.Errorf("list the scopes of %s: %w", number, err)
	}
	return scopes, nil
}
