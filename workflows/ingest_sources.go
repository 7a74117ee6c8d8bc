package workflows

import (
	"fmt"
	"strings"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"magam/activities"
	"magam/domain/fault"
	"magam/domain/period"
)

// ingestEverySource ingests the configured sources side by side, the months of
// each one after the other, one child each.
func ingestEverySource(ctx workflow.Context, in IngestExportInput) (IngestExportResult, error) {
	var a *activities.Ingest
	var plan activities.PlanIngestResult
	planning := withRecordKeeping(ctx, "which sources, for which months")
	planning = workflow.WithTaskQueue(planning, QueueIngest)
	err := workflow.ExecuteActivity(planning, a.PlanIngest, activities.PlanIngestInput{Month: in.Month}).
		Get(ctx, &plan)
	if err != nil {
		return IngestExportResult{}, err
	}
	months := plan.Months
	if workflow.GetVersion(ctx, everyMonth, workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		months = []period.Month{plan.Month}
	}
	taken := make([]sourceMonths, len(plan.Sources))
	group := workflow.NewWaitGroup(ctx)
	for i, source := range plan.Sources {
		taken[i].source = source
		group.Add(1)
		workflow.Go(ctx, func(ctx workflow.Context) {
			defer group.Done()
			for _, month := range months {
				taken[i].ingest(ctx, in, month)
			}
		})
	}
	group.Wait(ctx)
	result := IngestExportResult{Source: strings.Join(plan.Sources, ", ")}
	var failed []string
	for _, one := range taken {
		for _, month := range one.results {
			result.add(month)
		}
		failed = append(failed, one.failures()...)
	}
	if len(failed) > 0 {
		return result, temporal.NewApplicationError(strings.Join(failed, "\n"),
			string(fault.IncompleteDelivery))
	}
	return result, nil
}

// sourceMonths is what came of one source's months.
type sourceMonths struct {
	source  string
	results []IngestExportResult
	nothing []string // of the months for which there was nothing to take
	failed  []string
}

func (s *sourceMonths) ingest(ctx workflow.Context, in IngestExportInput, month period.Month) {
	child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:    IngestExportID(s.source, month),
		StaticSummary: fmt.Sprintf("ingest %s for %s", s.source, month),
	})
	in.Source, in.Month = s.source, month
	var one IngestExportResult
	err := workflow.ExecuteChildWorkflow(child, IngestExport, in).Get(ctx, &one)
	switch {
	case err == nil:
		s.results = append(s.results, one)
	case activities.CodeOf(err) == fault.Input:
		s.nothing = append(s.nothing, s.source+": "+activities.ReasonOf(err))
	default:
		s.failed = append(s.failed, s.source+": "+activities.ReasonOf(err))
	}
}

// failures leaves out that a month has nothing yet, or no longer, as long as
// another has: on the first days of a month this is how things are.
func (s *sourceMonths) failures() []string {
	if len(s.results) == 0 {
		return append(s.failed, s.nothing...)
	}
	return s.failed
}
