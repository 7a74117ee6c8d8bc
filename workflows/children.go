package workflows

import (
	"errors"
	"fmt"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"magam/domain/period"
)

// The search attributes by which ops find runs in the web UI.
var (
	attributePeriod   = temporal.NewSearchAttributeKeyKeyword("BillingPeriod")
	attributeCustomer = temporal.NewSearchAttributeKeyKeyword("Customer")
	attributeState    = temporal.NewSearchAttributeKeyKeyword("CloseState")
	attributeNumber   = temporal.NewSearchAttributeKeyKeyword("InvoiceNumber")
)

// card is what the web UI says about a run before it has said anything itself.
type card struct {
	id, summary, details string
}

// asChild is for work a workflow waits for; it may be started again under its id.
func asChild(ctx workflow.Context, run card, attributes ...temporal.SearchAttributeUpdate) workflow.Context {
	return workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            run.id,
		TaskQueue:             QueueClosing,
		StaticSummary:         run.summary,
		StaticDetails:         run.details,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_REQUEST_CANCEL,
		// One that is cancelled has ended before its successor may start under its id.
		WaitForCancellation:   true,
		TypedSearchAttributes: temporal.NewSearchAttributes(attributes...),
	})
}

// startOutliving starts work that goes on after its parent has ended. One that
// runs under the same id already is left alone.
func startOutliving(
	ctx workflow.Context, run card, child, in any, attributes ...temporal.SearchAttributeUpdate,
) error {
	ctx = workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            run.id,
		TaskQueue:             QueueClosing,
		StaticSummary:         run.summary,
		StaticDetails:         run.details,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_ABANDON,
		TypedSearchAttributes: temporal.NewSearchAttributes(attributes...),
	})
	err := workflow.ExecuteChildWorkflow(ctx, child, in).GetChildWorkflowExecution().Get(ctx, nil)
	if err != nil && !alreadyRuns(err) {
		return fmt.Errorf("start %s: %w", run.id, err)
	}
	return nil
}

// alreadyRuns says whether a child was not started because one runs under its id.
func alreadyRuns(err error) bool {
	var running *temporal.ChildWorkflowExecutionAlreadyStartedError
	return errors.As(err, &running)
}

// receive waits for a signal, or for the run's cancelling, which a channel by
// itself would not notice.
func receive(ctx workflow.Context, signal string, into any) error {
	selector := workflow.NewSelector(ctx)
	selector.AddReceive(
		workflow.GetSignalChannel(ctx, signal),
		func(channel workflow.ReceiveChannel, _ bool) {
			channel.Receive(ctx, into)
		},
	)
	selector.AddReceive(ctx.Done(), func(workflow.ReceiveChannel, bool) {})
	selector.Select(ctx)
	return ctx.Err()
}

// setState lets ops filter runs by how they stand.
func setState(ctx workflow.Context, state string) error {
	return workflow.UpsertTypedSearchAttributes(ctx, attributeState.ValueSet(state))
}

// PeriodAttribute marks a run with the billing period it works on.
func PeriodAttribute(month period.Month) temporal.SearchAttributes {
	return temporal.NewSearchAttributes(attributePeriod.ValueSet(month.String()))
}

// ofDocument marks a run with the document it works on, and whose it is.
func ofDocument(in CloseCustomerInput, number string) []temporal.SearchAttributeUpdate {
	return []temporal.SearchAttributeUpdate{
		attributePeriod.ValueSet(in.Month.String()), attributeCustomer.ValueSet(in.Customer),
		attributeNumber.ValueSet(number),
	}
}
