package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"magam/domain/period"
)

// demoCmd closes a whole fictional month with the same commands that finance
// and ops use, one after the other, and ends by printing what came of it.
type demoCmd struct {
	Dir  string `help:"Where the sample and the documents go." default:"demo" type:"path"`
	Rows int    `help:"Rows of the sample month." default:"10000"`
}

// Help shows an example.
func (demoCmd) Help() string {
	return `Example: starter demo --rows 100000

A second run finds everything done, changes nothing, and prints the same result.`
}

// Run walks through the month.
func (c demoCmd) Run(ctx context.Context, s *session) error {
	began := time.Now()
	month := period.Previous(began.In(s.cfg.Location()))
	sampleDir := filepath.Join(c.Dir, "sample-"+month.String())
	steps := []struct {
		title string
		run   func() error
	}{
		{"make the sample month of a fictional reseller", func() error {
			return sampleCmd{Dir: sampleDir, Seed: 1, Month: month, Rows: c.Rows, Revision: 1}.Run(ctx, s)
		}},
	}
	for i, step := range steps {
		s.sayf("\n[%d/%d] %s", i+1, len(steps), step.title)
		err := step.run()
		if err != nil {
			return fmt.Errorf("%s: %w", step.title, err)
		}
	}
	s.sayf("\ndone in %s", time.Since(began).Round(time.Second))
	return nil
}
