package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"magam/db"
)

const onlyEngine = "engine"

// A month of many customers: an account each, with twenty resources of as many
// usage types, and five price rules a customer, one of which is everybody's.
const (
	resourcesEach = 20
	rulesEach     = 5
)

// groupBy is the floor: the rows that an invoice is made from, added up once,
// by what a price may hang on.
const groupBy = `SELECT a.sub_account, i.service_code, i.usage_type, i.sku_price_id,
	sum(c.quantity), sum(c.billed)
FROM charge c JOIN dim_account a ON a.id = c.account_id JOIN dim_item i ON i.id = c.item_id
GROUP BY 1, 2, 3, 4`

// drafted is what drafting one month took.
type drafted struct {
	sample
	floor time.Duration
}

// engine drafts a tenth of the month, the whole of it, and one customer of half
// of its rows.
func (b *bench) engine(ctx context.Context) error {
	drafting := table{rows: b.rows}
	tenth, err := b.drafts(ctx, "tenth", b.rows/10, b.customers/10)
	if err != nil {
		return err
	}
	whole, err := b.drafts(ctx, "whole", b.rows, b.customers)
	if err != nil {
		return err
	}
	single, err := b.drafts(ctx, "single", b.rows/2, 1)
	if err != nil {
		return err
	}
	drafting.floor = whole.floor
	fmt.Fprintf(os.Stdout, "\n%d charges, %d customers, %d price rules; %d CPUs\n\n", b.rows, b.customers,
		b.customers*rulesEach, runtime.NumCPU())
	drafting.head(os.Stdout)
	for _, one := range []struct {
		what string
		drafted
		customers int
	}{
		{"a tenth of it", tenth, b.customers / 10},
		{"the whole month", whole, b.customers},
		{"half of its rows", single, 1},
	} {
		drafting.line(os.Stdout, "one GROUP BY, "+one.what, sample{wall: one.floor}, "", "")
		drafting.line(os.Stdout, fmt.Sprintf("drafts of %d customers, %s", one.customers, one.what),
			one.sample, "", fmt.Sprintf("peak memory %d MiB", one.peakKB>>10))
	}
	printTargets(os.Stdout, []target{
		{
			what:   "drafts of the month : one GROUP BY over its rows",
			got:    ratio(whole.wall, whole.floor),
			wanted: 3,
		},
		{what: "ten times the customers : a tenth of them", got: ratio(whole.wall, tenth.wall), wanted: 11},
		{
			what: "peak memory, ten times the customers : a tenth of them",
			got:  float64(whole.peakKB) / float64(tenth.peakKB), wanted: 1.5,
		},
		{
			what:   fmt.Sprintf("one customer of %d rows, seconds", b.rows/2),
			got:    single.wall.Seconds(),
			wanted: 5,
		},
	})
	return nil
}

// drafts takes a month in, gives its customers their contracts, and drafts it.
func (b *bench) drafts(ctx context.Context, name string, rows, customers int) (drafted, error) {
	var took drafted
	say("taking in %d rows of %d customers", rows, customers)
	of := shape{accounts: customers, resources: customers * resourcesEach, step: 7}
	if _, err := b.deliver(name, 1, rows, of, 12, ""); err != nil {
		return took, err
	}
	url, err := makeBooks(ctx, b.postgres, name)
	if err != nil {
		return took, err
	}
	told := order{
		folder: filepath.Join(b.made, name), url: url,
		steps: strings.Join([]string{stepFind, stepLoad, stepSeal}, ","),
	}
	if _, err := b.worker(ctx, told); err != nil {
		return took, err
	}
	if err := giveContracts(ctx, url, customers); err != nil {
		return took, err
	}
	say("adding them up once, then drafting")
	if err := execute(ctx, b.postgres.AdminURL(name), "VACUUM ANALYZE"); err != nil {
		return took, err
	}
	for range 2 { // the second time from memory, as the drafts will be
		if took.floor, err = timed(func() error { return addUp(ctx, url) }); err != nil {
			return took, err
		}
	}
	told.steps = stepDraft
	if b.profile != "" {
		told.profile = b.profile + "." + name
	}
	done, err := b.worker(ctx, told)
	if err != nil {
		return took, err
	}
	draft := done.steps[stepDraft]
	took.sample = sample{wall: draft.wall, worker: draft.worker, server: draft.server, peakKB: done.peakKB}
	return took, execute(ctx, b.postgres.AdminURL("postgres"), "DROP DATABASE "+name)
}

// addUp runs the floor and reads its answer.
func addUp(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, groupBy)
	if err != nil {
		return err
	}
	for rows.Next() {
	}
	return rows.Err()
}

// giveContracts imports the month's master data.
func giveContracts(ctx context.Context, url string, customers int) error {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return err
	}
	defer pool.Close()
	_, err = db.NewMaster(pool).Store(ctx, contracts(customers), "bench", map[string]int64{})
	return err
}
