package db

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
)

// errScanEnded stops the COPY where scanning did.
var errScanEnded = errors.New("the part could not be read to its end")

var (
	copyHeader  = append([]byte("PGCOPY\n\xff\r\n\x00"), 0, 0, 0, 0, 0, 0, 0, 0)
	copyTrailer = []byte{0xff, 0xff}
)

// chunkReader is the bytes of one binary COPY after the other: each ends where
// the next chunk is of another table.
type chunkReader struct {
	load    *partLoad
	stopped <-chan struct{}
	days    bool   // the kind of chunk that the COPY takes
	ended   bool   // no chunk is left
	held    *chunk // the first of the next COPY
	current *chunk // on its way
	rest    []byte
	last    bool // rest is the COPY's trailer
}

// begin starts the next COPY.
func (r *chunkReader) begin() { r.rest, r.last = copyHeader, false }

func (r *chunkReader) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		if r.last {
			return 0, io.EOF
		}
		if err := r.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// next recycles the current chunk and takes the next, if that is of this COPY.
func (r *chunkReader) next() error {
	if r.current != nil {
		r.load.empty <- r.current
		r.current = nil
	}
	if r.held != nil {
		r.current, r.rest, r.held = r.held, r.held.rows, nil
		return nil
	}
	select {
	case next, more := <-r.load.full:
		switch {
		case !more && r.load.scanErr != nil:
			return errScanEnded
		case !more:
			r.ended = true
		case next.days == r.days:
			r.current, r.rest = next, next.rows
			return nil
		default:
			r.days, r.held = next.days, next
		}
		r.rest, r.last = copyTrailer, true
		return nil
	case <-r.stopped:
		return errScanEnded
	}
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
