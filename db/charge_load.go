package db

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"magam/domain/charge"
	"magam/domain/delivery"
	"magam/domain/fault"
)

// Charges is the charge store: deliveries, their parts and their rows.
type Charges struct {
	Pool *pgxpool.Pool
}

// The bounds of what a part may set aside: beyond them the fault lies with the
// export, not with a row.
const (
	quarantinedMax      = 1000
	quarantinedShare    = 1000 // of files above 10,000 rows at most one in a thousand
	quarantinedFree     = 10_000
	quarantinedBytesMax = 32 << 20
)

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
		load := &partLoad{
			pool: c.Pool, part: part, lines: lines, progress: progress,
			full: make(chan chunk, 1), empty: make(chan []byte, 3), dictionaries: newDictionaries(),
		}
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

// partLoad is one attempt at a part: the caller's goroutine reads and encodes
// chunks, a second one feeds them to the server.
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
	full         chan chunk // on their way to the server
	empty        chan []byte
	scanErr      error // why scanning ended early; set before full is closed
}

// chunk is rows of a binary COPY, of the part's own table or of its daily sums.
type chunk struct {
	rows []byte
	days bool
}

func (l *partLoad) run(ctx context.Context, tx pgx.Tx, table string) error {
	for range cap(l.empty) {
		l.empty <- make([]byte, 0, chunkBytes+64<<10)
	}
	scanning, stop := context.WithCancel(ctx)
	defer stop()
	scanned := make(chan error, 1)
	go func() {
		err := l.scan(scanning)
		l.scanErr = err // read only after full is closed
		close(l.full)
		scanned <- err
	}()
	copyErr := l.feed(ctx, tx, table)
	stop()
	scanErr := <-scanned
	if scanErr != nil && !errors.Is(scanErr, context.Canceled) {
		return scanErr
	}
	return copyErr
}

// feed copies chunks into the part's two tables, one COPY for every run of one
// kind. FREEZE is allowed because the tables are of this transaction: later
// scans need not look at who wrote the rows.
func (l *partLoad) feed(ctx context.Context, tx pgx.Tx, table string) error {
	feed := &chunkReader{load: l, stopped: ctx.Done()}
	for !feed.ended {
		target := table
		if feed.days {
			target = daysTable(l.part)
		}
		feed.begin()
		statement := "COPY " + pgx.Identifier{target}.Sanitize() + " FROM STDIN (FORMAT binary, FREEZE)"
		if _, err := tx.Conn().PgConn().CopyFrom(ctx, feed, statement); err != nil {
			return err
		}
	}
	return nil
}

// daysTable is where charge_part_open has a part's daily sums wait.
func daysTable(part int64) string { return fmt.Sprintf("charge_daily_p%d", part) }

// A chunk is what goes to the server at once.
const (
	chunkRows  = 4096
	chunkBytes = 768 << 10
)

// scan reads every row, encodes chunks and hands them over.
func (l *partLoad) scan(ctx context.Context) error {
	var starts [chunkRows]int
	rows := <-l.empty
	count := 0
	for {
		line, aside, err := l.lines.Next()
		switch {
		case errors.Is(err, io.EOF):
			if err := l.checkQuarantined(true); err != nil {
				return err
			}
			if _, err := l.handRows(ctx, rows, starts[:count]); err != nil {
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
		starts[count] = len(rows)
		count++
		rows, err = l.encode(rows, line)
		if err != nil {
			return fmt.Errorf("row %d: %w", line.Row, err)
		}
		if count == chunkRows || len(rows) >= chunkBytes {
			if rows, err = l.handRows(ctx, rows, starts[:count]); err != nil {
				return err
			}
			count = 0
		}
	}
}

// handRows puts the dictionaries' ids into rows, passes them on and gives an
// empty chunk for the next.
func (l *partLoad) handRows(ctx context.Context, rows []byte, starts []int) ([]byte, error) {
	if err := l.dictionaries.resolve(ctx, l.pool); err != nil {
		return nil, err
	}
	all := l.dictionaries.all()
	for _, start := range starts {
		for i, one := range all {
			at := rows[start+idsAt+8*i : start+idsAt+8*i+4]
			local := int32(binary.BigEndian.Uint32(at))
			binary.BigEndian.PutUint32(at, uint32(one.id(local)))
		}
	}
	l.progress(l.rows)
	rows, err := l.hand(ctx, chunk{rows: rows})
	if err != nil || !l.days.full() && !l.dictionaries.full() {
		return rows, err
	}
	if err := l.handDays(ctx); err != nil { // while their local ids are known
		return nil, err
	}
	l.dictionaries.forgetFull()
	return rows, nil
}

// handDays writes the daily sums down.
func (l *partLoad) handDays(ctx context.Context) error {
	var err error
	var rows []byte
	for index := range l.days.count {
		if rows == nil {
			if rows, err = l.await(ctx); err != nil {
				return err
			}
		}
		if rows, err = l.days.encode(rows, l.delivery, index, &l.dictionaries); err != nil {
			return fmt.Errorf("add up a day: %w", err)
		}
		if len(rows) < chunkBytes && index+1 < l.days.count {
			continue
		}
		select {
		case l.full <- chunk{rows: rows, days: true}:
			rows = nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	l.dayRuns++
	l.days.forget()
	return nil
}

// hand passes a chunk on and waits for an empty one.
func (l *partLoad) hand(ctx context.Context, full chunk) ([]byte, error) {
	select {
	case l.full <- full:
		return l.await(ctx)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *partLoad) await(ctx context.Context) ([]byte, error) {
	select {
	case rows := <-l.empty:
		return rows, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *partLoad) setAside(row *charge.Quarantined) error {
	if err := l.control.SetAside(row); err != nil {
		return err
	}
	l.aside = append(l.aside, row)
	l.asideBytes += len(row.Raw)
	return l.checkQuarantined(false)
}

// checkQuarantined refuses a part of which too much would be set aside.
func (l *partLoad) checkQuarantined(ended bool) error {
	count := int64(len(l.aside))
	total := l.rows + count
	tooMany := count > quarantinedMax || l.asideBytes > quarantinedBytesMax ||
		ended && total > quarantinedFree && count > total/quarantinedShare
	if !tooMany {
		return nil
	}
	first := l.aside[0]
	return &fault.Error{
		Code:  fault.Schema,
		Place: fault.Place{Line: first.Line, Column: first.Column, Byte: first.Offset},
		What: fmt.Sprintf("%d of %d rows cannot be booked, the first because of %s %s", count, total,
			first.Code, first.Value),
		Cure: "the export is wrong as a whole: have it delivered again, or ask for its new columns to be learnt",
	}
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
