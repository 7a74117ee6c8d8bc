package main

import (
	"context"
	"fmt"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"magam/domain/period"
	"magam/workflows"
)

// monthsCmd keeps closed months.
type monthsCmd struct {
	Archive monthsArchiveCmd `cmd:"" help:"Take the source rows of a closed month out of the books."`
}

// Help shows an example.
func (monthsCmd) Help() string { return "Example:\n\n  starter months archive 2026-10 --by kim" }

type monthsArchiveCmd struct {
	Month period.Month `arg:"" help:"A billing period that is closed." placeholder:"MONTH"`
	By    string       `       help:"Your code of the people sheet."   placeholder:"CODE"  required:""`
}

// Help says what stays.
func (monthsArchiveCmd) Help() string {
	return `Example:

  starter months archive 2026-10 --by kim

Every original file is read back from the archive first, whole; only with the digest under which it was read in do its
rows leave the books. Daily sums, totals, proofs and documents stay, and starter explain goes on, reading the files.
A delivery that also holds a month which is not closed stays as it is. Running it again goes on where it stopped.`
}

// Run starts the archiving and waits for its end.
func (c monthsArchiveCmd) Run(ctx context.Context, s *session) error {
	temporal, err := s.dial(ctx)
	if err != nil {
		return err
	}
	run, err := temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: workflows.ArchiveMonthID(c.Month), TaskQueue: workflows.QueueIngest,
		StaticSummary:            "archive " + c.Month.String(),
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, workflows.ArchiveMonth, workflows.ArchiveMonthInput{Month: c.Month, By: c.By})
	if err != nil {
		return fmt.Errorf("start archiving %s: %w", c.Month, err)
	}
	s.sayf("%s", s.runURL(run.GetID(), run.GetRunID()))
	var done workflows.ArchiveMonthResult
	err = s.await(ctx, run, workflows.QueueIngest, &done)
	if err != nil {
		return fmt.Errorf("archive %s: %s", c.Month, sentence(err))
	}
	if s.json {
		return s.printJSON(done)
	}
	fmt.Fprintf(
		s.out,
		"%s: %d rows of %d files in %d deliveries are in the archive alone now; %d deliveries were before\n",
		done.Month,
		done.Rows,
		done.Parts,
		done.Deliveries,
		done.Before,
	)
	for _, kept := range done.Kept {
		fmt.Fprintf(s.out, "delivery %d stays: it holds %s, which is not closed\n", kept.Delivery, kept.Open)
	}
	return nil
}
