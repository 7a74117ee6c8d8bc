// Package s3test gives tests a real S3-compatible server, and a bad line to it.
//
// It owns the server's start, its end and its one user. It does not own what
// tests put into it.
package s3test

import (
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/internal/devstack"
)

// The one user that every server of this process knows.
const (
	key    = "magam-test"
	Secret = "canary-of-the-s3-secret" // tests look for it where it must not be
)

// asUser makes the whole process speak as that user: credentials come from the
// environment, in tests too.
var asUser = sync.OnceValue(func() error {
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": Secret, "AWS_EC2_METADATA_DISABLED": "true",
	} {
		err := os.Setenv(name, value)
		if err != nil {
			return err
		}
	}
	return nil
})

// Server is a running S3-compatible server with buckets of its own.
type Server struct {
	folder string
	port   int
}

// Start starts one, which ends with the test.
func Start(t *testing.T) *Server {
	t.Helper()
	require.NoError(t, asUser())
	layout, err := devstack.FindLayout()
	require.NoError(t, err)
	binary, err := devstack.FindS3(t.Context(), layout, t.Logf)
	require.NoError(t, err)
	folder := t.TempDir()
	running, err := devstack.StartS3(t.Context(), devstack.S3Options{
		Binary: binary, Folder: folder, Key: key, Secret: Secret,
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, running.Stop()) })
	return &Server{folder: folder, port: running.Port}
}

// Bucket makes a bucket and gives the address of a folder in it.
func (s *Server) Bucket(t *testing.T, name, prefix string) string {
	t.Helper()
	require.NoError(t, os.MkdirAll(s.Folder(name), 0o700))
	return Address(name, prefix, s.port)
}

// Folder is where a bucket's objects lie as files. Whoever writes there goes past
// the server.
func (s *Server) Folder(bucket string) string { return filepath.Join(s.folder, "buckets", bucket) }

// Address is how a bucket is reached through a port: the server's, or a line's.
func Address(bucket, prefix string, port int) string {
	query := url.Values{
		"region": {"us-east-1"}, "use_path_style": {"true"},
		"endpoint": {"http://127.0.0.1:" + strconv.Itoa(port)},
	}
	address := url.URL{Scheme: "s3", Host: bucket, Path: prefix, RawQuery: query.Encode()}
	return address.String()
}
