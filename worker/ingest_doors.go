package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"syscall"

	"magam/activities"
	"magam/domain/fault"
	"magam/internal/blob"
	"magam/internal/spool"
)

// sourceStore is the door to where a provider delivers.
type sourceStore struct {
	store *blob.Store
}

// openSourceStore opens a folder or bucket that somebody else fills. One that is
// not there is refused for good: a slip in a path is cured by no retry.
func openSourceStore(ctx context.Context, url string) (activities.SourceStore, error) {
	store, err := blob.OpenSource(ctx, url)
	if errors.Is(err, syscall.ENOTDIR) {
		return nil, &fault.Error{
			Code: fault.Input, Value: url, What: "is a file, and an ingest reads a folder",
			Cure: "name the folder that the file lies in",
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &fault.Error{
			Code: fault.Input, Value: url, What: "is no folder that the worker can see", Err: err,
			Cure: "check the path; the worker reads it, not the command",
		}
	}
	if err != nil {
		return nil, err
	}
	return sourceStore{store}, nil
}

func (s sourceStore) List(ctx context.Context, prefix string) ([]activities.StoredFile, error) {
	objects, err := s.store.List(ctx, prefix)
	if err != nil {
		return nil, err
	}
	files := make([]activities.StoredFile, len(objects))
	for i, object := range objects {
		files[i] = activities.StoredFile{
			Key: object.Key, Bytes: object.Size, ModTime: object.ModTime, Changed: object.Changed,
			Identity: object.Identity,
		}
	}
	return files, nil
}

func (s sourceStore) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	content, _, err := s.store.Open(ctx, key)
	return content, err
}

func (s sourceStore) OpenListed(ctx context.Context, listed activities.StoredFile) (io.ReadCloser, error) {
	return s.store.OpenListed(ctx, blob.Object{
		Key: listed.Key, Size: listed.Bytes, ModTime: listed.ModTime, Changed: listed.Changed,
		Identity: listed.Identity,
	})
}

func (s sourceStore) OpenRange(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	return s.store.OpenRange(ctx, key, offset, length)
}

func (s sourceStore) Close() error { return s.store.Close() }

// spoolIn gives the hands files of a spool's folder.
func spoolIn(folder *spool.Folder) func() (activities.Spool, error) {
	return func() (activities.Spool, error) { return folder.New() }
}

// archive keeps original bytes in the house's own store.
type archive struct {
	store *blob.Store
}

func (a archive) Exists(ctx context.Context, key string) (bool, error) {
	return a.store.Exists(ctx, key)
}

func (a archive) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	content, _, err := a.store.Open(ctx, key)
	return content, err
}

func (a archive) Put(ctx context.Context, key, contentType string, body io.Reader) error {
	_, _, err := a.store.Put(ctx, key, contentType, body)
	if err != nil {
		return fmt.Errorf("archive: %w", spool.Full(err))
	}
	return nil
}
