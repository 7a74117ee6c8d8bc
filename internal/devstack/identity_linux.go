package devstack

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
)

// errGone says that a process has ended.
var errGone = errors.New("no such process")

// identify tells a process from a later one of the same number: by the tick it
// started at and by the machine's boot. A zombie has ended.
func identify(pid int) (string, error) {
	const state, started = 0, 19 // fields after the name, which may hold anything but the last ")"
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if errors.Is(err, os.ErrNotExist) {
		return "", errGone
	}
	if err != nil {
		return "", err
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) <= started || fields[state] == "Z" || fields[state] == "X" {
		return "", errGone
	}
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(string(boot)) + "/" + fields[started], nil
}

// Alive says whether a process of this number runs, whosever it is.
func Alive(pid int) bool {
	_, err := identify(pid)
	return err == nil
}
