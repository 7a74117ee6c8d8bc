//go:build unix && !linux

package devstack

import (
	"errors"
	"os/exec"
	"strconv"
	"strings"
)

// errGone says that a process has ended.
var errGone = errors.New("no such process")

// identify tells a process from a later one of the same number: by the time it
// started. A zombie has ended.
func identify(pid int) (string, error) {
	output, err := exec.Command("ps", "-o", "stat=,lstart=", "-p", strconv.Itoa(pid)).Output()
	text := strings.TrimSpace(string(output))
	if err != nil || text == "" || strings.HasPrefix(text, "Z") {
		return "", errGone
	}
	_, started, _ := strings.Cut(text, " ") // the state changes, the start does not
	return strings.TrimSpace(started), nil
}

// Alive says whether a process of this number runs, whosever it is.
func Alive(pid int) bool {
	_, err := identify(pid)
	return err == nil
}
