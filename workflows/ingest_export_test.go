package workflows_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"magam/activities"
	"magam/domain/fault"
	"magam/domain/period"
	"magam/workflows"
)

func ingestEnvironment(t *testing.T) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := patient(suite.NewTestWorkflowEnvironment())
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

func TestWhatIsWholeDoesNotWaitForWhatIsNot(t *testing.T) {
	t.Parallel()
	env := ingestEnvironment(t)
	var a *activities.Ingest
	whole := activities.FoundDelivery{ID: 1, State: "loading", Format: "cur", Parts: []int64{11}}
	sealed := activities.FoundDelivery{ID: 1, State: "sealed", Format: "cur"}
	missing := []string{"m lists part-2.csv.gz, which is not there"}
	env.OnActivity(a.Look, mock.Anything, mock.Anything).Return(activities.LookResult{Fingerprint: "x"}, nil)
	env.OnActivity(a.Discover, mock.Anything, mock.Anything).Return(activities.DiscoverResult{
		Deliveries: []activities.FoundDelivery{whole}, Waiting: missing,
	}, nil).Once()
	env.OnActivity(a.LoadPart, mock.Anything, activities.LoadPartInput{PartID: 11}).
		Return(activities.LoadPartResult{Rows: 5}, nil).Once()
	env.OnActivity(a.Seal, mock.Anything, activities.SealInput{DeliveryID: 1}).
		Return(activities.SealResult{DeliveryID: 1, State: "sealed", Rows: 5}, nil).Once()
	env.OnActivity(a.Discover, mock.Anything, mock.Anything).Return(activities.DiscoverResult{
		Deliveries: []activities.FoundDelivery{sealed}, Waiting: missing,
	}, nil)

	env.ExecuteWorkflow(workflows.IngestExport, workflows.IngestExportInput{Source: "aws", WaitSeconds: 600})

	require.Equal(t, fault.IncompleteDelivery, activities.CodeOf(env.GetWorkflowError()))
	answer, err := env.QueryWorkflow(workflows.QueryIngest)
	require.NoError(t, err)
	var told workflows.IngestExportResult
	require.NoError(t, answer.Get(&told))
	require.Equal(t, []workflows.IngestOutcome{{ID: 1, State: "sealed", Format: "cur", Rows: 5}},
		told.Deliveries)
	env.AssertExpectations(t)
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

func TestEmptyInputIngestsEverySourceForItsPlansMonths(t *testing.T) {
	t.Parallel()
	october, november := period.NewMonth(2026, 10), period.NewMonth(2026, 11)
	nothing := temporal.NewNonRetryableApplicationError("E_INPUT: there is nothing to ingest", "E_INPUT", nil)
	broken := temporal.NewNonRetryableApplicationError("E_ENCODING: not UTF-8", "E_ENCODING", nil)
	tests := map[string]struct {
		refused map[string]error // by source and month
		told    int
		failure string // empty: none
	}{
		"both months of both sources": {told: 4},
		"a month that has nothing yet": {
			refused: map[string]error{"aws-a 2026-11": nothing, "azure-b 2026-11": nothing}, told: 2,
		},
		"a new source, which has nothing of the month before": {
			refused: map[string]error{"aws-a 2026-10": nothing}, told: 3,
		},
		"a source with nothing at all": {
			refused: map[string]error{
				"aws-a 2026-10": nothing,
				"aws-a 2026-11": nothing,
			},
			failure: "aws-a: E_INPUT",
		},
		"a month that cannot be read": {
			refused: map[string]error{"azure-b 2026-11": broken}, failure: "azure-b: E_ENCODING",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := ingestEnvironment(t)
			var a *activities.Ingest
			env.OnActivity(a.PlanIngest, mock.Anything, activities.PlanIngestInput{}).
				Return(activities.PlanIngestResult{
					Month: october, Months: []period.Month{october, november},
					Sources: []string{"aws-a", "azure-b"},
				}, nil).Once()
			env.OnActivity(a.Look, mock.Anything, mock.Anything).
				Return(activities.LookResult{Fingerprint: "x"}, nil)
			env.OnActivity(a.Discover, mock.Anything, mock.Anything).Return(
				func(_ context.Context, in activities.DiscoverInput) (activities.DiscoverResult, error) {
					if err := tt.refused[in.Source+" "+in.Month.String()]; err != nil {
						return activities.DiscoverResult{}, err
					}
					return activities.DiscoverResult{
						Source: in.Source, Deliveries: []activities.FoundDelivery{{ID: 1, State: "sealed"}},
					}, nil
				})
			env.OnActivity(a.Seal, mock.Anything, mock.Anything).
				Return(activities.SealResult{DeliveryID: 1, State: "sealed"}, nil)

			env.ExecuteWorkflow(workflows.IngestExport, workflows.IngestExportInput{})

			if tt.failure != "" {
				require.ErrorContains(t, env.GetWorkflowError(), tt.failure)
				return
			}
			result := ingested(t, env)
			require.Equal(t, "aws-a, azure-b", result.Source)
			require.Len(t, result.Deliveries, tt.told)
		})
	}
}

