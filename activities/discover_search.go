package activities

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/period"
	"magam/formats/awsmanifest"
	"magam/formats/table"
)

// search sorts files into deliveries.
type search struct {
	in     DiscoverInput
	source delivery.Source
	files  *listing
	found  []delivery.Found
	result DiscoverResult
	pages  int // parts on this page
	// refused counts what was refused before it became a delivery, by its code.
	refused map[fault.Code]int
	azure   []*azureRun
	oci     []glanced

	books   IngestBooks
	memory  SeenBooks // nil where nothing is remembered
	now     func() time.Time
	learned []delivery.SeenFile

	// spoiled are the folders of manifests that cannot be read: what belongs to a
	// delivery there cannot be known, so nothing is taken from them.
	spoiled []string
}

func (s *search) run(ctx context.Context) error {
	claimed, err := s.manifests(ctx)
	if err != nil {
		return err
	}
	if err := s.azureManifests(ctx, claimed); err != nil {
		return err
	}
	var plain []StoredFile
	for _, file := range s.files.all {
		switch {
		case claimed[file.Key]:
		case hidden(file.Key):
			s.skip(file.Key, "is hidden")
		case s.isSpoiled(file.Key):
			s.skip(file.Key, "stands beside a manifest that cannot be read")
		case !isData(file.Key):
			s.skip(file.Key, "is not a cost export")
		default:
			plain = append(plain, file)
		}
	}
	if err := s.plain(ctx, plain); err != nil {
		return err
	}
	if err := s.azureRuns(ctx); err != nil {
		return err
	}
	return s.ociReports(ctx)
}

// glanced is a file and what its first rows tell.
type glanced struct {
	file StoredFile
	seen glimpse
}

// hasOwnRules puts a file aside that its provider's own rules make a delivery of.
func (s *search) hasOwnRules(file StoredFile, seen glimpse) bool {
	return s.takeOCI(file, seen) || s.takeAzure(file, seen)
}

func (s *search) isSpoiled(key string) bool {
	return slices.ContainsFunc(s.spoiled, func(folder string) bool {
		return folder == "." || strings.HasPrefix(key, folder+"/")
	})
}

// add puts a delivery on the page; where the page is full, it says that there is more.
// One that is on it already was found twice.
func (s *search) add(found delivery.Found, registered delivery.Registered) bool {
	if slices.ContainsFunc(s.result.Deliveries, func(d FoundDelivery) bool { return d.ID == registered.ID }) {
		s.skip(found.Parts[0].Key,
			fmt.Sprintf("has the same bytes as another file of delivery %d", registered.ID))
		return true
	}
	one := FoundDelivery{ID: registered.ID, State: registered.State, Format: found.Format}
	if registered.State == delivery.StateLoading {
		for _, part := range registered.Parts {
			if part.Loaded {
				continue
			}
			if s.pages == partsPerPage {
				s.result.More = true
				break
			}
			s.pages++
			one.Parts = append(one.Parts, part.ID)
		}
	}
	s.result.Deliveries = append(s.result.Deliveries, one)
	if len(s.result.Deliveries) == partsPerPage {
		s.result.More = true
	}
	return !s.result.More
}

// breaksPromise notes what is not as its manifest says: a file of another size
// may still be on its way, one of other bytes will not become right.
func (s *search) breaksPromise(found delivery.Found) bool {
	err := found.Broken()
	switch code, _ := fault.CodeOf(err); {
	case err == nil:
		return false
	case code.Class() == fault.ClassWait:
		s.result.Waiting = note(s.result.Waiting, err.Error())
	default:
		s.refuse(err)
	}
	return true
}

// group is the files that make one delivery.
type group struct {
	format string
	header string
	folder string
	month  period.Month // of their first rows; zero where there are none
	files  []StoredFile
}

// plain groups the files that no manifest lists by folder, format, month and header.
func (s *search) plain(ctx context.Context, files []StoredFile) error {
	var groups []*group
	for _, file := range files {
		seen, err := s.glanceAt(ctx, file.Key)
		code, coded := fault.CodeOf(err)
		if coded && code == fault.UnknownFormat && path.Ext(file.Key) == ".json" {
			s.skip(file.Key, "is JSON, and no cost export")
			continue
		}
		if coded && code.Class() == fault.ClassRefuse {
			s.refuse(inFile(err, file.Key, ""))
			continue
		}
		if err != nil {
			return err
		}
		if s.hasOwnRules(file, seen) {
			continue
		}
		if s.in.Format != delivery.FormatAuto && s.in.Format != seen.format {
			s.skip(file.Key, "is "+seen.format+", not "+s.in.Format)
			continue
		}
		if !s.in.Month.IsZero() && !seen.month.IsZero() && seen.month != s.in.Month {
			s.skip(file.Key, "is for "+seen.month.String())
			continue
		}
		header, folder := strings.Join(seen.header, "\x00"), path.Dir(file.Key)
		at := slices.IndexFunc(groups, func(g *group) bool {
			return g.format == seen.format && g.header == header && g.folder == folder &&
				g.month == seen.month
		})
		if at < 0 {
			at = len(groups)
			groups = append(groups, &group{
				format: seen.format, header: header, folder: folder, month: seen.month,
			})
		}
		groups[at].files = append(groups[at].files, file)
	}
	return s.groups(ctx, s.withoutEmpty(groups))
}

