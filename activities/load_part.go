package activities

import (
	"context"
	"errors"
	"path"

	"go.temporal.io/sdk/activity"

	"magam/domain/charge"
	"magam/domain/delivery"
	"magam/domain/fault"
)

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
	file, err := sniff(path.Base(work.Key), raw)
	if err != nil {
		return delivery.PartResult{}, err
	}
	original, err := i.keepOriginal(ctx, file.stream, work, file.ending)
	if err != nil {
		return delivery.PartResult{}, err
	}
	file.stream, file.ahead = original, true
	result, err := i.loadRows(ctx, part, work, shape, &file, original)
	if err != nil {
		original.abandon(err)
		return delivery.PartResult{}, err
	}
	return result, nil
}

// loadRows books the rows of a part while its bytes go to the archive; those of
// a packing that is read at random go there first.
func (i *Ingest) loadRows(
	ctx context.Context, part int64, work delivery.PartWork, shape layout, file *packed, original *original,
) (delivery.PartResult, error) {
	if file.random() {
		kept, err := i.spool(file, work.Bytes)
		if err != nil {
			return delivery.PartResult{}, err
		}
		defer func() { _ = kept.Close() }() // nothing of it is needed
		if _, err := original.finish(); err != nil {
			return delivery.PartResult{}, err
		}
	}
	rows, done, err := file.open(shape.wants)
	if err != nil {
		return delivery.PartResult{}, err
	}
	defer done()
	if err := shape.choose(rows); err != nil {
		return delivery.PartResult{}, err
	}
	lines, err := shape.open(rows, charge.MonthOf(work.Month))
	if err != nil {
		return delivery.PartResult{}, err
	}
	progress := func(rows int64) {
		activity.RecordHeartbeat(ctx, PartProgress{Rows: rows, Bytes: original.bytes.Load()})
	}
	return i.Books.LoadPart(ctx, part, lines, progress, original.finish)
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
