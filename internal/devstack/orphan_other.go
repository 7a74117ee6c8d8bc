//go:build unix && !linux

package devstack

import "syscall"

// dieWithParent has no counterpart outside Linux: a test that is killed leaves
// its server to the sweep of the next run.
func dieWithParent(*syscall.SysProcAttr) {}
