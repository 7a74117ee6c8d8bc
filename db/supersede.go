package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"magam/domain/fault"
)

// supersede takes the older delivery's rows away; its totals and its original
// files stay, and its rows set aside are closed.
func supersede(ctx context.Context, tx pgx.Tx, older, newer int64) error {
	for _, step := range []string{"seal/supersede", "seal/close_quarantined"} {
		if _, err := tx.Exec(ctx, query(step), older, newer); err != nil {
			return err
		}
	}
	return takeTables(ctx, tx, older)
}

// outdate refuses what is held of the same scope once something newer is out.
func outdate(ctx context.Context, tx pgx.Tx, newer int64) error {
	rows, err := tx.Query(ctx, query("delivery/outdated"), newer)
	if err != nil {
		return err
	}
	held, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	for _, id := range held {
		why := fault.New(fault.OlderDelivery, fmt.Sprintf("delivery %d was sealed while it was held", newer),
			"nothing").Error()
		if _, err := tx.Exec(ctx, query("delivery/outdate"), id, why); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, query("delivery/forget_quarantined"), id); err != nil {
			return err
		}
		if err := takeTables(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// How long the taking away of tables gives way to those who read.
const (
	givesWay    = 60
	givesWayFor = 500 * time.Millisecond
)

// takeTables drops the tables of a delivery.
func takeTables(ctx context.Context, tx pgx.Tx, id int64) error {
	err := gently(ctx, tx, func(attempt pgx.Tx) error {
		_, err := attempt.Exec(ctx, query("delivery/withdraw"), id)
		return err
	})
	if err != nil {
		return fmt.Errorf("take away the tables of delivery %d: %w", id, err)
	}
	return nil
}

// gently does what takes tables away. Who reads keeps them until it has ended,
// and who wants to read meanwhile is let in between two attempts: a long report
// holds up the seal, not the other reports.
func gently(ctx context.Context, tx pgx.Tx, take func(attempt pgx.Tx) error) error {
	var err error
	for range givesWay {
		err = pgx.BeginFunc(ctx, tx, func(attempt pgx.Tx) error {
			if _, err := attempt.Exec(ctx, query("seal/brief_wait")); err != nil {
				return err
			}
			if err := take(attempt); err != nil {
				return err
			}
			_, err := attempt.Exec(ctx, query("seal/wait_again"))
			return err
		})
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != "55P03" && refused.Code != "40P01" {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(givesWayFor):
		}
	}
	return err
}
