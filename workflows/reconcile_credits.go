package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"magam/activities"
	"magam/domain/period"
)

// ReconcileCreditsInput names a month; empty is the previous one.
type ReconcileCreditsInput struct {
	Month period.Month `json:"month,omitzero"`
}

// ReconcileCredits lists what credits and adjustments are due in a month: what
// was granted, what other months used, what has expired, which instalment it is.
func ReconcileCredits(ctx workflow.Context, in ReconcileCreditsInput) (activities.ReconcileResult, error) {
	var reconciling *activities.Reconciling
	var result activities.ReconcileResult
	err := workflow.ExecuteActivity(
		withDrafting(ctx, "list what is due"), reconciling.ReconcileCredits, in.Month).Get(ctx, &result)
	if err != nil {
		return activities.ReconcileResult{}, fmt.Errorf("reconcile credits: %w", err)
	}
	workflow.SetCurrentDetails(ctx, fmt.Sprintf("%s: %d credits and %d adjustments due, %d credits expired",
		result.Month, result.Credits, result.Adjustments, result.Expired))
	return result, nil
}
