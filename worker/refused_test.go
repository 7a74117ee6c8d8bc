package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// A file that is refused before it becomes a delivery is noted for the alarms,
// and no longer once a look finds it gone.
func TestAFileThatIsNoDeliveryIsNotedForTheAlarms(t *testing.T) {
	t.Parallel()
	house, folder := openHouse(t), t.TempDir()
	small := filepath.Join("..", "formats", "focus", "testdata", "small.csv")
	copyFile(t, small, filepath.Join(folder, "good.csv"))
	broken := filepath.Join(folder, "broken.parquet")
	require.NoError(t, os.WriteFile(broken, []byte("PAR1, and nothing more of it"), 0o600))
	noted := func() []string {
		t.Helper()
		rows, err := house.totals.Pool.Query(t.Context(), "SELECT code || ' ' || times FROM look_refusal")
		require.NoError(t, err)
		found, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		return found
	}

	result := house.ingest(t, folder)
	require.Len(t, result.Deliveries, 1, "the other file is taken in, and the run goes well")
	require.Contains(t, result.Refused[0], "E_PARQUET broken.parquet")
	require.Equal(t, []string{"E_PARQUET 1"}, noted())

	require.NoError(t, os.Remove(broken))
	house.ingest(t, folder)
	require.Empty(t, noted())
}
