package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"magam/domain/charge"
	"magam/domain/delivery"
)

// Charges is the charge store: deliveries, their parts and their rows.
type Charges struct {
	Pool *pgxpool.Pool
}

// LoadPart books every row of a part into a table of the part's own, which no
// reader sees before its delivery is sealed.
//
// An earlier attempt's rows are replaced; a part that is loaded already is left
// alone. Everything happens in one transaction that locks the part, so that an
// attempt believed dead cannot write beside its successor. finish is asked once
// all rows are read; progress is told the rows so far.
func (c *Charges) LoadPart(
	ctx context.Context, part int64, lines charge.Reader, progress func(rows int64),
	finish func() (delivery.PartEnd, error),
) (delivery.PartResult, error) {
	var loaded delivery.PartResult
	err := pgx.BeginFunc(ctx, c.Pool, func(tx pgx.Tx) error {
		load := newPartLoad(c.Pool, part, lines, progress)
		var table string
		if err := tx.QueryRow(ctx, query("charge/open_part"), part).Scan(&table, &load.delivery); err != nil {
			return err
		}
		if err := load.run(ctx, tx, table); err != nil {
			return err
		}
		end, err := finish()
		if err != nil {
			return err
		}
		loaded = delivery.PartResult{Rows: load.rows, Quarantined: int64(len(load.aside))}
		return load.close(ctx, tx, end)
	})
	if err != nil {
		return delivery.PartResult{}, fmt.Errorf("load part %d: %w", part, asBound(err))
	}
	return loaded, nil
}

// partLoad is one attempt at a part. Three goroutines hand chunks on: one reads
// and encodes rows, one asks the database for the ids of what is new to the
// dictionaries, and the caller's feeds the server. A fourth may decompress.
type partLoad struct {
	pool         *pgxpool.Pool
	part         int64
	delivery     int64
	lines        charge.Reader
	progress     func(rows int64)
	dictionaries dictionaries
	days         days
	dayRuns      int // how often the daily sums were written down
	control      charge.Control
	rows         int64
	aside        []*charge.Quarantined
	asideBytes   int
	drafts       chan *chunk // whose rows have local ids
	full         chan *chunk // on their way to the server
	empty        chan *chunk
	scanErr      error // why scanning ended early; set before full is closed
}

func newPartLoad(
	pool *pgxpool.Pool, part int64, lines charge.Reader, progress func(rows int64),
) *partLoad {
	l := &partLoad{
		pool:         pool,
		part:         part,
		lines:        lines,
		progress:     progress,
		dictionaries: newDictionaries(),
		drafts:       make(chan *chunk, draftsWaiting),
		full:         make(chan *chunk, 1),
		empty:        make(chan *chunk, chunks),
	}
	for range chunks {
		l.empty <- &chunk{rows: make([]byte, 0, chunkBytes+64<<10)}
	}
	return l
}

func (l *partLoad) run(ctx context.Context, tx pgx.Tx, table string) error {
	stoppable, stop := context.WithCancel(ctx)
	defer stop()
	group, reading := errgroup.WithContext(stoppable)
	group.Go(func() error {
		defer close(l.drafts)
		return l.scan(reading)
	})
	group.Go(func() error { return l.resolve(reading) })
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		l.scanErr = group.Wait()
		close(l.full)
	}()
	copyErr := l.feed(ctx, tx, table)
	stop()
	<-ended
	if l.scanErr != nil && !errors.Is(l.scanErr, context.Canceled) {
		return l.scanErr
	}
	if copyErr != nil && ctx.Err() != nil {
		return ctx.Err() // else the server would be blamed for what was asked for
	}
	return copyErr
}

// scan reads every row, encodes chunks and hands them over.
func (l *partLoad) scan(ctx context.Context) error {
	into, err := l.await(ctx)
	if err != nil {
		return err
	}
	for {
		line, aside, err := l.lines.Next()
		switch {
		case errors.Is(err, io.EOF):
			if err := l.checkQuarantined(true); err != nil {
				return err
			}
			if err := l.hand(ctx, into); err != nil {
				return err
			}
			return l.handDays(ctx)
		case err != nil:
			return err
		case aside != nil:
			if err := l.setAside(aside); err != nil {
				return err
			}
			continue
		}
		into.starts = append(into.starts, int32(len(into.rows)))
		into.rows, err = l.encode(into.rows, line)
		if err != nil {
			return fmt.Errorf("row %d: %w", line.Row, err)
		}
		if len(into.starts) < chunkRows && len(into.rows) < chunkBytes {
			continue
		}
		if into, err = l.handOver(ctx, into); err != nil {
			return err
		}
	}
}

// handOver passes a chunk on and gives an empty one for the next. Where daily
// sums or dictionaries have grown to their bounds, they begin anew in between.
func (l *partLoad) handOver(ctx context.Context, rows *chunk) (*chunk, error) {
	if err := l.hand(ctx, rows); err != nil {
		return nil, err
	}
	if l.days.full() || l.dictionaries.full() {
		if err := l.handDays(ctx); err != nil { // while their local ids are known
			return nil, err
		}
		l.dictionaries.forgetFull()
	}
	return l.await(ctx)
}

// hand passes a chunk of rows on, with what is new to the dictionaries.
func (l *partLoad) hand(ctx context.Context, rows *chunk) error {
	l.dictionaries.resource.flush(rows.rows)
	for i, one := range l.dictionaries.all() {
		rows.fresh[i] = one.takeFresh()
	}
	l.progress(l.rows)
	return l.draft(ctx, rows)
}

// handDays writes the daily sums down, once every id is known.
func (l *partLoad) handDays(ctx context.Context) error {
	if err := l.settle(ctx); err != nil {
		return err
	}
	l.days.flush()
	var err error
	var sums *chunk
	for index := range l.days.count {
		if sums == nil {
			if sums, err = l.await(ctx); err != nil {
				return err
			}
			sums.days = true
		}
		if sums.rows, err = l.days.encode(sums.rows, l.delivery, index, &l.dictionaries); err != nil {
			return fmt.Errorf("add up a day: %w", err)
		}
		if len(sums.rows) < chunkBytes && index+1 < l.days.count {
			continue
		}
		if err := l.draft(ctx, sums); err != nil {
			return err
		}
		sums = nil
	}
	l.dayRuns++
	l.days.forget()
	return nil
}

// close writes down what was counted and what was set aside.
func (l *partLoad) close(ctx context.Context, tx pgx.Tx, end delivery.PartEnd) error {
	control, err := json.Marshal(l.control.Totals())
	if err != nil {
		return err
	}
	batch := &pgx.Batch{}
	batch.Queue(query("charge/forget_quarantined"), l.part)
	for _, row := range l.aside {
		batch.Queue(query("charge/set_aside"), l.part, row.Row, row.Offset, string(row.Code), row.Column,
			row.Value, row.Raw, monthText(row.BillingMonth), row.Currency, row.Provider, row.Service,
			row.SubAccount, row.Category, row.InvoiceID, row.Billed, row.Effective, row.List, row.Contracted,
			charge.RuleVersion, append([]string{}, row.Cells...))
	}
	if len(l.aside) > 0 && len(l.aside[0].Header) > 0 {
		batch.Queue(query("charge/keep_header"), l.part, l.aside[0].Header)
	}
	batch.Queue(query("charge/close_part"), l.part, end.Digest, end.ArchiveKey, string(control), l.dayRuns)
	return tx.SendBatch(ctx, batch).Close()
}

func monthText(month charge.Month) string {
	if month == 0 {
		return ""
	}
	return month.Period().String()
}
