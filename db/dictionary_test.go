package db_test

import (
	"context"
	"fmt"
	"io"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
)

// lazyReader makes its lines as they are asked for.
type lazyReader struct {
	rows int
	make func(row int) charge.Line
	done int
	line charge.Line
}

func (r *lazyReader) Next() (*charge.Line, *charge.Quarantined, error) {
	if r.done == r.rows {
		return nil, nil, io.EOF
	}
	r.done++
	r.line = r.make(r.done)
	r.line.Row = int64(r.done)
	return &r.line, nil, nil
}

// named varies what dictionaries hold by row, as misnamed reads it back.
func named(resources int) func(row int) charge.Line {
	return func(row int) charge.Line {
		one := line("1")
		if row%7 != 0 { // some have none
			one.ResourceID = fmt.Appendf(nil, "i-%d", row*31%resources)
		}
		if row%3 != 0 {
			one.Tags = fmt.Appendf(nil, `{"n":"%d"}`, row%5000)
		}
		one.Description = fmt.Appendf(nil, "item %d", row%11)
		return one
	}
}

const misnamed = `SELECT count(*)::int
FROM charge_row AS charge
LEFT JOIN dim_resource AS resource ON resource.id = charge.resource_id
LEFT JOIN dim_tag_set AS tags ON tags.id = charge.tag_set_id
LEFT JOIN dim_item AS item ON item.id = charge.item_id
WHERE coalesce(resource.value, '') <> CASE WHEN row_no % 7 <> 0 THEN 'i-' || row_no::bigint * 31 % $1 ELSE '' END
    OR coalesce(tags.value, '') <> CASE WHEN row_no % 3 <> 0 THEN '{"n":"' || row_no % 5000 || '"}' ELSE '' END
    OR item.description <> 'item ' || row_no % 11`

// Rows are read while the ids of those before them are asked for, resources many
// at a time, and dictionaries forget when they are full.
func TestEveryRowKeepsItsOwnNames(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ parts, rows, resources int }{
		"fewer rows than are found together":    {1, 5, 100},
		"just as many as are found together":    {1, 32, 100},
		"a chunk to the row":                    {1, 4096, 3000},
		"new names in every chunk":              {1, 30_000, 29_989},
		"parts that bring the same names":       {3, 9_000, 5_003},
		"more names than a dictionary may hold": {1, 200_000, 170_003},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := openCharges(t)
			registered := register(t, store, found("d1", tt.parts))
			failed := make([]error, tt.parts)
			var all sync.WaitGroup
			for i := range tt.parts {
				all.Go(func() {
					reader := &lazyReader{rows: tt.rows, make: named(tt.resources)}
					_, failed[i] = store.LoadPart(t.Context(), registered.Parts[i].ID, reader,
						func(int64) {}, noEnd)
				})
			}
			all.Wait()
			for _, err := range failed {
				require.NoError(t, err)
			}

			_, err := store.Seal(t.Context(), registered.ID)

			require.NoError(t, err)
			require.Equal(t, tt.parts*tt.rows, count(t, store.Pool, "charge"))
			var wrong int
			require.NoError(t, store.Pool.QueryRow(t.Context(), misnamed, tt.resources).Scan(&wrong))
			require.Zero(t, wrong)
		})
	}
}

// Whenever a load is stopped, it ends, leaves no row, and can be done again.
func TestALoadThatIsStoppedCanBeDoneAgain(t *testing.T) {
	t.Parallel()
	for _, stopAt := range []int{1, 33, 4096, 4097, 20_000, 39_999} {
		t.Run(fmt.Sprint(stopAt), func(t *testing.T) {
			t.Parallel()
			store := openCharges(t)
			part := register(t, store, found("d1", 1)).Parts[0].ID
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			make := named(9973)
			stopping := &lazyReader{rows: 40_000, make: func(row int) charge.Line {
				if row == stopAt {
					stop()
				}
				return make(row)
			}}

			_, err := store.LoadPart(ctx, part, stopping, func(int64) {}, noEnd)

			require.ErrorIs(t, err, context.Canceled)
			result, err := store.LoadPart(t.Context(), part, &lazyReader{rows: 40_000, make: make},
				func(int64) {}, noEnd)
			require.NoError(t, err)
			require.Equal(t, int64(40_000), result.Rows)
		})
	}
}
