package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
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
	Month            period.Month  `help:"Billing period; the month before this one unless given."               placeholder:"MONTH"`
	By               string        `help:"Your code of the people sheet."                                        placeholder:"CODE"`
	Wait             bool          `help:"Follow the close until it ends, or waits for somebody."`
	Timeout          time.Duration `help:"Follow it no longer than this, such as 10m; the close itself goes on." placeholder:"TIME"`
	ApproveAs        string        `help:"Follow it, and approve what waits, as this code. Embedded stack only." placeholder:"CODE"`
	AcceptUnassigned string        `help:"Close although some cost has no customer, for this reason."            placeholder:"REASON"`
}

// Help shows an example.
func (closeCmd) Help() string {
	return `Examples:

  starter close --month 2026-10 --by kim --wait
  starter close --month 2026-10 --accept-unassigned "sandbox, we bear it" --wait

Closing a month that is being closed joins it. Closing a month that is closed changes nothing.

Exit code 4: the close waits for a source, for approval or for a word on unassigned cost, and is told so with the command
that helps; or it ended with parked customers. What waits goes on by itself once it is helped: follow it again with the
same command.`
}

// Run starts the close and, with --wait, follows it.
func (c closeCmd) Run(ctx context.Context, s *session) error {
	if c.ApproveAs != "" && !s.cfg.Embedded {
		return misusef(
			"--approve-as works on the embedded stack only. Fix: starter approve, as a second person",
		)
	}
	temporal, err := s.dial(ctx)
	if err != nil {
		return err
	}
	month := s.month(c.Month)

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
	s.lookAgain(ctx, month)
	if !c.Wait && c.ApproveAs == "" {
		if s.json {
			return s.printJSON(
				map[string]string{"month": month.String(), "workflow": id, "run": run.GetRunID()},
			)
		}
		return nil
	}
	return c.follow(ctx, s, month, run)
}

// lookAgain wakes a close that waits, if one runs: the books may have changed.
func (s *session) lookAgain(ctx context.Context, month period.Month) {
	temporal, err := s.dial(ctx)
	if err != nil {
		return
	}
	// None runs, or it has just ended: then there is nobody to wake.
	_ = temporal.SignalWorkflow(ctx, workflows.CloseMonthID(month), "", workflows.SignalLookAgain, nil)
}

// startedWith tells in the web UI how the run came to be.
func startedWith(by string) string {
	if by == "" {
		by = "nobody by name"
	}
	return "Started with `starter close` by " + by + ". Drafts every customer, proves the month, waits for approval, " +
		"numbers, prints and mails. Updates: retry-parked, accept-unassigned. Query: board."
}

// quietWithin is how long nothing may move before a close that waits is said to
// wait: what a machine does next shows sooner.
const quietWithin = 5 * time.Second

// follower is one look after another at a close.
type follower struct {
	closeCmd
	session  *session
	month    period.Month
	ledger   *db.Ledger
	shown    string    // the last line
	waited   string    // what was waited for then
	accepted bool      // the reason was given
	since    time.Time // when it last changed
	refused  map[string]string
}

// follow shows the board as it changes, approves where asked to, and ends with
// the close, or when it cannot go on without somebody.
func (c closeCmd) follow(ctx context.Context, s *session, month period.Month, run client.WorkflowRun) error {
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	var result workflows.CloseMonthResult
	go func() { ended <- s.await(ctx, run, workflows.QueueClosing, &result) }()

	f := &follower{
		closeCmd: c, session: s, month: month, ledger: db.NewLedger(books), since: time.Now(),
		refused: map[string]string{},
	}
	var deadline <-chan time.Time
	if c.Timeout > 0 {
		deadline = time.After(c.Timeout)
	}
	ticker := time.NewTicker(500 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case err := <-ended:
			if err != nil {
				return fmt.Errorf("close %s: %w", month, err)
			}
			return c.report(ctx, s, result)
		case <-deadline:
			return f.waiting(ctx, fmt.Sprintf("%s has not ended within %s", month, c.Timeout))
		case <-ticker.C:
			waits, err := f.look(ctx)
			if err != nil {
				return err
			}
			if len(waits) > 0 && time.Since(f.since) > quietWithin {
				return f.waiting(ctx, month.String()+" cannot go on by itself")
			}
		}
	}
}

