//go:build !linux

package sandbox

import "runtime/debug"

// restrict keeps what every system has: the collector's limit here, wall time
// and output in the parent. Real installations run on Linux.
func restrict(limits Limits) error {
	debug.SetMemoryLimit(int64(limits.MemoryBytes / 4 * 3)) //nolint:gosec // far below 2^63
	return nil
}
