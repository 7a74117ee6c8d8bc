package workflows_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"magam/activities"
	"magam/domain/fault"
	"magam/domain/period"
	"magam/workflows"
)

func ingestEnvironment(t *testing.T) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.RegisterWorkflow(workflows.IngestExport)
	env.RegisterActivity(&activities.Ingest{})
	return env
}

func ingested(t *testing.T, env *testsuite.TestWorkflowEnvironment) workflows.IngestExportResult {
	t.Helper()
	require.NoError(t, env.GetWorkflowError())
	var result workflows.IngestExportResult
	require.NoError(t, env.GetWorkflowResult(&result))
	return result
}

func TestAnExportThatGrowsIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	env := ingestEnvironment(t)
	var a *activities.Ingest
	for _, fingerprint := range []string{"1 file", "2 files", "3 files"} {
		env.OnActivity(a.Look, mock.Anything, mock.Anything).
			Return(activities.LookResult{Source: "aws", Fingerprint: fingerprint}, nil).Once()
	}
	env.OnActivity(a.Look, mock.Anything, mock.Anything).
		Return(activities.LookResult{Source: "aws", Fingerprint: "3 files"}, nil).Once()
	env.OnActivity(a.Discover, mock.Anything, mock.Anything).Return(activities.DiscoverResult{
		Source: "aws",
		Deliveries: []activities.FoundDelivery{
			{ID: 7, State: "loading", Format: "cur", Parts: []int64{1, 2, 3, 4, 5, 6}},
		},
	}, nil).Once()
	env.OnActivity(a.LoadPart, mock.Anything, mock.Anything).Return(activities.LoadPartResult{Rows: 10},
		nil).Times(6)
	env.OnActivity(a.Seal, mock.Anything, activities.SealInput{DeliveryID: 7}).
		Return(activities.SealResult{DeliveryID: 7, State: "sealed", Months: []string{"2026-10"}, Rows: 60},
			nil).Once()

	env.ExecuteWorkflow(workflows.IngestExport, workflows.IngestExportInput{Source: "aws"})

	result := ingested(t, env)
	require.Equal(t, []workflows.IngestOutcome{
		{ID: 7, State: "sealed", Format: "cur", Months: []string{"2026-10"}, Rows: 60},
	}, result.Deliveries)
	env.AssertExpectations(t)
	answer, err := env.QueryWorkflow(workflows.QueryIngest)
	require.NoError(t, err)
	var queried workflows.IngestExportResult
	require.NoError(t, answer.Get(&queried))
	require.Equal(t, result, queried)
}

func TestADeliveryThatStaysIncompleteIsRefusedAfterItsDeadline(t *testing.T) {
	t.Parallel()
	env := ingestEnvironment(t)
	var a *activities.Ingest
	env.OnActivity(a.Look, mock.Anything, mock.Anything).Return(activities.LookResult{Fingerprint: "x"}, nil)
	env.OnActivity(a.Discover, mock.Anything, mock.Anything).
		Return(activities.DiscoverResult{Waiting: []string{"m lists part-2.csv.gz, which is not there"}}, nil)

	env.ExecuteWorkflow(workflows.IngestExport, workflows.IngestExportInput{Source: "aws", WaitSeconds: 600})

	require.Equal(t, fault.IncompleteDelivery, activities.CodeOf(env.GetWorkflowError()))
	require.ErrorContains(t, env.GetWorkflowError(), "part-2.csv.gz")
}

func TestOneRefusedDeliveryDoesNotHoldUpTheOther(t *testing.T) {
	t.Parallel()
	env := ingestEnvironment(t)
	var a *activities.Ingest
	refusal := temporal.NewNonRetryableApplicationError("E_ENCODING x.csv (byte 9): not UTF-8", "E_ENCODING",
		nil)
	env.OnActivity(a.Look, mock.Anything, mock.Anything).Return(activities.LookResult{Fingerprint: "x"}, nil)
	env.OnActivity(a.Discover, mock.Anything, mock.Anything).Return(activities.DiscoverResult{
		Deliveries: []activities.FoundDelivery{
			{ID: 1, State: "loading", Format: "cur", Parts: []int64{11}},
			{ID: 2, State: "loading", Format: "focus", Parts: []int64{21}},
		},
	}, nil)
	env.OnActivity(a.LoadPart, mock.Anything, activities.LoadPartInput{PartID: 11}).
		Return(activities.LoadPartResult{}, refusal).Once()
	env.OnActivity(a.LoadPart, mock.Anything, activities.LoadPartInput{PartID: 21}).
		Return(activities.LoadPartResult{Rows: 1}, nil).Once()
	env.OnActivity(a.Seal, mock.Anything, activities.SealInput{DeliveryID: 2}).
		Return(activities.SealResult{DeliveryID: 2, State: "sealed", Rows: 1}, nil).Once()

	env.ExecuteWorkflow(workflows.IngestExport, workflows.IngestExportInput{From: "/x"})

	result := ingested(t, env)
	require.Equal(t, "refused", result.Deliveries[0].State)
	require.True(t, strings.HasPrefix(result.Deliveries[0].Why, "E_ENCODING x.csv"), result.Deliveries[0].Why)
	require.Equal(t, "sealed", result.Deliveries[1].State)
	env.AssertExpectations(t)
}

func TestEmptyInputIngestsEverySourceForThePreviousMonth(t *testing.T) {
	t.Parallel()
	env := ingestEnvironment(t)
	var a *activities.Ingest
	october, err := period.ParseMonth("2026-10")
	require.NoError(t, err)
	env.OnActivity(a.PlanIngest, mock.Anything, activities.PlanIngestInput{}).
		Return(activities.PlanIngestResult{Month: october, Sources: []string{"aws-a", "azure-b"}}, nil).Once()
	env.OnActivity(a.Look, mock.Anything, mock.Anything).Return(activities.LookResult{Fingerprint: "x"}, nil)
	env.OnActivity(a.Discover, mock.Anything, mock.Anything).Return(
		func(_ context.Context, in activities.DiscoverInput) (activities.DiscoverResult, error) {
			require.Equal(t, october, in.Month)
			id := map[string]int64{"aws-a": 1, "azure-b": 2}[in.Source]
			return activities.DiscoverResult{
				Source:     in.Source,
				Deliveries: []activities.FoundDelivery{{ID: id, State: "sealed"}},
			}, nil
		})
	env.OnActivity(a.Seal, mock.Anything, mock.Anything).Return(
		func(_ context.Context, in activities.SealInput) (activities.SealResult, error) {
			return activities.SealResult{DeliveryID: in.DeliveryID, State: "sealed"}, nil
		})

	env.ExecuteWorkflow(workflows.IngestExport, workflows.IngestExportInput{})

	result := ingested(t, env)
	require.Equal(t, "aws-a, azure-b", result.Source)
	require.Len(t, result.Deliveries, 2)
}
