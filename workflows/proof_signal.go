package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"magam/activities"
	"magam/domain/period"
)

// Signals inside one close. A customer tells its batch that it is drafted, the
// batch tells the month, and the month's proof goes back down the same way.
//
// After the proof news goes up again, so that an approval is soon seen on the
// month's board: from a customer whose desk has changed, and from a batch, which
// tells of all its customers at once and only as often as the month allowed.
const (
	signalDrafted = "drafted"
	signalProved  = "proved"
	signalChanged = "changed"
)

// proved is the month's word to a batch.
type proved struct {
	News int // how often the batch may say that something has changed
}

// drafted is a customer's word to its batch. It carries no amounts: those are
// in the books.
type drafted struct {
	Customer string
}

// reportChanged tells the batch that this customer's desk has changed. That it
// cannot be told matters to nobody: the board is redrawn by itself too.
func reportChanged(ctx workflow.Context) {
	batch := workflow.GetInfo(ctx).ParentWorkflowExecution
	if batch != nil {
		_ = workflow.SignalExternalWorkflow(ctx, batch.ID, batch.RunID, signalChanged, nil).Get(ctx, nil)
	}
}

// reportDrafted tells the batch that this customer's drafts, or the reason why
// there are none, are in the books. Without a batch there is nobody to tell.
func reportDrafted(ctx workflow.Context, in CloseCustomerInput) error {
	batch := workflow.GetInfo(ctx).ParentWorkflowExecution
	if batch == nil {
		return nil
	}
	err := workflow.SignalExternalWorkflow(ctx, batch.ID, batch.RunID, signalDrafted,
		drafted{in.Customer}).Get(ctx, nil)
	if err != nil {
		return fmt.Errorf("tell %s that %s is drafted: %w", batch.ID, in.Customer, err)
	}
	return nil
}

// awaitProof waits until the month's books are proved to balance. A customer
// that was started by itself proves the month itself: the proof only reads.
func awaitProof(ctx workflow.Context, month period.Month) error {
	if workflow.GetInfo(ctx).ParentWorkflowExecution != nil {
		return receive(ctx, signalProved, nil)
	}
	var closing *activities.Closing
	err := workflow.ExecuteActivity(withRecordKeeping(ctx, "prove "+month.String()), closing.Prove,
		month).Get(ctx, nil)
	if err != nil {
		return fmt.Errorf("prove %s: %w", month, err)
	}
	return nil
}
