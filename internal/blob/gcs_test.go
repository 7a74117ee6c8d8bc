package blob_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"testing"

	"github.com/fsouza/fake-gcs-server/fakestorage"
	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/internal/blob"
)

// emulated starts a server that speaks GCS, and names it to the client library,
// which knows no other way than the environment.
func emulated(t *testing.T) *fakestorage.Server {
	t.Helper()
	free, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := free.Addr().String()
	_, number, err := net.SplitHostPort(address)
	require.NoError(t, err)
	port, err := strconv.ParseUint(number, 10, 16)
	require.NoError(t, err)
	require.NoError(t, free.Close())
	server, err := fakestorage.NewServerWithOptions(fakestorage.Options{
		Scheme: "http", Host: "127.0.0.1", Port: uint16(port), PublicHost: address, Writer: io.Discard,
	})
	require.NoError(t, err)
	t.Cleanup(server.Stop)
	server.CreateBucketWithOpts(fakestorage.CreateBucketOpts{Name: "exports"})
	t.Setenv("STORAGE_EMULATOR_HOST", address)
	return server
}

//nolint:paralleltest // the server's address comes from the environment, which tests cannot share
func TestAServerOfGCSIsWrittenListedAndRead(t *testing.T) {
	server := emulated(t)
	ours, err := blob.Open(t.Context(), "gs://exports/a")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, ours.Close()) })
	long := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	digest, _, err := ours.Put(t.Context(), "2026-10/part-1.csv", "text/csv", bytes.NewReader(long))
	require.NoError(t, err)
	require.Len(t, digest, 64)
	for i := range 1001 { // a page has a thousand
		server.CreateObject(fakestorage.Object{ObjectAttrs: fakestorage.ObjectAttrs{
			BucketName: "exports", Name: fmt.Sprintf("a/many/%04d", i),
		}})
	}
	source, err := blob.OpenSource(t.Context(), "gs://exports/a")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, source.Close()) })

	found, err := source.List(t.Context(), "")

	require.NoError(t, err)
	require.Len(t, found, 1002)
	part := found[0]
	require.Equal(t, "2026-10/part-1.csv", part.Key)
	require.Contains(t, part.Identity, "generation ")
	content, err := source.OpenListed(t.Context(), part)
	require.NoError(t, err)
	requireContent(t, long, content)
	piece, err := source.OpenRange(t.Context(), part.Key, int64(len(long)-4), 100)
	require.NoError(t, err)
	requireContent(t, long[len(long)-4:], piece)

	_, _, err = ours.Put(t.Context(), part.Key, "text/csv", bytes.NewReader(bytes.ToUpper(long)))
	require.NoError(t, err)
	_, err = source.OpenListed(t.Context(), part)
	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.Hash, code, "the same size, another generation")
	_, _, err = ours.Put(t.Context(), "half", "", io.MultiReader(bytes.NewReader(long), failing{}))
	require.ErrorIs(t, err, io.ErrClosedPipe)
	_, _, err = source.Open(t.Context(), "half")
	require.ErrorIs(t, err, blob.ErrNotFound)
}

//nolint:paralleltest // as above
func TestABucketThatIsNotThereIsNamed(t *testing.T) {
	emulated(t)
	source, err := blob.OpenSource(t.Context(), "gs://nowhere")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, source.Close()) })

	_, err = source.List(t.Context(), "")

	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.Access, code)
	require.ErrorContains(t, err, "there is no such bucket or container")
}

func requireContent(t *testing.T, want []byte, content io.ReadCloser) {
	t.Helper()
	got, err := io.ReadAll(content)
	require.NoError(t, err)
	require.NoError(t, content.Close())
	require.True(t, bytes.Equal(want, got))
}

// failing is a source whose line goes dead.
type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }
