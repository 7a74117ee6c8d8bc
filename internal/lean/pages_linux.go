package lean

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// GiveBackProgram gives the kernel back the pages of our own program that
// starting touched and working does not: some fifty MiB, of every library's
// tables and first steps. What is needed again comes back from the page cache.
//
// Only pages that nobody can have written go: those of mappings of files that are
// not writable and hold no page of their own, such as a loader makes for what it
// relocates. It does nothing where the kernel does not tell.
func GiveBackProgram() {
	file, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer file.Close()
	for _, one := range cleanMappings(bufio.NewScanner(file)) {
		// It is advice: refused, the pages stay.
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, one.start, one.end-one.start, syscall.MADV_DONTNEED)
	}
}

type mapping struct{ start, end uintptr }

// cleanMappings reads proc_pid_smaps(5): a line per mapping, and under it what
// it holds.
func cleanMappings(smaps *bufio.Scanner) []mapping {
	var clean []mapping
	var current mapping
	ofFile := false
	for smaps.Scan() {
		line := smaps.Text()
		var next mapping
		var mode, offset, device, inode, name string
		n, _ := fmt.Sscanf(line, "%x-%x %s %s %s %s %s", &next.start, &next.end, &mode, &offset, &device,
			&inode, &name)
		if n >= 6 {
			current = next
			ofFile = strings.HasPrefix(name, "/") && strings.HasPrefix(mode, "r") &&
				!strings.Contains(mode, "w")
			continue
		}
		var written int
		if n, _ := fmt.Sscanf(line, "Anonymous: %d kB", &written); n == 1 && ofFile && written == 0 {
			clean = append(clean, current)
		}
	}
	return clean
}
