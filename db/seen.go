package db

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/period"
)

// Recall gives what is remembered of some files of a place.
func (c *Charges) Recall(
	ctx context.Context, location string, keys []string,
) ([]delivery.SeenFile, error) {
	rows, err := c.Pool.Query(ctx, query("seen/recall"), location, keys)
	if err != nil {
		return nil, fmt.Errorf("recall the files of %s: %w", location, err)
	}
	seen, err := pgx.CollectRows(rows, pgx.RowToStructByPos[delivery.SeenFile])
	if err != nil {
		return nil, fmt.Errorf("recall the files of %s: %w", location, err)
	}
	return seen, nil
}

// Remember writes down what was learned of files and forgets those that are no
// longer present, so that there is never more to remember than there is to list.
func (c *Charges) Remember(
	ctx context.Context, location string, learned []delivery.SeenFile, present []string,
) error {
	// In one order everywhere: two looks at one place then wait for each other
	// instead of both.
	learned = slices.SortedFunc(slices.Values(learned), func(a, b delivery.SeenFile) int {
		return cmp.Compare(a.Key, b.Key)
	})
	var keys, marks, digests []string
	for _, one := range learned {
		keys, marks, digests = append(keys, one.Key), append(marks, one.Mark), append(digests, one.Digest)
	}
	err := pgx.BeginFunc(ctx, c.Pool, func(tx pgx.Tx) error {
		if len(keys) > 0 {
			if _, err := tx.Exec(ctx, query("seen/remember"), location, keys, marks, digests); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, query("seen/forget"), location, append([]string{}, present...))
		return err
	})
	if err != nil {
		return fmt.Errorf("remember the files of %s: %w", location, err)
	}
	return nil
}

// NoteRefused writes down what a look at a source refused before it became a
// delivery, in place of what an earlier look for the same month did. A zero month
// is a look for every month.
func (c *Charges) NoteRefused(
	ctx context.Context, source string, month period.Month, refused map[fault.Code]int,
) error {
	asked := ""
	if !month.IsZero() {
		asked = month.String()
	}
	var codes []string
	var times []int
	for _, code := range slices.Sorted(maps.Keys(refused)) {
		codes, times = append(codes, string(code)), append(times, refused[code])
	}
	err := pgx.BeginFunc(ctx, c.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, query("seen/settle_refused"), source, asked); err != nil {
			return err
		}
		if len(codes) == 0 {
			return nil
		}
		_, err := tx.Exec(ctx, query("seen/note_refused"), source, asked, codes, times)
		return err
	})
	if err != nil {
		return fmt.Errorf("note what was refused of %s: %w", source, err)
	}
	return nil
}

// LastSealed gives, for each source that ever had one published, when that was.
func (c *Charges) LastSealed(ctx context.Context) ([]delivery.LastSealed, error) {
	rows, err := c.Pool.Query(ctx, query("seen/last_sealed"))
	if err != nil {
		return nil, fmt.Errorf("look up the last deliveries: %w", err)
	}
	last, err := pgx.CollectRows(rows, pgx.RowToStructByPos[delivery.LastSealed])
	if err != nil {
		return nil, fmt.Errorf("look up the last deliveries: %w", err)
	}
	return last, nil
}
