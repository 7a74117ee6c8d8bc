package pgtest

import (
	"bufio"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"magam/internal/devstack"
)

const (
	folderPrefix = "magam-pgtest-"
	sharedMemory = "/dev/shm"
	// Eight servers with a few clones each stay below a gigabyte.
	memoryNeeded = 4 << 30
)

// NewFolder names a folder for a server of this process.
func NewFolder() string { return FolderIn(baseFolder()) }

// FolderIn names a folder of this process, after removing those of test
// processes that were killed before they could.
func FolderIn(base string) string {
	sweep(base)
	return filepath.Join(base,
		fmt.Sprintf("%s%d-%s", folderPrefix, os.Getpid(), strings.ToLower(rand.Text()[:6])))
}

// baseFolder prefers memory where there is plenty: cloning a template makes
// hundreds of small files, eight times quicker there than on a disk. Otherwise
// it is a temporary folder that the server's account can pass through, which a
// private TMPDIR is not when we are root.
func baseFolder() string {
	if asked := os.Getenv("MAGAM_TEST_FOLDER"); asked != "" {
		return asked
	}
	if free(sharedMemory) > memoryNeeded && memoryAvailable() > memoryNeeded {
		return sharedMemory
	}
	own := os.TempDir()
	for folder := own; os.Geteuid() == 0 && folder != filepath.Dir(folder); folder = filepath.Dir(folder) {
		info, err := os.Stat(folder)
		if err != nil || info.Mode().Perm()&0o001 == 0 {
			return "/tmp"
		}
	}
	return own
}

func free(folder string) uint64 {
	var volume syscall.Statfs_t
	err := syscall.Statfs(folder, &volume)
	if err != nil {
		return 0 // no such folder here
	}
	return volume.Bavail * uint64(volume.Bsize)
}

// memoryAvailable is what the kernel says could be used without swapping, 0
// where it does not say.
func memoryAvailable() uint64 {
	file, err := os.Open("/proc/meminfo")
	if err != nil {
		return 0
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		words := strings.Fields(lines.Text()) // MemAvailable:   24113936 kB
		if len(words) == 3 && words[0] == "MemAvailable:" {
			kilobytes, _ := strconv.ParseUint(words[1], 10, 64)
			return kilobytes << 10
		}
	}
	return 0
}

func sweep(base string) {
	folders, _ := filepath.Glob(filepath.Join(base, folderPrefix+"*")) // its only error is a bad pattern
	for _, folder := range folders {
		number, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(folder), folderPrefix), "-")
		pid, err := strconv.Atoi(number)
		if err == nil && !devstack.Alive(pid) {
			_ = os.RemoveAll(folder) // somebody else's is left to them
		}
	}
}
