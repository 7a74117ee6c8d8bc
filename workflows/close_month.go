package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"magam/activities"
	"magam/domain/fault"
	"magam/domain/period"
)

// CloseMonthInput may be empty: `{}` closes the previous month by the house's
// zone. StartedBy is a code of the people sheet; empty is a schedule.
type CloseMonthInput struct {
	Month            period.Month `json:"month,omitzero"`
	StartedBy        string       `json:"startedBy,omitempty"`
	AcceptUnassigned string       `json:"acceptUnassigned,omitempty"`
}

// CloseMonthResult counts how the month's customers ended.
type CloseMonthResult struct {
	Month  period.Month `json:"month"`
	State  string       `json:"state"`
	Final  int          `json:"final"`
	Parked int          `json:"parked"`
}

// CloseMonth closes a billing period: it takes the month's lock, waits until
// every source is in, tags, reconciles, drafts every customer, proves that
// every line of the provider's bill is on exactly one side, and only then lets
// customers be numbered. A proof that does not hold stops the close.
//
// The period's row in the books is the lock and the memory: lose this run,
// start it again, and what is done stays done.
func CloseMonth(ctx workflow.Context, in CloseMonthInput) (CloseMonthResult, error) {
	var closing *activities.Closing
	opening := activities.OpenPeriodInput{
		Month: in.Month, StartedBy: in.StartedBy, AcceptUnassigned: in.AcceptUnassigned,
	}
	var opened activities.OpenPeriodResult
	err := workflow.ExecuteActivity(
		withRecordKeeping(ctx, "take the month's lock"), closing.OpenPeriod, opening).Get(ctx, &opened)
	if err != nil {
		return CloseMonthResult{}, fmt.Errorf("open the month: %w", err)
	}
	board, err := openBoard(ctx, opened.Month)
	if err != nil {
		return CloseMonthResult{}, err
	}
	if opened.Closed {
		return settle(ctx, opened.Month, board)
	}

	err = prepare(ctx, opened.Month, board)
	if err != nil {
		return CloseMonthResult{}, err
	}
	for round := 1; ; round++ {
		err = closeCustomers(ctx, opened.Month, in.StartedBy, round, board)
		if err != nil {
			return CloseMonthResult{}, err
		}
		if !board.takeRetry() {
			return settle(ctx, opened.Month, board)
		}
	}
}

// prepare waits for the sources, then tags and reconciles the month.
func prepare(ctx workflow.Context, month period.Month, board *board) error {
	var closing *activities.Closing
	for {
		var readiness activities.Readiness
		look := withRecordKeeping(ctx, "look whether every source is in")
		err := workflow.ExecuteActivity(look, closing.CheckReadiness, month).Get(ctx, &readiness)
		if err != nil {
			return fmt.Errorf("look at the sources of %s: %w", month, err)
		}
		if readiness.Ready {
			break
		}
		board.showWaiting(ctx, readiness.Waiting)
		err = workflow.NewTimer(ctx, betweenLooks).Get(ctx, nil)
		if err != nil {
			return err
		}
	}

	board.say(ctx, "tagging and reconciling")
	tags := workflow.ExecuteChildWorkflow(asChild(ctx, ApplyTagsID(month), "tags of "+month.String()),
		ApplyTags, ApplyTagsInput{Month: month})
	credits := workflow.ExecuteChildWorkflow(asChild(ctx, ReconcileCreditsID(month), "credits of "+month.String()),
		ReconcileCredits, ReconcileCreditsInput{Month: month})
	err := tags.Get(ctx, nil)
	if err != nil {
		return fmt.Errorf("apply tags of %s: %w", month, err)
	}
	err = credits.Get(ctx, nil)
	if err != nil {
		return fmt.Errorf("reconcile credits of %s: %w", month, err)
	}
	return nil
}

// betweenLooks is how often a waiting close looks for its sources again. A
// month waited for from its first day to its sixth stays under 2,000 events.
const betweenLooks = 30 * time.Minute

// closeCustomers runs one round: every customer that is not final is drafted,
// the month is proved, and the customers go on to approval and numbering.
func closeCustomers(ctx workflow.Context, month period.Month, startedBy string, round int, board *board) error {
	board.say(ctx, "drafting")
	batches, err := startBatches(ctx, month, startedBy, round)
	if err != nil {
		return err
	}
	for range batches {
		workflow.GetSignalChannel(ctx, signalDrafted).Receive(ctx, nil)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}

	err = prove(ctx, month, board)
	if err != nil {
		return err
	}
	for _, batch := range batches {
		err = batch.SignalChildWorkflow(ctx, signalProved, nil).Get(ctx, nil)
		if err != nil {
			return fmt.Errorf("tell a batch that %s is proved: %w", month, err)
		}
	}
	return board.watch(ctx, batches)
}

// startBatches starts one child per hundred customers.
func startBatches(
	ctx workflow.Context, month period.Month, startedBy string, round int,
) ([]workflow.ChildWorkflowFuture, error) {
	var closing *activities.Closing
	var batches []workflow.ChildWorkflowFuture
	plan := activities.PlanInput{Month: month, Limit: customersPerBatch, OnlyParked: round > 1}
	for {
		var page activities.PlanResult
		err := workflow.ExecuteActivity(
			withRecordKeeping(ctx, "list the next customers"), closing.PlanCustomers, plan).Get(ctx, &page)
		if err != nil {
			return nil, fmt.Errorf("list the customers of %s: %w", month, err)
		}
		if len(page.Customers) == 0 {
			return batches, nil
		}
		in := CloseBatchInput{Month: month, Customers: page.Customers, StartedBy: startedBy, Batch: len(batches) + 1}
		options := asChild(ctx, CloseBatchID(month, round, in.Batch),
			fmt.Sprintf("customers %s to %s", page.Customers[0], page.Customers[len(page.Customers)-1]))
		batches = append(batches, workflow.ExecuteChildWorkflow(options, CloseBatch, in))
		plan.After = page.Customers[len(page.Customers)-1]
	}
}

// prove recomputes the conservation proof. Cost that nobody owns waits until a
// person maps it or accepts it with a reason.
func prove(ctx workflow.Context, month period.Month, board *board) error {
	var closing *activities.Closing
	for {
		var proof activities.Proof
		err := workflow.ExecuteActivity(
			withRecordKeeping(ctx, "prove that every line is on exactly one side"), closing.Prove, month).Get(ctx, &proof)
		if err != nil {
			return fmt.Errorf("prove %s: %w", month, err)
		}
		board.proof = proof
		if !proof.Unassigned {
			return nil
		}
		err = board.awaitAcceptance(ctx)
		if err != nil {
			return err
		}
	}
}

// settle writes how the month ended and shows the last board.
func settle(ctx workflow.Context, month period.Month, board *board) (CloseMonthResult, error) {
	var closing *activities.Closing
	var settled activities.SettleResult
	err := workflow.ExecuteActivity(
		withRecordKeeping(ctx, "settle the month"), closing.Settle, month).Get(ctx, &settled)
	if err != nil {
		return CloseMonthResult{}, fmt.Errorf("settle %s: %w", month, err)
	}
	board.refresh(ctx, settled.State)
	if settled.State == "" {
		return CloseMonthResult{}, temporal.NewNonRetryableApplicationError(
			"the month did not settle", string(fault.Bug), nil)
	}
	result := CloseMonthResult{Month: month, State: settled.State, Final: settled.Final, Parked: settled.Parked}
	return result, setState(ctx, settled.State)
}
