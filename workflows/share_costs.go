package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"magam/activities"
	"magam/domain/period"
)

// ShareCostsInput names a month; empty is the previous one.
type ShareCostsInput struct {
	Month period.Month `json:"month,omitzero"`
}

// ShareCosts lists what benefit policies of commitments and shared costs move
// between customers in a month, before anybody's document is drafted.
func ShareCosts(ctx workflow.Context, in ShareCostsInput) (activities.ShareResult, error) {
	var sharing *activities.Sharing
	var result activities.ShareResult
	err := workflow.ExecuteActivity(
		withDrafting(ctx, "move what contracts and keys say"), sharing.ShareCosts, in.Month).Get(ctx, &result)
	if err != nil {
		return activities.ShareResult{}, fmt.Errorf("share costs: %w", err)
	}
	workflow.SetCurrentDetails(
		ctx,
		fmt.Sprintf("%s: %d commitments redistributed, %d shared costs, %d entries",
			result.Month, result.Commitments, result.Shared, result.Entries),
	)
	return result, nil
}

// changeShareCosts marks the closes that share costs before each round: earlier
// ones had none.
const changeShareCosts = "share-costs"

// shareCosts makes the month's list anew. Each round does, since what somebody
// mapped or shared meanwhile moves other customers' cost too.
func shareCosts(ctx workflow.Context, month period.Month, language string) error {
	if workflow.GetVersion(ctx, changeShareCosts, workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		return nil
	}
	sharing := asChild(ctx, card{ShareCostsID(month), doShare.in(language, month), aboutShare.in(language)},
		attributePeriod.ValueSet(month.String()))
	err := workflow.ExecuteChildWorkflow(sharing, ShareCosts, ShareCostsInput{Month: month}).Get(ctx, nil)
	if err != nil {
		return fmt.Errorf("share the costs of %s: %w", month, err)
	}
	return nil
}
