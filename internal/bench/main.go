// Command bench measures the ingest and the drafting of a month against their
// floors and peers, in one run on one machine: ratios carry over to other
// machines, seconds do not.
//
// It makes a legacy cost and usage report of 113 columns, decompresses it, has
// psql copy 22 of its columns cut in advance as text, takes it in as a worker
// would, and has Python and DuckDB take it in: in turn, several rounds of each,
// so that other work on the machine burdens all of them alike. Then it takes in
// the month of many customers and drafts it, beside one GROUP BY over the same
// rows. It prints tables and writes nothing but what it removes again.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	var b bench
	flag.IntVar(&b.rows, "rows", 2_000_000, "rows of the report")
	flag.IntVar(&b.customers, "customers", 1000,
		"customers of the month that is drafted, five price rules each")
	flag.IntVar(&b.rounds, "rounds", 3, "how often everything is measured, in turn")
	flag.BoolVar(&b.peers, "peers", true, "measure Python and DuckDB too")
	flag.StringVar(&b.duckdb, "duckdb", os.Getenv("MAGAM_BENCH_DUCKDB"),
		"folder where npm installed @duckdb/node-api")
	flag.StringVar(&b.keep, "keep", "", "keep the made reports in this folder, and use those that are there")
	flag.StringVar(&b.only, "only", "", "measure only what has this in its name; engine: the drafting alone")
	var told order
	flag.StringVar(&told.folder, "worker", "",
		"internal: do steps below this folder, in a process of its own")
	flag.StringVar(&told.url, "db", "", "internal: where to")
	flag.StringVar(&told.server, "server", "", "internal: the data folder of the database's server")
	flag.StringVar(&told.steps, "do", "", "internal: which steps")
	flag.StringVar(&told.parts, "parts", "", "internal: which parts to load")
	flag.StringVar(&told.profile, "cpuprofile", "", "write a CPU profile of the last ingest here")
	flag.Parse()
	ctx := context.Background()
	var err error
	if told.folder != "" {
		err = work(ctx, told)
	} else {
		b.profile = told.profile
		err = measure(ctx, b)
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

// skipped turns a peer's absence into a word.
func skipped(err error) (string, error) {
	if errors.Is(err, errAbsent) {
		return err.Error(), nil
	}
	return "", err
}
