package db

import (
	"context"
	"encoding/binary"
)

// A chunk is what goes to the server at once. Each goroutine holds one, and some
// wait between them: what is new to the dictionaries comes in the first chunks,
// whose ids take longer to ask than their rows to read.
const (
	chunkRows     = 4096
	chunkBytes    = 512 << 10
	draftsWaiting = 2
	chunks        = draftsWaiting + 4
)

// chunk is rows of a binary COPY, of the part's own table or of its daily sums.
type chunk struct {
	rows    []byte
	days    bool
	starts  []int32         // of the rows whose ids are still local
	fresh   [6]fresh        // what no chunk before it had, by dictionary
	settled chan<- struct{} // closed once everything handed on before is resolved
}

func (c *chunk) reset() {
	c.rows, c.starts, c.days, c.fresh = c.rows[:0], c.starts[:0], false, [6]fresh{}
}

// resolve puts the dictionaries' ids into chunks and passes them to the server.
// Ids are its own until settle has returned: it alone adds them.
func (l *partLoad) resolve(ctx context.Context) error {
	for next := range l.drafts {
		if next.settled != nil {
			close(next.settled)
			continue
		}
		if !next.days {
			if err := l.dictionaries.resolve(ctx, l.pool, &next.fresh); err != nil {
				return err
			}
			l.putIDs(next)
		}
		select {
		case l.full <- next:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (l *partLoad) putIDs(into *chunk) {
	for i, one := range l.dictionaries.all() {
		for _, start := range into.starts {
			at := into.rows[int(start)+idsAt+idBytes*i:]
			local := int32(binary.BigEndian.Uint32(at))
			binary.BigEndian.PutUint32(at, uint32(one.id(local)))
		}
	}
}

// settle waits until every chunk so far has its ids. Only then may who scans
// read them, or have a dictionary forget.
func (l *partLoad) settle(ctx context.Context) error {
	settled := make(chan struct{})
	if err := l.draft(ctx, &chunk{settled: settled}); err != nil {
		return err
	}
	select {
	case <-settled:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *partLoad) draft(ctx context.Context, next *chunk) error {
	select {
	case l.drafts <- next:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// await gives an empty chunk.
func (l *partLoad) await(ctx context.Context) (*chunk, error) {
	select {
	case empty := <-l.empty:
		empty.reset()
		return empty, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
