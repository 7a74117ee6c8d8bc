package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"cloud.google.com/go/storage"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"gocloud.dev/blob"
	_ "gocloud.dev/blob/azureblob" // azblob://
	_ "gocloud.dev/blob/gcsblob"   // gs://
	_ "gocloud.dev/blob/memblob"   // mem://
	_ "gocloud.dev/blob/s3blob"    // s3://
	"gocloud.dev/gcerrors"
)

// pageKeys is how many objects one request lists: what S3 gives at most.
const pageKeys = 1000

// bucket is a backend on an object store.
type bucket struct {
	bucket *blob.Bucket
	place  place
}

func openBucket(ctx context.Context, at place) (*bucket, error) {
	opened, err := blob.OpenBucket(ctx, at.driver)
	if err != nil {
		return nil, refusal(at, toOpen, err)
	}
	return &bucket{bucket: opened, place: at}, nil
}

// list asks page by page, in the order of keys. A page that does not come is
// asked for again, without going back to the first.
func (b *bucket) list(ctx context.Context, prefix string) ([]Object, error) {
	var objects []Object
	options := &blob.ListOptions{Prefix: prefix}
	for token := blob.FirstPageToken; len(token) > 0; {
		var page []*blob.ListObject
		var next []byte
		err := patiently(ctx, func() error {
			var err error
			page, next, err = b.bucket.ListPage(ctx, token, pageKeys, options)
			return err
		})
		if err != nil {
			return nil, refusal(b.place, toList, err)
		}
		if len(objects)+len(page) > listMax {
			return nil, fmt.Errorf("%w: more than %d objects", ErrTooBig, listMax)
		}
		for _, found := range page {
			if found.IsDir {
				continue
			}
			objects = append(objects, Object{
				Key: found.Key, Size: found.Size, ModTime: found.ModTime, Changed: found.ModTime,
				Identity: listedIdentity(found),
			})
		}
		token = next
	}
	return objects, nil
}

// open gives a reader that goes on where a broken connection left off.
func (b *bucket) open(ctx context.Context, key string) (io.ReadCloser, Object, error) {
	opened := &resuming{ctx: ctx, bucket: b, object: Object{Key: key}, end: wholeObject}
	err := patiently(ctx, opened.connect)
	if err != nil {
		return nil, Object{}, err
	}
	return opened, opened.object, nil
}

// segment reads an object from an offset on, as it is stored.
func (b *bucket) segment(
	ctx context.Context, key string, offset, length int64,
) (*blob.Reader, Object, error) {
	options := &blob.ReaderOptions{BeforeRead: asStored}
	reader, err := b.bucket.NewRangeReader(ctx, key, offset, length, options)
	if err != nil {
		// One driver says not found also of what is forbidden.
		forbidden := answerOf(err).status == http.StatusForbidden
		if gcerrors.Code(err) == gcerrors.NotFound && !noBucket(err) && !forbidden {
			return nil, Object{}, ErrNotFound
		}
		return nil, Object{}, refusal(b.place, toRead, err)
	}
	return reader, Object{
		Key: key, Size: reader.Size(), ModTime: reader.ModTime(), Changed: reader.ModTime(),
		Identity: openedIdentity(reader),
	}, nil
}

// asStored keeps GCS from unpacking an object on its way: its bytes would then
// be other than its size and digest say. On S3 it drops a line per object in the
// log, about checksums that objects in parts do not have; we digest every byte.
func asStored(as func(any) bool) error {
	var onS3 *[]func(*s3.Options)
	if as(&onS3) {
		*onS3 = append(*onS3, func(o *s3.Options) { o.DisableLogOutputChecksumValidationSkipped = true })
		return nil
	}
	var handle **storage.ObjectHandle
	if as(&handle) {
		*handle = (*handle).ReadCompressed(true)
	}
	return nil
}

func (b *bucket) openRange(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	opened := &resuming{ctx: ctx, bucket: b, object: Object{Key: key}, offset: offset, end: offset + length}
	opened.earned = offset
	err := patiently(ctx, opened.connect)
	if err != nil {
		return nil, err
	}
	return opened, nil
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
	source := &aborting{from: content, abort: cancel}
	err := b.bucket.Upload(ctx, key, source, &blob.WriterOptions{ContentType: contentType})
	if source.failed != nil {
		return source.failed
	}
	return refusal(b.place, toWrite, err)
}

// aborting cancels the upload it feeds when its source fails.
type aborting struct {
	from   io.Reader
	abort  func()
	failed error
}

func (a *aborting) Read(into []byte) (int, error) {
	n, err := a.from.Read(into)
	if err != nil && !errors.Is(err, io.EOF) {
		a.failed = err
		a.abort()
	}
	return n, err
}

func (b *bucket) exists(ctx context.Context, key string) (bool, error) {
	found, err := b.bucket.Exists(ctx, key)
	return found, refusal(b.place, toRead, err)
}

func (b *bucket) close() error { return b.bucket.Close() }

// How often a request is repeated, and how long after the first failure; the
// pause doubles. The providers' libraries repeat on their own before that.
const (
	triesMax   = 3
	firstPause = 200 * time.Millisecond
)

// patiently repeats a request that failed in passing.
func patiently(ctx context.Context, request func() error) error {
	for try := 1; ; try++ {
		err := request()
		if err == nil || try == triesMax || ctx.Err() != nil || lasting(err) {
			return err
		}
		if err := rest(ctx, try); err != nil {
			return err
		}
	}
}

// rest waits before another try: 200 ms, then twice as long each time.
func rest(ctx context.Context, try int) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(firstPause << (try - 1)):
		return nil
	}
}
