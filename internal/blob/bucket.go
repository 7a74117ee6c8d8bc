package blob

import (
	"context"
	"errors"
	"fmt"
	"io"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/azureblob" // azblob://
	_ "gocloud.dev/blob/gcsblob"   // gs://
	_ "gocloud.dev/blob/memblob"   // mem://
	_ "gocloud.dev/blob/s3blob"    // s3://
	"gocloud.dev/gcerrors"
)

// bucket is a backend on an object store.
type bucket struct {
	bucket *blob.Bucket
}

func openBucket(ctx context.Context, address string) (*bucket, error) {
	opened, err := blob.OpenBucket(ctx, address)
	if err != nil {
		return nil, err
	}
	return &bucket{bucket: opened}, nil
}

func (b *bucket) list(ctx context.Context, prefix string) ([]Object, error) {
	var objects []Object
	for pages := b.bucket.List(&blob.ListOptions{Prefix: prefix}); ; {
		found, err := pages.Next(ctx)
		if errors.Is(err, io.EOF) {
			return objects, nil // stores list in the order of keys
		}
		if err != nil {
			return nil, err
		}
		if found.IsDir {
			continue
		}
		if len(objects) == listMax {
			return nil, fmt.Errorf("%w: more than %d objects", ErrTooBig, listMax)
		}
		objects = append(objects, Object{Key: found.Key, Size: found.Size, ModTime: found.ModTime})
	}
}

func (b *bucket) open(ctx context.Context, key string) (io.ReadCloser, int64, error) {
	reader, err := b.bucket.NewReader(ctx, key, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, 0, ErrNotFound
	}
	if err != nil {
		return nil, 0, err
	}
	return reader, reader.Size(), nil
}

func (b *bucket) openRange(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	reader, err := b.bucket.NewRangeReader(ctx, key, offset, length, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, err // a reader that is nil must not become an interface that is not
	}
	return reader, nil
}

// put uploads in one call: a writer that is closed after a failure panics in
// one of the drivers, and a checksum given ahead would need the bytes twice.
// When the content's reader fails, Upload itself would still close its writer and
// so store the first half: only a cancelled context keeps it from that.
func (b *bucket) put(ctx context.Context, key, contentType string, content io.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	return b.bucket.Upload(ctx, key, &aborting{from: content, abort: cancel},
		&blob.WriterOptions{ContentType: contentType})
}

// aborting cancels the upload it feeds when its source fails.
type aborting struct {
	from  io.Reader
	abort func()
}

func (a *aborting) Read(into []byte) (int, error) {
	n, err := a.from.Read(into)
	if err != nil && !errors.Is(err, io.EOF) {
		a.abort()
	}
	return n, err
}

func (b *bucket) exists(ctx context.Context, key string) (bool, error) {
	return b.bucket.Exists(ctx, key)
}

func (b *bucket) close() error { return b.bucket.Close() }
