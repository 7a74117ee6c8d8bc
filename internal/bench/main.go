// Command bench measures the ingest against its floors, in one run on one
// machine: ratios carry over to other machines, seconds do not.
//
// It makes a legacy cost and usage report of 113 columns, decompresses it, has
// psql copy 22 of its columns cut in advance as text, and takes it in as a
// worker would. It prints a table and writes nothing but what it removes again.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/klauspost/compress/gzip"

	"magam/db"
	"magam/internal/devstack"
)

func main() {
	rows := flag.Int("rows", 2_000_000, "rows of the report")
	ingest := flag.String("ingest", "", "internal: take in this file, in a process of its own")
	app := flag.String("db", "", "internal: where to")
	profile := flag.String("cpuprofile", "", "write a CPU profile of the ingest here")
	flag.Parse()
	ctx := context.Background()
	var err error
	if *ingest != "" {
		err = ingestAlone(ctx, *ingest, *app, *profile)
	} else {
		err = measure(ctx, *rows, *profile)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// measured is one row of the table.
type measured struct {
	what string
	wall time.Duration
	note string
}

func measure(ctx context.Context, rows int, profile string) error {
	folder, err := os.MkdirTemp("/var/tmp", "magam-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if err := os.Chmod(folder, 0o755); err != nil { // the server's account passes through
		return err
	}
	say("making %d rows of 113 columns", rows)
	report, cut := filepath.Join(folder, "in", "report-1.csv.gz"), filepath.Join(folder, "cut.tsv")
	made, err := makeReport(report, cut, rows)
	if err != nil {
		return err
	}
	postgres, err := devstack.StartPostgres(ctx,
		devstack.PostgresOptions{Folder: filepath.Join(folder, "pg"), Durable: true})
	if err != nil {
		return err
	}
	defer func() { _ = postgres.Stop() }()
	appURL, err := makeBooks(ctx, postgres)
	if err != nil {
		return err
	}

	var table []measured
	say("decompressing alone")
	unpacked, err := timed(func() error { return decompress(report) })
	if err != nil {
		return err
	}
	table = append(table, measured{"decompress alone (klauspost gzip)", unpacked, ""})
	say("psql \\copy of 22 columns cut in advance, as text, into an unlogged table")
	floor, bytes, err := psqlCopy(ctx, postgres.AdminURL("bench"), cut)
	if err != nil {
		return err
	}
	table = append(table, measured{"psql \\copy, 22 columns, text, unlogged", floor, perRow(bytes, rows)})
	say("taking it in")
	steps, err := ingestChild(ctx, report, appURL, profile)
	if err != nil {
		return err
	}
	table = append(table, steps.rows...)
	stored, err := bytesStored(ctx, postgres.AdminURL("bench"))
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stdout, "%d rows × 113 columns: %d MB of CSV, %d MB packed; %d CPUs\n\n", rows,
		made.text>>20, made.packed>>20, cpus())
	fmt.Fprintf(os.Stdout, "%-46s %9s %8s  %s\n", "what", "seconds", "ratio", "")
	for _, one := range table {
		fmt.Fprintf(os.Stdout, "%-46s %9.2f %8.2f  %s\n", one.what, one.wall.Seconds(),
			one.wall.Seconds()/floor.Seconds(), one.note)
	}
	fmt.Fprintf(os.Stdout,
		"\npeak memory of the ingest %d MiB; charge rows on disk: %s; with the daily sums: %s\n",
		steps.peakKB>>10, perRow(stored.charge, rows), perRow(stored.charge+stored.daily, rows))
	return nil
}

func say(format string, arguments ...any) { fmt.Fprintf(os.Stderr, format+" …\n", arguments...) }

func perRow(bytes int64, rows int) string {
	return fmt.Sprintf("%.0f bytes a row", float64(bytes)/float64(rows))
}

func timed(work func() error) (time.Duration, error) {
	start := time.Now()
	err := work()
	return time.Since(start), err
}

func decompress(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	reader, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	_, err = io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{reader},
		make([]byte, 256<<10))
	return err
}

func makeBooks(ctx context.Context, postgres *devstack.Postgres) (string, error) {
	admin, err := pgx.Connect(ctx, postgres.AdminURL("postgres"))
	if err != nil {
		return "", err
	}
	defer admin.Close(ctx)
	if _, err := admin.Exec(ctx, "CREATE DATABASE bench"); err != nil {
		return "", err
	}
	if _, err := admin.Exec(ctx, "ALTER DATABASE bench SET log_min_duration_statement=20"); err != nil {
		return "", err
	}
	if _, err := admin.Exec(ctx, "ALTER DATABASE bench SET log_min_duration_statement=20"); err != nil {
		return "", err
	}
	passwords := db.Passwords{Owner: "bench", App: "bench", Audit: "bench"}
	if err := db.EnsureRoles(ctx, postgres.AdminURL("bench"), passwords); err != nil {
		return "", err
	}
	err = db.Migrate(ctx, postgres.URL(db.RoleOwner, passwords.Owner, "bench"))
	return postgres.URL(db.RoleApp, passwords.App, "bench"), err
}

func psqlCopy(ctx context.Context, url, cut string) (time.Duration, int64, error) {
	columns := make([]string, len(cutColumns))
	for i, column := range cutColumns {
		columns[i] = column.name + " " + column.kind
	}
	psql, err := psqlPath(ctx)
	if err != nil {
		return 0, 0, err
	}
	run := func(command string) error {
		child := exec.CommandContext(ctx, psql, "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", command)
		child.Stderr = os.Stderr
		return child.Run()
	}
	if err := run("CREATE UNLOGGED TABLE cut (" + strings.Join(columns, ", ") + ")"); err != nil {
		return 0, 0, err
	}
	wall, err := timed(func() error { return run("\\copy cut FROM '" + cut + "'") })
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

// steps is what the ingest's own process reported.
type steps struct {
	rows   []measured
	peakKB int64
}

// ingestChild runs the ingest in a process of its own, so that its memory is its own.
func ingestChild(ctx context.Context, report, url, profile string) (steps, error) {
	child := exec.CommandContext(ctx, os.Args[0], "-ingest", report, "-db", url, "-cpuprofile", profile)
	child.Stderr = os.Stderr
	out, err := child.Output()
	if err != nil {
		return steps{}, err
	}
	usage, _ := child.ProcessState.SysUsage().(*syscall.Rusage)
	done := steps{peakKB: usage.Maxrss}
	for line := range strings.Lines(string(out)) {
		nanos, what, _ := strings.Cut(strings.TrimSpace(line), " ")
		wall, err := strconv.ParseInt(nanos, 10, 64)
		if err != nil {
			continue // the SDK's own chatter
		}
		done.rows = append(done.rows, measured{what: what, wall: time.Duration(wall)})
	}
	return done, nil
}

type storedBytes struct{ charge, daily int64 }

func bytesStored(ctx context.Context, url string) (storedBytes, error) {
	var stored storedBytes
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return stored, err
	}
	defer conn.Close(ctx)
	err = conn.QueryRow(ctx, `SELECT
		(SELECT sum(pg_table_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'charge'::regclass)::bigint,
		(SELECT sum(pg_table_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'charge_daily'::regclass)::bigint`).
		Scan(&stored.charge, &stored.daily)
	return stored, err
}
