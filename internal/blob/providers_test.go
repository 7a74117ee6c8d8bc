package blob_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/internal/blob"
)

// stub answers the few calls of GCS and Azure that reading a source makes. It is no
// proof of how the services behave; it holds our side of the talk.
type stub struct {
	objects map[string]string // the container's, by key
	version string
	cutOnce bool // the first read breaks off in its midst
	refuse  int  // a status for every call, where not 0
	asked   []string
}

func (s *stub) serve(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func (s *stub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked = append(s.asked, r.Method+" "+r.URL.Path)
	query := r.URL.Query()
	switch {
	case s.refuse != 0:
		w.Header().Set("x-ms-error-code", "AuthorizationPermissionMismatch")
		http.Error(w, `{"error": {"code": 403, "errors": [{"reason": "forbidden"}]}}`, s.refuse)
	case strings.HasPrefix(r.URL.Path, "/storage/v1/b/exports/o"):
		s.listGCS(w, query.Get("prefix"), query.Get("pageToken"))
	case query.Get("comp") == "list":
		s.listAzure(w, query.Get("prefix"), query.Get("marker"))
	default:
		key := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/acme"), "/exports/")
		s.read(w, r, key)
	}
}

// page gives one key a page.
func (s *stub) page(prefix, token string) (key, next string) {
	var keys []string
	for _, one := range []string{"a/1.csv", "a/2.csv", "b.csv"} {
		if _, there := s.objects[one]; there && strings.HasPrefix(one, prefix) {
			keys = append(keys, one)
		}
	}
	at, _ := strconv.Atoi(token)
	if at+1 < len(keys) {
		next = strconv.Itoa(at + 1)
	}
	return keys[at], next
}

func (s *stub) listGCS(w http.ResponseWriter, prefix, token string) {
	key, next := s.page(prefix, token)
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"nextPageToken": next, "items": []map[string]any{{
		"name": key, "bucket": "exports", "size": strconv.Itoa(len(s.objects[key])), "generation": s.version,
		"updated": "2026-10-01T00:00:00Z",
	}}})
}

func (s *stub) listAzure(w http.ResponseWriter, prefix, token string) {
	key, next := s.page(prefix, token)
	w.Header().Set("Content-Type", "application/xml")
	fmt.Fprintf(
		w,
		`<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="exports"><Blobs><Blob>
		<Name>%s</Name><Properties><Last-Modified>Thu, 01 Oct 2026 00:00:00 GMT</Last-Modified><Etag>%s</Etag>
		<Content-Length>%d</Content-Length><BlobType>BlockBlob</BlobType></Properties></Blob></Blobs>
		<NextMarker>%s</NextMarker></EnumerationResults>`,
		key,
		s.version,
		len(s.objects[key]),
		next,
	)
}

func (s *stub) read(w http.ResponseWriter, r *http.Request, key string) {
	content, there := s.objects[key]
	if !there {
		w.Header().Set("x-ms-error-code", "BlobNotFound")
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("ETag", `"`+s.version+`"`)
	w.Header().Set("X-Goog-Generation", s.version)
	w.Header().Set("Last-Modified", "Thu, 01 Oct 2026 00:00:00 GMT")
	from := 0
	asked := r.Header.Get("Range")
	if asked == "" {
		asked = r.Header.Get("X-Ms-Range")
	}
	if asked != "" {
		_, _ = fmt.Sscanf(asked, "bytes=%d-", &from)
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(content)-1, len(content)))
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(content)-from))
	if asked != "" {
		w.WriteHeader(http.StatusPartialContent)
	}
	if s.cutOnce {
		s.cutOnce = false
		_, _ = io.WriteString(w, content[from:len(content)/2])
		panic(http.ErrAbortHandler)
	}
	_, _ = io.WriteString(w, content[from:])
}

// elsewhere opens the stub as one of the providers.
var elsewhere = map[string]func(t *testing.T, at string) string{
	"gs": func(t *testing.T, at string) string {
		t.Helper()
		t.Setenv("STORAGE_EMULATOR_HOST", at)
		return "gs://exports/a"
	},
	"azblob": func(t *testing.T, at string) string {
		t.Helper()
		t.Setenv("AZURE_STORAGE_ACCOUNT", "acme")
		t.Setenv("AZURE_STORAGE_KEY", base64.StdEncoding.EncodeToString([]byte("canary-of-the-azure-key")))
		return "azblob://exports/a?storage_account=acme&localemu=true&protocol=http&domain=" + at
	},
}

