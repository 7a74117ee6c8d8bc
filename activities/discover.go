package activities

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/period"
)

// The bounds of what one look may bring into a workflow's history.
const (
	filesMax      = 100_000
	partsPerPage  = 200
	wordsMax      = 40  // lines of what was skipped, waited for or refused
	wordBytesMax  = 200 // of one such line
	manifestBytes = 8 << 20
)

// DiscoverInput says where to look, for what. Everything may be empty but one of
// Source and From.
type DiscoverInput struct {
	Source string
	From   string
	Month  period.Month // zero takes whatever is there
	Format string       // auto, cur or focus
	Again  bool         // also what a person took out before
}

// LookResult tells whether a place changed between two looks.
type LookResult struct {
	Source      string
	Fingerprint string
	Files       int
	Bytes       int64
	Quiet       bool // nothing has changed for so long that one look is enough
}

// FoundDelivery is a delivery with the parts that are still to load.
type FoundDelivery struct {
	ID     int64
	State  string
	Format string
	Parts  []int64
}

// DiscoverResult is a page of what was found.
type DiscoverResult struct {
	Source     string
	Deliveries []FoundDelivery
	Skipped    []string // and why
	Waiting    []string // what is missing of a delivery
	Refused    []string // what cannot be read, coded
	More       bool     // ask again once these are sealed
}

// Look lists the place once. It only reads.
func (i *Ingest) Look(ctx context.Context, in DiscoverInput) (LookResult, error) {
	source, files, closeStore, err := i.list(ctx, in)
	if err != nil {
		return LookResult{}, atEdge(err)
	}
	defer closeStore()
	sum := sha256.New()
	result := LookResult{Source: source.Name, Files: len(files.all), Quiet: true}
	for _, file := range files.all {
		fmt.Fprintf(sum, "%q %d %d %q\n", file.Key, file.Bytes, file.ModTime.UnixNano(), file.Identity)
		result.Bytes += file.Bytes
		result.Quiet = result.Quiet && file.untouchedFor(quietAfter, i.clock())
	}
	result.Fingerprint = hex.EncodeToString(sum.Sum(nil))
	return result, nil
}

// Discover registers every delivery that it finds whole. It may run twice: the
// same bytes are the same delivery. Files that have not changed since an earlier
// look are not read again.
func (i *Ingest) Discover(ctx context.Context, in DiscoverInput) (DiscoverResult, error) {
	source, files, closeStore, err := i.list(ctx, in)
	if err != nil {
		return DiscoverResult{}, atEdge(err)
	}
	defer closeStore()
	search := &search{
		in: in, source: source, files: files, result: DiscoverResult{Source: source.Name},
		refused: map[fault.Code]int{}, books: i.Books, memory: i.Seen, now: i.clock,
	}
	if search.in.Format == "" {
		search.in.Format = cmp.Or(source.Format, delivery.FormatAuto)
	}
	if search.in.Format != delivery.FormatAuto {
		if _, err := layoutOf(search.in.Format); err != nil {
			return DiscoverResult{}, atEdge(err)
		}
	}
	if err := search.run(ctx); err != nil {
		return DiscoverResult{}, atEdge(err)
	}
	if err := search.remember(ctx); err != nil {
		return DiscoverResult{}, atEdge(err)
	}
	for _, found := range search.found {
		found.Again = in.Again
		if search.breaksPromise(found) {
			continue
		}
		registered, err := i.Books.Register(ctx, found)
		if err != nil {
			return DiscoverResult{}, atEdge(err)
		}
		if !search.add(found, registered) {
			break
		}
	}
	if err := i.Books.NoteRefused(ctx, source.Name, in.Month, search.refused); err != nil {
		return DiscoverResult{}, atEdge(err)
	}
	return search.result, nil
}

// listing is a store and what is in it, by key.
type listing struct {
	store SourceStore
	all   []StoredFile
	byKey map[string]StoredFile
}

func (i *Ingest) list(ctx context.Context, in DiscoverInput) (delivery.Source, *listing, func(), error) {
	source, err := i.place(ctx, in.Source, in.From)
	if err != nil {
		return source, nil, nil, err
	}
	store, err := i.OpenStore(ctx, source.URL)
	if err != nil {
		return source, nil, nil, err // which names the place
	}
	closeStore := func() { _ = store.Close() } // nothing was written
	files, err := store.List(ctx, "")
	if err == nil && len(files) > filesMax {
		err = fault.New(fault.Input, fmt.Sprintf("%s holds more than %d files", source.URL, filesMax),
			"name a folder further down")
	}
	if err != nil {
		closeStore()
		return source, nil, nil, err
	}
	slices.SortFunc(files, func(a, b StoredFile) int { return strings.Compare(a.Key, b.Key) })
	listed := &listing{store: store, all: files, byKey: make(map[string]StoredFile, len(files))}
	for _, file := range files {
		listed.byKey[file.Key] = file
	}
	return source, listed, closeStore, nil
}
