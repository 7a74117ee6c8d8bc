package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"gocloud.dev/blob"

	"magam/domain/fault"
)

const (
	// stallMax is how long a connection may give no byte before it counts as dead.
	stallMax = time.Minute
	// segmentsMax is how often a reader asks for the rest of an object.
	segmentsMax = 5
	// progressMin is what a connection must have given to earn fresh tries: an
	// object is read in at most so many segments, whatever the network does.
	progressMin = 1 << 20
)

// wholeObject is the end of a read whose length is not known yet.
const wholeObject = math.MaxInt64

// resuming reads one version of an object whatever happens to the connection: it
// asks for the rest from where it was, and refuses to go on in other bytes than
// it began in.
type resuming struct {
	ctx    context.Context
	bucket *bucket
	object Object // as it was first opened
	known  bool   // that it was opened once
	offset int64
	end    int64 // where reading ends, once it is known; an object may be shorter

	from    *blob.Reader
	drop    context.CancelFunc // ends the connection
	watch   *time.Timer
	tries   int   // since earned
	earned  int64 // the offset at which tries were last forgotten
	settled error // what every further read answers
}

// connect opens the object from the offset on.
func (r *resuming) connect() error {
	ctx, drop := context.WithCancel(r.ctx)
	length := int64(-1) // all that is left
	if r.end != wholeObject {
		length = r.end - r.offset
	}
	reader, found, err := r.bucket.segment(ctx, r.object.Key, r.offset, length)
	if err != nil {
		drop()
		return err
	}
	if !r.known {
		r.object, r.known = found, true
		r.end = min(r.end, found.Size)
	}
	if !found.same(r.object) {
		drop()
		return errors.Join(r.changed(), reader.Close())
	}
	r.from, r.drop, r.watch = reader, drop, time.AfterFunc(stallMax, drop)
	return nil
}

func (r *resuming) Read(into []byte) (int, error) {
	if r.settled != nil {
		return 0, r.settled
	}
	for {
		r.watch.Reset(stallMax)
		n, err := r.from.Read(into)
		r.watch.Stop()
		r.offset += int64(n)
		switch {
		case err == nil:
			return n, nil
		case errors.Is(err, io.EOF) && r.offset == r.end:
			r.settled = io.EOF
		case r.ctx.Err() != nil:
			r.settled = r.ctx.Err()
		case r.offset > r.end:
			r.settled = r.changed()
		case r.offset == r.end: // every byte came, and what came is not what was sent
			r.settled = refusal(r.bucket.place, toRead, err)
		default:
			r.settled = r.goOn(err)
		}
		if n > 0 || r.settled != nil {
			return n, r.settled
		}
	}
}

// goOn opens the object anew, as long as tries are left.
func (r *resuming) goOn(broken error) error {
	if r.offset-r.earned >= progressMin {
		r.tries, r.earned = 0, r.offset
	}
	r.hangUp()
	for {
		r.tries++
		if r.tries > segmentsMax {
			return refusal(r.bucket.place, toRead, broken)
		}
		if err := rest(r.ctx, r.tries); err != nil {
			return err
		}
		err := r.connect()
		if err == nil || lasting(err) {
			return err
		}
		broken = err
	}
}

func (r *resuming) changed() error {
	return &fault.Error{
		Code: fault.Hash, Place: fault.Place{File: r.object.Key, Byte: r.offset},
		What: "the file changed while it was read",
		Cure: "ingest again once the export is written whole",
	}
}

func (r *resuming) hangUp() {
	if r.from == nil {
		return
	}
	r.watch.Stop()
	r.drop()
	_ = r.from.Close() // it is broken, or read to its end
	r.from = nil
}

// Close gives up the connection.
func (r *resuming) Close() error {
	r.hangUp()
	if r.settled == nil {
		r.settled = fmt.Errorf("read %s: %w", r.object.Key, io.ErrClosedPipe)
	}
	return nil
}
