package spool_test

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/internal/spool"
)

func TestAFileHasNoNameAndIsReadAtRandom(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "spool")
	folder, err := spool.Open(path)
	require.NoError(t, err)

	file, err := folder.New()

	require.NoError(t, err)
	_, err = file.Write([]byte("hello, world"))
	require.NoError(t, err)
	middle := make([]byte, 5)
	_, err = file.ReadAt(middle, 7)
	require.NoError(t, err)
	require.Equal(t, "world", string(middle))
	left, err := os.ReadDir(path)
	require.NoError(t, err)
	require.Empty(t, left, "a kill leaves nothing either")
	require.NoError(t, file.Close())
}

func TestOpeningEmptiesWhatIsItsOwnAndNothingElse(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(path, "magam-spool-ABC"), []byte("left"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(path, "somebody's.txt"), []byte("kept"), 0o600))

	_, err := spool.Open(path)

	require.NoError(t, err)
	require.NoFileExists(t, filepath.Join(path, "magam-spool-ABC"))
	require.FileExists(t, filepath.Join(path, "somebody's.txt"))
}

func TestAFullDiskHasItsCode(t *testing.T) {
	t.Parallel()

	code, _ := fault.CodeOf(spool.Full(fmt.Errorf("write x: %w", syscall.ENOSPC)))

	require.Equal(t, fault.DiskFull, code)
	require.Equal(t, os.ErrClosed, spool.Full(os.ErrClosed))
	require.NoError(t, spool.Full(nil))
}
