package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"magam/activities"
	"magam/domain/period"
)

// ApplyTagsInput names a month; empty is the previous one.
type ApplyTagsInput struct {
	Month period.Month `json:"month,omitzero"`
}

// ApplyTags normalizes the provider's tags of a month, once per distinct set,
// and lays the custom tags over them as they stand in that month. Charges are
// not rewritten: sets are joined when they are asked for.
func ApplyTags(ctx workflow.Context, in ApplyTagsInput) (activities.TagResult, error) {
	var tagging *activities.Tagging
	var result activities.TagResult
	err := workflow.ExecuteActivity(
		withDrafting(ctx, "normalize and lay over custom tags"), tagging.ApplyTags, in.Month).Get(ctx,
		&result)
	if err != nil {
		return activities.TagResult{}, fmt.Errorf("apply tags: %w", err)
	}
	workflow.SetCurrentDetails(ctx, fmt.Sprintf("%s: %d tag sets, %d resources with custom tags",
		result.Month, result.TagSets, result.CustomTags))
	return result, nil
}
