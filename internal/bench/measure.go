package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"magam/internal/devstack"
)

// bench is one run.
type bench struct {
	rows, rounds, customers     int
	peers                       bool
	duckdb, profile, keep, only string

	folder   string // goes away
	made     string // of what was made to be measured
	madeAt   time.Time
	postgres *devstack.Postgres
	books    int // made so far
	rowBytes struct{ cut, charge, all float64 }
}

func measure(ctx context.Context, b bench) error {
	var err error
	if b.folder, err = os.MkdirTemp("/var/tmp", "magam-bench-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.folder) }()
	if err := os.Chmod(b.folder, 0o755); err != nil { // the server's account passes through
		return err
	}
	if b.made = b.folder; b.keep != "" {
		b.made = filepath.Join(b.keep, fmt.Sprint(b.rows))
	}
	b.postgres, err = devstack.StartPostgres(ctx,
		devstack.PostgresOptions{Folder: filepath.Join(b.folder, "pg"), Durable: true})
	if err != nil {
		return err
	}
	defer func() { _ = b.postgres.Stop() }()
	if b.only != onlyEngine {
		if err := b.ingesting(ctx); err != nil {
			return err
		}
	}
	if b.only != "" && b.only != onlyEngine {
		return nil
	}
	return b.engine(ctx)
}

// ingesting measures how a report is taken in.
func (b *bench) ingesting(ctx context.Context) error {
	made, err := b.make(ctx)
	if err != nil {
		return err
	}
	var (
		gunzip = &contender{what: "decompress alone (klauspost gzip)", run: b.decompress}
		psql   = &contender{what: "psql \\copy, 22 columns cut in advance, text, unlogged", run: b.psql}
		whole  = &contender{what: "the whole ingest", run: b.ingest}
		paged  = &contender{what: "the whole ingest from parquet", run: b.fromParquet}
		one    = &contender{what: "two parts of a quarter each, one worker", run: b.workers(1)}
		two    = &contender{what: "two parts of a quarter each, two workers", run: b.workers(2)}
		duckdb = &contender{what: "DuckDB, table of the same columns", run: b.duckDB}
		python = &contender{what: "Python csv + COPY, 22 columns, unlogged", run: b.python}
	)
	if !b.peers {
		duckdb.missing, python.missing = "left out", "left out"
	}
	all := []*contender{gunzip, psql, whole, paged, one, two, duckdb, python}
	if err := compete(ctx, b.rounds, b.only, all...); err != nil {
		return err
	}
	fmt.Fprintf(
		os.Stdout,
		"%d rows × 113 columns: %d MB of CSV, %d MB packed; %d CPUs; best of %d rounds in "+
			"turn\nCPU seconds are of a million rows, by client (or worker) and by server\n\n",
		b.rows,
		made.Text>>20,
		made.Packed>>20,
		runtime.NumCPU(),
		b.rounds,
	)
	show := table{rows: b.rows, floor: psql.best().wall}
	show.head(os.Stdout)
	for _, each := range all {
		show.contender(os.Stdout, each)
		if each == whole {
			b.showSteps(os.Stdout, show, whole)
		}
	}
	printTargets(os.Stdout, b.targets(gunzip, psql, whole, paged, one, two, duckdb, python))
	return nil
}

// showSteps prints what the best run was made of, and what came after it.
func (b *bench) showSteps(to io.Writer, show table, whole *contender) {
	for _, one := range []struct{ step, what string }{
		{stepFind, "- find, digest of every byte"},
		{stepLoad, "- load, daily sums, digest, archive"},
		{stepSeal, "- proof of every row, publish"},
		{stepManifest, "the same delivery again, told by its manifest"},
		{stepHash, "the same delivery again, every byte hashed"},
	} {
		if took, done := whole.best().steps[one.step]; done {
			show.line(to, one.what, sample{wall: took.wall, worker: took.worker, server: took.server}, "", "")
		}
	}
}

func (b *bench) targets(gunzip, psql, whole, paged, one, two, duckdb, python *contender) []target {
	best := whole.best()
	took := func(name string) time.Duration { return best.steps[name].wall }
	again := func(name string) float64 { return ratio(leastStep(whole, name), best.wall) }
	return []target{
		{what: "loading : psql", got: ratio(took(stepLoad), psql.best().wall), wanted: 0.75},
		{what: "the whole : psql", got: ratio(best.wall, psql.best().wall), wanted: 0.9},
		{what: "the whole : decompressing alone", got: ratio(best.wall, gunzip.best().wall), wanted: 1.6},
		{
			what: "CPU of the whole : decompressing alone, two cores", wanted: 1.6,
			got: ratio(whole.thrifty()/2, gunzip.thrifty()),
		},
		{what: "peak memory of the worker, MiB", got: whole.peakMiB(), wanted: 96},
		{what: "peak memory of the worker from parquet, MiB", got: paged.peakMiB(), wanted: 96},
		{
			what: fmt.Sprintf("bytes a row on disk (rows %.0f, the rest daily sums and index; psql %.0f)",
				b.rowBytes.charge, b.rowBytes.cut), got: b.rowBytes.all, wanted: 140,
		},
		{what: "the same delivery by its manifest : the whole", got: again(stepManifest), wanted: 0.01},
		{what: "the same delivery by its bytes : the whole", got: again(stepHash), wanted: 0.15},
		{what: "the whole from parquet : from CSV", got: ratio(paged.best().wall, best.wall), wanted: 1},
		{what: "two workers : one worker", got: ratio(two.best().wall, one.best().wall), wanted: 1.1},
		{what: "CPU of two workers : one worker", got: ratio(two.thrifty(), one.thrifty()), wanted: 1.1},
		{
			what: "Python : the whole", got: ratio(python.best().wall, best.wall), wanted: 5, atLeast: true,
			missing: python.missing,
		},
		{
			what: "DuckDB : the whole", got: ratio(duckdb.best().wall, best.wall), wanted: 2, atLeast: true,
			missing: duckdb.missing,
		},
	}
}

// leastStep is the least that any run took for a step.
func leastStep(of *contender, name string) time.Duration {
	var least time.Duration
	for _, run := range of.all {
		if took := run.steps[name].wall; least == 0 || took < least {
			least = took
		}
	}
	return least
}

func (b *bench) data() string { return filepath.Join(b.folder, "pg", "data") }
