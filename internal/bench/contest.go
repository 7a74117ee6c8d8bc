package main

import (
	"context"
	"strings"
	"time"
)

// sample is what one run of a contender took.
type sample struct {
	wall   time.Duration
	worker time.Duration // CPU of the client or worker
	server time.Duration // CPU of Postgres
	peakKB int64
	steps  map[string]step
	note   string
}

func (s sample) cpu() time.Duration { return s.worker + s.server }

// contender is something that is measured once a round.
type contender struct {
	what    string
	run     func(ctx context.Context) (sample, error)
	all     []sample
	missing string // why there is none on this machine
}

// best is the run that was least disturbed by whatever else the machine did.
func (c *contender) best() sample {
	var best sample
	for i, one := range c.all {
		if i == 0 || one.wall < best.wall {
			best = one
		}
	}
	return best
}

// thrifty is the least CPU that any run took: what disturbs a run costs it CPU too.
func (c *contender) thrifty() time.Duration {
	var least time.Duration
	for i, one := range c.all {
		if i == 0 || one.cpu() < least {
			least = one.cpu()
		}
	}
	return least
}

func (c *contender) peakMiB() float64 {
	var peak int64
	for _, one := range c.all {
		peak = max(peak, one.peakKB)
	}
	return float64(peak) / 1024
}

// compete runs all contenders in turn, round after round: what else the machine
// does then burdens them alike.
func compete(ctx context.Context, rounds int, only string, contenders ...*contender) error {
	for round := range rounds {
		for _, one := range contenders {
			if one.missing != "" || !strings.Contains(one.what, only) {
				continue
			}
			say("round %d of %d: %s", round+1, rounds, one.what)
			took, err := one.run(ctx)
			if one.missing, err = skipped(err); err != nil {
				return err
			}
			if one.missing == "" {
				one.all = append(one.all, took)
			}
		}
	}
	return nil
}
