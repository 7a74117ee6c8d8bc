package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"magam/domain/period"
)

// customersPerBatch keeps a batch's history under 2,000 events, whatever
// happens to its customers: about 15 each.
const customersPerBatch = 100

// CloseBatchInput names the customers of one batch of a close.
type CloseBatchInput struct {
	Month     period.Month
	Customers []string
	StartedBy string
	Batch     int
}

// CloseBatchResult counts how the batch's customers ended.
type CloseBatchResult struct {
	Final, Parked int
	Failed        []string // customers whose close itself failed; ops look at them
}

// CloseBatch closes up to a hundred customers side by side. It exists so that a
// month of thousands stays readable and bounded: the month talks to its batches,
// a batch to its customers.
func CloseBatch(ctx workflow.Context, in CloseBatchInput) (CloseBatchResult, error) {
	children := make(map[string]workflow.ChildWorkflowFuture, len(in.Customers))
	for _, customer := range in.Customers {
		options := asChild(ctx, CloseCustomerID(in.Month, customer), "close "+customer+" "+in.Month.String(),
			attributePeriod.ValueSet(in.Month.String()), attributeCustomer.ValueSet(customer))
		children[customer] = workflow.ExecuteChildWorkflow(options, CloseCustomer,
			CloseCustomerInput{Month: in.Month, Customer: customer, StartedBy: in.StartedBy})
	}

	err := awaitDrafts(ctx, in, children)
	if err != nil {
		return CloseBatchResult{}, err
	}
	err = tellMonth(ctx, in.Batch)
	if err != nil {
		return CloseBatchResult{}, err
	}
	workflow.GetSignalChannel(ctx, signalProved).Receive(ctx, nil)
	for _, customer := range in.Customers {
		// A customer that has ended already, parked or final, needs no proof.
		_ = children[customer].SignalChildWorkflow(ctx, signalProved, nil).Get(ctx, nil)
	}
	return collect(ctx, in, children)
}

// awaitDrafts waits until every customer is drafted, parked or has ended.
func awaitDrafts(ctx workflow.Context, in CloseBatchInput, children map[string]workflow.ChildWorkflowFuture) error {
	waiting := make(map[string]bool, len(in.Customers))
	selector := workflow.NewSelector(ctx)
	selector.AddReceive(workflow.GetSignalChannel(ctx, signalDrafted), func(channel workflow.ReceiveChannel, _ bool) {
		var said drafted
		channel.Receive(ctx, &said)
		delete(waiting, said.Customer)
	})
	for _, customer := range in.Customers {
		waiting[customer] = true
		selector.AddFuture(children[customer], func(workflow.Future) { delete(waiting, customer) })
	}
	for len(waiting) > 0 {
		workflow.SetCurrentDetails(ctx, fmt.Sprintf("drafting: %d of %d to go", len(waiting), len(in.Customers)))
		selector.Select(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	workflow.SetCurrentDetails(ctx, fmt.Sprintf("%d drafted, waiting for the month's proof", len(in.Customers)))
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
	ctx workflow.Context, in CloseBatchInput, children map[string]workflow.ChildWorkflowFuture,
) (CloseBatchResult, error) {
	var result CloseBatchResult
	for i, customer := range in.Customers {
		workflow.SetCurrentDetails(ctx, fmt.Sprintf("%d of %d settled", i, len(in.Customers)))
		var ended CloseCustomerResult
		err := children[customer].Get(ctx, &ended)
		switch {
		case ctx.Err() != nil:
			return CloseBatchResult{}, ctx.Err()
		case err != nil:
			workflow.GetLogger(ctx).Error("customer not closed", "customer", customer, "error", err)
			result.Failed = append(result.Failed, customer)
		case ended.State == stateFinal:
			result.Final++
		default:
			result.Parked++
		}
	}
	return result, nil
}
