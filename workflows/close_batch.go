package workflows

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"magam/domain/period"
)

// customersPerBatch keeps a batch's history under 2,000 events, whatever
// happens to its customers: up to 20 each, and the news to the month.
const customersPerBatch = 80

// CloseBatchInput names the customers of one batch of a close.
type CloseBatchInput struct {
	Month     period.Month
	Customers []string
	StartedBy string
	Batch     int
	Language  string // of what our own staff read: ko, or else English
}

// CloseBatchResult counts how the batch's customers ended.
type CloseBatchResult struct {
	Final, Parked int
	Deferred      int      `json:",omitempty"` // customers whose quarter's document will bill the month
	Failed        []string // customers whose close itself failed; ops look at them
}

// CloseBatch closes up to eighty customers side by side. It exists so that a
// month of thousands stays readable and bounded: the month talks to its batches,
// a batch to its customers.
func CloseBatch(ctx workflow.Context, in CloseBatchInput) (CloseBatchResult, error) {
	children := make(map[string]workflow.ChildWorkflowFuture, len(in.Customers))
	for _, customer := range in.Customers {
		options := asChild(ctx, card{
			CloseCustomerID(in.Month, customer),
			doClose.in(in.Language, in.Month, customer),
			aboutClose.in(in.Language),
		}, attributePeriod.ValueSet(in.Month.String()), attributeCustomer.ValueSet(customer))
		children[customer] = workflow.ExecuteChildWorkflow(options, CloseCustomer,
			CloseCustomerInput{
				Month: in.Month, Customer: customer, StartedBy: in.StartedBy, Language: in.Language,
			})
	}

	result, err := closeTogether(ctx, in, children)
	if err != nil {
		awaitEnds(ctx, in, children)
	}
	return result, err
}

// awaitEnds waits until every child has ended. A batch that was cancelled or has
// failed must not leave one behind that its successor would meet.
func awaitEnds(ctx workflow.Context, in CloseBatchInput, children map[string]workflow.ChildWorkflowFuture) {
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	for _, customer := range in.Customers {
		_ = children[customer].Get(ctx, nil)
	}
}

// closeTogether drafts all customers, waits for the month's proof and lets them
// go on.
func closeTogether(
	ctx workflow.Context, in CloseBatchInput, children map[string]workflow.ChildWorkflowFuture,
) (CloseBatchResult, error) {
	err := awaitDrafts(ctx, in, children)
	if err != nil {
		return CloseBatchResult{}, err
	}
	err = tellMonth(ctx, in.Batch)
	if err != nil {
		return CloseBatchResult{}, err
	}
	var word proved
	err = receive(ctx, signalProved, &word)
	if err != nil {
		return CloseBatchResult{}, err
	}
	for _, customer := range in.Customers {
		// A customer that has ended already, parked or final, needs no proof.
		_ = children[customer].SignalChildWorkflow(ctx, signalProved, nil).Get(ctx, nil)
	}
	return collect(ctx, in, children, word.News)
}

// awaitDrafts waits until every customer is drafted, parked or has ended.
func awaitDrafts(
	ctx workflow.Context, in CloseBatchInput, children map[string]workflow.ChildWorkflowFuture,
) error {
	waiting := make(map[string]bool, len(in.Customers))
	selector := workflow.NewSelector(ctx)
	selector.AddReceive(
		workflow.GetSignalChannel(ctx, signalDrafted),
		func(channel workflow.ReceiveChannel, _ bool) {
			var said drafted
			channel.Receive(ctx, &said)
			delete(waiting, said.Customer)
		},
	)
	for _, customer := range in.Customers {
		waiting[customer] = true
		selector.AddFuture(children[customer], func(workflow.Future) { delete(waiting, customer) })
	}
	for len(waiting) > 0 {
		workflow.SetCurrentDetails(ctx,
			batchDrafting.in(in.Language, len(in.Customers)-len(waiting), len(in.Customers)))
		selector.Select(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	workflow.SetCurrentDetails(ctx, batchProof.in(in.Language, len(in.Customers)))
	return nil
}

// tellMonth says that the whole batch is drafted.
func tellMonth(ctx workflow.Context, batch int) error {
	month := workflow.GetInfo(ctx).ParentWorkflowExecution
	if month == nil {
		return fmt.Errorf("a batch belongs to a close: start %q instead", "close/<month>")
	}
	return workflow.SignalExternalWorkflow(ctx, month.ID, month.RunID, signalDrafted, batch).Get(ctx, nil)
}

// collect waits for every customer. One that failed does not stop the others.
func collect(
	ctx workflow.Context, in CloseBatchInput, children map[string]workflow.ChildWorkflowFuture, newsMax int,
) (CloseBatchResult, error) {
	var result CloseBatchResult
	var changed bool
	workflow.Go(ctx, func(ctx workflow.Context) { tellNews(ctx, &changed, newsMax) })
	workflow.Go(ctx, func(ctx workflow.Context) {
		for workflow.GetSignalChannel(ctx, signalChanged).Receive(ctx, nil) && ctx.Err() == nil {
			changed = true
		}
	})

	open := append([]string{}, in.Customers...)
	selector := workflow.NewSelector(ctx)
	for _, customer := range in.Customers {
		selector.AddFuture(children[customer], func(future workflow.Future) {
			changed = true
			open = slices.DeleteFunc(open, func(one string) bool { return one == customer })
			var ended CloseCustomerResult
			err := future.Get(ctx, &ended)
			switch {
			case err != nil:
				workflow.GetLogger(ctx).Error("customer not closed", "customer", customer, "error", err)
				result.Failed = append(result.Failed, customer)
			case ended.State == stateFinal:
				result.Final++
			case ended.State == stateDeferred:
				result.Deferred++
			default:
				result.Parked++
			}
		})
	}
	for len(open) > 0 {
		workflow.SetCurrentDetails(
			ctx,
			batchSettled.in(in.Language, len(in.Customers)-len(open), len(in.Customers))+
				"\n\n- "+strings.Join(open, "\n- ")+pageEnd,
		)
		selector.Select(ctx)
		if ctx.Err() != nil {
			return CloseBatchResult{}, ctx.Err()
		}
	}
	workflow.SetCurrentDetails(ctx, batchSettled.in(in.Language, len(in.Customers), len(in.Customers)))
	slices.Sort(result.Failed)
	return result, nil
}

// tellNews lets the month know that something has changed here: what changes
// within a pause is told at once, and the pauses grow.
func tellNews(ctx workflow.Context, changed *bool, newsMax int) {
	month := workflow.GetInfo(ctx).ParentWorkflowExecution
	for told := range newsMax {
		err := workflow.Await(ctx, func() bool { return *changed })
		if err != nil {
			return
		}
		err = workflow.Sleep(ctx, time.Duration(1+told*told)*time.Second)
		if err != nil {
			return
		}
		*changed = false
		// A month that has ended meanwhile needs no news.
		_ = workflow.SignalExternalWorkflow(ctx, month.ID, month.RunID, signalChanged, nil).Get(ctx, nil)
	}
}
