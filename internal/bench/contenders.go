package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/klauspost/compress/gzip"
)

// decompress is the limit of one stream in Go.
func (b *bench) decompress(context.Context) (sample, error) {
	before := ownCPU()
	wall, err := timed(func() error { return decompress(b.report()) })
	return sample{wall: wall, worker: ownCPU() - before}, err
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

// ownCPU is what this process has used so far.
func ownCPU() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// psql is what every loader is compared with.
func (b *bench) psql(ctx context.Context) (sample, error) {
	before := serverCPU(b.data())
	took, bytes, err := psqlCopy(ctx, b.postgres.AdminURL("postgres"), b.cut())
	took.server = serverCPU(b.data()) - before
	b.rowBytes.cut = b.perRow(bytes)
	return took, err
}

// ingest takes the report in, and looks at it twice more.
func (b *bench) ingest(ctx context.Context) (sample, error) {
	b.settle()
	url, name, err := b.freshBooks(ctx, "one")
	if err != nil {
		return sample{}, err
	}
	told := order{
		folder: filepath.Join(b.made, "one"), url: url, profile: b.profile,
		steps: strings.Join([]string{stepFind, stepLoad, stepSeal, stepManifest}, ","),
	}
	done, err := b.worker(ctx, told)
	if err != nil {
		return sample{}, err
	}
	stored, err := bytesStored(ctx, b.postgres.AdminURL(name))
	if err != nil {
		return sample{}, err
	}
	b.rowBytes.charge, b.rowBytes.all = b.perRow(stored.charge), b.perRow(stored.charge+stored.daily)
	if done.steps[stepHash], err = b.hashAgain(ctx, told, name); err != nil {
		return sample{}, err
	}
	return done.whole(), execute(ctx, b.postgres.AdminURL("postgres"), "DROP DATABASE "+name)
}

// hashAgain looks once more with nothing remembered of any file, so that only
// the bytes tell; that they were read shows in what is remembered afterwards.
func (b *bench) hashAgain(ctx context.Context, told order, books string) (step, error) {
	admin := b.postgres.AdminURL(books)
	if err := execute(ctx, admin, "TRUNCATE seen_file"); err != nil {
		return step{}, err
	}
	told.steps, told.profile = stepHash, ""
	done, err := b.worker(ctx, told)
	if err != nil {
		return step{}, err
	}
	remembered, err := number(ctx, admin, "SELECT count(*) FROM seen_file")
	if err == nil && remembered == 0 {
		err = errors.New("looking again read no byte")
	}
	return done.steps[stepHash], err
}

// fromParquet takes the same month in as parquet.
func (b *bench) fromParquet(ctx context.Context) (sample, error) {
	b.settle()
	url, name, err := b.freshBooks(ctx, "parquet")
	if err != nil {
		return sample{}, err
	}
	steps := strings.Join([]string{stepFind, stepLoad, stepSeal}, ",")
	told := order{folder: filepath.Join(b.made, "parquet"), url: url, steps: steps}
	if strings.Contains(b.only, "parquet") {
		told.profile = b.profile
	}
	done, err := b.worker(ctx, told)
	if err != nil {
		return sample{}, err
	}
	return done.whole(), execute(ctx, b.postgres.AdminURL("postgres"), "DROP DATABASE "+name)
}

// workers has two parts loaded by one worker or by two: from when the first
// begins to when the last is done, not counting how long processes start.
func (b *bench) workers(count int) func(context.Context) (sample, error) {
	return func(ctx context.Context) (sample, error) {
		b.settle()
		url, name, err := b.freshBooks(ctx, "side")
		if err != nil {
			return sample{}, err
		}
		told := order{folder: filepath.Join(b.made, "side"), url: url, steps: stepFind}
		found, err := b.worker(ctx, told)
		if err != nil {
			return sample{}, err
		}
		told.steps = stepLoad
		shares := []string{strings.Join(found.parts, ",")}
		if count == 2 {
			shares = found.parts
		}
		before := serverCPU(b.data())
		done, failed := make([]worked, len(shares)), make([]error, len(shares))
		var all sync.WaitGroup
		for i, parts := range shares {
			all.Go(func() {
				mine := told
				mine.parts = parts
				done[i], failed[i] = b.worker(ctx, mine)
			})
		}
		all.Wait()
		if err := errors.Join(failed...); err != nil {
			return sample{}, err
		}
		took := sample{server: serverCPU(b.data()) - before}
		began, ended := done[0].steps[stepLoad].began, time.Time{}
		for _, one := range done {
			load := one.steps[stepLoad]
			if load.began.Before(began) {
				began = load.began
			}
			if end := load.began.Add(load.wall); end.After(ended) {
				ended = end
			}
			took.worker += load.worker
			took.peakKB = max(took.peakKB, one.peakKB)
		}
		took.wall = ended.Sub(began)
		return took, execute(ctx, b.postgres.AdminURL("postgres"), "DROP DATABASE "+name)
	}
}

func (b *bench) python(ctx context.Context) (sample, error) {
	before := serverCPU(b.data())
	took, err := pythonLoad(ctx, b.folder, b.report(), b.postgres.AdminURL("postgres"))
	took.server = serverCPU(b.data()) - before
	return took, err
}

func (b *bench) duckDB(ctx context.Context) (sample, error) {
	return duckdbTable(ctx, b.folder, b.duckdb, b.report())
}

// freshBooks makes empty books and an empty archive, and lets the server write
// down what earlier runs left it to write.
func (b *bench) freshBooks(ctx context.Context, folder string) (url, name string, err error) {
	if err := os.RemoveAll(filepath.Join(b.made, folder, "archive")); err != nil {
		return "", "", err
	}
	b.books++
	name = fmt.Sprintf("books%d", b.books)
	if url, err = makeBooks(ctx, b.postgres, name); err != nil {
		return "", "", err
	}
	return url, name, execute(ctx, b.postgres.AdminURL("postgres"), "CHECKPOINT")
}

func (b *bench) perRow(bytes int64) float64 { return float64(bytes) / float64(b.rows) }
