package db

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/tern/v2/migrate"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

const (
	versionTable   = "public.schema_version"
	oldestPostgres = 150000 // earlier ones let anybody create in schema public
)

// Migrate brings the database to the newest schema as its owner. The runner
// holds an advisory lock, so workers that start together wait for the first;
// a database that is there already is left alone.
func Migrate(ctx context.Context, ownerURL string) error {
	conn, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return fmt.Errorf("migrate the books: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))

	err = checkServer(ctx, conn)
	if err != nil {
		return fmt.Errorf("migrate the books: %w", err)
	}
	migrator, err := migrate.NewMigrator(ctx, conn, versionTable)
	if err != nil {
		return fmt.Errorf("migrate the books: %w", err)
	}
	folder, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return fmt.Errorf("migrate the books: %w", err)
	}
	err = migrator.LoadMigrations(folder)
	if err != nil {
		return fmt.Errorf("migrate the books: %w", err)
	}
	err = migrator.Migrate(ctx)
	if err != nil {
		return fmt.Errorf("migrate the books%s: %w", lineOf(err), err)
	}
	return nil
}

// lineOf points at the line of a migration that the server refused.
func lineOf(err error) string {
	var refused migrate.MigrationPgError
	if !errors.As(err, &refused) || refused.Position < 1 {
		return ""
	}
	before := []rune(refused.Sql)
	before = before[:min(len(before), int(refused.Position))]
	return fmt.Sprintf(", line %d", strings.Count(string(before), "\n")+1)
}

// checkServer refuses a server whose defaults the schema does not stand on.
func checkServer(ctx context.Context, conn *pgx.Conn) error {
	var version int
	var encoding string
	err := conn.QueryRow(ctx, query("schema/server")).Scan(&version, &encoding)
	if err != nil {
		return err
	}
	if version < oldestPostgres {
		return fmt.Errorf("the server is Postgres %d, magam needs 15 or later", version/10000)
	}
	if encoding != "UTF8" {
		return fmt.Errorf("the database's encoding is %s, magam needs UTF8", encoding)
	}
	return nil
}
