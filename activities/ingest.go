package activities

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/url"
	"path"
	"strings"
	"time"

	"go.temporal.io/sdk/activity"

	"magam/domain/charge"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/period"
	"magam/formats/csvscan"
)

// Ingest finds exports, loads their parts and seals them.
type Ingest struct {
	Books   IngestBooks
	Archive Archive
	// OpenStore opens the folder or bucket that a URL names.
	OpenStore func(ctx context.Context, url string) (SourceStore, error)
	Zone      *time.Location   // decides which month came before today
	Now       func() time.Time // the clock; nil is the machine's
}

// IngestBooks is what ingesting writes down.
type IngestBooks interface {
	Sources(ctx context.Context) ([]delivery.Source, error)
	Register(ctx context.Context, found delivery.Found) (delivery.Registered, error)
	PartWork(ctx context.Context, part int64) (delivery.PartWork, error)
	LoadPart(ctx context.Context, part int64, lines charge.Reader, progress func(rows int64),
		finish func() (delivery.PartEnd, error)) (delivery.PartResult, error)
	Seal(ctx context.Context, id int64) (delivery.Sealed, error)
	Refuse(ctx context.Context, id int64, why string) error
}

// SourceStore is where exports lie: a folder or a bucket.
type SourceStore interface {
	List(ctx context.Context, prefix string) ([]StoredFile, error)
	Open(ctx context.Context, key string) (io.ReadCloser, error)
	Close() error
}

// StoredFile is one file of a store.
type StoredFile struct {
	Key     string
	Bytes   int64
	ModTime time.Time
}

// Archive keeps the original bytes. Put stores nothing when its reader fails.
type Archive interface {
	Exists(ctx context.Context, key string) (bool, error)
	Put(ctx context.Context, key, contentType string, body io.Reader) error
}

// LoadPartInput names a part.
type LoadPartInput struct {
	PartID int64
}

// LoadPartResult is what a part held.
type LoadPartResult struct {
	Rows        int64
	Quarantined int64
}

// PartProgress is what a heartbeat tells.
type PartProgress struct {
	Rows  int64
	Bytes int64
}

// LoadPart reads one part into the store while its raw bytes go to the archive.
// It may run twice: a part that is loaded answers what it held, any other
// attempt replaces the rows of the one before. A part that no retry can cure
// refuses its whole delivery.
func (i *Ingest) LoadPart(ctx context.Context, in LoadPartInput) (LoadPartResult, error) {
	work, err := i.Books.PartWork(ctx, in.PartID)
	if err != nil {
		return LoadPartResult{}, err
	}
	if work.Loaded || work.State != delivery.StateLoading {
		return LoadPartResult(work.Result), nil
	}
	result, err := i.load(ctx, in.PartID, work)
	if code, coded := fault.CodeOf(err); coded && code.Class() == fault.ClassRefuse {
		err = inFile(err, work.Key, work.Digest)
		if refused := i.Books.Refuse(ctx, work.DeliveryID, err.Error()); refused != nil {
			return LoadPartResult{}, refused
		}
	}
	return LoadPartResult(result), atEdge(err)
}

func (i *Ingest) load(ctx context.Context, part int64, work delivery.PartWork) (delivery.PartResult, error) {
	shape, err := layoutOf(work.Format)
	if err != nil {
		return delivery.PartResult{}, err
	}
	store, err := i.OpenStore(ctx, work.Location)
	if err != nil {
		return delivery.PartResult{}, err
	}
	defer store.Close()
	raw, err := store.Open(ctx, work.Key)
	if err != nil {
		return delivery.PartResult{}, err
	}
	defer raw.Close()
	original, err := i.keepOriginal(ctx, raw, work)
	if err != nil {
		return delivery.PartResult{}, err
	}
	text, options, err := csvscan.Open(original, csvscan.Options{File: path.Base(work.Key)})
	if err != nil {
		return delivery.PartResult{}, errors.Join(err, original.abandon(err))
	}
	ahead := csvscan.Ahead(text)
	lines, err := shape.open(ahead, options, charge.MonthOf(work.Month))
	var result delivery.PartResult
	if err == nil {
		progress := func(rows int64) {
			activity.RecordHeartbeat(ctx, PartProgress{Rows: rows, Bytes: original.bytes})
		}
		result, err = i.Books.LoadPart(ctx, part, lines, progress, original.finish)
	}
	_ = ahead.Close() // stops reading ahead; it has no error of its own
	if err != nil {
		return delivery.PartResult{}, errors.Join(err, original.abandon(err))
	}
	return result, nil
}

// original tees what is read of a part to a digest and to the archive.
type original struct {
	raw    io.Reader
	work   delivery.PartWork
	digest hash.Hash
	bytes  int64
	key    string
	pipe   *io.PipeWriter // nil where the archive has these bytes already
	stored chan error
}

