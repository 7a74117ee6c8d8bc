package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"magam/domain/commitment"
)

// Commitments remembers which commitments were flagged, once per rung.
type Commitments struct {
	pool *pgxpool.Pool
}

// NewCommitments keeps the memory in a database.
func NewCommitments(pool *pgxpool.Pool) *Commitments { return &Commitments{pool: pool} }

// Note records every rung that is reached and was not recorded before, and gives
// what was noticed on that day: the same answer however often a day is checked.
func (c *Commitments) Note(
	ctx context.Context, day time.Time, expiring []commitment.Expiry,
) (noticed []commitment.Notice, err error) {
	n := len(expiring)
	ids, ends, rungs := make([]string, n), make([]time.Time, n), make([]int, n)
	for i, one := range expiring {
		ids[i], ends[i], rungs[i] = one.Commitment.ID, one.Commitment.EndsOn, one.Rung
	}
	err = pgx.BeginFunc(ctx, c.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, query("commitments/note"), ids, ends, rungs, day)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, query("commitments/noticed_on"), day)
		if err != nil {
			return err
		}
		noticed, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (commitment.Notice, error) {
			var n commitment.Notice
			return n, row.Scan(&n.CommitmentID, &n.EndsOn, &n.Rung, &n.Mailed)
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("note the commitments that end soon: %w", err)
	}
	return noticed, nil
}

// MarkMailed records that the relay took the mail naming these commitments.
func (c *Commitments) MarkMailed(ctx context.Context, day time.Time, ids []string) error {
	_, err := c.pool.Exec(ctx, query("commitments/mark_mailed"), ids, day)
	if err != nil {
		return fmt.Errorf("record the mailed commitments: %w", err)
	}
	return nil
}
