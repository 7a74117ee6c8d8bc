package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"go.temporal.io/sdk/testsuite"

	"magam/activities"
	"magam/db"
	"magam/internal/blob"
	"magam/internal/lean"
	"magam/internal/spool"
)

// The steps of a worker process, in the order in which they are asked for.
const (
	stepFind     = "find"     // discover the delivery below the folder
	stepLoad     = "load"     // its parts, or those that are named, side by side
	stepSeal     = "seal"     // prove and publish
	stepManifest = "manifest" // look again where a manifest tells that nothing is new
	stepHash     = "hash"     // look again where nothing is remembered, so that only the bytes tell
	stepDraft    = "draft"    // every customer's month, from the sealed days to stored drafts
)

// order is what a worker process is to do.
type order struct {
	folder, url, server, steps, parts, profile string
}

// crew is a worker's own hands, without Temporal's server.
type crew struct {
	order
	pool  *pgxpool.Pool
	hands *activities.Ingest
	found activities.DiscoverResult
}

// work does what it is told in this process and prints when each step began, how
// long it took and how much CPU here and in the server, in nanoseconds.
func work(ctx context.Context, told order) error {
	debug.SetGCPercent(40) // as the worker does
	stop, err := profiled(told.profile)
	if err != nil {
		return err
	}
	defer stop()
	pool, err := pgxpool.New(ctx, told.url)
	if err != nil {
		return err
	}
	defer pool.Close()
	kept, err := blob.Open(ctx, "file://"+filepath.Join(told.folder, "archive"))
	if err != nil {
		return err
	}
	defer kept.Close()
	spooled, err := spool.Open(filepath.Join(told.folder, "spool"))
	if err != nil {
		return err
	}
	books := &db.Charges{Pool: pool}
	c := &crew{order: told, pool: pool, hands: &activities.Ingest{
		Spool: func() (activities.Spool, error) { return spooled.New() },
		Books: books, Seen: books, Archive: archive{kept}, OpenStore: openStore, Zone: time.UTC,
	}}
	// The SDK hashes its own binary before the first activity of a process.
	if err := c.run(idle, 0, new(int)); err != nil {
		return err
	}
	lean.GiveBackProgram() // as the worker does
	for step := range strings.SplitSeq(told.steps, ",") {
		if err := c.step(step); err != nil {
			return fmt.Errorf("%s: %w", step, err)
		}
	}
	fmt.Fprintln(os.Stdout, "peak", ownPeak())
	return nil
}

func idle(context.Context, int) (int, error) { return 0, nil }

func (c *crew) step(step string) error {
	start, own, server := time.Now(), ownCPU(), serverCPU(c.server)
	switch step {
	case stepFind:
		if err := c.discover("in", &c.found); err != nil {
			return err
		}
	case stepLoad:
		if err := c.load(); err != nil {
			return err
		}
	case stepSeal:
		var sealed activities.SealResult
		if err := c.run(
			c.hands.Seal,
			activities.SealInput{DeliveryID: c.found.Deliveries[0].ID},
			&sealed,
		); err != nil {
			return err
		}
	case stepDraft:
		if err := c.draft(); err != nil {
			return err
		}
	case stepManifest, stepHash:
		var again activities.DiscoverResult
		if err := c.discover("in", &again); err != nil {
			return err
		}
		if len(again.Deliveries) > 0 && again.Deliveries[0].State != "sealed" {
			return fmt.Errorf("found something new: %+v", again)
		}
	}
	wall := time.Since(start)
	fmt.Fprintln(os.Stdout, "took", step, start.UnixNano(), wall.Nanoseconds(),
		(ownCPU() - own).Nanoseconds(), (serverCPU(c.server) - server).Nanoseconds())
	if step == stepFind {
		for _, part := range c.found.Deliveries[0].Parts {
			fmt.Fprintln(os.Stdout, "part", part)
		}
	}
	return nil
}

func (c *crew) discover(below string, into *activities.DiscoverResult) error {
	where := activities.DiscoverInput{From: filepath.Join(c.folder, below)}
	if err := c.run(c.hands.Discover, where, into); err != nil {
		return err
	}
	if len(into.Refused)+len(into.Waiting) > 0 {
		return fmt.Errorf("not taken in: %v", append(into.Refused, into.Waiting...))
	}
	return nil
}

// load loads the parts side by side, as a worker's slots would.
func (c *crew) load() error {
	var parts []int64
	for text := range strings.SplitSeq(c.parts, ",") {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil {
			parts = append(parts, id)
		}
	}
	if len(parts) == 0 {
		parts = c.found.Deliveries[0].Parts
	}
	failed := make([]error, len(parts))
	var all sync.WaitGroup
	for i, id := range parts {
		all.Go(func() {
			var loaded activities.LoadPartResult
			failed[i] = c.run(c.hands.LoadPart, activities.LoadPartInput{PartID: id}, &loaded)
		})
	}
	all.Wait()
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	return nil
}

// run has an activity done as the SDK would have it done.
func (c *crew) run(activity, in, out any) error {
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.SetTestTimeout(time.Hour)
	env.RegisterActivity(activity)
	encoded, err := env.ExecuteActivity(activity, in)
	if err != nil {
		return err
	}
	return encoded.Get(out)
}

func profiled(name string) (stop func(), err error) {
	if name == "" {
		return func() {}, nil
	}
	file, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		_ = file.Close()
	}, nil
}

func openStore(ctx context.Context, url string) (activities.SourceStore, error) {
	store, err := blob.OpenSource(ctx, url)
	return source{store}, err
}

// source and archive are the worker's doors, without its messages.
type source struct{ *blob.Store }

func (s source) List(ctx context.Context, prefix string) ([]activities.StoredFile, error) {
	objects, err := s.Store.List(ctx, prefix)
	files := make([]activities.StoredFile, len(objects))
	for i, object := range objects {
		files[i] = activities.StoredFile{
			Key: object.Key, Bytes: object.Size, ModTime: object.ModTime, Changed: object.Changed,
			Identity: object.Identity,
		}
	}
	return files, err
}

func (s source) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	content, _, err := s.Store.Open(ctx, key)
	return content, err
}

func (s source) OpenListed(ctx context.Context, listed activities.StoredFile) (io.ReadCloser, error) {
	return s.Store.OpenListed(ctx, blob.Object{
		Key: listed.Key, Size: listed.Bytes, ModTime: listed.ModTime, Changed: listed.Changed,
		Identity: listed.Identity,
	})
}

func (s source) OpenRange(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	return s.Store.OpenRange(ctx, key, offset, length)
}

type archive struct{ *blob.Store }

func (a archive) Put(ctx context.Context, key, contentType string, body io.Reader) error {
	_, _, err := a.Store.Put(ctx, key, contentType, body)
	return err
}
