package main

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"magam/activities"
	"magam/db"
	"magam/domain/delivery"
	"magam/workflows"
)

// sourcesCmd is where exports come from.
type sourcesCmd struct {
	List  sourcesListCmd  `cmd:"" help:"List the configured sources and their last deliveries."`
	Check sourcesCheckCmd `cmd:"" help:"Ask sources what an ingest needs; exit 1 unless all are ready."`
}

type sourcesListCmd struct{}

// Help gives an example.
func (sourcesListCmd) Help() string {
	return `Example:

  starter sources list --json

Sources are rows of the sheet sources: starter master import changes them.`
}

// sourceAnswer is a source for programs.
type sourceAnswer struct {
	Name        string     `json:"name"`
	Provider    string     `json:"provider"`
	Format      string     `json:"format"`
	URL         string     `json:"url"`
	ClosePolicy string     `json:"close_policy"`
	LastSealed  *time.Time `json:"last_sealed"` // null where nothing was ever published
}

// Run prints a row per source.
func (sourcesListCmd) Run(ctx context.Context, s *session) error {
	pool, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	books := &db.Charges{Pool: pool}
	sources, err := books.Sources(ctx)
	if err != nil {
		return err
	}
	last, err := books.LastSealed(ctx)
	if err != nil {
		return err
	}
	sealed := map[string]delivery.LastSealed{}
	for _, one := range last {
		sealed[one.Source] = one
	}
	answers := make([]sourceAnswer, len(sources))
	for i, one := range sources {
		answers[i] = sourceAnswer{
			Name: one.Name, Provider: one.Provider, Format: one.Format, URL: one.URL,
			ClosePolicy: one.ClosePolicy, LastSealed: orNull(sealed[one.Name].SealedAt),
		}
	}
	if s.json {
		return s.printJSON(answers)
	}
	if len(answers) == 0 {
		s.sayf("no source is configured: fill the sheet sources, then starter master import")
		return nil
	}
	rows := newTable(s, plain("source"), plain("provider"), plain("format"), wrapped("place"),
		plain("last delivery"))
	for _, one := range answers {
		rows.row(one.Name, one.Provider, one.Format, one.URL, s.when(one.LastSealed))
	}
	rows.print()
	return nil
}

type sourcesCheckCmd struct {
	Name string `arg:"" help:"A source of the sources sheet; all of them unless given." optional:"" placeholder:"NAME"`
	From string `       help:"Any folder or bucket instead."                                        placeholder:"FOLDER"`
}

// Help gives examples.
func (sourcesCheckCmd) Help() string {
	return `Examples:

  starter sources check
  starter sources check payer-a --json
  starter sources check --from s3://bucket/payer-a

Asks in this order whether a source can be reached, listed and read, whether its format is known, and when the newest
export came. The first no names what is missing, a permission by the provider's own name. The worker asks, with its
credentials; this command needs none. Exit code 1 unless every source is ready.`
}

// checkAnswer is one source's check, for programs.
type checkAnswer struct {
	Source     string            `json:"source"`
	Place      string            `json:"place"`
	Ready      bool              `json:"ready"`
	Format     string            `json:"format"`
	Files      int               `json:"files"`
	Bytes      int64             `json:"bytes"`
	LastFile   *time.Time        `json:"last_file"`
	LastSealed *time.Time        `json:"last_sealed"`
	Steps      []checkStepAnswer `json:"steps"`
}

type checkStepAnswer struct {
	Step  string `json:"step"`  // reach, list, read, format, fresh
	State string `json:"state"` // ok, late, no
	Word  string `json:"word"`
}

// Run has the worker check, page by page, and prints what it found.
func (c sourcesCheckCmd) Run(ctx context.Context, s *session) error {
	in := workflows.CheckSourcesInput{Source: c.Name}
	if c.From != "" {
		location, err := locationOf(c.From)
		if err != nil {
			return err
		}
		in.From = location
		if in.Source == "" {
			in.Source = delivery.FolderName(location)
		}
	}
	var checks []activities.SourceCheck
	for {
		page, err := c.check(ctx, s, in)
		if err != nil {
			return err
		}
		checks = append(checks, page.Checks...)
		if page.Next == "" {
			break
		}
		in.After = page.Next
	}
	err := printChecks(s, checks)
	if err != nil {
		return err
	}
	for _, check := range checks {
		if !check.Ready {
			return errDiffers
		}
	}
	return nil
}

func (c sourcesCheckCmd) check(
	ctx context.Context, s *session, in workflows.CheckSourcesInput,
) (workflows.CheckSourcesResult, error) {
	var result workflows.CheckSourcesResult
	temporal, err := s.dial(ctx)
	if err != nil {
		return result, err
	}
	run, err := temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: workflows.CheckSourcesID(in.Source, in.After), TaskQueue: workflows.QueueIngest,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		StaticSummary:            "Check whether sources can be read",
	}, workflows.CheckSources, in)
	if err != nil {
		return result, fmt.Errorf("start the check: %w", err)
	}
	return result, s.await(ctx, run, workflows.QueueIngest, &result)
}

func printChecks(s *session, checks []activities.SourceCheck) error {
	if s.json {
		answers := make([]checkAnswer, len(checks))
		for i, one := range checks {
			answers[i] = checkAnswer{
				Source: one.Source, Place: one.Place, Ready: one.Ready, Format: one.Format, Files: one.Files,
				Bytes: one.Bytes, LastFile: orNull(one.LastFile), LastSealed: orNull(one.LastSealed),
				Steps: make([]checkStepAnswer, len(one.Steps)),
			}
			for j, step := range one.Steps {
				answers[i].Steps[j] = checkStepAnswer(step)
			}
		}
		return s.printJSON(answers)
	}
	if len(checks) == 0 {
		s.sayf("no source is configured: fill the sheet sources, then starter master import")
		return nil
	}
	rows := newTable(s, plain("source"), plain("step"), plain("answer"), wrapped("word"))
	rows.apart = true
	for _, one := range checks {
		name := one.Source
		for _, step := range one.Steps {
			rows.row(name, step.Step, step.State, step.Word)
			name = ""
		}
	}
	rows.print()
	return nil
}

// orNull gives programs null for a time that never was.
func orNull(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// when shows a time on the house's clock.
func (s *session) when(at *time.Time) string {
	if at == nil {
		return "never"
	}
	return at.In(s.cfg.Location()).Format("2006-01-02 15:04")
}