// withoutEmpty leaves out files without a row where others of their kind have
// some: nothing tells which month such a file is of.
func (s *search) withoutEmpty(groups []*group) []*group {
	var kept []*group
	for _, one := range groups {
		beside := one.month.IsZero() && slices.ContainsFunc(groups, func(g *group) bool {
			return !g.month.IsZero() && g.format == one.format && g.folder == one.folder
		})
		if !beside {
			kept = append(kept, one)
			continue
		}
		for _, file := range one.files {
			s.skip(file.Key, "holds no row")
		}
	}
	return kept
}

// groups makes a delivery of each group.
func (s *search) groups(ctx context.Context, groups []*group) error {
	ordinals := map[string]int{}
	for _, one := range groups {
		// A newer set of files in a folder replaces the older one of its month, also
		// when its header grew a column; only beside another header is it a scope of
		// its own. One month's files never replace another's.
		scope := "files " + one.format + " " + one.folder
		if !one.month.IsZero() {
			scope += " " + one.month.String()
		}
		ordinals[scope]++
		if n := ordinals[scope]; n > 1 {
			scope = fmt.Sprintf("%s #%d", scope, n)
		}
		found := delivery.Found{
			Source: s.source.Name, Format: one.format, Scope: scope, DigestKind: "files",
			Location: s.source.URL,
		}
		if err := s.complete(ctx, &found, one.files, nil); err != nil {
			return err
		}
	}
	return nil
}

// complete digests a delivery's files, and the delivery by them. Names do not
// count: the same bytes anywhere are the same delivery. Where no manifest lists
// a file, one with the bytes of another is a copy that somebody left there, and
// its rows are those of the other.
func (s *search) complete(
	ctx context.Context, found *delivery.Found, files []StoredFile, promises map[string]delivery.Promise,
) error {
	digests, err := s.digests(ctx, files)
	if err != nil {
		return err
	}
	var kept []string
	first := map[string]string{} // by digest
	for i, file := range files {
		promise, listed := promises[file.Key]
		if original, copied := first[digests[i]]; copied && !listed && found.DigestKind == "files" {
			s.skip(file.Key, "has the same bytes as "+original)
			continue
		}
		first[digests[i]] = file.Key
		kept = append(kept, digests[i])
		found.Parts = append(found.Parts, delivery.PartFile{
			Key: file.Key, Bytes: file.Bytes, Digest: digests[i], Promised: promise,
		})
		if found.AsOf.Before(file.ModTime) {
			found.AsOf = file.ModTime
		}
	}
	found.Digest = delivery.DigestOf(kept)
	s.found = append(s.found, *found)
	return nil
}

func (s *search) glanceAt(ctx context.Context, key string) (glimpse, error) {
	rows, done, err := s.openRows(ctx, key, nil)
	if err != nil {
		return glimpse{}, err
	}
	defer done()
	return glance(rows)
}

// openRows opens a file where it lies, however it is packed. Done closes it.
func (s *search) openRows(ctx context.Context, key string, want func(column string) bool) (
	_ table.Rows, done func(), err error,
) {
	file, err := s.files.store.Open(ctx, key)
	if err != nil {
		return nil, nil, err
	}
	closeFile := func() { _ = file.Close() } // it was only read
	opened, err := sniff(key, file)
	if err != nil {
		closeFile()
		return nil, nil, err
	}
	if opened.random() {
		opened.size = s.files.byKey[key].Bytes
		opened.at = &ranged{ctx: ctx, store: s.files.store, key: key, size: opened.size}
	}
	rows, end, err := opened.open(want)
	if err != nil {
		closeFile()
		return nil, nil, err
	}
	return rows, func() { end(); closeFile() }, nil
}

// refuse notes what cannot be read, and counts it by its code for the alarms.
func (s *search) refuse(err error) {
	code, _ := fault.CodeOf(err)
	s.refused[code]++
	s.result.Refused = note(s.result.Refused, err.Error())
}

func (s *search) skip(key, why string) { s.result.Skipped = note(s.result.Skipped, key+" "+why) }

// note adds a line to words that must stay short, saying when it leaves some out.
func note(words []string, word string) []string {
	if len(words) > wordsMax {
		return words
	}
	if len(words) == wordsMax {
		return append(words, "… and more")
	}
	if len(word) > wordBytesMax {
		word = strings.ToValidUTF8(word[:wordBytesMax], "") + "…"
	}
	return append(words, word)
}

// hidden tells what tools leave behind: .DS_Store, _SUCCESS.
func hidden(key string) bool {
	for element := range strings.SplitSeq(key, "/") {
		if strings.HasPrefix(element, ".") || strings.HasPrefix(element, "_") {
			return true
		}
	}
	return false
}

// isData tells by its name whether a file could hold cost data, read or not:
// a name without an ending is looked into, a picture is not.
func isData(key string) bool {
	if awsmanifest.IsName(key) {
		return false
	}
	switch strings.ToLower(path.Ext(key)) {
	case ".csv", ".gz", ".zip", ".parquet", ".tsv", ".orc", ".avro", ".zst", ".bz2", ".snappy", "",
		".json", ".jsonl", ".ndjson":
		return true
	default:
		return false
	}
}
