package sandbox

import (
	"fmt"
	"os"
	"runtime/debug"
	"syscall"
	"time"
)

// restrict takes this process's rights away before it sees the input. The
// address space is counted from what the runtime has reserved already.
func restrict(limits Limits) error {
	var pages uint64
	status, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return err
	}
	_, err = fmt.Sscan(string(status), &pages)
	if err != nil {
		return err
	}
	space := pages*uint64(os.Getpagesize()) + limits.MemoryBytes
	seconds := uint64((limits.Wall + time.Second - 1) / time.Second)
	for resource, limit := range map[int]uint64{
		syscall.RLIMIT_AS:    space,
		syscall.RLIMIT_CPU:   seconds,
		syscall.RLIMIT_FSIZE: 0, // no file may be written; pipes are none
		syscall.RLIMIT_CORE:  0,
	} {
		err = syscall.Setrlimit(resource, &syscall.Rlimit{Cur: limit, Max: limit})
		if err != nil {
			return fmt.Errorf("limit %d to %d: %w", resource, limit, err)
		}
	}
	debug.SetMemoryLimit(int64(limits.MemoryBytes / 4 * 3)) //nolint:gosec // far below 2^63
	return nil
}
