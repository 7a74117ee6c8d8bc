package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"magam/activities"
)

// ExplainLineInput names a line of a document, by number or, for a draft, by
// customer/provider/month. Its id is ExplainLineID.
type ExplainLineInput struct {
	Document string `json:"document"`
	Line     int    `json:"line"`
}

// ExplainLine writes down the provider's rows behind a line whose files left the
// books, read from the archive. It only reads the books; the same line gives the
// same file.
func ExplainLine(ctx workflow.Context, in ExplainLineInput) (activities.ExplainLineResult, error) {
	var tracing *activities.Tracing
	var result activities.ExplainLineResult
	reading := withLoading(ctx, fmt.Sprintf("read back the rows of %s line %d", in.Document, in.Line))
	err := workflow.ExecuteActivity(reading, tracing.ExplainLine, activities.ExplainLineInput(in)).
		Get(ctx, &result)
	if err != nil {
		workflow.SetCurrentDetails(ctx, activities.ReasonOf(err))
		return result, inWords(err)
	}
	workflow.SetCurrentDetails(
		ctx,
		fmt.Sprintf("**%s line %d** · %d rows, %s", in.Document, in.Line, result.Rows,
			result.Billed),
	)
	return result, nil
}
