package activities

import (
	"context"
	"io"
	"net/url"
	"path"
	"strings"
	"time"

	"magam/domain/charge"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/period"
)

// Ingest finds exports, loads their parts and seals them.
type Ingest struct {
	Books   IngestBooks
	Archive Archive
	// OpenStore opens the folder or bucket that a URL names.
	OpenStore func(ctx context.Context, url string) (SourceStore, error)
	// Spool makes a place on disk for a file that is read at random.
	Spool func() (Spool, error)
	Zone  *time.Location   // decides which month came before today
	Now   func() time.Time // the clock; nil is the machine's
	Seen  SeenBooks        // nil: every look reads every file
}

func (i *Ingest) clock() time.Time {
	if i.Now == nil {
		return time.Now()
	}
	return i.Now()
}

// IngestBooks is what ingesting writes down.
type IngestBooks interface {
	Sources(ctx context.Context) ([]delivery.Source, error)
	Register(ctx context.Context, found delivery.Found) (delivery.Registered, error)
	// Knows says whether a delivery with this digest was ever registered.
	Knows(ctx context.Context, digest string) (bool, error)
	// NoteRefused replaces what an earlier look at a source for a month refused
	// before it became a delivery; a zero month is a look for all of them.
	NoteRefused(ctx context.Context, source string, month period.Month, refused map[fault.Code]int) error
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
	// OpenListed opens the version of a file that was listed, and no other.
	OpenListed(ctx context.Context, listed StoredFile) (io.ReadCloser, error)
	// OpenRange opens length bytes of a file, from offset on.
	OpenRange(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error)
	Close() error
}

// StoredFile is one file of a store.
type StoredFile struct {
	Key      string
	Bytes    int64
	ModTime  time.Time
	Changed  time.Time // when its bytes or its record last changed; in an object store its ModTime
	Identity string    // the store's own mark of its version; empty where there is none
}

// Archive keeps the original bytes. Put stores nothing when its reader fails.
type Archive interface {
	Exists(ctx context.Context, key string) (bool, error)
	Put(ctx context.Context, key, contentType string, body io.Reader) error
}

// PlanIngestInput asks which sources to ingest.
type PlanIngestInput struct {
	Month period.Month // zero is this month and the one before, in the house's zone
}

// PlanIngestResult names them.
type PlanIngestResult struct {
	Month   period.Month   // the first of Months; the only one that older runs knew
	Months  []period.Month // in their order
	Sources []string
}

// PlanIngest lists the configured sources and the months to take: of the one
// before, corrections still come when this one has long begun. It only reads.
func (i *Ingest) PlanIngest(ctx context.Context, in PlanIngestInput) (PlanIngestResult, error) {
	sources, err := i.Books.Sources(ctx)
	if err != nil {
		return PlanIngestResult{}, err
	}
	result := PlanIngestResult{Month: in.Month, Months: []period.Month{in.Month}}
	if in.Month.IsZero() {
		result.Month = period.Previous(i.clock().In(i.Zone))
		result.Months = []period.Month{result.Month, result.Month.Add(1)}
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
	return placeAmong(sources, source, from)
}

func placeAmong(sources []delivery.Source, source, from string) (delivery.Source, error) {
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
	case from == "":
		return "", nil
	case strings.Contains(from, "://"):
		return from, delivery.CheckAddress(from)
	case !path.IsAbs(from):
		return "", &fault.Error{
			Code: fault.Input, Value: from, What: "is not an absolute path",
			Cure: "give the whole path, or a URL such as s3://bucket/prefix",
		}
	}
	return (&url.URL{Scheme: "file", Path: path.Clean(from)}).String(), nil
}
