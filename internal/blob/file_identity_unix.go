//go:build linux || darwin

package blob

import (
	"fmt"
	"io/fs"
	"syscall"
	"time"
)

// fileIdentity is a file's number and the time its bytes or its record last
// changed. No program can set that time: whoever changes bytes and puts the
// time of modification back is still seen.
func fileIdentity(info fs.FileInfo) (identity string, changed time.Time) {
	stat, known := info.Sys().(*syscall.Stat_t)
	if !known {
		return "", info.ModTime()
	}
	changed = time.Unix(changedAt(stat))
	return fmt.Sprintf("inode %d.%d changed %d", stat.Dev, stat.Ino, changed.UnixNano()), changed
}
