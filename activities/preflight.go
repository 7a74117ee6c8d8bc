package activities

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/formats/awsmanifest"
)

// Preflight looks at where exports come from before anybody waits for them.
type Preflight struct {
	Books     PreflightBooks
	OpenStore func(ctx context.Context, url string) (SourceStore, error)
	Now       func() time.Time
}

// PreflightBooks is what the books know of sources.
type PreflightBooks interface {
	Sources(ctx context.Context) ([]delivery.Source, error)
	LastSealed(ctx context.Context) ([]delivery.LastSealed, error)
}

// What a check asks of a source, in this order; where one fails, those below it
// are not asked.
const (
	StepReach  = "reach"
	StepList   = "list"
	StepRead   = "read"
	StepFormat = "format"
	StepFresh  = "fresh"
)

// How a step ended.
const (
	StepOK   = "ok"
	StepLate = "late" // it works, and nothing new has come for a day
	StepNo   = "no"
)

const (
	checksPerPage = 8
	stepWordMax   = 420 // bytes; eight checks of two such words are below 16 KB
	silentAfter   = 24 * time.Hour
)

// PlanCheckInput asks for a page of the configured sources.
type PlanCheckInput struct {
	After string // the last name of the page before
}

// PlanCheckResult names them.
type PlanCheckResult struct {
	Sources []string
	Next    string // what to ask after for the next page; empty at the end
}

// PlanCheck lists the configured sources, a page at a time. It only reads.
func (p *Preflight) PlanCheck(ctx context.Context, in PlanCheckInput) (PlanCheckResult, error) {
	sources, err := p.Books.Sources(ctx)
	if err != nil {
		return PlanCheckResult{}, err
	}
	var names []string
	for _, source := range sources {
		if source.Name > in.After {
			names = append(names, source.Name)
		}
	}
	slices.Sort(names)
	var result PlanCheckResult
	if len(names) > checksPerPage {
		names = names[:checksPerPage]
		result.Next = names[checksPerPage-1]
	}
	result.Sources = names
	return result, nil
}

// CheckSourceInput names a configured source, or any place.
type CheckSourceInput struct {
	Source string
	From   string
}

// SourceCheck is what a look at one source found.
type SourceCheck struct {
	Source     string
	Provider   string
	Place      string
	Ready      bool // it can be ingested from
	Steps      []CheckStep
	Files      int
	Bytes      int64
	Format     string    // of what was read
	LastFile   time.Time // the newest file's
	LastSealed time.Time // zero where nothing of it was ever published
}

// CheckStep is one question and its answer.
type CheckStep struct {
	Step  string
	State string
	Word  string
}

// CheckSource asks a source everything that an ingest would need of it, and says
// at the first no what is missing. It only reads, and may run as often as
// anybody likes. What the source refuses is its answer, not an error.
func (p *Preflight) CheckSource(ctx context.Context, in CheckSourceInput) (SourceCheck, error) {
	sources, err := p.Books.Sources(ctx)
	if err != nil {
		return SourceCheck{}, err
	}
	source, err := placeAmong(sources, in.Source, in.From)
	if err != nil {
		return SourceCheck{}, atEdge(err)
	}
	last, err := p.Books.LastSealed(ctx)
	if err != nil {
		return SourceCheck{}, err
	}
	check := &checking{
		source: source,
		now:    p.Now(),
		SourceCheck: SourceCheck{
			Source:   source.Name,
			Provider: source.Provider,
			Place:    source.URL,
			Ready:    true,
		},
	}
	for _, one := range last {
		if one.Source == source.Name {
			check.LastSealed = one.SealedAt
		}
	}
	store, err := p.OpenStore(ctx, source.URL)
	if err != nil {
		check.say(StepReach, err)
		return check.SourceCheck, ctx.Err()
	}
	defer func() { _ = store.Close() }() // nothing was written
	check.look(ctx, store)
	return check.SourceCheck, ctx.Err()
}

// checking is a check under way.
type checking struct {
	SourceCheck
	source delivery.Source
	now    time.Time
}

// say answers a step: with a word, or with the error that speaks against it.
func (c *checking) say(step string, answer any) {
	one := CheckStep{Step: step, State: StepOK, Word: fmt.Sprint(answer)}
	if _, failed := answer.(error); failed {
		one.State, c.Ready = StepNo, false
	}
	if len(one.Word) > stepWordMax {
		one.Word = strings.ToValidUTF8(one.Word[:stepWordMax], "") + "…"
	}
	c.Steps = append(c.Steps, one)
}

