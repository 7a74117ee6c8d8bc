// Package blob is the door to a folder or an object store: where providers put
// their exports, and where magam keeps archives, documents and composed mails.
//
// A folder is file:///…; object stores are s3://, gs:// and azblob://, a path in
// them being a folder below which everything lies (s3://bucket/payer-a, with
// ?region=ap-northeast-2 where the environment names another, and for what only
// speaks S3 &endpoint=https://…&use_path_style=true). mem:// is for tests.
// Credentials come from the environment or the platform, never from an address.
//
// A read that breaks off goes on where it was, in the same version of the object
// or not at all. Errors name the permission that is missing and repeat nothing
// that could be a secret.
//
// What is put appears whole or not at all, and once Put returns it survives a
// power cut as far as the store can promise. Keys are slash-separated; Key makes
// them from any text. It does not own what the bytes mean.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"magam/domain/fault"
)

const (
	getBytesMax = 64 << 20  // Get holds it all in memory; bigger ones are opened
	listMax     = 1_000_000 // objects below one prefix
)

var (
	// ErrNotFound says that there is nothing under a key.
	ErrNotFound = errors.New("no such object")
	// ErrKey says that a key is none that we would make.
	ErrKey = errors.New("not a key")
	// ErrTooBig says that an object, or a list, is beyond its bound.
	ErrTooBig = errors.New("too big")
)

// Object is what a list says of one object.
type Object struct {
	Key     string
	Size    int64
	ModTime time.Time
	// Changed is when the object last changed in any way: a file's ctime, which
	// nobody can set, and elsewhere its ModTime.
	Changed time.Time
	// Identity is the store's own mark of these bytes: an ETag, a generation, a
	// file's number and time of change. Empty where there is none.
	Identity string
}

// same says that two looks at an object saw the same bytes, as far as the store can
// tell. Times are compared only where nothing better is: lists round them.
func (o Object) same(other Object) bool {
	return o.Size == other.Size && o.Identity == other.Identity &&
		(o.Identity != "" || o.ModTime.Equal(other.ModTime))
}

// backend is what a folder and a bucket do each in their way.
type backend interface {
	list(ctx context.Context, prefix string) ([]Object, error)
	open(ctx context.Context, key string) (io.ReadCloser, Object, error)
	openRange(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error)
	put(ctx context.Context, key, contentType string, content io.Reader) error
	exists(ctx context.Context, key string) (bool, error)
	close() error
}

// Store is an open folder or bucket. It is safe for concurrent use.
type Store struct {
	backend backend
	name    string // for messages; without a query, which may hold secrets
}

// Open opens a store to read and write. A folder that is missing is made.
func Open(ctx context.Context, address string) (*Store, error) { return open(ctx, address, true) }

// OpenSource opens a store that somebody else fills. A folder that is missing
// is refused: a slip in a path must not read as an empty delivery.
func OpenSource(ctx context.Context, address string) (*Store, error) {
	return open(ctx, address, false)
}

func open(ctx context.Context, address string, create bool) (*Store, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", errors.Unwrap(err)) // which would repeat the address
	}
	name := parsed.Scheme + "://" + parsed.Host + strings.TrimSuffix(parsed.Path, "/")
	found, err := openBackend(ctx, parsed, create)
	if err != nil {
		return nil, fmt.Errorf("open the store %s: %w", name, err)
	}
	return &Store{backend: found, name: name}, nil
}

func openBackend(ctx context.Context, parsed *url.URL, create bool) (backend, error) {
	if parsed.Scheme == "file" {
		return openFolder(parsed.Path, create)
	}
	at, err := placeOf(parsed)
	if err != nil {
		return nil, err
	}
	return openBucket(ctx, at)
}

// List gives what lies below a prefix, sorted by key.
func (s *Store) List(ctx context.Context, prefix string) ([]Object, error) {
	objects, err := s.backend.list(ctx, prefix)
	if err != nil {
		return nil, fmt.Errorf("list %s/%s: %w", s.name, prefix, err)
	}
	return objects, nil
}

// Open gives an object's bytes and how many there are.
func (s *Store) Open(ctx context.Context, key string) (io.ReadCloser, int64, error) {
	content, opened, err := s.backend.open(ctx, key)
	if err != nil {
		return nil, 0, fmt.Errorf("open %s/%s: %w", s.name, key, err)
	}
	return content, opened.Size, nil
}

// OpenListed opens an object that a list has shown, and nothing else: one that
// was replaced meanwhile is refused, since what was decided about it is void.
func (s *Store) OpenListed(ctx context.Context, listed Object) (io.ReadCloser, error) {
	content, opened, err := s.backend.open(ctx, listed.Key)
	if err != nil {
		return nil, fmt.Errorf("open %s/%s: %w", s.name, listed.Key, err)
	}
	if !opened.same(listed) {
		return nil, errors.Join(&fault.Error{
			Code: fault.Hash, Place: fault.Place{File: listed.Key},
			What: "the file changed after it was listed",
			Cure: "ingest again once the export is written whole",
		}, content.Close())
	}
	return content, nil
}

// OpenRange gives length bytes of an object, from offset on, or those that are there.
func (s *Store) OpenRange(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	content, err := s.backend.openRange(ctx, key, offset, length)
	if err != nil {
		return nil, fmt.Errorf("open %s/%s from byte %d: %w", s.name, key, offset, err)
	}
	return content, nil
}

// Get reads a small object whole.
func (s *Store) Get(ctx context.Context, key string) ([]byte, error) {
	content, size, err := s.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	if size > getBytesMax {
		return nil, fmt.Errorf("get %s/%s: %w: %d bytes, at most %d", s.name, key, ErrTooBig, size,
			getBytesMax)
	}
	read, err := io.ReadAll(io.LimitReader(content, getBytesMax+1)) // it may have grown
	if err != nil {
		return nil, fmt.Errorf("get %s/%s: %w", s.name, key, err)
	}
	if len(read) > getBytesMax {
		return nil, fmt.Errorf("get %s/%s: %w: more than %d bytes", s.name, key, ErrTooBig, getBytesMax)
	}
	return read, nil
}

// Put stores content under a key, replacing what was there, and gives its
// SHA-256 in hexadecimal and its size. A reader that fails leaves nothing behind.
func (s *Store) Put(
	ctx context.Context, key, contentType string, content io.Reader,
) (digest string, size int64, err error) {
	err = checkKey(key)
	if err != nil {
		return "", 0, fmt.Errorf("put %s/%s: %w", s.name, key, err)
	}
	hash := sha256.New()
	counted := &counter{from: io.TeeReader(content, hash)}
	err = s.backend.put(ctx, key, contentType, counted)
	if err != nil {
		return "", 0, fmt.Errorf("put %s/%s: %w", s.name, key, err)
	}
	return hex.EncodeToString(hash.Sum(nil)), counted.bytes, nil
}

// Exists says whether there is an object under a key.
func (s *Store) Exists(ctx context.Context, key string) (bool, error) {
	found, err := s.backend.exists(ctx, key)
	if err != nil {
		return false, fmt.Errorf("look for %s/%s: %w", s.name, key, err)
	}
	return found, nil
}

// Close gives up the store's connections.
func (s *Store) Close() error { return s.backend.close() }

// counter counts what is read through it.
type counter struct {
	from  io.Reader
	bytes int64
}

func (c *counter) Read(into []byte) (int, error) {
	n, err := c.from.Read(into)
	c.bytes += int64(n)
	return n, err
}
