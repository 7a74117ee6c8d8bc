package activities

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"sync/atomic"

	"magam/domain/delivery"
	"magam/domain/fault"
)

// original tees what is read of a part to a digest and to the archive.
type original struct {
	raw    io.Reader
	work   delivery.PartWork
	digest hash.Hash
	bytes  atomic.Int64 // read ahead by one goroutine, told by another
	key    string
	pipe   *io.PipeWriter // nil where the archive has these bytes already
	stored chan error
}

// keepOriginal starts archiving under the digest that was found: the same bytes
// are kept once, however often they are delivered.
func (i *Ingest) keepOriginal(
	ctx context.Context, raw io.Reader, work delivery.PartWork, ending string,
) (*original, error) {
	kept := &original{
		raw: raw, work: work, digest: sha256.New(), key: archiveKey(work.Digest, ending),
		stored: make(chan error, 1),
	}
	exists, err := i.Archive.Exists(ctx, kept.key)
	if err != nil {
		return nil, fmt.Errorf("look into the archive: %w", err)
	}
	if exists {
		return kept, nil
	}
	reader, writer := io.Pipe()
	kept.pipe = writer
	go func() {
		err := i.Archive.Put(ctx, kept.key, "application/octet-stream", reader)
		_ = reader.CloseWithError(err)
		kept.stored <- err
	}()
	return kept, nil
}

// archiveKey ends as the bytes are packed, so that who opens the archive years
// later knows with what.
func archiveKey(digest, ending string) string { return "archive/" + digest[:2] + "/" + digest + ending }

func (o *original) Read(p []byte) (int, error) {
	n, err := o.raw.Read(p)
	o.bytes.Add(int64(n))
	_, _ = o.digest.Write(p[:n]) // a hash never fails
	if o.pipe != nil && n > 0 {
		if _, failed := o.pipe.Write(p[:n]); failed != nil {
			return 0, fmt.Errorf("archive %s: %w", o.work.Key, failed)
		}
	}
	return n, err
}

// finish reads what is left, completes the archive's copy and proves that the
// bytes are those that were found.
func (o *original) finish() (delivery.PartEnd, error) {
	if _, err := io.Copy(io.Discard, o); err != nil {
		return delivery.PartEnd{}, err
	}
	digest := hex.EncodeToString(o.digest.Sum(nil))
	if digest != o.work.Digest {
		return delivery.PartEnd{}, &fault.Error{
			Code: fault.Hash, Place: fault.Place{File: o.work.Key},
			What: fmt.Sprintf("the file changed after it was found: it was %.8s and is %.8s", o.work.Digest,
				digest),
			Cure: "ingest again once the export is written whole",
		}
	}
	if o.pipe != nil {
		_ = o.pipe.Close() // always nil, by its documentation
		o.pipe = nil
		if err := <-o.stored; err != nil {
			return delivery.PartEnd{}, fmt.Errorf("archive %s: %w", o.work.Key, err)
		}
	}
	return delivery.PartEnd{Digest: digest, ArchiveKey: o.key}, nil
}

// abandon stops archiving a part that could not be loaded and waits until the
// archive has let go. What the archive says then is no news.
func (o *original) abandon(why error) {
	if o.pipe != nil {
		_ = o.pipe.CloseWithError(why)
		<-o.stored //nolint:errcheck // why it was abandoned is told already
		o.pipe = nil
	}
}
