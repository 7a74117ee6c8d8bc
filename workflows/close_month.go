package workflows

import (
	"errors"
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
	Month    period.Month `json:"month"`
	State    string       `json:"state"`
	Final    int          `json:"final"`
	Deferred int          `json:"deferred,omitempty"` // billed with a later month of their quarter
	Parked   int          `json:"parked"`
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
		workflow.SetCurrentDetails(ctx, "**not opened** · "+activities.ReasonOf(err)+pageEnd)
		return CloseMonthResult{}, inWords(err)
	}
	err = workflow.UpsertTypedSearchAttributes(ctx,
		attributePeriod.ValueSet(opened.Month.String()), attributeState.ValueSet(stateClosing))
	if err != nil {
		return CloseMonthResult{}, err
	}
	board, err := openBoard(ctx, opened.Month, opened.Language)
	if err != nil {
		return CloseMonthResult{}, err
	}
	if opened.Closed {
		return settle(ctx, opened.Month, board)
	}
	result, err := closeRounds(ctx, opened.Month, in, board)
	if err != nil && !workflow.IsContinueAsNewError(err) {
		board.showStopped(ctx, err)
	}
	return result, err
}

// stateClosing is how a month stands until it has settled.
const stateClosing = "closing"

// closeRounds closes the customers, and the parked ones again as often as
// somebody asks while a round runs.
func closeRounds(
	ctx workflow.Context, month period.Month, in CloseMonthInput, board *board,
) (CloseMonthResult, error) {
	err := prepare(ctx, month, in, board)
	if err != nil {
		return CloseMonthResult{}, err
	}
	round := customersRound{month: month, startedBy: in.StartedBy, number: 1}
	for ; ; round.number++ {
		err = round.run(ctx, board)
		switch {
		case errors.Is(err, errMappedMeanwhile):
			round.onlyParked = false
		case err != nil:
			return CloseMonthResult{}, err
		case board.takeRetry():
			round.onlyParked = true
		default:
			return settle(ctx, month, board)
		}
	}
}

