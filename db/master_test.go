package db_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"magam/db"
	"magam/domain/master"
	"magam/domain/period"
	"magam/internal/devstack/pgtest"
)

// openMaster gives a fresh database's master data and its pool.
func openMaster(t *testing.T) (*db.Master, *pgxpool.Pool) {
	t.Helper()
	pool, err := pgxpool.New(context.Background(), pgtest.Open(t).AppURL)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return db.NewMaster(pool), pool
}

func exampleTables() []master.Table {
	var tables []master.Table
	for _, sheet := range master.Sheets {
		table := master.Table{Sheet: sheet.Name}
		for i, example := range sheet.Examples {
			table.Rows = append(table.Rows, master.Row{Number: i + 3, Cells: sheet.CanonicalRow(example)})
		}
		tables = append(tables, table)
	}
	return tables
}

// only keeps the tables of some sheets, changed by edit.
func only(sheet string, edit func(*master.Table)) []master.Table {
	for _, table := range exampleTables() {
		if table.Sheet == sheet {
			edit(&table)
			return []master.Table{table}
		}
	}
	return nil
}

// store imports against what stands.
func store(t *testing.T, m *db.Master, tables []master.Table) master.Import {
	t.Helper()
	_, standing, err := m.StandingTables(context.Background())
	require.NoError(t, err)
	stored, err := m.Store(context.Background(), tables, "lee", standing)
	require.NoError(t, err)
	return stored
}

func TestAStoredWorkbookReadsBackAsItWas(t *testing.T) {
	t.Parallel()
	m, _ := openMaster(t)

	stored := store(t, m, exampleTables())

	require.True(t, stored.Changed)
	tables, versions, err := m.StandingTables(context.Background())
	require.NoError(t, err)
	require.Equal(t, exampleTables(), tables)
	require.Len(t, versions, len(master.Sheets))
	book, again, err := m.LoadBook(context.Background(), period.NewMonth(2026, 10))
	require.NoError(t, err)
	require.Equal(t, versions, again)
	require.Len(t, book.Customers(period.NewMonth(2026, 10)), 2)
	same, _, err := m.LoadBook(context.Background(), period.NewMonth(2026, 9))
	require.NoError(t, err)
	require.Same(t, book, same, "one version is read once")
}

func TestStoringTheSameAgainChangesNothing(t *testing.T) {
	t.Parallel()
	m, pool := openMaster(t)
	first := store(t, m, exampleTables())

	second := store(t, m, exampleTables())

	require.False(t, second.Changed)
	require.Equal(t, first.ID, second.ID)
	require.EqualValues(t, 1, countOf(t, pool, "SELECT count(*) FROM master_import"))
	require.EqualValues(t, 2, countOf(t, pool, "SELECT count(*) FROM account_assignment"))
}

func TestSheetsOfSeveralImportsStoredAtOnceChangeNothing(t *testing.T) {
	t.Parallel()
	m, pool := openMaster(t)
	store(t, m, exampleTables())
	people := only("people", func(table *master.Table) { table.Rows = table.Rows[:1] })
	second := store(t, m, people)
	standing, before, err := m.StandingTables(t.Context())
	require.NoError(t, err)

	again := store(t, m, standing)

	require.False(t, again.Changed)
	require.Equal(t, second.ID, again.ID, "the newest of those that stand")
	_, after, err := m.StandingTables(t.Context())
	require.NoError(t, err)
	require.Equal(t, before, after)
	var imports int
	require.NoError(t, pool.QueryRow(t.Context(), "SELECT count(*) FROM master_import").Scan(&imports))
	require.Equal(t, 2, imports)
}

func TestStoringWhatStoodBeforePointsBackToIt(t *testing.T) {
	t.Parallel()
	m, pool := openMaster(t)
	original := store(t, m, exampleTables())
	changed := store(t, m, only("accounts", func(table *master.Table) { table.Rows = table.Rows[:1] }))
	require.EqualValues(t, 1, countOf(t, pool, "SELECT count(*) FROM account_assignment"))
	require.NotEqual(t, original.ID, changed.ID)

	back := store(t, m, exampleTables())

	require.True(t, back.Changed)
	require.Equal(t, original.ID, back.ID)
	require.EqualValues(t, 2, countOf(t, pool, "SELECT count(*) FROM account_assignment"))
	require.EqualValues(t, 3,
		countOf(t, pool, "SELECT count(*) FROM audit_log WHERE action = 'import-master'"))
}

func TestAnImportReplacesOnlyTheSheetsItContains(t *testing.T) {
	t.Parallel()
	m, _ := openMaster(t)
	store(t, m, exampleTables())

	stored := store(t, m, only("holidays", func(table *master.Table) { table.Rows = nil }))

	require.Equal(t, []master.SheetCount{{Sheet: "holidays", Rows: 0, Before: 2}}, stored.Sheets)
	tables, _, err := m.StandingTables(context.Background())
	require.NoError(t, err)
	for _, table := range tables {
		if table.Sheet == "holidays" {
			require.Empty(t, table.Rows)
		} else {
			require.NotEmpty(t, table.Rows, table.Sheet)
		}
	}
}

func TestAWorkbookCheckedAgainstOlderSheetsIsNotStored(t *testing.T) {
	t.Parallel()
	m, pool := openMaster(t)
	_, before, err := m.StandingTables(context.Background())
	require.NoError(t, err)
	store(t, m, exampleTables())

	_, err = m.Store(context.Background(), only("people", func(*master.Table) {}), "lee", before)

	require.ErrorIs(t, err, db.ErrMasterMoved)
	require.EqualValues(t, 1, countOf(t, pool, "SELECT count(*) FROM master_import"))
}

func TestNothingIsStoredWhereOneSheetCannotBe(t *testing.T) {
	t.Parallel()
	m, pool := openMaster(t)
	// Two owners of one account at a time: Validate refuses them, and so does the database.
	twice := only("accounts", func(table *master.Table) {
		again := master.Row{
			Number: 9,
			Cells:  map[string]string{"provider": "aws", "sub_account": "111122223333", "customer": "beta"},
		}
		table.Rows = append(table.Rows, again)
	})

	_, err := m.Store(context.Background(), twice, "lee", map[string]int64{})

	require.ErrorContains(t, err, "account_has_one_customer_at_a_time")
	require.EqualValues(t, 0, countOf(t, pool, "SELECT count(*) FROM master_import"))
	require.EqualValues(t, 0, countOf(t, pool, "SELECT count(*) FROM master_row"))
}

func TestDaysAndTagsAreProjectedForSQL(t *testing.T) {
	t.Parallel()
	m, pool := openMaster(t)

	store(t, m, only("accounts", func(table *master.Table) { table.Rows[0].Cells["to"] = "2026-10-15" }))
	store(t, m, only("tags", func(*master.Table) {}))

	var valid string
	err := pool.QueryRow(context.Background(),
		"SELECT valid::text FROM account_assignment WHERE sub_account = '111122223333'").Scan(&valid)
	require.NoError(t, err)
	require.Equal(t, "[2026-01-01,2026-10-16)", valid)
	require.EqualValues(t, 1,
		countOf(t, pool, "SELECT count(*) FROM custom_tag WHERE from_month = '2026-10'"))
}

func countOf(t *testing.T, pool *pgxpool.Pool, statement string) int64 {
	t.Helper()
	var n int64
	require.NoError(t, pool.QueryRow(context.Background(), statement).Scan(&n))
	return n
}
