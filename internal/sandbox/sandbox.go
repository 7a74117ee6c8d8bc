// Package sandbox runs work on untrusted input in a child process with limits:
// memory, processor time, wall time. The child is this same program, started
// again with a hidden argument; it has no environment and reads nothing but
// its standard input.
//
// It owns the limits and what is made of a child that dies. It does not own
// the work (see formats/master.Task).
package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// hidden is the argument that makes a process a child.
const hidden = "--magam-sandbox="

// Task is work for a child: everything from in, everything to out. Its error
// is printed for the parent.
type Task func(in io.Reader, out io.Writer) error

// Limits bound a child.
type Limits struct {
	MemoryBytes uint64        // beyond what the empty program takes
	Wall        time.Duration // also its processor time
	OutputBytes int64
}

// Default suits a workbook of about a million cells.
func Default() Limits {
	return Limits{MemoryBytes: 2 << 30, Wall: 30 * time.Second, OutputBytes: 512 << 20}
}

// What a child's end means to the parent. The first three are the input's
// fault: trying again will not help.
const (
	ErrRefused = inputsFault("refused")              // the task returned an error: its text follows
	ErrLimit   = inputsFault("went past its limits") // memory, time or output
	ErrCrashed = inputsFault("crashed on the input") // a panic
)

var errNoTask = errors.New("sandbox: no task of the name") // the program does not know it

// inputsFault marks what another attempt cannot cure, for callers that do not
// know this room.
type inputsFault string

func (f inputsFault) Error() string { return string(f) }

// InputsFault says that another attempt on the same input ends the same.
func (f inputsFault) InputsFault() bool { return true }

const (
	exitRefused = 10
	exitNoTask  = 11
)

// Enter must come first in main, and in TestMain: in a child it does the work
// and never returns.
func Enter(tasks map[string]Task) {
	if len(os.Args) != 2 || !strings.HasPrefix(os.Args[1], hidden) {
		return
	}
	name := strings.TrimPrefix(os.Args[1], hidden)
	task, known := tasks[name]
	if !known {
		os.Exit(exitNoTask)
	}
	var limits Limits
	_, err := fmt.Fscanf(os.Stdin, "%d %d\n", &limits.MemoryBytes, (*int64)(&limits.Wall))
	if err == nil {
		err = restrict(limits)
	}
	if err == nil {
		err = task(os.Stdin, os.Stdout)
	}
	if err != nil {
		fmt.Fprint(os.Stderr, err)
		os.Exit(exitRefused)
	}
	os.Exit(0)
}

// Runner starts children of this program.
type Runner struct {
	Limits Limits
}

// Run gives input to a task in a child and returns what it wrote. The task's
// own refusal is an ErrRefused with the task's words.
func (r Runner) Run(ctx context.Context, task string, input []byte) ([]byte, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	asked := ctx
	ctx, cancel := context.WithTimeout(ctx, r.Limits.Wall)
	defer cancel()

	child := exec.CommandContext(ctx, self, hidden+task)
	child.Env = []string{"GOTRACEBACK=none"}
	child.Dir = os.TempDir()
	limits := fmt.Sprintf("%d %d\n", r.Limits.MemoryBytes, int64(r.Limits.Wall))
	child.Stdin = io.MultiReader(strings.NewReader(limits), bytes.NewReader(input))
	output := &bounded{limit: r.Limits.OutputBytes}
	words := &bounded{limit: 16 << 10}
	child.Stdout, child.Stderr = output, words
	child.WaitDelay = time.Second
	err = child.Run()
	switch {
	case output.over:
		return nil, fmt.Errorf("sandbox %s: %w: wrote more than %d bytes", task, ErrLimit,
			r.Limits.OutputBytes)
	case asked.Err() != nil:
		return nil, fmt.Errorf("sandbox %s: %w", task, asked.Err())
	case ctx.Err() != nil:
		return nil, fmt.Errorf("sandbox %s: %w: %w", task, ErrLimit, ctx.Err())
	case err == nil:
		return output.Bytes(), nil
	default:
		return nil, fmt.Errorf("sandbox %s: %w", task, verdict(child, words.String(), err))
	}
}

// verdict says what became of a child that did not end well.
func verdict(child *exec.Cmd, words string, err error) error {
	if child.ProcessState == nil {
		return err
	}
	switch code := child.ProcessState.ExitCode(); {
	case code == exitRefused:
		return fmt.Errorf("%w: %s", ErrRefused, words)
	case code == exitNoTask:
		return errNoTask
	case code < 0,
		strings.Contains(words, "out of memory"),
		strings.Contains(words, "cannot allocate memory"):
		return fmt.Errorf("%w: %s", ErrLimit, child.ProcessState) // killed by a limit
	default:
		return fmt.Errorf("%w: %s", ErrCrashed, firstLine(words))
	}
}

func firstLine(words string) string {
	line, _, _ := strings.Cut(words, "\n")
	return line
}

// bounded keeps what a child writes up to a limit, then makes it stop.
type bounded struct {
	bytes.Buffer
	limit int64
	over  bool
}

func (b *bounded) Write(p []byte) (int, error) {
	if int64(b.Len()+len(p)) > b.limit {
		b.over = true
		return 0, io.ErrShortWrite
	}
	return b.Buffer.Write(p)
}
