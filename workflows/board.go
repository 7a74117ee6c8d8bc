package workflows

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"magam/activities"
	"magam/domain/closing"
	"magam/domain/period"
)

// The Updates and the query that CloseMonth answers.
const (
	UpdateRetryParked      = "retry-parked"
	UpdateAcceptUnassigned = "accept-unassigned"
	QueryBoard             = "board"
)

// refreshesMax bounds how often one run redraws its board from the books, and
// with it the run's history. After that `starter status` answers.
const refreshesMax = 120

// board is what the web UI shows of a month: counts, then a row per customer.
type board struct {
	month     period.Month
	last      activities.Board
	proof     activities.Proof
	refreshes int
	accepted  bool
	retry     bool
}

// openBoard makes the close answer its query and Updates.
func openBoard(ctx workflow.Context, month period.Month) (*board, error) {
	b := &board{month: month, last: activities.Board{Month: month}}
	err := workflow.SetQueryHandlerWithOptions(ctx, QueryBoard,
		func() (activities.Board, error) { return b.last, nil },
		workflow.QueryHandlerOptions{Description: "The month at a glance: one row per customer and provider."})
	if err != nil {
		return nil, fmt.Errorf("answer the board query: %w", err)
	}
	err = workflow.SetUpdateHandlerWithOptions(ctx, UpdateRetryParked,
		func(_ workflow.Context, said Decision) (string, error) {
			b.retry = true
			return "parked customers are tried again when this round has ended, asked by " + said.By, nil
		},
		workflow.UpdateHandlerOptions{
			Description: `Tries the parked customers again. Example: {"by": "kim"}`, Validator: namesSomebody,
		})
	if err != nil {
		return nil, fmt.Errorf("answer %s: %w", UpdateRetryParked, err)
	}
	err = workflow.SetUpdateHandlerWithOptions(ctx, UpdateAcceptUnassigned, b.accept, workflow.UpdateHandlerOptions{
		Description: `Closes although some cost has no customer. ` +
			`Example: {"by": "park", "reason": "sandbox account, we bear it"}`,
		Validator: func(said Decision) error {
			if strings.TrimSpace(said.Reason) == "" {
				return errors.New("reason is empty: the close report prints it")
			}
			return namesSomebody(said)
		},
	})
	if err != nil {
		return nil, fmt.Errorf("answer %s: %w", UpdateAcceptUnassigned, err)
	}
	return b, nil
}

func namesSomebody(said Decision) error {
	if strings.TrimSpace(said.By) == "" || strings.Contains(said.By, "@") {
		return errors.New("by must be your code of the people sheet")
	}
	return nil
}

// accept records who accepted the unassigned cost, and why.
func (b *board) accept(ctx workflow.Context, said Decision) (string, error) {
	var hands *activities.Closing
	in := activities.AcceptInput{Month: b.month, By: said.By, Reason: said.Reason}
	recording := withRecordKeeping(ctx, "accept unassigned cost")
	err := workflow.ExecuteActivity(recording, hands.AcceptUnassigned, in).Get(ctx, nil)
	if err != nil {
		return "", err
	}
	b.accepted = true
	return "accepted by " + said.By, nil
}

// awaitAcceptance waits for that Update, looking again every half hour in case
// the account was mapped instead.
func (b *board) awaitAcceptance(ctx workflow.Context) error {
	b.refresh(ctx, "cost without a customer: map the accounts, or `starter accept-unassigned --month "+
		b.month.String()+" --by CODE --reason …`")
	_, err := workflow.AwaitWithTimeout(ctx, betweenLooks, func() bool { return b.accepted })
	return err
}

// takeRetry says whether another round was asked for, and forgets it.
func (b *board) takeRetry() bool {
	asked := b.retry
	b.retry = false
	return asked
}

// watch waits for the batches and redraws the board now and then meanwhile:
// often at first, then ever more rarely.
func (b *board) watch(ctx workflow.Context, batches []workflow.ChildWorkflowFuture) error {
	for i := range batches {
		for !batches[i].IsReady() {
			b.refresh(ctx, "")
			pause := time.Duration(5+b.refreshes*b.refreshes) * time.Second
			if b.refreshes >= refreshesMax {
				break
			}
			_, err := workflow.AwaitWithTimeout(ctx, pause, batches[i].IsReady)
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

// refresh reads the board from the books and shows it. A board that cannot be
// read is no reason to stop a close.
func (b *board) refresh(ctx workflow.Context, note string) {
	var hands *activities.Closing
	b.refreshes++
	var read activities.Board
	err := workflow.ExecuteActivity(withRecordKeeping(ctx, "redraw the board"), hands.Board, b.month).Get(ctx, &read)
	if err != nil {
		workflow.GetLogger(ctx).Warn("board not redrawn", "error", err)
		return
	}
	b.last = read
	workflow.SetCurrentDetails(ctx, b.page(note))
}

// say shows what the close is doing before there is a board.
func (b *board) say(ctx workflow.Context, doing string) {
	workflow.SetCurrentDetails(ctx, "**"+b.month.String()+"** · "+doing)
}

// showWaiting lists what the close waits for.
func (b *board) showWaiting(ctx workflow.Context, waiting []string) {
	workflow.SetCurrentDetails(ctx, "**"+b.month.String()+"** · waiting for\n\n- "+strings.Join(waiting, "\n- "))
}

// page is the board as markdown: counts, rows, the proof and the note.
func (b *board) page(note string) string {
	var page strings.Builder
	fmt.Fprintf(&page, "**%s** · %s", b.month, closing.CountsLine(b.last.Counts))
	if note != "" {
		page.WriteString(" · " + note)
	}
	page.WriteString("\n\n| customer | provider | state | total | number | reason |\n|---|---|---|---:|---|---|\n")
	for _, row := range b.last.Rows {
		fmt.Fprintf(&page, "| %s %s | %s | %s | %s %s | %s | %s |\n",
			row.Customer, row.Name, row.Provider, row.State, row.Currency, row.Total, row.Number, row.Reason)
	}
	if len(b.proof.Currencies) > 0 {
		page.WriteString("\n| proof | delivered | sealed | quarantined | assigned | retained | unassigned |\n" +
			"|---|---:|---:|---:|---:|---:|---:|\n")
		for _, total := range b.proof.Currencies {
			fmt.Fprintf(&page, "| %s | %s | %s | %s | %s | %s | %s |\n", total.Currency, total.Delivered,
				total.Sealed, total.Quarantined, total.Assigned, total.Retained, total.Unassigned)
		}
	}
	return page.String()
}