func TestAPlaceAtRestIsLookedAtOnce(t *testing.T) {
	t.Parallel()
	env := ingestEnvironment(t)
	var a *activities.Ingest
	env.OnActivity(a.Look, mock.Anything, mock.Anything).
		Return(activities.LookResult{Source: "aws", Fingerprint: "x", Quiet: true}, nil).Once()
	env.OnActivity(a.Discover, mock.Anything, mock.Anything).Return(activities.DiscoverResult{
		Source: "aws", Deliveries: []activities.FoundDelivery{{ID: 7, State: "sealed"}},
	}, nil).Once()
	env.OnActivity(a.Seal, mock.Anything, mock.Anything).
		Return(activities.SealResult{DeliveryID: 7, State: "sealed"}, nil).Once()

	env.ExecuteWorkflow(workflows.IngestExport, workflows.IngestExportInput{Source: "aws"})

	require.Equal(t, "sealed", ingested(t, env).Deliveries[0].State)
	env.AssertExpectations(t)
}

func TestAHeldDeliveryFailsTheRunWithItsReason(t *testing.T) {
	t.Parallel()
	env := ingestEnvironment(t)
	var a *activities.Ingest
	env.OnActivity(a.Look, mock.Anything, mock.Anything).Return(activities.LookResult{Fingerprint: "x"}, nil)
	env.OnActivity(a.Discover, mock.Anything, mock.Anything).Return(activities.DiscoverResult{
		Deliveries: []activities.FoundDelivery{{ID: 1, State: "held", Format: "cur"}},
	}, nil)
	env.OnActivity(a.Seal, mock.Anything, mock.Anything).Return(activities.SealResult{
		DeliveryID: 1, State: "held", Why: "E_ROWCOUNT_DROP: 2 rows, delivery 7 of the same scope has 5",
	}, nil)

	env.ExecuteWorkflow(workflows.IngestExport, workflows.IngestExportInput{Source: "aws"})

	require.Equal(t, fault.RowCountDrop, activities.CodeOf(env.GetWorkflowError()))
	require.ErrorContains(t, env.GetWorkflowError(), "delivery 7")
}

func TestALateDeliveryIsNoFailure(t *testing.T) {
	t.Parallel()
	env := ingestEnvironment(t)
	var a *activities.Ingest
	env.OnActivity(a.Look, mock.Anything, mock.Anything).Return(activities.LookResult{Fingerprint: "x"}, nil)
	env.OnActivity(a.Discover, mock.Anything, mock.Anything).Return(activities.DiscoverResult{
		Deliveries: []activities.FoundDelivery{{ID: 1, State: "refused", Format: "cur"}},
	}, nil)
	env.OnActivity(a.Seal, mock.Anything, mock.Anything).Return(activities.SealResult{
		DeliveryID: 1, State: "refused", Why: "E_OLDER_DELIVERY: delivery 7 of the same source is newer",
	}, nil)

	env.ExecuteWorkflow(workflows.IngestExport, workflows.IngestExportInput{Source: "aws"})

	require.Contains(t, ingested(t, env).Deliveries[0].Why, "delivery 7")
}

