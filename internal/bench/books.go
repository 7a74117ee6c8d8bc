package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"magam/db"
	"magam/internal/devstack"
)

// makeBooks makes a database with empty books and gives its address for the application.
func makeBooks(ctx context.Context, postgres *devstack.Postgres, name string) (string, error) {
	if err := execute(ctx, postgres.AdminURL("postgres"), "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	passwords := db.Passwords{Owner: "bench", App: "bench", Audit: "bench"}
	if err := db.EnsureRoles(ctx, postgres.AdminURL(name), passwords); err != nil {
		return "", err
	}
	err := db.Migrate(ctx, postgres.URL(db.RoleOwner, passwords.Owner, name))
	return postgres.URL(db.RoleApp, passwords.App, name), err
}

func execute(ctx context.Context, url, statement string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}

// makeCut makes the table of the 22 columns.
func makeCut(ctx context.Context, url, name string) error {
	columns := make([]string, len(cutColumns))
	for i, column := range cutColumns {
		columns[i] = column.name + " " + column.kind
	}
	return execute(ctx, url, "CREATE UNLOGGED TABLE "+name+" ("+strings.Join(columns, ", ")+")")
}

// psqlCopy has psql copy the columns that were cut in advance, and gives how
// long that took and how many bytes are stored.
func psqlCopy(ctx context.Context, url, cut string) (time.Duration, int64, error) {
	psql, err := psqlPath(ctx)
	if err != nil {
		return 0, 0, err
	}
	if err := makeCut(ctx, url, "cut"); err != nil {
		return 0, 0, err
	}
	wall, err := timed(func() error {
		child := exec.CommandContext(
			ctx,
			psql,
			"-q",
			"-v",
			"ON_ERROR_STOP=1",
			"-d",
			url,
			"-c",
			"\\copy cut FROM '"+cut+"'",
		)
		child.Stderr = os.Stderr
		return child.Run()
	})
	if err != nil {
		return 0, 0, err
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return 0, 0, err
	}
	defer conn.Close(ctx)
	var bytes int64
	err = conn.QueryRow(ctx, "SELECT pg_table_size('cut')").Scan(&bytes)
	if err != nil {
		return 0, 0, err
	}
	_, err = conn.Exec(ctx, "DROP TABLE cut; CHECKPOINT")
	return wall, bytes, err
}

func psqlPath(ctx context.Context) (string, error) {
	bin, err := devstack.FindPostgres(ctx)
	if err != nil {
		return "", err
	}
	return filepath.Join(bin, "psql"), nil
}

type storedBytes struct{ charge, daily int64 }

// bytesStored is what the rows and their daily sums take on disk, indexes too.
func bytesStored(ctx context.Context, url string) (storedBytes, error) {
	var stored storedBytes
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return stored, err
	}
	defer conn.Close(ctx)
	err = conn.QueryRow(ctx, `SELECT
		(SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'charge_row'::regclass)::bigint,
		(SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits
			WHERE inhparent = 'charge_daily'::regclass)::bigint`).Scan(&stored.charge, &stored.daily)
	return stored, err
}
