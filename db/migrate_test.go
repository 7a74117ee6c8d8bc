package db_test

import (
	"context"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"magam/db"
	"magam/internal/devstack/pgtest"
)

func TestMigratingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	books := pgtest.Open(t)
	before := schemaVersion(t, books.Owner(t))

	var group sync.WaitGroup
	for range 4 { // workers that start together
		group.Go(func() { require.NoError(t, db.Migrate(context.Background(), books.OwnerURL)) })
	}
	group.Wait()

	require.Equal(t, before, schemaVersion(t, books.Owner(t)))
	require.GreaterOrEqual(t, before, 4)
}

func TestMigratingNeedsTheOwner(t *testing.T) {
	t.Parallel()
	books := pgtest.Open(t)
	_, err := books.Owner(t).Exec(t.Context(), "UPDATE schema_version SET version = 3")
	require.NoError(t, err)

	err = db.Migrate(t.Context(), books.AppURL)

	require.ErrorContains(t, err, "permission denied")
}

func TestRolesAreMadeOnceAndKeepTheirPasswords(t *testing.T) {
	t.Parallel()
	books := pgtest.Open(t)

	require.NoError(t, db.EnsureRoles(t.Context(), books.AdminURL, db.Passwords{}))

	require.NoError(t, books.App(t).Ping(t.Context()))
	require.NoError(t, books.Audit(t).Ping(t.Context()))
}

func schemaVersion(t *testing.T, pool *pgxpool.Pool) int {
	t.Helper()
	var version int
	require.NoError(t, pool.QueryRow(t.Context(), "SELECT version FROM schema_version").Scan(&version))
	return version
}
