package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"magam/internal/devstack"
)

// bench is one run.
type bench struct {
	rows, customers int
	only            string
	peers           bool
	duckdb, profile string

	folder   string
	postgres *devstack.Postgres
	table    table
	targets  []target
}

// The report in the shape in which AWS delivers it.
const (
	manifestKey = "in/month/20261001-20261101/month-Manifest.json"
	partKey     = "in/month/20261001-20261101/a1/month-%d.csv.gz"
)

func measure(ctx context.Context, b bench) error {
	var err error
	if b.folder, err = os.MkdirTemp("/var/tmp", "magam-bench-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.folder) }()
	if err := os.Chmod(b.folder, 0o755); err != nil { // the server's account passes through
		return err
	}
	b.postgres, err = devstack.StartPostgres(ctx,
		devstack.PostgresOptions{Folder: filepath.Join(b.folder, "pg"), Durable: true})
	if err != nil {
		return err
	}
	defer func() { _ = b.postgres.Stop() }()
	b.table.rows = b.rows
	if b.only != onlyEngine {
		if err := b.ingesting(ctx); err != nil {
			return err
		}
	}
	return b.engine(ctx)
}

// ingesting measures how a report is taken in.
func (b *bench) ingesting(ctx context.Context) error {
	say("making %d rows of 113 columns", b.rows)
	cut := filepath.Join(b.folder, "cut.tsv")
	report, made, err := b.deliver("one", 1, b.rows, large, 10, cut)
	if err != nil {
		return err
	}
	url, err := makeBooks(ctx, b.postgres, "bench")
	if err != nil {
		return err
	}
	gunzip, err := b.floors(ctx, report[0], cut)
	if err != nil {
		return err
	}
	whole, err := b.ingest(ctx, url, gunzip)
	if err != nil {
		return err
	}
	if err := b.fromParquet(ctx, report[0], whole); err != nil {
		return err
	}
	if b.peers {
		if err := b.against(ctx, report[0], whole); err != nil {
			return err
		}
	}
	if err := b.sideBySide(ctx); err != nil {
		return err
	}
	fmt.Fprintf(os.Stdout, "%d rows × 113 columns: %d MB of CSV, %d MB packed; %d CPUs\n\n", b.rows,
		made.text>>20, made.packed>>20, runtime.NumCPU())
	b.table.print(os.Stdout)
	printTargets(os.Stdout, b.targets)
	return nil
}

// deliver makes a report of several files below a folder, with its manifest,
// and once more without.
func (b *bench) deliver(
	name string, parts, rows int, of shape, seed uint64, cut string,
) ([]string, madeReport, error) {
	folder := filepath.Join(b.folder, name)
	files, keys := make([]string, parts), make([]string, parts)
	for i := range files {
		keys[i] = fmt.Sprintf(partKey, i+1)
		files[i] = filepath.Join(folder, keys[i])
	}
	made, err := makeReport(files, cut, rows, of, seed)
	if err != nil {
		return nil, made, err
	}
	manifest, err := json.Marshal(map[string]any{
		"assemblyId": "a1", "account": "999999999999", "reportName": "month", "compression": "GZIP",
		"reportKeys":    keys,
		"billingPeriod": map[string]string{"start": "20261001T000000.000Z", "end": "20261101T000000.000Z"},
	})
	if err != nil {
		return nil, made, err
	}
	if err := os.WriteFile(filepath.Join(folder, manifestKey), manifest, 0o600); err != nil {
		return nil, made, err
	}
	bare := filepath.Join(folder, "bare")
	if err := os.Mkdir(bare, 0o755); err != nil {
		return nil, made, err
	}
	return files, made, os.Link(files[0], filepath.Join(bare, filepath.Base(files[0])))
}

// floors measures what no loader can be faster than, and what every one is
// compared with.
func (b *bench) floors(ctx context.Context, report, cut string) (time.Duration, error) {
	say("decompressing alone")
	gunzip, err := timed(func() error { return decompress(report) })
	if err != nil {
		return 0, err
	}
	say("psql \\copy of 22 columns cut in advance, as text, into an unlogged table")
	before := serverCPU(b.data())
	floor, bytes, err := psqlCopy(ctx, b.postgres.AdminURL("bench"), cut)
	if err != nil {
		return 0, err
	}
	b.table.floor = floor
	b.table.add(measured{what: "decompress alone (klauspost gzip)", wall: gunzip, cpu: gunzip})
	b.table.add(measured{
		what: "psql \\copy, 22 columns cut in advance, text, unlogged", wall: floor,
		cpu: serverCPU(b.data()) - before, note: b.perRow(bytes) + "; CPU of the server alone",
	})
	return gunzip, os.Remove(cut)
}

// ingest takes the report in and gives how long the whole took.
func (b *bench) ingest(ctx context.Context, url string, gunzip time.Duration) (time.Duration, error) {
	say("taking it in")
	steps := []string{stepFind, stepLoad, stepSeal, stepManifest, stepHash}
	done, err := b.worker(ctx, order{
		folder: filepath.Join(b.folder, "one"), url: url, profile: b.profile,
		steps: strings.Join(steps, ","),
	})
	if err != nil {
		return 0, err
	}
	whole := done.took[stepFind] + done.took[stepLoad] + done.took[stepSeal]
	for _, one := range []measured{
		{what: "ingest: find, digest of every byte", wall: done.took[stepFind]},
		{what: "ingest: load, daily sums, digest, archive", wall: done.took[stepLoad]},
		{what: "ingest: proof of every row, publish", wall: done.took[stepSeal]},
		{what: "the whole ingest", wall: whole, cpu: done.cpu, note: "CPU of worker and server"},
		{what: "the same delivery again, told by its manifest", wall: done.took[stepManifest]},
		{what: "the same delivery again, every byte hashed", wall: done.took[stepHash]},
	} {
		b.table.add(one)
	}
	stored, err := bytesStored(ctx, b.postgres.AdminURL("bench"))
	if err != nil {
		return 0, err
	}
	all := float64(stored.charge+stored.daily) / float64(b.rows)
	b.targets = append(b.targets,
		target{what: "loading : psql", got: ratio(done.took[stepLoad], b.table.floor), wanted: 0.75},
		target{what: "the whole : psql", got: ratio(whole, b.table.floor), wanted: 0.9},
		target{what: "the whole : decompressing alone", got: ratio(whole, gunzip), wanted: 1.6},
		target{what: "peak memory of the worker, MiB", got: float64(done.peakKB) / 1024, wanted: 96},
		target{what: fmt.Sprintf("bytes a row on disk (rows %s, the rest daily sums and index)",
			b.perRow(stored.charge)), got: all, wanted: 140},
		target{
			what: "the same delivery by its manifest : the whole", got: ratio(done.took[stepManifest], whole),
			wanted: 0.01,
		},
		target{
			what: "the same delivery by its bytes : the whole", got: ratio(done.took[stepHash], whole),
			wanted: 0.15,
		},
	)
	return whole, nil
}

// fromParquet takes the same month in as parquet.
func (b *bench) fromParquet(ctx context.Context, report string, whole time.Duration) error {
	say("the same month as parquet")
	folder := filepath.Join(b.folder, "parquet")
	if err := makeParquet(report, filepath.Join(folder, "in", "month-1.snappy.parquet")); err != nil {
		return err
	}
	url, err := makeBooks(ctx, b.postgres, "parquet")
	if err != nil {
		return err
	}
	steps := strings.Join([]string{stepFind, stepLoad, stepSeal}, ",")
	done, err := b.worker(ctx, order{folder: folder, url: url, steps: steps})
	if err != nil {
		b.targets = append(
			b.targets,
			target{what: "the whole from parquet : from CSV", wanted: 1, missing: err.Error()},
		)
		return nil //nolint:nilerr // its row says that this release does not take it in
	}
	parquet := done.took[stepFind] + done.took[stepLoad] + done.took[stepSeal]
	b.table.add(measured{
		what: "the whole ingest from parquet", wall: parquet, cpu: done.cpu,
		note: fmt.Sprintf("peak memory %d MiB", done.peakKB>>10),
	})
	b.targets = append(b.targets,
		target{what: "the whole from parquet : from CSV", got: ratio(parquet, whole), wanted: 1})
	return execute(ctx, b.postgres.AdminURL("postgres"), "DROP DATABASE parquet")
}

// against measures the peers.
func (b *bench) against(ctx context.Context, report string, whole time.Duration) error {
	say("Python's csv and COPY")
	python, err := pythonLoad(ctx, b.folder, report, b.postgres.AdminURL("bench"))
	why, err := skipped(err)
	if err != nil {
		return err
	}
	b.table.add(measured{what: "Python csv + COPY, 22 columns, unlogged", wall: python, note: why})
	b.targets = append(b.targets, target{
		what: "Python : the whole", got: ratio(python, whole), wanted: 5,
		atLeast: true, missing: why,
	})
	say("DuckDB's table of the same columns")
	duckdb, version, err := duckdbTable(ctx, b.folder, b.duckdb, report)
	why, err = skipped(err)
	if err != nil {
		return err
	}
	b.table.add(measured{what: "DuckDB, table of the same columns", wall: duckdb, note: version + why})
	b.targets = append(b.targets, target{
		what: "DuckDB : the whole", got: ratio(duckdb, whole), wanted: 2,
		atLeast: true, missing: why,
	})
	return nil
}

// sideBySide loads two parts by one worker and by two.
func (b *bench) sideBySide(ctx context.Context) error {
	var took [2]time.Duration
	for i, workers := range []int{1, 2} {
		say("two parts by %d worker(s)", workers)
		name := fmt.Sprintf("side%d", workers)
		if _, _, err := b.deliver(name, 2, b.rows/2, large, 11, ""); err != nil {
			return err
		}
		url, err := makeBooks(ctx, b.postgres, name)
		if err != nil {
			return err
		}
		told := order{folder: filepath.Join(b.folder, name), url: url, steps: stepFind}
		found, err := b.worker(ctx, told)
		if err != nil {
			return err
		}
		told.steps = stepLoad
		shares := []string{strings.Join(found.parts, ",")}
		if workers == 2 {
			shares = found.parts
		}
		failed := make([]error, len(shares))
		took[i], _ = timed(func() error {
			var all sync.WaitGroup
			for j, parts := range shares {
				all.Go(func() {
					mine := told
					mine.parts = parts
					_, failed[j] = b.worker(ctx, mine)
				})
			}
			all.Wait()
			return nil
		})
		for _, err := range failed {
			if err != nil {
				return err
			}
		}
		b.table.add(
			measured{
				what: fmt.Sprintf("two parts of a quarter each, %d worker process(es)", workers),
				wall: took[i],
			},
		)
	}
	b.targets = append(
		b.targets,
		target{what: "two workers : one worker, two parts", got: ratio(took[1], took[0]), wanted: 1.1},
	)
	return nil
}

func (b *bench) data() string { return filepath.Join(b.folder, "pg", "data") }

func (b *bench) perRow(bytes int64) string {
	return fmt.Sprintf("%.0f bytes a row", float64(bytes)/float64(b.rows))
}

// worked is what a worker process reported.
type worked struct {
	took   map[string]time.Duration
	parts  []string
	peakKB int64
	cpu    time.Duration // its own and the server's
}

// worker runs steps in a process of their own, so that its memory is its own.
func (b *bench) worker(ctx context.Context, told order) (worked, error) {
	before := serverCPU(b.data())
	child := exec.CommandContext(ctx, os.Args[0], "-worker", told.folder, "-db", told.url, "-do", told.steps,
		"-parts", told.parts, "-cpuprofile", told.profile)
	child.Stderr = os.Stderr
	out, err := child.Output()
	if err != nil {
		return worked{}, err
	}
	done := worked{took: map[string]time.Duration{}, cpu: serverCPU(b.data()) - before}
	if usage, ok := child.ProcessState.SysUsage().(*syscall.Rusage); ok {
		done.peakKB = usage.Maxrss
		done.cpu += child.ProcessState.UserTime() + child.ProcessState.SystemTime()
	}
	for line := range strings.Lines(string(out)) {
		switch fields := strings.Fields(line); {
		case len(fields) == 3 && fields[0] == "took":
			nanos, err := strconv.ParseInt(fields[1], 10, 64)
			if err != nil {
				return worked{}, err
			}
			done.took[fields[2]] = time.Duration(nanos)
		case len(fields) == 4 && fields[0] == "part":
			done.parts = append(done.parts, fields[1])
		}
	}
	return done, nil
}
