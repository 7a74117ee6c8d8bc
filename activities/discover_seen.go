package activities

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"
	"golang.org/x/sync/errgroup"

	"magam/domain/delivery"
)

// SeenBooks remembers what files held, so that unchanged ones are not read again.
type SeenBooks interface {
	// Recall gives what is remembered of some files of a place.
	Recall(ctx context.Context, location string, keys []string) ([]delivery.SeenFile, error)
	// Remember adds what was learned and forgets the files that are gone.
	Remember(ctx context.Context, location string, learned []delivery.SeenFile, present []string) error
}

const (
	// settledAfter is how long a file must have been left alone before its mark may
	// stand for its bytes: clocks tick coarsely, and two changes within one tick
	// leave one mark.
	settledAfter = 10 * time.Second
	// quietAfter is how long nothing may have changed for a place to be at rest.
	quietAfter = 10 * time.Minute
	// readAtOnce is how many files are digested side by side: a store answers each
	// slowly, and all together quickly.
	readAtOnce = 4
)

// mark is all that a store says of a file's version. Two files of one key and mark
// hold the same bytes, which is the whole argument for not reading them again:
//
// In a folder the mark holds the file's number and the time of its last change
// (ctime), which the kernel sets at every write and which no program can put back;
// a file that is replaced has another number or a later time. In S3 and Azure it
// holds the ETag, which changes with the contents, and beside it size and time of
// the upload; in GCS the generation, which is never given twice. A store that
// says none of these has no mark, and its files are read at every look.
//
// What was digested is the version that was listed (OpenListed refuses another),
// and only marks of files that had settled are kept. Bytes that are loaded are
// digested anew and compared, so that a wrong mark can at most hide a change from
// one look; it can never put wrong rows into the books.
func (f StoredFile) mark() string {
	if f.Identity == "" {
		return ""
	}
	return fmt.Sprintf("%d %d %s", f.Bytes, f.ModTime.UnixNano(), f.Identity)
}

func (f StoredFile) untouchedFor(least time.Duration, now time.Time) bool {
	return now.Sub(f.Changed) >= least && now.Sub(f.ModTime) >= least
}

// digests gives the sha256 of each file: remembered where the file is unchanged,
// else by reading every byte.
func (s *search) digests(ctx context.Context, files []StoredFile) ([]string, error) {
	digests := make([]string, len(files))
	known, err := s.recall(ctx, files)
	if err != nil {
		return nil, err
	}
	var learning sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(readAtOnce)
	for at, file := range files {
		mark := file.mark()
		if seen := known[file.Key]; seen.Is(mark) {
			digests[at] = seen.Digest
			continue
		}
		settled := file.untouchedFor(settledAfter, s.now())
		group.Go(func() error {
			digest, err := s.digest(ctx, file)
			if err != nil {
				return err
			}
			digests[at] = digest
			if mark != "" && settled {
				learning.Lock()
				defer learning.Unlock()
				s.learned = append(s.learned, delivery.SeenFile{Key: file.Key, Mark: mark, Digest: digest})
			}
			return nil
		})
	}
	return digests, group.Wait()
}

func (s *search) recall(ctx context.Context, files []StoredFile) (map[string]delivery.SeenFile, error) {
	if s.memory == nil {
		return nil, nil
	}
	keys := make([]string, len(files))
	for i, file := range files {
		keys[i] = file.Key
	}
	found, err := s.memory.Recall(ctx, s.source.URL, keys)
	if err != nil {
		return nil, err
	}
	known := make(map[string]delivery.SeenFile, len(found))
	for _, one := range found {
		known[one.Key] = one
	}
	return known, nil
}

// remember keeps what this look learned, for the next.
func (s *search) remember(ctx context.Context) error {
	if s.memory == nil {
		return nil
	}
	present := make([]string, len(s.files.all))
	for i, file := range s.files.all {
		present[i] = file.Key
	}
	return s.memory.Remember(ctx, s.source.URL, s.learned, present)
}

// digest reads a file to its end.
func (s *search) digest(ctx context.Context, listed StoredFile) (string, error) {
	file, err := s.files.store.OpenListed(ctx, listed)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	buffer := make([]byte, 1<<20)
	beat := time.Now()
	for {
		n, err := file.Read(buffer)
		_, _ = sum.Write(buffer[:n]) // a hash never fails
		if errors.Is(err, io.EOF) {
			return hex.EncodeToString(sum.Sum(nil)), nil
		}
		if err != nil {
			return "", fmt.Errorf("read %s: %w", listed.Key, err)
		}
		if time.Since(beat) > time.Second {
			beat = time.Now()
			activity.RecordHeartbeat(ctx, listed.Key)
		}
		if err := ctx.Err(); err != nil {
			return "", err
		}
	}
}
