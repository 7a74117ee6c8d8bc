package blob_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"magam/internal/blob"
)

const text = "text/plain"

// stores are the kinds that must behave alike.
func stores(t *testing.T) map[string]*blob.Store {
	t.Helper()
	opened := map[string]*blob.Store{}
	for kind, address := range map[string]string{
		"a folder": "file://" + filepath.Join(t.TempDir(), "new"), "a bucket": "mem://",
	} {
		store, err := blob.Open(t.Context(), address)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, store.Close()) })
		opened[kind] = store
	}
	return opened
}

func TestWhatIsPutIsGot(t *testing.T) {
	t.Parallel()
	for kind, store := range stores(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()

			digest, size, err := store.Put(t.Context(), "a/b.txt", text, strings.NewReader("hello"))

			require.NoError(t, err)
			require.Equal(t, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", digest)
			require.EqualValues(t, 5, size)
			got, err := store.Get(t.Context(), "a/b.txt")
			require.NoError(t, err)
			require.Equal(t, "hello", string(got))
			content, length, err := store.Open(t.Context(), "a/b.txt")
			require.NoError(t, err)
			require.EqualValues(t, 5, length)
			require.NoError(t, content.Close())
			piece, err := store.OpenRange(t.Context(), "a/b.txt", 1, 3)
			require.NoError(t, err)
			middle, err := io.ReadAll(piece)
			require.NoError(t, err)
			require.Equal(t, "ell", string(middle))
			require.NoError(t, piece.Close())
			found, err := store.Exists(t.Context(), "a/b.txt")
			require.NoError(t, err)
			require.True(t, found)
		})
	}
}

func TestPuttingAgainReplaces(t *testing.T) {
	t.Parallel()
	for kind, store := range stores(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			for _, content := range []string{"old and longer", "new"} {
				_, _, err := store.Put(t.Context(), "k", text, strings.NewReader(content))
				require.NoError(t, err)
			}

			got, err := store.Get(t.Context(), "k")

			require.NoError(t, err)
			require.Equal(t, "new", string(got))
		})
	}
}

func TestAReaderThatFailsLeavesWhatWasThere(t *testing.T) {
	t.Parallel()
	broken := errors.New("the line went dead")
	for kind, store := range stores(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			_, _, err := store.Put(t.Context(), "a/k", text, strings.NewReader("whole"))
			require.NoError(t, err)

			_, _, err = store.Put(t.Context(), "a/k", text,
				io.MultiReader(bytes.NewReader(make([]byte, 1<<20)), iotest.ErrReader(broken)))

			require.ErrorIs(t, err, broken)
			got, err := store.Get(t.Context(), "a/k")
			require.NoError(t, err)
			require.Equal(t, "whole", string(got))
			objects, err := store.List(t.Context(), "")
			require.NoError(t, err)
			require.Len(t, objects, 1, "and nothing half written")
		})
	}
}

func TestAListIsSortedAndCutByPrefix(t *testing.T) {
	t.Parallel()
	for kind, store := range stores(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			for _, key := range []string{"cur/b.gz", "cur/a/2.gz", "cur/a-1.gz", "focus/a.csv"} {
				_, _, err := store.Put(t.Context(), key, text, strings.NewReader(key))
				require.NoError(t, err)
			}
			tests := map[string][]string{
				"":        {"cur/a-1.gz", "cur/a/2.gz", "cur/b.gz", "focus/a.csv"},
				"cur/":    {"cur/a-1.gz", "cur/a/2.gz", "cur/b.gz"},
				"cur/a":   {"cur/a-1.gz", "cur/a/2.gz"},
				"nothing": nil, "no/such/": nil,
			}
			for prefix, want := range tests {
				objects, err := store.List(t.Context(), prefix)

				require.NoError(t, err)
				var keys []string
				for _, object := range objects {
					keys = append(keys, object.Key)
					require.EqualValues(t, len(object.Key), object.Size)
					require.False(t, object.ModTime.IsZero())
				}
				require.Equal(t, want, keys, "prefix %q", prefix)
			}
		})
	}
}

func TestWhatIsMissingSaysSo(t *testing.T) {
	t.Parallel()
	for kind, store := range stores(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()

			_, err := store.Get(t.Context(), "no/such")

			require.ErrorIs(t, err, blob.ErrNotFound)
			_, err = store.OpenRange(t.Context(), "no/such", 0, 1)
			require.ErrorIs(t, err, blob.ErrNotFound)
			found, err := store.Exists(t.Context(), "no/such")
			require.NoError(t, err)
			require.False(t, found)
		})
	}
}

func TestOnlyKeysOfOurOwnAreWritten(t *testing.T) {
	t.Parallel()

	tests := map[string]string{
		"one that climbs":        "../k",
		"one that climbs inside": "a/../../k",
		"an absolute one":        "/etc/passwd",
		"an empty one":           "",
		"one with a space":       "a b",
		"one in Hangul":          "가",
		"one with a NUL":         "a\x00",
		"one that is too long":   strings.Repeat("k", 1025),
	}
	for name, key := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, store := range stores(t) {
				_, _, err := store.Put(t.Context(), key, text, strings.NewReader("x"))

				require.ErrorIs(t, err, blob.ErrKey)
			}
		})
	}
}

func TestAFolderHoldsItsReadersIn(t *testing.T) {
	t.Parallel()
	outside := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(outside, []byte("secret"), 0o600))
	inside := t.TempDir()
	require.NoError(t, os.Symlink(outside, filepath.Join(inside, "link")))
	store, err := blob.OpenSource(t.Context(), "file://"+inside)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })

	for _, key := range []string{"link", "../" + filepath.Base(filepath.Dir(outside)) + "/secret", outside} {
		_, err = store.Get(t.Context(), key)
		require.Error(t, err, key)
	}
	_, err = store.List(t.Context(), "")
	require.ErrorContains(t, err, "link", "a link that leads out is not passed over in silence")
}

func TestAMissingSourceIsRefused(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "typo")

	_, err := blob.OpenSource(t.Context(), "file://"+missing)

	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoDirExists(t, missing)
}

func TestFilesOfAnyNameAreRead(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "10월 청구.csv"), []byte("x"), 0o600))
	store, err := blob.OpenSource(t.Context(), "file://"+folder)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })

	objects, err := store.List(t.Context(), "")
	require.NoError(t, err)
	require.Len(t, objects, 1)
	got, err := store.Get(t.Context(), objects[0].Key)
	require.NoError(t, err)
	require.Equal(t, "x", string(got))
}

func TestAnAddressIsRefusedWithoutRepeatingSecrets(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"ftp://host/?password=hunter2", "s3://b?unknown=hunter2", "file://%zz?hunter2"} {
		_, err := blob.Open(t.Context(), address)

		require.Error(t, err)
		require.NotContains(t, strings.SplitN(err.Error(), ":", 2)[0], "hunter2")
	}
}
