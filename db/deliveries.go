package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"magam/domain/delivery"
	"magam/domain/period"
)

// Register writes down an export that was found, and its parts. The same bytes
// are the same delivery, wherever and however often they are found, also when a
// newer one has replaced them since. An export that breaks what its manifest
// promises is not written down at all.
func (c *Charges) Register(ctx context.Context, found delivery.Found) (delivery.Registered, error) {
	if err := found.Broken(); err != nil {
		return delivery.Registered{}, fmt.Errorf("register a delivery of %s: %w", found.Source, err)
	}
	var registered delivery.Registered
	err := pgx.BeginFunc(ctx, c.Pool, func(tx pgx.Tx) error {
		// Two finders of one export take turns; the second sees the first's row.
		if _, err := tx.Exec(ctx, query("delivery/lock_digest"), found.Digest); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, query("delivery/by_digest"), found.Digest, found.Again).Scan(&registered.ID,
			&registered.State, &registered.Why)
		if errors.Is(err, pgx.ErrNoRows) {
			registered.State = delivery.StateRefused
			err = tx.QueryRow(ctx, query("delivery/late"), found.Digest, found.AsOf).
				Scan(&registered.ID, &registered.Why)
			if errors.Is(err, pgx.ErrNoRows) {
				registered, err = addDelivery(ctx, tx, found)
			}
			return err
		}
		if err != nil {
			return err
		}
		if registered.State == delivery.StateLoading {
			if err := moveDelivery(ctx, tx, registered.ID, found); err != nil {
				return err
			}
		}
		registered.Parts, err = parts(ctx, tx, registered.ID)
		return err
	})
	if err != nil {
		return delivery.Registered{}, fmt.Errorf("register a delivery of %s: %w", found.Source, err)
	}
	return registered, nil
}

// Knows says whether a delivery with this digest was ever registered.
func (c *Charges) Knows(ctx context.Context, digest string) (known bool, err error) {
	err = c.Pool.QueryRow(ctx, query("delivery/known"), digest).Scan(&known)
	if err != nil {
		return false, fmt.Errorf("look up the delivery %.8s: %w", digest, err)
	}
	return known, nil
}

func addDelivery(ctx context.Context, tx pgx.Tx, found delivery.Found) (delivery.Registered, error) {
	registered := delivery.Registered{State: delivery.StateLoading}
	month := ""
	if !found.Month.IsZero() {
		month = found.Month.String()
	}
	err := tx.QueryRow(ctx, query("delivery/add"), found.Source, found.Format, found.Scope, found.Digest,
		found.DigestKind, found.Location, month, found.AsOf, found.Promised.Rows).Scan(&registered.ID)
	if err != nil {
		return registered, err
	}
	for i, part := range found.Parts {
		_, err := tx.Exec(ctx, query("delivery/add_part"), registered.ID, i+1, part.Key, part.Bytes,
			part.Digest, part.Promised.Rows)
		if err != nil {
			return registered, err
		}
	}
	registered.Parts, err = parts(ctx, tx, registered.ID)
	return registered, err
}

// moveDelivery notes where the bytes lie now: the place where a half loaded
// delivery was found first may be gone.
func moveDelivery(ctx context.Context, tx pgx.Tx, id int64, found delivery.Found) error {
	if _, err := tx.Exec(ctx, query("delivery/move"), id, found.Location); err != nil {
		return err
	}
	for _, part := range found.Parts {
		if _, err := tx.Exec(ctx, query("delivery/move_part"), id, part.Digest, part.Key); err != nil {
			return err
		}
	}
	return nil
}

func parts(ctx context.Context, tx pgx.Tx, id int64) ([]delivery.RegisteredPart, error) {
	rows, err := tx.Query(ctx, query("delivery/parts"), id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (delivery.RegisteredPart, error) {
		var part delivery.RegisteredPart
		err := row.Scan(&part.ID, &part.Key, &part.Bytes, &part.Loaded)
		return part, err
	})
}

// PartWork tells what loading a part needs to know.
func (c *Charges) PartWork(ctx context.Context, part int64) (delivery.PartWork, error) {
	var work delivery.PartWork
	var month string
	err := c.Pool.QueryRow(ctx, query("charge/part_work"), part).Scan(&work.DeliveryID, &work.State,
		&work.Source, &work.Format, &month, &work.Location, &work.Key, &work.Bytes, &work.Digest,
		&work.Loaded, &work.Result.Rows, &work.Result.Quarantined)
	if err != nil {
		return delivery.PartWork{}, fmt.Errorf("look up part %d: %w", part, err)
	}
	if month != "" {
		work.Month, err = period.ParseMonth(month)
	}
	return work, err
}

// Refuse marks a delivery as refused for good and drops what was loaded of it.
// A sealed one stays: what was proved is not undone by a late attempt.
func (c *Charges) Refuse(ctx context.Context, id int64, why string) error {
	err := pgx.BeginFunc(ctx, c.Pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, query("delivery/refuse"), id, why)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		if _, err := tx.Exec(ctx, query("delivery/forget_quarantined"), id); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, query("delivery/withdraw"), id)
		return err
	})
	if err != nil {
		return fmt.Errorf("refuse delivery %d: %w", id, err)
	}
	return nil
}

// hold keeps a delivery loaded but unseen until people have decided.
func (c *Charges) hold(ctx context.Context, id int64, why string) error {
	_, err := c.Pool.Exec(ctx, query("delivery/hold"), id, why)
	if err != nil {
		return fmt.Errorf("hold delivery %d: %w", id, err)
	}
	return nil
}

// Sources lists the configured sources, in the order of their sheet.
func (c *Charges) Sources(ctx context.Context) ([]delivery.Source, error) {
	rows, err := c.Pool.Query(ctx, query("delivery/sources"))
	if err != nil {
		return nil, fmt.Errorf("list the sources: %w", err)
	}
	sources, err := pgx.CollectRows(rows, pgx.RowToStructByPos[delivery.Source])
	if err != nil {
		return nil, fmt.Errorf("list the sources: %w", err)
	}
	return sources, nil
}
