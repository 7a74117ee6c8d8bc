package blob

import "syscall"

func changedAt(stat *syscall.Stat_t) syscall.Timespec { return stat.Ctimespec }
