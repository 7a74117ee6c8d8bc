package workflows

import (
	"cmp"
	"fmt"
	"strings"

	"go.temporal.io/sdk/workflow"

	"magam/activities"
)

// CheckSourcesInput says which sources to check. `{}` is the configured ones, from
// the first; the answer says how to go on where there are more than fit.
type CheckSourcesInput struct {
	Source string // a name of the sources sheet
	From   string // or any folder or bucket: an absolute path or a URL
	After  string // or the configured ones whose names come after this
}

// CheckSourcesResult is what the checks found.
type CheckSourcesResult struct {
	Checks []activities.SourceCheck
	Next   string // start again with After for the rest; empty at the end
}

// CheckSources asks sources what an ingest would need of them: can they be
// reached, listed and read, is the format known, when did something come last. It
// runs where ingesting runs, since only workers hold the stores' credentials.
func CheckSources(ctx workflow.Context, in CheckSourcesInput) (CheckSourcesResult, error) {
	var a *activities.Preflight // names the activities; the worker holds the real one
	asked := []activities.CheckSourceInput{{Source: in.Source, From: in.From}}
	var result CheckSourcesResult
	if in.Source == "" && in.From == "" {
		var plan activities.PlanCheckResult
		err := workflow.ExecuteActivity(withChecking(ctx, "which sources"), a.PlanCheck,
			activities.PlanCheckInput{After: in.After}).Get(ctx, &plan)
		if err != nil {
			return CheckSourcesResult{}, err
		}
		asked, result.Next = nil, plan.Next
		for _, name := range plan.Sources {
			asked = append(asked, activities.CheckSourceInput{Source: name})
		}
	}

	checks := make([]workflow.Future, len(asked))
	for i, one := range asked {
		checks[i] = workflow.ExecuteActivity(withChecking(ctx, "check "+cmp.Or(one.Source, one.From)),
			a.CheckSource, one)
	}
	for _, future := range checks {
		var check activities.SourceCheck
		if err := future.Get(ctx, &check); err != nil {
			return result, err
		}
		result.Checks = append(result.Checks, check)
		workflow.SetCurrentDetails(ctx, checkedSources(result))
	}
	return result, nil
}

// checkedSources is the table that the web UI shows.
func checkedSources(result CheckSourcesResult) string {
	var text strings.Builder
	text.WriteString("| source | step | | |\n|---|---|---|---|\n")
	for _, check := range result.Checks {
		for _, step := range check.Steps {
			fmt.Fprintf(&text, "| %s | %s | %s | %s |\n", check.Source, step.Step, step.State,
				strings.ReplaceAll(step.Word, "|", `\|`))
		}
	}
	if result.Next != "" {
		fmt.Fprintf(&text, "\nMore sources: start again with `{\"After\": %q}`.\n", result.Next)
	}
	return text.String()
}
