package workflows

import (
	"errors"
	"fmt"
	"strings"

	"go.temporal.io/sdk/workflow"

	"magam/activities"
	"magam/domain/closing"
	"magam/domain/period"
)

// ArchiveMonthInput names a closed month and who has its rows leave the books.
// Its id is ArchiveMonthID.
type ArchiveMonthInput struct {
	Month period.Month `json:"month"`
	By    string       `json:"by"` // a code of the people sheet
}

// ArchiveMonthResult counts what left.
type ArchiveMonthResult struct {
	Month      period.Month              `json:"month"`
	Deliveries int                       `json:"deliveries"`
	Parts      int64                     `json:"parts"`
	Rows       int64                     `json:"rows"`
	Before     int                       `json:"before"` // deliveries that had left already
	Kept       []activities.KeptDelivery `json:"kept,omitempty"`
}

// ArchiveMonth takes the source rows of a closed month out of the books, delivery
// by delivery, each once all of its original files were read back from the
// archive. Daily sums, totals and digests stay; explanations go on through the
// files. Whoever stops it in between has whole deliveries on either side, and
// starting it again goes on.
func ArchiveMonth(ctx workflow.Context, in ArchiveMonthInput) (ArchiveMonthResult, error) {
	result := ArchiveMonthResult{Month: in.Month}
	if in.Month.IsZero() {
		return result, inWords(errors.New("month must be named: rows never leave the books by default"))
	}
	if strings.TrimSpace(in.By) == "" || strings.Contains(in.By, "@") {
		return result, inWords(errors.New("by must be your code of the people sheet, never an address"))
	}
	var tracing *activities.Tracing
	var plan activities.PlanArchiveResult
	asking := withRecordKeeping(ctx, fmt.Sprintf("which deliveries of %s may leave the books", in.Month))
	asking = workflow.WithTaskQueue(asking, QueueIngest)
	err := workflow.ExecuteActivity(asking, tracing.PlanArchive, activities.PlanArchiveInput(in)).
		Get(ctx, &plan)
	if err != nil {
		workflow.SetCurrentDetails(ctx, activities.ReasonOf(err))
		return result, inWords(err)
	}
	result.Before, result.Kept = plan.Done, plan.Kept
	for _, id := range plan.Deliveries {
		moving := withLoading(ctx,
			fmt.Sprintf("read delivery %d back from the archive, then drop its rows", id))
		var archived closing.Archived
		err := workflow.ExecuteActivity(moving, tracing.ArchiveDelivery, activities.ArchiveDeliveryInput{
			Month: in.Month, Delivery: id, By: in.By,
		}).Get(ctx, &archived)
		if err != nil {
			workflow.SetCurrentDetails(ctx, activities.ReasonOf(err))
			return result, inWords(err)
		}
		result.Deliveries++
		result.Parts += archived.Parts
		result.Rows += archived.Rows
		workflow.SetCurrentDetails(
			ctx,
			fmt.Sprintf("**%s** · %d of %d deliveries, %d rows archived", in.Month,
				result.Deliveries, len(plan.Deliveries), result.Rows),
		)
	}
	return result, nil
}
