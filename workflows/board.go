package workflows

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"magam/activities"
	"magam/domain/period"
)

// The Updates and the query that CloseMonth answers.
const (
	UpdateRetryParked      = "retry-parked"
	UpdateAcceptUnassigned = "accept-unassigned"
	UpdateAcceptNotFinal   = "accept-not-final"
	QueryBoard             = "board"
)

// SignalLookAgain wakes a close that waits for its sources or for somebody to
// own its cost: an ingest has ended, or somebody has mapped an account.
const SignalLookAgain = "look-again"

// eventsForBoard is how long a run's history may grow by redrawing its board:
// the rest, up to 2,000 events, belongs to the work. After that `starter
// status` answers.
const eventsForBoard = 1500

// board is what the web UI shows of a month: counts, then a row per customer.
type board struct {
	month     period.Month
	language  string
	last      activities.Board
	proof     activities.Proof
	refreshes int
	changed   bool // a batch said that a customer moved on
	accepted  bool
	look      bool // somebody said that the books have changed
	retry     bool
	// provisional are the sources whose month closes without their final word.
	provisional []string
}

// openBoard makes the close answer its query and Updates.
func openBoard(ctx workflow.Context, month period.Month, language string) (*board, error) {
	b := &board{month: month, language: language, last: activities.Board{Month: month}}
	err := workflow.SetQueryHandlerWithOptions(ctx, QueryBoard,
		func() (activities.Board, error) { return b.last, nil },
		workflow.QueryHandlerOptions{
			Description: "The month at a glance: one row per customer and provider, who needs somebody first. No input.",
		})
	if err != nil {
		return nil, fmt.Errorf("answer the board query: %w", err)
	}
	err = workflow.SetUpdateHandlerWithOptions(ctx, UpdateRetryParked,
		func(_ workflow.Context, said Decision) (string, error) {
			b.retry = true
			return "parked customers are tried again when this round has ended, asked by " + said.By, nil
		},
		workflow.UpdateHandlerOptions{
			Description: `Tries the parked customers again when this round has ended. Example: {"by": "kim"}`,
			Validator:   namesSomebody,
		})
	if err != nil {
		return nil, fmt.Errorf("answer %s: %w", UpdateRetryParked, err)
	}
	err = workflow.SetUpdateHandlerWithOptions(
		ctx,
		UpdateAcceptUnassigned,
		b.accept,
		workflow.UpdateHandlerOptions{
			Description: `Closes although some cost has no customer; finance or an approver, with the reason. ` +
				`Example: {"by": "park", "reason": "sandbox account, we bear it"}`,
			Validator: func(said Decision) error {
				if strings.TrimSpace(said.Reason) == "" {
					return errors.New("reason is empty: the close report prints it")
				}
				return namesNoAddress(said)
			},
		},
	)
	if err != nil {
		return nil, fmt.Errorf("answer %s: %w", UpdateAcceptUnassigned, err)
	}
	err = workflow.SetUpdateHandlerWithOptions(ctx, UpdateAcceptNotFinal, b.acceptNotFinal,
		workflow.UpdateHandlerOptions{
			Description: `Closes although a provider may still change the month; an approver who did not start the close. ` +
				`Example: {"by": "park", "reason": "tax invoices are due on the 10th"}`,
			Validator: func(said Decision) error {
				if strings.TrimSpace(said.Reason) == "" {
					return errors.New("reason is empty: the audit log keeps it")
				}
				return namesSomebody(said)
			},
		})
	if err != nil {
		return nil, fmt.Errorf("answer %s: %w", UpdateAcceptNotFinal, err)
	}
	workflow.Go(ctx, listen(signalChanged, &b.changed))
	workflow.Go(ctx, listen(SignalLookAgain, &b.look))
	return b, nil
}

// listen notes that a signal came, as often as it comes.
func listen(signal string, came *bool) func(workflow.Context) {
	return func(ctx workflow.Context) {
		for workflow.GetSignalChannel(ctx, signal).Receive(ctx, nil) && ctx.Err() == nil {
			*came = true
		}
	}
}

func namesSomebody(said Decision) error {
	if strings.TrimSpace(said.By) == "" {
		return errors.New("by must be your code of the people sheet")
	}
	return namesNoAddress(said)
}

// namesNoAddress leaves it to the books whether somebody must be named: they
// may have no people yet.
func namesNoAddress(said Decision) error {
	if strings.Contains(said.By, "@") {
		return errors.New("by must be your code of the people sheet")
	}
	return nil
}

// accept records who accepted the unassigned cost, and why.
func (b *board) accept(ctx workflow.Context, said Decision) (string, error) {
	var hands *activities.Closing
	in := activities.AcceptInput{Month: b.month, By: said.By, Reason: said.Reason}
	recording := withRecordKeeping(ctx, doDecide.in(b.language, UpdateAcceptUnassigned, said.By))
	err := workflow.ExecuteActivity(recording, hands.AcceptUnassigned, in).Get(ctx, nil)
	if err != nil {
		return "", inWords(err)
	}
	b.accepted = true
	return "accepted by " + said.By, nil
}

