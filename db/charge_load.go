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
		var table string
		if err := tx.QueryRow(ctx, query("charge/open_part"), part).Scan(&table); err != nil {
			return err
		}
		load := &partLoad{
			pool: c.Pool, part: part, lines: lines, progress: progress,
			full: make(chan []byte, 1), empty: make(chan []byte, 3), dictionaries: newDictionaries(),
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
		return delivery.PartResult{}, fmt.Errorf("load part %d: %w", part, err)
	}
	return loaded, nil
}

// partLoad is one attempt at a part: the caller's goroutine reads and encodes
// chunks, a second one feeds them to the server.
type partLoad struct {
	pool         *pgxpool.Pool
	part         int64
	lines        charge.Reader
	progress     func(rows int64)
	dictionaries dictionaries
	control      charge.Control
	rows         int64
	aside        []*charge.Quarantined
	asideBytes   int
	full, empty  chan []byte // chunks on their way to the server, and back
	scanErr      error       // why scanning ended early; set before full is closed
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
	// FREEZE is allowed because the table is of this transaction: later scans
	// need not look at who wrote the rows.
	statement := "COPY " + pgx.Identifier{table}.Sanitize() + " FROM STDIN (FORMAT binary, FREEZE)"
	_, copyErr := tx.Conn().PgConn().CopyFrom(ctx, &chunkReader{load: l, stopped: ctx.Done()}, statement)
	stop()
	scanErr := <-scanned
	if scanErr != nil && !errors.Is(scanErr, context.Canceled) {
		return scanErr
	}
	return copyErr
}

// A chunk is what goes to the server at once.
const (
	chunkRows  = 4096
	chunkBytes = 768 << 10
)

var copyHeader = append([]byte("PGCOPY\n\xff\r\n\x00"), 0, 0, 0, 0, 0, 0, 0, 0)

// scan reads every row, encodes chunks and hands them over.
func (l *partLoad) scan(ctx context.Context) error {
	var starts [chunkRows]int
	chunk := append(<-l.empty, copyHeader...)
	count := 0
	for {
		line, aside, err := l.lines.Next()
		switch {
		case errors.Is(err, io.EOF):
			if err := l.checkQuarantined(true); err != nil {
				return err
			}
			chunk = binary.BigEndian.AppendUint16(chunk, 0xffff)
			return l.hand(ctx, chunk, starts[:count], nil)
		case err != nil:
			return err
		case aside != nil:
			if err := l.setAside(aside); err != nil {
				return err
			}
			continue
		}
		starts[count] = len(chunk)
		count++
		chunk, err = l.encode(chunk, line)
		if err != nil {
			return fmt.Errorf("row %d: %w", line.Row, err)
		}
		if count == chunkRows || len(chunk) >= chunkBytes {
			if err := l.hand(ctx, chunk, starts[:count], &chunk); err != nil {
				return err
			}
			count = 0
		}
	}
}

// hand puts the dictionaries' ids into a chunk's rows and passes it on; next,
// if any, becomes an empty chunk.
func (l *partLoad) hand(ctx context.Context, chunk []byte, starts []int, next *[]byte) error {
	if err := l.dictionaries.resolve(ctx, l.pool); err != nil {
		return err
	}
	all := l.dictionaries.all()
	for _, start := range starts {
		for i, one := range all {
			at := chunk[start+idsAt+8*i : start+idsAt+8*i+4]
			local := int32(binary.BigEndian.Uint32(at))
			id := int32(0)
			if local != none {
				id = one.ids[local]
			}
			binary.BigEndian.PutUint32(at, uint32(id))
		}
	}
	l.dictionaries.forgetFull()
	l.progress(l.rows)
	select {
	case l.full <- chunk:
	case <-ctx.Done():
		return ctx.Err()
	}
	if next == nil {
		return nil
	}
	select {
	case *next = <-l.empty:
		return nil
	case <-ctx.Done():
		return ctx.Err()
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
	batch.Queue(query("charge/close_part"), l.part, end.Digest, end.ArchiveKey, string(control))
	return tx.SendBatch(ctx, batch).Close()
}

func monthText(month charge.Month) string {
	if month == 0 {
		return ""
	}
	return month.Period().String()
}

// errScanEnded stops the COPY where scanning did.
var errScanEnded = errors.New("the part could not be read to its end")

// chunkReader feeds the COPY from the chunks.
type chunkReader struct {
	load    *partLoad
	stopped <-chan struct{}
	chunk   []byte
	rest    []byte
}

func (r *chunkReader) Read(p []byte) (int, error) {
	l := r.load
	for len(r.rest) == 0 {
		if r.chunk != nil {
			l.empty <- r.chunk[:0]
			r.chunk = nil
		}
		select {
		case chunk, more := <-l.full:
			if !more && l.scanErr != nil {
				return 0, errScanEnded
			}
			if !more {
				return 0, io.EOF
			}
			r.chunk, r.rest = chunk, chunk
		case <-r.stopped:
			return 0, errScanEnded
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
