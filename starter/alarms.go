package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"magam/db"
	"magam/domain/delivery"
	"magam/workflows"
)

// alarmsCmd shows what ops should look at.
type alarmsCmd struct {
	Check bool `help:"Look at every source now; the schedule does so every hour."`
}

// Help shows an example.
func (alarmsCmd) Help() string {
	return `Example:

  starter alarms --check

Alarms: a source is silent for a day, a delivery is held or refused, a month lost rows, a total is far from what was to be
expected, rows are set aside and the month could close. Whoever has the role ops is told once by mail, and once when it is over.`
}

// alarmAnswer is one alarm for programs.
type alarmAnswer struct {
	ID       int64  `json:"id"`
	Kind     string `json:"kind"` // silent, held, refused, rows, jump, quarantine
	Source   string `json:"source"`
	Month    string `json:"month"`
	Subject  string `json:"subject,omitempty"`
	What     string `json:"what"`
	Cure     string `json:"cure"`
	Since    string `json:"since"`
	LastSeen string `json:"last_seen"`
}

// Run looks where asked, and prints what stands.
func (c alarmsCmd) Run(ctx context.Context, s *session) error {
	if c.Check {
		if err := c.look(ctx, s); err != nil {
			return err
		}
	}
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	standing, err := readAlarms(ctx, db.NewAlarms(books))
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(standing)
	}
	if len(standing) == 0 {
		_, err := fmt.Fprintln(s.out, "no alarm stands")
		return err
	}
	printAlarms(s, standing)
	return nil
}

// look runs the watch, or joins the one that runs already.
func (alarmsCmd) look(ctx context.Context, s *session) error {
	temporal, err := s.dial(ctx)
	if err != nil {
		return err
	}
	run, err := temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: workflows.WatchSourcesID, TaskQueue: workflows.QueueClosing,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:            "Look at every source",
	}, workflows.WatchSources, workflows.WatchSourcesInput{})
	if err != nil {
		return fmt.Errorf("look at the sources: %w", err)
	}
	var result workflows.WatchSourcesResult
	if err := s.await(ctx, run, workflows.QueueClosing, &result); err != nil {
		return fmt.Errorf("look at the sources: %s", sentence(err))
	}
	s.sayf("%d alarms, %d mails sent, %d to be tried again, %d refused", result.Alarms, result.Mails,
		result.Later, result.Failed)
	return nil
}

func readAlarms(ctx context.Context, books *db.Alarms) ([]alarmAnswer, error) {
	standing, err := books.Standing(ctx)
	if err != nil {
		return nil, err
	}
	answers := make([]alarmAnswer, 0, len(standing))
	for _, one := range standing {
		answers = append(answers, alarmOf(one))
	}
	return answers, nil
}

func alarmOf(one delivery.Raised) alarmAnswer {
	return alarmAnswer{
		ID: one.ID, Kind: string(one.Kind), Source: one.Source, Month: one.Month, Subject: one.Subject,
		What: one.Title("en") + ": " + one.Sentence("en"), Cure: one.Cure("en"),
		Since: one.Since.UTC().Format(time.RFC3339), LastSeen: one.LastSeen.UTC().Format(time.RFC3339),
	}
}

func printAlarms(s *session, standing []alarmAnswer) {
	for _, one := range standing {
		fmt.Fprintf(s.out, "alarm %d since %s, %s\n  %s\n  %s\n", one.ID, one.Since,
			strings.TrimSpace(one.Source+" "+one.Month), one.What, one.Cure)
	}
}
