// Command bench measures the ingest and the drafting of a month against their
// floors and peers, in one run on one machine: ratios carry over to other
// machines, seconds do not.
//
// It makes a legacy cost and usage report of 113 columns, decompresses it, has
// psql copy 22 of its columns cut in advance as text, takes it in as a worker
// would, and has Python and DuckDB take it in. Then it takes in the month of many
// customers and drafts it, beside one GROUP BY over the same rows. It prints tables and writes
// nothing but what it removes again.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/klauspost/compress/gzip"
)

func main() {
	rows := flag.Int("rows", 2_000_000, "rows of the report")
	customers := flag.Int("customers", 1000, "customers of the month that is drafted, five price rules each")
	only := flag.String("only", "", "engine: measure the drafting alone")
	peers := flag.Bool("peers", true, "measure Python and DuckDB too")
	duckdb := flag.String(
		"duckdb",
		os.Getenv("MAGAM_BENCH_DUCKDB"),
		"folder where npm installed @duckdb/node-api",
	)
	var told order
	flag.StringVar(
		&told.folder,
		"worker",
		"",
		"internal: do steps below this folder, in a process of its own",
	)
	flag.StringVar(&told.url, "db", "", "internal: where to")
	flag.StringVar(&told.steps, "do", "", "internal: which steps")
	flag.StringVar(&told.parts, "parts", "", "internal: which parts to load")
	flag.StringVar(&told.profile, "cpuprofile", "", "write a CPU profile of the ingest here")
	flag.Parse()
	ctx := context.Background()
	var err error
	if told.folder != "" {
		err = work(ctx, told)
	} else {
		err = measure(
			ctx,
			bench{
				rows:      *rows,
				customers: *customers,
				only:      *only,
				peers:     *peers,
				duckdb:    *duckdb,
				profile:   told.profile,
			},
		)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func say(format string, arguments ...any) { fmt.Fprintf(os.Stderr, format+" …\n", arguments...) }

func timed(work func() error) (time.Duration, error) {
	start := time.Now()
	err := work()
	return time.Since(start), err
}

// decompress is the limit of one stream in Go.
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

// skipped turns a peer's absence into a word.
func skipped(err error) (string, error) {
	if errors.Is(err, errAbsent) {
		return err.Error(), nil
	}
	return "", err
}