//nolint:paralleltest // credentials come from the environment, which tests cannot share
func TestOtherProvidersAreListedAndRead(t *testing.T) {
	for scheme, address := range elsewhere {
		t.Run(scheme, func(t *testing.T) {
			long := strings.Repeat("0123456789", 100_000)
			there := &stub{
				objects: map[string]string{
					"a/1.csv": long,
					"a/2.csv": "two",
					"b.csv":   "not ours",
				},
				version: "17",
			}
			store, err := blob.OpenSource(t.Context(), address(t, there.serve(t)))
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, store.Close()) })

			found, err := store.List(t.Context(), "")

			require.NoError(t, err)
			require.Len(t, found, 2, "two pages, and nothing beside the prefix")
			require.Equal(t, "1.csv", found[0].Key)
			require.Contains(t, found[0].Identity, "17")
			there.cutOnce = true
			content, err := store.OpenListed(t.Context(), found[0])
			require.NoError(t, err)
			got, err := io.ReadAll(content)
			require.NoError(t, err)
			require.NoError(t, content.Close())
			require.True(t, bytes.Equal([]byte(long), got), "the broken read went on")

			there.version = "18"
			_, err = store.OpenListed(t.Context(), found[1])
			code, _ := fault.CodeOf(err)
			require.Equal(t, fault.Hash, code, "%v", err)
			_, _, err = store.Open(t.Context(), "gone.csv")
			require.ErrorIs(t, err, blob.ErrNotFound)
		})
	}
}

func TestARefusalNamesThePermission(t *testing.T) {
	wanted := map[string][]string{
		"gs": {"storage.objects.list on bucket exports", "storage.objects.get on bucket exports"},
		"azblob": {
			"Storage Blob Data Reader on container exports",
			"Storage Blob Data Reader on container exports",
		},
		"s3": {
			"s3:ListBucket on arn:aws:s3:::exports (prefix a/*)",
			"s3:GetObject on arn:aws:s3:::exports/a/*",
		},
	}
	for scheme, want := range wanted {
		t.Run(scheme, func(t *testing.T) {
			there := &stub{refuse: http.StatusForbidden}
			at := there.serve(t)
			var address string
			if scheme == "s3" {
				t.Setenv("AWS_ACCESS_KEY_ID", "magam")
				t.Setenv("AWS_SECRET_ACCESS_KEY", "canary-of-the-aws-key")
				address = "s3://exports/a?region=us-east-1&use_path_style=true&endpoint=http://" + at
			} else {
				address = elsewhere[scheme](t, at)
			}
			store, err := blob.OpenSource(t.Context(), address)
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, store.Close()) })

			_, listed := store.List(t.Context(), "")
			_, _, read := store.Open(t.Context(), "x")

			for i, err := range []error{listed, read} {
				code, _ := fault.CodeOf(err)
				require.Equal(t, fault.Access, code, "%v", err)
				require.ErrorContains(t, err, want[i])
				require.NotContains(t, err.Error(), "canary")
			}
		})
	}
}

// A profile stands before the keys of the environment, so that sources of other
// accounts can be read beside our own archive.
func TestAProfileNamesOtherCredentials(t *testing.T) {
	file := filepath.Join(t.TempDir(), "aws")
	require.NoError(t, os.WriteFile(file,
		[]byte("[payer-a]\naws_access_key_id = OTHERKEY\naws_secret_access_key = other\n"), 0o600))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", file)
	t.Setenv("AWS_ACCESS_KEY_ID", "OURKEY")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "ours")
	var signed []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		signed = append(signed, r.Header.Get("Authorization"))
		w.WriteHeader(http.StatusForbidden)
	}))
	t.Cleanup(server.Close)
	for _, profile := range []string{"", "&profile=payer-a"} {
		store, err := blob.OpenSource(t.Context(),
			"s3://exports?region=us-east-1&use_path_style=true&endpoint="+server.URL+profile)
		require.NoError(t, err)
		_, err = store.List(t.Context(), "")
		require.Error(t, err)
		require.NoError(t, store.Close())
	}

	require.Len(t, signed, 2, "a refusal is not asked again")
	require.Contains(t, signed[0], "OURKEY")
	require.Contains(t, signed[1], "OTHERKEY")
}

func TestASymbolicLinkInAnInboxIsRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store, err := blob.OpenSource(t.Context(), "file://"+folder)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	require.NoError(t, os.WriteFile(filepath.Join(folder, "whole.csv"), nil, 0o600))
	for name, target := range map[string]string{"out.csv": "/etc/hostname", "in.csv": "whole.csv", "lost.csv": "nowhere"} {
		link := filepath.Join(folder, name)
		require.NoError(t, os.Symlink(target, link))

		_, err := store.List(t.Context(), "")

		code, _ := fault.CodeOf(err)
		require.Equal(t, fault.Path, code)
		require.ErrorContains(t, err, name)
		require.NoError(t, os.Remove(link))
	}
	found, err := store.List(t.Context(), "")
	require.NoError(t, err)
	require.Len(t, found, 1)
}
