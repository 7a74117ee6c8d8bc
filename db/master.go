package db

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"magam/domain/master"
	"magam/domain/period"
)

// ErrMasterMoved tells that somebody imported other sheets between checking a
// workbook and storing it: it must be checked again.
var ErrMasterMoved = errors.New("the master data changed meanwhile")

// Master keeps the versions of the workbook's sheets.
type Master struct {
	pool *pgxpool.Pool

	mutex sync.Mutex
	books map[string]*master.Book // by versions: a Book never changes
}

// NewMaster keeps master data in a database.
func NewMaster(pool *pgxpool.Pool) *Master {
	return &Master{pool: pool, books: map[string]*master.Book{}}
}

// StandingTables are all sheets as they stand now, and the version of each.
func (m *Master) StandingTables(ctx context.Context) ([]master.Table, map[string]int64, error) {
	return m.tables(ctx, period.Month{})
}

// LoadBook reads the book that a month is worked with: the sheets as they stand
// now, or, once every customer of the month is final, as it was closed with.
// It also says which version of each sheet that is.
func (m *Master) LoadBook(ctx context.Context, month period.Month) (*master.Book, map[string]int64, error) {
	versions, err := m.versions(ctx, m.pool, month)
	if err != nil {
		return nil, nil, fmt.Errorf("load the master data: %w", err)
	}
	key := fmt.Sprint(versions) // maps print in key order
	m.mutex.Lock()              // also while reading: the others want the same book, and once is enough
	defer m.mutex.Unlock()
	book, held := m.books[key]
	if held {
		return book, versions, nil
	}
	tables, err := readTables(ctx, m.pool, versions)
	if err != nil {
		return nil, nil, fmt.Errorf("load the master data: %w", err)
	}
	book, err = master.NewBook(tables)
	if err != nil {
		return nil, nil, fmt.Errorf("load the master data: %w", err)
	}
	const booksMax = 4
	if len(m.books) >= booksMax {
		clear(m.books)
	}
	m.books[key] = book
	return book, versions, nil
}

// Store makes tables the standing version of their sheets, all or nothing.
// Checked are the versions that they were validated against; ErrMasterMoved
// says that others stand now. Storing what stands already changes nothing, from
// whichever imports its sheets came; storing what stood before points back to it.
func (m *Master) Store(
	ctx context.Context, tables []master.Table, by string, checked map[string]int64,
) (master.Import, error) {
	stored := master.Import{Digest: master.Digest(tables)}
	err := pgx.BeginFunc(ctx, m.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, query("master/lock"))
		if err != nil {
			return err
		}
		standing, err := m.versions(ctx, tx, period.Month{})
		if err != nil {
			return err
		}
		if !maps.Equal(standing, checked) {
			return ErrMasterMoved
		}
		old, err := readTables(ctx, tx, standing)
		if err != nil {
			return err
		}
		stored.Sheets = master.Counts(tables, old)
		if master.Unchanged(tables, old) {
			for _, table := range tables {
				stored.ID = max(stored.ID, standing[table.Sheet])
			}
			return nil
		}
		stored.ID, err = findOrWrite(ctx, tx, tables, stored.Digest, by)
		if err != nil {
			return err
		}
		for _, table := range tables {
			if standing[table.Sheet] == stored.ID {
				continue
			}
			stored.Changed = true
			_, err = tx.Exec(ctx, query("master/point"), table.Sheet, stored.ID)
			if err != nil {
				return err
			}
			err = project(ctx, tx, table, by)
			if err != nil {
				return fmt.Errorf("project %s: %w", table.Sheet, err)
			}
		}
		if !stored.Changed {
			return nil
		}
		return audit(ctx, tx, by, "import-master", stored.Digest,
			map[string]any{"import": stored.ID, "sheets": stored.Sheets})
	})
	if err != nil {
		return master.Import{}, fmt.Errorf("store the master data: %w", err)
	}
	return stored, nil
}

// findOrWrite gives the import of a content, writing its rows the first time.
func findOrWrite(ctx context.Context, tx pgx.Tx, tables []master.Table, digest, by string) (int64, error) {
	var id int64
	err := tx.QueryRow(ctx, query("master/find_import"), digest).Scan(&id)
	if !errors.Is(err, pgx.ErrNoRows) {
		return id, err
	}
	err = tx.QueryRow(ctx, query("master/new_import"), digest, by).Scan(&id)
	if err != nil {
		return 0, err
	}
	var rows [][]any
	for _, table := range tables {
		for _, row := range table.Rows {
			rows = append(rows, []any{id, table.Sheet, row.Number, row.Cells})
		}
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"master_row"},
		[]string{"import_id", "sheet", "row_no", "cells"}, pgx.CopyFromRows(rows))
	return id, err
}

func (m *Master) tables(ctx context.Context, month period.Month) ([]master.Table, map[string]int64, error) {
	versions, err := m.versions(ctx, m.pool, month)
	if err != nil {
		return nil, nil, err
	}
	tables, err := readTables(ctx, m.pool, versions)
	return tables, versions, err
}

// versions says which import each sheet is read from.
func (m *Master) versions(ctx context.Context, from reader, month period.Month) (map[string]int64, error) {
	if !month.IsZero() {
		closed, err := readVersions(ctx, from, query("master/versions_of_month"), month.String())
		if err != nil || len(closed) > 0 {
			return closed, err
		}
	}
	return readVersions(ctx, from, query("master/versions"))
}

func readVersions(ctx context.Context, from reader, statement string, args ...any) (map[string]int64, error) {
	rows, err := from.Query(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	versions := map[string]int64{}
	var sheet string
	var id int64
	_, err = pgx.ForEachRow(rows, []any{&sheet, &id}, func() error {
		versions[sheet] = id
		return nil
	})
	return versions, err
}

// readTables reads the given versions, one table per sheet in the order of the
// schema, also where a sheet is empty.
func readTables(ctx context.Context, from reader, versions map[string]int64) ([]master.Table, error) {
	var sheets []string
	var imports []int64
	for _, sheet := range master.Sheets {
		if id, known := versions[sheet.Name]; known {
			sheets, imports = append(sheets, sheet.Name), append(imports, id)
		}
	}
	rows, err := from.Query(ctx, query("master/rows"), sheets, imports)
	if err != nil {
		return nil, err
	}
	read := map[string][]master.Row{}
	var sheet string
	var number int
	var cells map[string]string
	_, err = pgx.ForEachRow(rows, []any{&sheet, &number, &cells}, func() error {
		read[sheet] = append(read[sheet], master.Row{Number: number, Cells: maps.Clone(cells)})
		cells = nil
		return nil
	})
	if err != nil {
		return nil, err
	}
	tables := make([]master.Table, len(sheets))
	for i, name := range sheets {
		tables[i] = master.Table{Sheet: name, Rows: read[name]}
	}
	return tables, nil
}