// look says what has changed, approves where asked to, and tells what is waited for.
func (f *follower) look(ctx context.Context) ([]wait, error) {
	board, err := f.ledger.Board(ctx, f.month)
	if err != nil {
		return nil, err
	}
	if f.ApproveAs != "" {
		for _, row := range board {
			if _, said := f.refused[row.Customer]; !said && (row.State == "draft" || row.State == "held") {
				f.approve(ctx, row.Customer)
			}
		}
	}
	waits, err := waitsOf(ctx, f.ledger, f.month)
	if err != nil {
		return nil, err
	}
	if line := countsLine(board, f.session.cfg.Language); line != f.shown {
		f.session.sayf("%s · %s", f.month, line)
		f.shown, f.since = line, time.Now()
	}
	if line := waitsLine(waits); line != f.waited {
		f.waited, f.since = line, time.Now()
	}
	if f.AcceptUnassigned != "" && !f.accepted &&
		slices.ContainsFunc(waits, func(one wait) bool { return one.unowned }) {
		f.accept(ctx)
	}
	return waits, nil
}

// accept gives the reason to a close that was running already when it was
// joined: the one that we start is told in its input.
func (f *follower) accept(ctx context.Context) {
	reason, err := f.ledger.Accepted(ctx, f.month)
	if err != nil || reason != "" {
		return
	}
	f.accepted = true
	answer, err := ask(ctx, f.session, workflows.CloseMonthID(f.month), workflows.UpdateAcceptUnassigned,
		workflows.Decision{By: f.By, Reason: f.AcceptUnassigned})
	if err != nil {
		answer = "not accepted: " + sentence(err) + ". Fix: name yourself with --by"
	}
	f.session.sayf("%s · unassigned cost: %s", f.month, answer)
	f.since = time.Now()
}

// approve approves a customer whose drafts lie on the desk. One that is not
// there yet is asked again at the next look; one that is refused is told and let be.
func (f *follower) approve(ctx context.Context, customer string) {
	answer, err := ask(ctx, f.session, workflows.CloseCustomerID(f.month, customer), workflows.UpdateApprove,
		workflows.Decision{By: f.ApproveAs})
	switch {
	case err == nil:
		f.session.sayf("%s", answer)
		f.since = time.Now()
	case notRunning(err) || strings.Contains(err.Error(), "nothing is on the desk"):
	default:
		f.refused[customer] = sentence(err)
		f.session.sayf("%s %s: not approved: %s", f.month, customer, f.refused[customer])
	}
}

// waiting ends following: with how the month stands, and exit code 4.
func (f *follower) waiting(ctx context.Context, why string) error {
	err := (&statusCmd{Month: f.month}).Run(ctx, f.session)
	if err != nil {
		return err
	}
	return fmt.Errorf(
		"%w: %s. Fix: do what it waits for, then follow it again: starter close --month %s --wait",
		errNotClosed,
		why,
		f.month,
	)
}

// report prints how the month ended.
func (c closeCmd) report(ctx context.Context, s *session, result workflows.CloseMonthResult) error {
	if s.json {
		err := s.printJSON(result)
		if err != nil {
			return err
		}
	} else {
		err := (&statusCmd{Month: result.Month}).Run(ctx, s)
		if err != nil {
			return err
		}
	}
	if result.Parked > 0 {
		return fmt.Errorf(
			"%w: %d customers parked. Fix: cure the reasons, then starter retry-parked --month %s --by CODE",
			errNotClosed,
			result.Parked,
			result.Month,
		)
	}
	return nil
}

// waitsLine is all that is waited for, to see whether it changed.
func waitsLine(waits []wait) string {
	var line strings.Builder
	for _, one := range waits {
		line.WriteString(one.What + "\n")
	}
	return line.String()
}

// countsLine is the board in one line.
func countsLine(board []closing.Row, language string) string {
	counts := map[string]int{}
	for _, row := range board {
		counts[row.State]++
	}
	return closing.CountsLine(counts, language)
}