// keepOriginal starts archiving under the digest that was found: the same bytes
// are kept once, however often they are delivered.
func (i *Ingest) keepOriginal(ctx context.Context, raw io.Reader, work delivery.PartWork) (*original, error) {
	kept := &original{raw: raw, work: work, digest: sha256.New(), key: archiveKey(work), stored: make(chan error, 1)}
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

func archiveKey(work delivery.PartWork) string {
	extension := ".csv"
	if strings.HasSuffix(work.Key, ".gz") {
		extension = ".csv.gz"
	}
	return "archive/" + work.Digest[:2] + "/" + work.Digest + extension
}

func (o *original) Read(p []byte) (int, error) {
	n, err := o.raw.Read(p)
	o.bytes += int64(n)
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
			What: fmt.Sprintf("the file changed after it was found: it was %.8s and is %.8s", o.work.Digest, digest),
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
func (o *original) abandon(why error) error {
	if o.pipe != nil {
		_ = o.pipe.CloseWithError(why)
		<-o.stored
		o.pipe = nil
	}
	return nil
}

// inFile completes a fault's place with the part's whole path and digest.
func inFile(err error, key, digest string) error {
	var coded *fault.Error
	if errors.As(err, &coded) && len(digest) >= 8 {
		named := *coded
		named.Place.File = key + "#" + digest[:8]
		return &named
	}
	return err
}

// SealInput names a delivery.
type SealInput struct {
	DeliveryID int64
}

// SealResult is how a delivery stands.
type SealResult struct {
	DeliveryID  int64
	State       string
	Months      []string
	Rows        int64
	Quarantined int64
	Superseded  int64
}

// Seal proves a delivery and publishes it whole. It may run twice: a sealed
// delivery answers how it stands.
func (i *Ingest) Seal(ctx context.Context, in SealInput) (SealResult, error) {
	sealed, err := i.Books.Seal(ctx, in.DeliveryID)
	if err != nil {
		return SealResult{}, atEdge(err)
	}
	result := SealResult{
		DeliveryID: sealed.ID, State: sealed.State, Months: sealed.Months, Superseded: sealed.Superseded,
	}
	for _, total := range sealed.Totals {
		if total.State == charge.StateQuarantined {
			result.Quarantined += total.Rows
		} else {
			result.Rows += total.Rows
		}
	}
	return result, nil
}

// PlanIngestInput asks which sources to ingest.
type PlanIngestInput struct {
	Month period.Month // zero is the month before today, in the house's zone
}

// PlanIngestResult names them.
type PlanIngestResult struct {
	Month   period.Month
	Sources []string
}

// PlanIngest lists the configured sources. It only reads.
func (i *Ingest) PlanIngest(ctx context.Context, in PlanIngestInput) (PlanIngestResult, error) {
	sources, err := i.Books.Sources(ctx)
	if err != nil {
		return PlanIngestResult{}, err
	}
	result := PlanIngestResult{Month: in.Month}
	if result.Month.IsZero() {
		now := time.Now
		if i.Now != nil {
			now = i.Now
		}
		result.Month = period.Previous(now().In(i.Zone))
	}
	for _, source := range sources {
		result.Sources = append(result.Sources, source.Name)
	}
	return result, nil
}

// place finds out which source an input means and where it delivers to.
func (i *Ingest) place(ctx context.Context, source, from string) (delivery.Source, error) {
	sources, err := i.Books.Sources(ctx)
	if err != nil {
		return delivery.Source{}, err
	}
	location, err := storeURL(from)
	if err != nil {
		return delivery.Source{}, err
	}
	for _, known := range sources {
		knownURL, err := storeURL(known.URL)
		sameURL := err == nil && location != "" && knownURL == location
		if source != "" && known.Name == source || source == "" && sameURL {
			if location != "" {
				known.URL = location
			}
			known.URL, err = storeURL(known.URL)
			return known, err
		}
	}
	if location == "" {
		return delivery.Source{}, &fault.Error{
			Code: fault.Input, Value: source, What: "is no configured source",
			Cure: "name a source of the sources sheet, or a folder with --from",
		}
	}
	if source == "" {
		source = delivery.FolderName(location)
	}
	return delivery.Source{Name: source, Format: delivery.FormatAuto, URL: location}, nil
}

// storeURL turns an absolute path into a URL and leaves URLs alone.
func storeURL(from string) (string, error) {
	switch {
	case from == "" || strings.Contains(from, "://"):
		return from, nil
	case !path.IsAbs(from):
		return "", &fault.Error{
			Code: fault.Input, Value: from, What: "is not an absolute path",
			Cure: "give the whole path, or a URL such as s3://bucket/prefix",
		}
	}
	return (&url.URL{Scheme: "file", Path: path.Clean(from)}).String(), nil
}
