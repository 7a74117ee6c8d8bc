package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"go.temporal.io/sdk/testsuite"

	"magam/activities"
	"magam/db"
	"magam/internal/blob"
	"magam/internal/spool"
)

func cpus() int { return runtime.NumCPU() }

// ingestAlone takes a report in with the worker's own hands and prints how long
// each step took, in nanoseconds.
func ingestAlone(ctx context.Context, report, url, profile string) error {
	if profile != "" {
		file, err := os.Create(profile)
		if err != nil {
			return err
		}
		defer file.Close()
		if err := pprof.StartCPUProfile(file); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return err
	}
	defer pool.Close()
	kept, err := blob.Open(ctx, "file://"+filepath.Join(filepath.Dir(filepath.Dir(report)), "archive"))
	if err != nil {
		return err
	}
	defer kept.Close()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.SetTestTimeout(time.Hour)
	spooled, err := spool.Open(filepath.Join(filepath.Dir(report), "spool"))
	if err != nil {
		return err
	}
	hands := &activities.Ingest{
		Spool: func() (activities.Spool, error) { return spooled.New() },
		Books: &db.Charges{Pool: pool}, Archive: archive{kept}, OpenStore: openStore, Zone: time.UTC,
	}
	env.RegisterActivity(hands)

	var total time.Duration
	step := func(what string, activity, in, out any) error {
		start := time.Now()
		encoded, err := env.ExecuteActivity(activity, in)
		wall := time.Since(start)
		total += wall
		if err != nil {
			return err
		}
		fmt.Fprintln(os.Stdout, wall.Nanoseconds(), what)
		return encoded.Get(out)
	}
	var found activities.DiscoverResult
	where := activities.DiscoverInput{From: filepath.Dir(report)}
	if err := step("ingest: find, digest of every byte", hands.Discover, where, &found); err != nil {
		return err
	}
	var loaded activities.LoadPartResult
	part := activities.LoadPartInput{PartID: found.Deliveries[0].Parts[0]}
	if err := step("ingest: load, digest and archive", hands.LoadPart, part, &loaded); err != nil {
		return err
	}
	var sealed activities.SealResult
	seal := activities.SealInput{DeliveryID: found.Deliveries[0].ID}
	if err := step("ingest: daily sums, proof, publish", hands.Seal, seal, &sealed); err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, total.Nanoseconds(), "the whole ingest")
	return nil
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
		files[i] = activities.StoredFile{Key: object.Key, Bytes: object.Size, ModTime: object.ModTime}
	}
	return files, err
}

func (s source) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	content, _, err := s.Store.Open(ctx, key)
	return content, err
}

func (s source) OpenListed(ctx context.Context, listed activities.StoredFile) (io.ReadCloser, error) {
	return s.Open(ctx, listed.Key)
}

func (s source) OpenRange(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	return s.Store.OpenRange(ctx, key, offset, length)
}

type archive struct{ *blob.Store }

func (a archive) Put(ctx context.Context, key, contentType string, body io.Reader) error {
	_, _, err := a.Store.Put(ctx, key, contentType, body)
	return err
}