// acceptNotFinal records who lets the month close before its data is final.
func (b *board) acceptNotFinal(ctx workflow.Context, said Decision) (string, error) {
	var hands *activities.Closing
	in := activities.AcceptInput{Month: b.month, By: said.By, Reason: said.Reason}
	recording := withRecordKeeping(ctx, doDecide.in(b.language, UpdateAcceptNotFinal, said.By))
	err := workflow.ExecuteActivity(recording, hands.AcceptNotFinal, in).Get(ctx, nil)
	if err != nil {
		return "", inWords(err)
	}
	b.look = true
	return "closes provisionally, by " + said.By, nil
}

// awaitAcceptance waits for that Update. It looks again by itself too, often at
// first, then once a day, so that months of waiting stay a short history.
func (b *board) awaitAcceptance(ctx workflow.Context, looks int) error {
	b.showUndecided(ctx)
	pause := min(betweenLooks*time.Duration(1+looks), 24*time.Hour)
	b.look = false
	return b.pause(ctx, pause, func() bool { return b.accepted || b.look })
}

// showUndecided says which words the month waits for, and how to give them. A
// proof that does not tell waits for cost without a customer.
func (b *board) showUndecided(ctx workflow.Context) {
	switch {
	case !b.proof.Blocked:
		b.refresh(ctx, sayUnassigned.in(b.language), sayAccept.in(b.language, b.month))
	case !b.proof.Unowned:
		b.refresh(ctx, sayAside.in(b.language), sayDecideAside.in(b.language, b.month))
	default:
		b.refresh(ctx, sayUnassigned.in(b.language)+" · "+sayAside.in(b.language),
			sayAccept.in(b.language, b.month), sayDecideAside.in(b.language, b.month))
	}
}

// pause waits so long, or until something comes; then its timer is taken back.
func (b *board) pause(ctx workflow.Context, length time.Duration, until func() bool) error {
	ctx, over := workflow.WithCancel(ctx)
	defer over()
	options := workflow.AwaitOptions{
		Timeout: length, TimerOptions: workflow.TimerOptions{Summary: doPause.in(b.language)},
	}
	_, err := workflow.AwaitWithOptions(ctx, options, until)
	return err
}

// takeRetry says whether another round was asked for, and forgets it.
func (b *board) takeRetry() bool {
	asked := b.retry
	b.retry = false
	return asked
}

// watch waits for the batches and redraws the board meanwhile: soon after a
// batch says that a customer moved on, and now and then, ever more rarely.
func (b *board) watch(ctx workflow.Context, batches []workflow.ChildWorkflowFuture) error {
	for i := range batches {
		for !batches[i].IsReady() && b.roomLeft(ctx) {
			b.changed = false
			b.refresh(ctx, "")
			pause := time.Duration(5+b.refreshes*b.refreshes) * time.Second
			err := b.pause(ctx, pause, func() bool { return b.changed || batches[i].IsReady() })
			if err != nil {
				return err
			}
		}
		var ended CloseBatchResult
		err := batches[i].Get(ctx, &ended)
		if err != nil {
			return fmt.Errorf("close a batch of %s: %w", b.month, err)
		}
		if len(ended.Failed) > 0 {
			return fmt.Errorf("not closed: %s: look at their runs, then start %s again",
				strings.Join(ended.Failed, ", "), CloseMonthID(b.month))
		}
	}
	return nil
}

// roomLeft says whether the history has room for another redrawing.
func (b *board) roomLeft(ctx workflow.Context) bool {
	return workflow.GetInfo(ctx).GetCurrentHistoryLength() < eventsForBoard
}

// refresh reads the board from the books and shows it. A board that cannot be
// read is no reason to stop a close.
func (b *board) refresh(ctx workflow.Context, note string, next ...string) {
	var hands *activities.Closing
	b.refreshes++
	var read activities.Board
	redrawing := withRecordKeeping(ctx, doRedraw.in(b.language))
	err := workflow.ExecuteActivity(redrawing, hands.Board, b.month).Get(ctx, &read)
	if err != nil {
		workflow.GetLogger(ctx).Warn("board not redrawn", "error", err)
		return
	}
	b.last = read
	if !b.roomLeft(ctx) && note == "" {
		note = sayFrozen.in(b.language, b.month)
	}
	if note != "" {
		note = "**" + note + "**"
	}
	workflow.SetCurrentDetails(ctx, b.page(note, next...))
}

// say shows what the close is doing before there is a board.
func (b *board) say(ctx workflow.Context, doing string) {
	workflow.SetCurrentDetails(ctx, "**"+b.month.String()+"** · "+doing)
}

// showWaiting lists what the close waits for.
func (b *board) showWaiting(ctx workflow.Context, readiness activities.Readiness) {
	words := sayWaiting.in(b.language) + "\n\n- " + strings.Join(readiness.Waiting, "\n- ") + "\n\n" +
		sayLook.in(b.language)
	if readiness.NotFinal {
		words += "\n\n" + sayNext.in(b.language) + ": " + sayNotFinal.in(b.language, b.month)
	}
	b.say(ctx, words+pageEnd)
}

// showStopped says why the close ended without closing, over the last board.
func (b *board) showStopped(ctx workflow.Context, cause error) {
	id := workflow.GetInfo(ctx).WorkflowExecution.ID
	note := "**" + sayStopped.in(b.language) + "** · " + activities.ReasonOf(cause)
	workflow.SetCurrentDetails(ctx, b.page(note, sayAgain.in(b.language, id)))
}