// A very large export goes on in new runs, each with a page of parts, and every
// part is loaded once.
func TestTwoHundredAndFiftyPartsTakeTwoRuns(t *testing.T) {
	t.Parallel()
	const parts, page = 250, 200
	loaded := map[int64]bool{}
	var mutex sync.Mutex
	in := workflows.IngestExportInput{Source: "aws"}
	sealed := 0
	for runs := 1; ; runs++ {
		env := ingestEnvironment(t)
		var a *activities.Ingest
		env.OnActivity(a.Look, mock.Anything, mock.Anything).
			Return(activities.LookResult{Fingerprint: "x"}, nil)
		env.OnActivity(a.Discover, mock.Anything, mock.Anything).Return(
			func(context.Context, activities.DiscoverInput) (activities.DiscoverResult, error) {
				one := activities.FoundDelivery{ID: 1, State: "loading", Format: "cur"}
				for part := int64(1); part <= parts && len(one.Parts) < page; part++ {
					if !loaded[part] {
						one.Parts = append(one.Parts, part)
					}
				}
				more := len(loaded)+len(one.Parts) < parts
				return activities.DiscoverResult{Deliveries: []activities.FoundDelivery{one}, More: more}, nil
			})
		env.OnActivity(a.LoadPart, mock.Anything, mock.Anything).Return(
			func(_ context.Context, in activities.LoadPartInput) (activities.LoadPartResult, error) {
				mutex.Lock()
				defer mutex.Unlock()
				require.False(t, loaded[in.PartID], "part %d twice", in.PartID)
				loaded[in.PartID] = true
				return activities.LoadPartResult{Rows: 1}, nil
			})
		env.OnActivity(a.Seal, mock.Anything, mock.Anything).Return(
			func(context.Context, activities.SealInput) (activities.SealResult, error) {
				sealed++
				require.Len(t, loaded, parts, "sealed only when every part is in")
				return activities.SealResult{DeliveryID: 1, State: "sealed", Rows: parts}, nil
			})

		env.ExecuteWorkflow(workflows.IngestExport, in)

		var next *workflow.ContinueAsNewError
		if errors.As(env.GetWorkflowError(), &next) {
			require.Len(t, loaded, page)
			require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(next.Input, &in))
			require.NotNil(t, in.Before)
			continue
		}
		require.Equal(t, 2, runs)
		require.EqualValues(t, parts, ingested(t, env).Deliveries[0].Rows)
		break
	}
	require.Equal(t, 1, sealed)
}

func TestACancelledIngestSealsNothing(t *testing.T) {
	t.Parallel()
	env := ingestEnvironment(t)
	var a *activities.Ingest
	env.OnActivity(a.Look, mock.Anything, mock.Anything).Return(activities.LookResult{Fingerprint: "x"}, nil)
	env.OnActivity(a.Discover, mock.Anything, mock.Anything).Return(activities.DiscoverResult{
		Deliveries: []activities.FoundDelivery{
			{ID: 1, State: "loading", Parts: []int64{1, 2, 3, 4, 5, 6, 7, 8}},
		},
	}, nil)
	env.OnActivity(a.LoadPart, mock.Anything, mock.Anything).
		Return(activities.LoadPartResult{}, nil).After(time.Hour)
	env.RegisterDelayedCallback(env.CancelWorkflow, time.Minute)

	env.ExecuteWorkflow(workflows.IngestExport, workflows.IngestExportInput{Source: "aws"})

	require.True(t, temporal.IsCanceledError(env.GetWorkflowError()), "%v", env.GetWorkflowError())
	env.AssertNotCalled(t, "Seal", mock.Anything, mock.Anything)
}
