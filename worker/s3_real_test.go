package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"magam/domain/fault"
	"magam/internal/blob"
	"magam/internal/devstack/s3test"
)

func TestAListOnS3GoesBeyondOnePage(t *testing.T) {
	t.Parallel()
	const objects = 2_300 // three pages
	server := s3test.Start(t)
	store := openStore(t, server.Bucket(t, "exports", "payer-a"))
	beside := openStore(t, server.Bucket(t, "exports", "payer-ab"))
	_, _, err := beside.Put(t.Context(), "not-ours.csv", "", strings.NewReader("x"))
	require.NoError(t, err)
	group, ctx := errgroup.WithContext(t.Context())
	group.SetLimit(8)
	for i := range objects {
		group.Go(func() error {
			_, _, err := store.Put(ctx, fmt.Sprintf("2026-10/part-%05d.csv", i), "", strings.NewReader("x"))
			return err
		})
	}
	require.NoError(t, group.Wait())

	found, err := store.List(t.Context(), "")

	require.NoError(t, err)
	require.Len(t, found, objects, "and nothing of the neighbour whose name begins alike")
	for i, object := range found {
		require.Equal(t, fmt.Sprintf("2026-10/part-%05d.csv", i), object.Key)
		require.Contains(t, object.Identity, "etag ")
	}
	some, err := store.List(t.Context(), "2026-10/part-0010")
	require.NoError(t, err)
	require.Len(t, some, 10)
}

// Providers and people name files as they like.
func TestKeysOfAnyKindAreListedAndRead(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	store := openStore(t, server.Bucket(t, "exports", "a"))
	keys := []string{
		"BILLING_PERIOD=2026-10/x y.csv",
		"100%25 of it.csv",
		"a+b&c=d?e#f.csv",
		"㈜한빛/10월 청구.csv",
		"quote'\"s.csv",
		"tilde~and:colon@at.csv",
		"sp ace/end .csv",
		"brackets[1]{2}(3).csv",
	}
	for _, key := range keys {
		file := filepath.Join(server.Folder("exports"), "a", filepath.FromSlash(key))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
		require.NoError(t, os.WriteFile(file, []byte(key), 0o600))
	}

	found, err := store.List(t.Context(), "")

	require.NoError(t, err)
	var got []string
	for _, object := range found {
		got = append(got, object.Key)
		content, err := store.Get(t.Context(), object.Key)
		require.NoError(t, err, object.Key)
		require.Equal(t, object.Key, string(content))
	}
	require.ElementsMatch(t, keys, got)
}

func TestAMultipartObjectIsReadWhole(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	store := openStore(t, server.Bucket(t, "exports", ""))
	content := noise(40 << 20)
	digest, size, err := store.Put(t.Context(), "big.csv.gz", "", bytes.NewReader(content))
	require.NoError(t, err)
	require.EqualValues(t, len(content), size)

	found, err := store.List(t.Context(), "")

	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Regexp(t, `^etag [0-9a-f]{32}-\d+$`, found[0].Identity, "uploaded in parts")
	reader, err := store.OpenListed(t.Context(), found[0])
	require.NoError(t, err)
	defer reader.Close()
	got, err := io.ReadAll(reader)
	require.NoError(t, err)
	require.True(t, bytes.Equal(content, got))
	require.Len(t, digest, 64)
}

func TestABrokenReadGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	const size = 8 << 20
	content := noise(size)

	tests := map[string]struct {
		cuts []int64
		// meanwhile happens at each cut, given the store past the line.
		meanwhile func(t *testing.T, store *blob.Store)
		code      fault.Code // empty: it is read whole
	}{
		"cut once in its midst":       {cuts: []int64{5 << 20}},
		"cut again and again":         {cuts: []int64{2 << 20, 3 << 20, 2 << 20}},
		"cut with nothing in between": {cuts: []int64{1 << 20, 10, 10}},
		"cut whatever is tried": {
			cuts: append([]int64{1 << 20}, make([]int64, 100)...),
			code: fault.Unreachable,
		},
		"replaced while the line is down": {
			cuts: []int64{5 << 20},
			meanwhile: func(t *testing.T, store *blob.Store) {
				t.Helper()
				_, _, err := store.Put(t.Context(), "x", "", bytes.NewReader(noise(size + 1)[1:]))
				require.NoError(t, err)
			},
			code: fault.Hash,
		},
		"written again with the same bytes": {
			cuts: []int64{5 << 20},
			meanwhile: func(t *testing.T, store *blob.Store) {
				t.Helper()
				_, _, err := store.Put(t.Context(), "x", "", bytes.NewReader(content))
				require.NoError(t, err)
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := s3test.Start(t)
			straight := openStore(t, server.Bucket(t, "exports", ""))
			_, _, err := straight.Put(t.Context(), "x", "", bytes.NewReader(content))
			require.NoError(t, err)
			line := server.Line(t)
			store := openStore(t, s3test.Address("exports", "", line.Port))
			line.CutAfter(func() {
				if tt.meanwhile != nil {
					tt.meanwhile(t, straight)
				}
			}, tt.cuts...)
			reader, length, err := store.Open(t.Context(), "x")
			require.NoError(t, err)
			defer reader.Close()
			require.EqualValues(t, size, length)

			got, err := io.ReadAll(reader)

			require.Positive(t, line.Cuts())
			if tt.code != "" {
				code, _ := fault.CodeOf(err)
				require.Equal(t, tt.code, code, "%v", err)
				require.NotContains(t, err.Error(), s3test.Secret)
				return
			}
			require.NoError(t, err)
			require.True(t, bytes.Equal(content, got), "every byte once, in its place")
			require.EqualValues(t, len(tt.cuts), line.Cuts())
		})
	}
}

// What a broken line does to a list: the page is asked for again.
func TestABrokenListIsAskedForAgain(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	server.Bucket(t, "exports", "")
	for i := range 1_500 {
		file := filepath.Join(server.Folder("exports"), fmt.Sprintf("part-%05d", i))
		require.NoError(t, os.WriteFile(file, nil, 0o600))
	}
	line := server.Line(t)
	store := openStore(t, s3test.Address("exports", "", line.Port))
	line.CutAfter(nil, 1000, 40_000)

	found, err := store.List(t.Context(), "")

	require.NoError(t, err)
	require.Len(t, found, 1_500)
	require.EqualValues(t, 2, line.Cuts())
}

func openStore(t *testing.T, address string) *blob.Store {
	t.Helper()
	store, err := blob.Open(t.Context(), address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	return store
}

// noise is always the same, and nothing that could be taken for another part of it.
func noise(size int) []byte {
	source := rand.NewChaCha8([32]byte{1})
	content := make([]byte, size)
	_, _ = source.Read(content) // which never fails, by its documentation
	return content
}