func (c *checking) look(ctx context.Context, store SourceStore) {
	files, err := store.List(ctx, "")
	if code, _ := fault.CodeOf(err); code == fault.Unreachable {
		c.say(StepReach, err)
		return
	}
	c.say(StepReach, "the store answers")
	if err != nil {
		c.say(StepList, err)
		return
	}
	var manifests, exports []StoredFile
	for _, file := range files {
		c.Bytes += file.Bytes
		switch {
		case hidden(file.Key):
		case awsmanifest.IsName(file.Key):
			manifests = append(manifests, file)
		case isData(file.Key):
			exports = append(exports, file)
		}
	}
	c.Files = len(files)
	if len(exports) == 0 {
		c.say(StepList, fault.New(fault.Input,
			fmt.Sprintf("there is no cost export among %d files", len(files)),
			"compare the path with where the provider writes, or wait for its first delivery"))
		return
	}
	c.say(StepList,
		fmt.Sprintf("%d files, %d of them exports, %d manifests", len(files), len(exports), len(manifests)))
	newest := newestOf(exports)
	c.LastFile = newest.ModTime
	listed := &listing{store: store, all: files, byKey: make(map[string]StoredFile, len(files))}
	for _, file := range files {
		listed.byKey[file.Key] = file
	}
	c.read(ctx, listed, manifests, newest)
}

func newestOf(files []StoredFile) StoredFile {
	return slices.MaxFunc(files, func(a, b StoredFile) int { return a.ModTime.Compare(b.ModTime) })
}

// read reads the newest manifest, where there is one, and the head of an export.
func (c *checking) read(ctx context.Context, files *listing, manifests []StoredFile, export StoredFile) {
	word := export.Key
	if len(manifests) > 0 {
		newest := newestOf(manifests)
		lists, there, err := countParts(ctx, files, newest.Key)
		if err != nil {
			c.say(StepRead, err)
			return
		}
		word = fmt.Sprintf("%s lists %d files, %d of them are there; %s", newest.Key, lists, there,
			export.Key)
	}
	search := &search{files: files, source: c.source}
	seen, err := search.glanceAt(ctx, export.Key)
	code, coded := fault.CodeOf(err)
	if err != nil && (!coded || code.Class() != fault.ClassRefuse || code == fault.Hash) {
		c.say(StepRead, err)
		return
	}
	c.say(StepRead, word)
	switch asked := c.source.Format; {
	case err != nil:
		c.say(StepFormat, inFile(err, export.Key, ""))
		return
	case asked != "" && asked != delivery.FormatAuto && asked != seen.format:
		c.say(StepFormat, fault.New(fault.UnknownFormat,
			fmt.Sprintf("%s is %s, the sources sheet says %s", export.Key, seen.format, asked),
			"correct the sheet: auto takes what is there"))
		return
	}
	c.Format = seen.format
	c.say(StepFormat, seen.format)
	c.fresh()
}

// countParts says how many files a manifest lists, and how many of them are there.
func countParts(ctx context.Context, files *listing, key string) (lists, there int, err error) {
	body, err := files.store.Open(ctx, key)
	if err != nil {
		return 0, 0, err
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, manifestBytes+1))
	if err != nil {
		return 0, 0, fmt.Errorf("read %s: %w", key, err)
	}
	manifest, err := awsmanifest.Parse(key, text)
	if code, _ := fault.CodeOf(err); code == fault.UnknownFormat {
		return 0, 0, nil // of another kind: its files are taken as they are
	}
	if err != nil {
		return 0, 0, err
	}
	for _, part := range manifest.Keys {
		_, found := awsmanifest.Locate(key, part, func(key string) bool {
			_, listed := files.byKey[key]
			return listed
		})
		if found {
			there++
		}
	}
	return len(manifest.Keys), there, nil
}

func (c *checking) fresh() {
	age := c.now.Sub(c.LastFile)
	c.say(StepFresh, "the newest export came "+ago(age))
	if age > silentAfter {
		c.Steps[len(c.Steps)-1].State = StepLate
	}
}

// ago says an age as people do.
func ago(age time.Duration) string {
	switch {
	case age < time.Minute:
		return "just now"
	case age < 2*time.Hour:
		return fmt.Sprintf("%d minutes ago", int(age/time.Minute))
	case age < 2*24*time.Hour:
		return fmt.Sprintf("%d hours ago", int(age/time.Hour))
	default:
		return fmt.Sprintf("%d days ago", int(age/(24*time.Hour)))
	}
}
