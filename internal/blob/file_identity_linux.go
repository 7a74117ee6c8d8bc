package blob

import "syscall"

// changedAt is a file's ctime, in seconds and nanoseconds.
func changedAt(stat *syscall.Stat_t) (seconds, nanoseconds int64) { return stat.Ctim.Unix() }
