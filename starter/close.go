package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"magam/db"
	"magam/domain/closing"
	"magam/domain/period"
	"magam/workflows"
)

// closeCmd starts a month's close, and follows it where asked to.
type closeCmd struct {
	Month            period.Month `help:"Billing period, e.g. 2026-10. Default: the month before this one." placeholder:"M"`
	By               string       `help:"Your code of the people sheet." placeholder:"CODE"`
	Wait             bool         `help:"Follow the close until it ends."`
	ApproveAs        string       `help:"Approve what waits, as this code. Embedded stack only." placeholder:"CODE"`
	AcceptUnassigned string       `help:"Close although some cost has no customer, for this reason." placeholder:"REASON"`
}

// Help shows an example.
func (closeCmd) Help() string {
	return `Example: starter close --month 2026-10 --by kim --wait

Starting a month that is being closed joins it. Starting a month that is closed changes nothing.
Exit code 4: the close waits for somebody (approval, unassigned cost) or ended with parked customers.`
}

// Run starts the close and, with --wait, follows it.
func (c closeCmd) Run(ctx context.Context, s *session) error {
	if c.ApproveAs != "" && !s.cfg.Embedded {
		return errors.New("--approve-as works on the embedded stack only: use `starter approve`, as a second person")
	}
	temporal, err := s.dial(ctx)
	if err != nil {
		return err
	}
	month := c.Month
	if month.IsZero() {
		month = period.Previous(time.Now().In(s.cfg.Location()))
	}

	id := workflows.CloseMonthID(month)
	run, err := temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                       id,
		TaskQueue:                workflows.QueueClosing,
		StaticSummary:            "close " + month.String(),
		StaticDetails:            startedWith(c.By),
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		TypedSearchAttributes:    workflows.PeriodAttribute(month),
	}, workflows.CloseMonth, workflows.CloseMonthInput{
		Month: month, StartedBy: c.By, AcceptUnassigned: c.AcceptUnassigned,
	})
	if err != nil {
		return fmt.Errorf("start %s: %w", id, err)
	}
	s.sayf("%s is running: %s", id, s.runURL(id, run.GetRunID()))
	if !c.Wait && c.ApproveAs == "" {
		return nil
	}
	return c.follow(ctx, s, month, run)
}

// startedWith tells in the web UI how the run came to be.
func startedWith(by string) string {
	if by == "" {
		by = "nobody by name"
	}
	return "Started with `starter close` by " + by + ". Drafts every customer, proves the month, waits for approval, " +
		"numbers, prints and mails. Updates: retry-parked, accept-unassigned. Query: board."
}

// follow shows the board as it changes, approves where asked to, and ends with
// the close.
func (c closeCmd) follow(ctx context.Context, s *session, month period.Month, run client.WorkflowRun) error {
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	ledger := db.NewLedger(books)
	ended := make(chan error, 1)
	var result workflows.CloseMonthResult
	go func() { ended <- run.Get(ctx, &result) }()

	shown := ""
	ticker := time.NewTicker(500 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case err := <-ended:
			if err != nil {
				return fmt.Errorf("close %s: %w", month, err)
			}
			return c.report(ctx, s, result)
		case <-ticker.C:
			board, err := ledger.Board(ctx, month)
			if err != nil {
				return err
			}
			if line := countsLine(board, s.cfg.Language); line != shown {
				s.sayf("%s · %s", month, line)
				shown = line
			}
			if c.ApproveAs == "" {
				continue
			}
			for _, row := range board {
				if row.State == "draft" || row.State == "held" {
					approveIfLying(ctx, s, month, row.Customer, workflows.Decision{By: c.ApproveAs})
				}
			}
		}
	}
}

// approveIfLying approves a customer whose drafts lie on the desk. One that is
// not there yet is asked again at the next look.
func approveIfLying(ctx context.Context, s *session, month period.Month, customer string, said workflows.Decision) {
	update, err := s.temporal.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID:   workflows.CloseCustomerID(month, customer),
		UpdateName:   workflows.UpdateApprove,
		Args:         []any{said},
		WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err != nil {
		return
	}
	var answer string
	err = update.Get(ctx, &answer)
	if err == nil {
		s.sayf("%s", answer)
	}
}

// report prints how the month ended.
func (c closeCmd) report(ctx context.Context, s *session, result workflows.CloseMonthResult) error {
	if s.json {
		err := s.printJSON(result)
		if err != nil {
			return err
		}
	} else {
		err := (&statusCmd{Month: result.Month.String()}).Run(ctx, s)
		if err != nil {
			return err
		}
	}
	if result.Parked > 0 {
		return fmt.Errorf("%w: %d customers parked: cure the reasons, then `starter retry-parked --month %s --by CODE`",
			errNotClosed, result.Parked, result.Month)
	}
	return nil
}

// countsLine is the board in one line.
func countsLine(board []closing.Row, language string) string {
	counts := map[string]int{}
	for _, row := range board {
		counts[row.State]++
	}
	return closing.CountsLine(counts, language)
}
