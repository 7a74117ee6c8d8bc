package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// ticks is the kernel's unit in /proc, the same on every Linux that Go runs on.
const ticks = 10 * time.Millisecond

// serverCPU is what a Postgres server and all its processes have used so far;
// zero where there is no /proc. Those that have ended count with their parent.
func serverCPU(data string) time.Duration {
	text, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	server := string(bytes.TrimSpace(first))
	used, _ := processCPU(server, true)
	processes, _ := filepath.Glob("/proc/[0-9]*")
	for _, process := range processes {
		one, parent := processCPU(filepath.Base(process), false)
		if parent == server {
			used += one
		}
	}
	return used
}

// processCPU reads a process's own time, with that of its ended children if
// asked, and its parent.
func processCPU(pid string, ended bool) (used time.Duration, parent string) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%s/stat", pid))
	if err != nil {
		return 0, "" // it has ended since
	}
	_, after, _ := strings.Cut(string(text), ") ") // the name may hold blanks
	fields := strings.Fields(after)
	const parentAt, ownAt, endedAt = 1, 11, 13 // see proc_pid_stat(5), less what was cut off
	if len(fields) < endedAt+2 {
		return 0, ""
	}
	until := endedAt
	if ended {
		until += 2
	}
	for _, field := range fields[ownAt:until] {
		count, _ := strconv.ParseInt(field, 10, 64)
		used += time.Duration(count) * ticks
	}
	return used, fields[parentAt]
}

// ownPeak is the most memory that this process ever held, in kB. What wait(2)
// tells would count what its parent held when it was begun.
func ownPeak() int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, after, _ := bytes.Cut(text, []byte("VmHWM:"))
	var peak int64
	_, _ = fmt.Sscan(string(after), &peak) // nought where there is no /proc
	return peak
}