// prepare waits for the sources, then tags and reconciles the month. A long
// wait goes on in a new run before the history grows long.
func prepare(ctx workflow.Context, month period.Month, in CloseMonthInput, board *board) error {
	var closing *activities.Closing
	for {
		if !board.roomLeft(ctx) {
			in.Month = month
			return workflow.NewContinueAsNewError(ctx, CloseMonth, in)
		}
		var readiness activities.Readiness
		look := withRecordKeeping(ctx, doLook.in(board.language))
		err := workflow.ExecuteActivity(look, closing.CheckReadiness, month).Get(ctx, &readiness)
		if err != nil {
			return fmt.Errorf("look at the sources of %s: %w", month, err)
		}
		board.provisional = readiness.Provisional
		if readiness.Ready {
			break
		}
		board.showWaiting(ctx, readiness)
		board.look = false
		err = board.pause(ctx, betweenLooks, func() bool { return board.look })
		if err != nil {
			return err
		}
	}

	language := board.language
	board.say(ctx, sayTagging.in(language))
	tagging := asChild(ctx, card{ApplyTagsID(month), doTags.in(language, month), aboutTags.in(language)},
		attributePeriod.ValueSet(month.String()))
	tags := workflow.ExecuteChildWorkflow(tagging, ApplyTags, ApplyTagsInput{Month: month})
	reconciling := asChild(ctx,
		card{ReconcileCreditsID(month), doCredits.in(language, month), aboutCredits.in(language)},
		attributePeriod.ValueSet(month.String()))
	credits := workflow.ExecuteChildWorkflow(reconciling, ReconcileCredits,
		ReconcileCreditsInput{Month: month})
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

// betweenLooks is how often a waiting close looks for its sources again.
const betweenLooks = 30 * time.Minute

// errMappedMeanwhile ends a round that waited for somebody to own some cost:
// accounts may have been mapped, so that every customer is drafted anew.
var errMappedMeanwhile = errors.New("the books may have changed")

// customersRound visits every customer that is not final once.
type customersRound struct {
	month      period.Month
	startedBy  string
	number     int
	onlyParked bool
}

// run drafts every customer, proves the month, and lets the customers go on to
// approval and numbering. Drafts that come out as before keep their approvals.
func (r customersRound) run(ctx workflow.Context, board *board) error {
	err := shareCosts(ctx, r.month, board.language)
	if err != nil {
		return err
	}
	board.say(ctx, sayDrafting.in(board.language))
	ctx, drop := workflow.WithCancel(ctx)
	defer drop()
	batches, err := r.startBatches(ctx, board.language)
	if err != nil {
		return err
	}
	for range batches {
		err = receive(ctx, signalDrafted, nil)
		if err != nil {
			return err
		}
	}

	err = prove(ctx, r.month, r.number, board)
	if errors.Is(err, errMappedMeanwhile) {
		drop()
		for _, batch := range batches {
			_ = batch.Get(ctx, nil) // it ends as cancelled
		}
	}
	if err != nil {
		return err
	}
	for _, batch := range batches {
		word := proved{News: min(newsPerBatch, 1+newsMax/len(batches))}
		err = batch.SignalChildWorkflow(ctx, signalProved, word).Get(ctx, nil)
		if err != nil {
			return fmt.Errorf("tell a batch that %s is proved: %w", r.month, err)
		}
	}
	return board.watch(ctx, batches)
}

// How often batches may say that a customer moved on: a small month sees each
// approval at once, a large one within its own redrawing.
const (
	newsMax      = 60
	newsPerBatch = 15
)

// startBatches starts one child per eighty customers.
func (r customersRound) startBatches(
	ctx workflow.Context, language string,
) ([]workflow.ChildWorkflowFuture, error) {
	var closing *activities.Closing
	var batches []workflow.ChildWorkflowFuture
	plan := activities.PlanInput{Month: r.month, Limit: customersPerBatch, OnlyParked: r.onlyParked}
	for {
		var page activities.PlanResult
		err := workflow.ExecuteActivity(
			withRecordKeeping(ctx, doPlan.in(language)), closing.PlanCustomers, plan).Get(ctx, &page)
		if err != nil {
			return nil, fmt.Errorf("list the customers of %s: %w", r.month, err)
		}
		if len(page.Customers) == 0 {
			return batches, nil
		}
		in := CloseBatchInput{
			Month:     r.month,
			Customers: page.Customers,
			StartedBy: r.startedBy,
			Batch:     len(batches) + 1,
			Language:  language,
		}
		first, last := page.Customers[0], page.Customers[len(page.Customers)-1]
		options := asChild(ctx, card{
			CloseBatchID(r.month, r.number, in.Batch), doBatch.in(language, first, last),
			aboutBatch.in(language, len(page.Customers)),
		}, attributePeriod.ValueSet(r.month.String()))
		batches = append(batches, workflow.ExecuteChildWorkflow(options, CloseBatch, in))
		plan.After = last
	}
}

// prove recomputes the conservation proof. Cost that nobody owns waits until a
// person accepts it with a reason, rows set aside until they are signed off.
// Where one maps the cost instead, or has the rows delivered again, the drafts
// are of yesterday's books: the round ends with errMappedMeanwhile.
func prove(ctx workflow.Context, month period.Month, looks int, board *board) error {
	var closing *activities.Closing
	for {
		var proof activities.Proof
		err := workflow.ExecuteActivity(
			withRecordKeeping(ctx, doProve.in(board.language)), closing.Prove, month).Get(ctx, &proof)
		if err != nil {
			return fmt.Errorf("prove %s: %w", month, err)
		}
		board.proof = proof
		if !proof.Unassigned {
			return nil
		}
		err = board.awaitAcceptance(ctx, looks)
		if err != nil {
			return err
		}
		if !board.accepted {
			return errMappedMeanwhile
		}
		board.accepted = false // it is in the books; rows set aside may wait on
	}
}

// settle writes how the month ended, shows the last board and has finance told.
func settle(ctx workflow.Context, month period.Month, board *board) (CloseMonthResult, error) {
	var closing *activities.Closing
	var settled activities.SettleResult
	err := workflow.ExecuteActivity(
		withRecordKeeping(ctx, doSettle.in(board.language)), closing.Settle, month).Get(ctx, &settled)
	if err != nil {
		return CloseMonthResult{}, fmt.Errorf("settle %s: %w", month, err)
	}
	ending := sayClosed
	if settled.Parked > 0 {
		ending = sayParked
	}
	board.refresh(ctx, ending.in(board.language))
	if settled.State == "" {
		return CloseMonthResult{}, temporal.NewNonRetryableApplicationError(
			"the month did not settle", string(fault.Bug), nil)
	}
	result := CloseMonthResult{
		Month:    month,
		State:    settled.State,
		Final:    settled.Final,
		Deferred: settled.Deferred,
		Parked:   settled.Parked,
	}
	err = startReport(ctx, month, board.language)
	if err != nil {
		return result, err
	}
	return result, setState(ctx, settled.State)
}
