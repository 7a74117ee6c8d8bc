package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/internal/hostile"
)

// Every hostile delivery ends as its maker says: refused or waiting with a code
// and nothing of it visible, or booked with the bad rows set aside. They all go
// into one house, each from a folder of its own, so that none disturbs another.
func TestHostileDeliveries(t *testing.T) {
	t.Parallel()
	house := openHouse(t)
	corpus := hostile.Corpus()
	require.GreaterOrEqual(t, len(corpus), 200)
	names := map[string]bool{}
	inbox := t.TempDir()
	for i, one := range corpus {
		require.False(t, names[one.Name], one.Name)
		names[one.Name] = true
		t.Run(one.Name, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(inbox, fmt.Sprintf("case-%03d", i))
			require.NoError(t, os.Mkdir(folder, 0o755))
			for name, content := range one.Files {
				file := filepath.Join(folder, filepath.FromSlash(name))
				require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
				require.NoError(t, os.WriteFile(file, content, 0o600))
			}

			_, err := house.tryIngestAs(t, folder, one.Format)

			rows, aside := house.heldOf(t, folder)
			if one.Want != "" {
				require.ErrorContains(t, err, string(one.Want))
				require.Zero(t, rows, "rows of a refused delivery are visible")
				require.Empty(t, aside)
				return
			}
			require.NoError(t, err)
			require.Equal(t, one.Rows, rows)
			require.Len(t, aside, len(one.Aside))
			for code, count := range one.Aside {
				require.Equal(t, count, aside[code], "%s", code)
			}
		})
	}
}

// heldOf counts what readers of the books see of a folder's deliveries.
func (h *ingestHouse) heldOf(t *testing.T, folder string) (rows int64, aside map[fault.Code]int64) {
	t.Helper()
	source := delivery.FolderName("file://" + folder)
	require.NoError(t, h.totals.Pool.QueryRow(t.Context(), `SELECT count(*) FROM charge
		WHERE part_id IN (SELECT p.id FROM part p JOIN delivery d ON d.id = p.delivery WHERE d.source = $1)`,
		source).Scan(&rows))
	found, err := h.totals.Pool.Query(t.Context(), `SELECT q.code, count(*) FROM quarantined_row q
		JOIN part p ON p.id = q.part_id JOIN delivery d ON d.id = p.delivery
		WHERE d.source = $1 AND d.state = 'sealed' GROUP BY q.code`, source)
	require.NoError(t, err)
	aside = map[fault.Code]int64{}
	var code fault.Code
	var count int64
	_, err = pgx.ForEachRow(found, []any{&code, &count}, func() error {
		aside[code] = count
		return nil
	})
	require.NoError(t, err)
	return rows, aside
}
