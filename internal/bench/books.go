package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

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

// psqlCopy has psql copy the columns that were cut in advance, and tells how
// long that took and how many bytes are stored.
func psqlCopy(ctx context.Context, url, cut string) (sample, int64, error) {
	psql, err := psqlPath(ctx)
	if err != nil {
		return sample{}, 0, err
	}
	if err := makeCut(ctx, url, "cut"); err != nil {
		return sample{}, 0, err
	}
	child := exec.CommandContext(ctx, psql, "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-c",
		"\\copy cut FROM '"+cut+"'")
	child.Stderr = os.Stderr
	wall, err := timed(child.Run)
	if err != nil {
		return sample{}, 0, err
	}
	bytes, err := number(ctx, url, "SELECT pg_table_size('cut')")
	if err != nil {
		return sample{}, 0, err
	}
	return sample{wall: wall, worker: usedBy(child)}, bytes, execute(ctx, url, "DROP TABLE cut; CHECKPOINT")
}

// number asks for a number.
func number(ctx context.Context, url, question string) (int64, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return 0, err
	}
	defer conn.Close(ctx)
	var answer int64
	return answer, conn.QueryRow(ctx, question).Scan(&answer)
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
