package db

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"magam/domain/period"
	"magam/domain/tagging"
)

// tagSetsPerBatch bounds what is held at once: sets are a few hundred bytes each.
const tagSetsPerBatch = 5000

// ApplyTags normalizes every tag set that is new, once per distinct set, and
// lays the custom tags over a month's resources as they stand in that month.
// Charges are not rewritten: they name sets. The month's rows are replaced.
func (l *Ledger) ApplyTags(ctx context.Context, month period.Month) (sets, custom int64, err error) {
	err = l.normalizeSets(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("normalize tags: %w", err)
	}
	err = l.inTransaction(ctx, func(tx pgx.Tx) error {
		for _, statement := range []string{"tags/lock_month", "tags/clear_month", "tags/lay_custom"} {
			_, err := tx.Exec(ctx, query(statement), month.String())
			if err != nil {
				return err
			}
		}
		err := tx.QueryRow(ctx, query("tags/count_sets"), month.String()).Scan(&sets)
		if err != nil {
			return err
		}
		var digest string
		err = tx.QueryRow(ctx, query("tags/digest"), month.String()).Scan(&digest, &custom)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, query("tags/write_month"), month.String(), sets, custom, digest)
		return err
	})
	if err != nil {
		return 0, 0, fmt.Errorf("apply tags of %s: %w", month, err)
	}
	return sets, custom, nil
}

func (l *Ledger) normalizeSets(ctx context.Context) error {
	after := int32(-1)
	for {
		ids, values, err := l.unreadSets(ctx, after)
		if err != nil || len(ids) == 0 {
			return err
		}
		for i, value := range values {
			values[i], err = tagging.Normalize(value)
			if err != nil {
				return fmt.Errorf("tag set %d: %w", ids[i], err)
			}
		}
		_, err = l.pool.Exec(ctx, query("tags/write_sets"), ids, values)
		if err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}

func (l *Ledger) unreadSets(ctx context.Context, after int32) (ids []int32, values []string, err error) {
	rows, err := l.pool.Query(ctx, query("tags/unread_sets"), after, tagSetsPerBatch)
	if err != nil {
		return nil, nil, err
	}
	var id int32
	var value string
	_, err = pgx.ForEachRow(rows, []any{&id, &value}, func() error {
		ids, values = append(ids, id), append(values, value)
		return nil
	})
	return ids, values, err
}
