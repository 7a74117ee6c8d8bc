package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// step is what one step of a worker took.
type step struct {
	wall, worker, server time.Duration
	began                time.Time
}

// worked is what a worker process reported.
type worked struct {
	steps  map[string]step
	parts  []string
	peakKB int64
}

// whole is from finding to publishing.
func (w worked) whole() sample {
	all := sample{steps: w.steps, peakKB: w.peakKB}
	for _, name := range []string{stepFind, stepLoad, stepSeal} {
		one := w.steps[name]
		all.wall += one.wall
		all.worker += one.worker
		all.server += one.server
	}
	return all
}

// worker runs steps in a process of their own, so that its memory is its own.
func (b *bench) worker(ctx context.Context, told order) (worked, error) {
	child := exec.CommandContext(ctx, os.Args[0], "-worker", told.folder, "-db", told.url, "-do", told.steps,
		"-parts", told.parts, "-server", b.data(), "-cpuprofile", told.profile)
	child.Stderr = os.Stderr
	out, err := child.Output()
	if err != nil {
		return worked{}, err
	}
	done := worked{steps: map[string]step{}}
	for line := range strings.Lines(string(out)) {
		name, rest, _ := strings.Cut(line, " ")
		switch name {
		case "took":
			err = done.took(rest)
		case "part":
			done.parts = append(done.parts, strings.TrimSpace(rest))
		case "peak":
			_, err = fmt.Sscan(rest, &done.peakKB)
		}
		if err != nil {
			return done, fmt.Errorf("a worker said %q: %w", line, err)
		}
	}
	return done, nil
}

func (w worked) took(said string) error {
	var name string
	var began int64
	var one step
	if _, err := fmt.Sscan(said, &name, &began, &one.wall, &one.worker, &one.server); err != nil {
		return err
	}
	one.began = time.Unix(0, began)
	w.steps[name] = one
	return nil
}

// usedBy is the CPU of a process that has ended, and of those it waited for.
func usedBy(child *exec.Cmd) time.Duration {
	return child.ProcessState.UserTime() + child.ProcessState.SystemTime()
}
