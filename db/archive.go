package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/period"
)

// Archivable lists the deliveries of a month whose rows may leave the books. It
// refuses a month that is not closed: until then every step reads the rows.
func (l *Ledger) Archivable(ctx context.Context, month period.Month) ([]closing.Archiving, error) {
	var state closing.State
	err := l.pool.QueryRow(ctx, query("archive/period"), month.String()).Scan(&state)
	if errors.Is(err, pgx.ErrNoRows) {
		state, err = closing.StateOpen, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the period %s: %w", month, err)
	}
	if state != closing.StateClosed {
		return nil, fault.New(fault.PeriodBusy,
			fmt.Sprintf("%s is %s: its rows are needed here until every document is final", month, state),
			"close it first, its parked customers too: starter close --month "+month.String())
	}
	rows, err := l.pool.Query(ctx, query("archive/deliveries"), month.String())
	if err != nil {
		return nil, fmt.Errorf("list the deliveries of %s: %w", month, err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[closing.Archiving])
	if err != nil {
		return nil, fmt.Errorf("list the deliveries of %s: %w", month, err)
	}
	return list, nil
}

// PartsToArchive lists the files of a delivery whose rows are in the books.
func (l *Ledger) PartsToArchive(ctx context.Context, delivery int64) ([]closing.TracePart, error) {
	rows, err := l.pool.Query(ctx, query("archive/parts"), delivery)
	if err != nil {
		return nil, fmt.Errorf("list the files of delivery %d: %w", delivery, err)
	}
	parts, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (closing.TracePart, error) {
		p := closing.TracePart{Delivery: delivery}
		return p, row.Scan(&p.ID, &p.Key, &p.Bytes, &p.Digest, &p.ArchiveKey)
	})
	if err != nil {
		return nil, fmt.Errorf("list the files of delivery %d: %w", delivery, err)
	}
	return parts, nil
}

// ArchiveDelivery takes the rows of a delivery out of the books, whole or not at
// all: what they add up to is written down and proved, then their tables go.
// The database itself refuses a month that is not closed and a file that was
// not read back. Once they are gone there is nothing left to do.
func (l *Ledger) ArchiveDelivery(
	ctx context.Context, month period.Month, delivery int64, by string, parts []closing.TracePart,
) (closing.Archived, error) {
	archived := closing.Archived{Parts: int64(len(parts))}
	if len(parts) == 0 {
		return archived, nil
	}
	digests := make([]string, len(parts))
	for i, part := range parts {
		digests[i] = part.Digest
	}
	err := l.inTransaction(ctx, func(tx pgx.Tx) error {
		err := gently(ctx, tx, func(attempt pgx.Tx) error {
			return attempt.QueryRow(ctx, query("archive/archive"), delivery, month.String(), by, digests).
				Scan(&archived.Rows)
		})
		if err != nil {
			return err
		}
		return audit(ctx, tx, by, "archive", fmt.Sprintf("delivery %d", delivery), map[string]any{
			"month": month.String(), "parts": archived.Parts, "rows": archived.Rows,
		})
	})
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == "23001" {
		return closing.Archived{}, &fault.Error{
			Code: fault.Conservation,
			What: "delivery " + fmt.Sprint(delivery) + " keeps its rows: " + refused.Message,
			Cure: "run `starter audit` for the month; nothing was taken away",
			Err:  err,
		}
	}
	if err != nil {
		return closing.Archived{}, fmt.Errorf("archive delivery %d: %w", delivery, err)
	}
	return archived, nil
}
