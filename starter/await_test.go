package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	common "go.temporal.io/api/common/v1"
	enums "go.temporal.io/api/enums/v1"
	failurepb "go.temporal.io/api/failure/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/protobuf/types/known/timestamppb"

	"magam/activities"
	"magam/internal/payload"
)

func TestACommandSaysWhatHoldsItsRunUp(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
	before, long := timestamppb.New(now.Add(-time.Second)), timestamppb.New(now.Add(-time.Minute))
	task := func(state enums.PendingWorkflowTaskState, since *timestamppb.Timestamp) *workflowpb.PendingWorkflowTaskInfo {
		return &workflowpb.PendingWorkflowTaskInfo{State: state, ScheduledTime: since}
	}
	activity := func(state enums.PendingActivityState, since *timestamppb.Timestamp, failed string) *workflowpb.PendingActivityInfo {
		one := &workflowpb.PendingActivityInfo{
			ActivityType: &common.ActivityType{
				Name: "LoadPart",
			},
			State:           state,
			ScheduledTime:   since,
			Attempt:         1,
			MaximumAttempts: 8,
		}
		if failed != "" {
			one.Attempt, one.LastFailure = 3, &failurepb.Failure{Message: failed}
		}
		return one
	}
	const (
		scheduled = enums.PENDING_ACTIVITY_STATE_SCHEDULED
		started   = enums.PENDING_ACTIVITY_STATE_STARTED
	)
	tests := map[string]struct {
		task       *workflowpb.PendingWorkflowTaskInfo
		activities []*workflowpb.PendingActivityInfo
		want       string // a part of what is said; empty: nothing is
	}{
		"nothing, of a run that moves": {
			activities: []*workflowpb.PendingActivityInfo{activity(started, long, "")},
		},
		"nothing, of work that was given out just now": {
			task: task(enums.PENDING_WORKFLOW_TASK_STATE_SCHEDULED, before),
		},
		"nobody takes the run": {
			task: task(enums.PENDING_WORKFLOW_TASK_STATE_SCHEDULED, long),
			want: "no worker takes work from magam-ingest",
		},
		"nobody takes its parts": {
			activities: []*workflowpb.PendingActivityInfo{
				activity(scheduled, long, ""),
				activity(scheduled, long, ""),
			},
			want: "no worker is free",
		},
		"nothing, where one part is read and others wait": {
			activities: []*workflowpb.PendingActivityInfo{
				activity(started, long, ""),
				activity(scheduled, long, ""),
			},
		},
		"what failed and is tried again": {
			activities: []*workflowpb.PendingActivityInfo{
				activity(scheduled, before, "E_ACCESS /x: may not read. Fix: chmod"),
			},
			want: "LoadPart failed, and is tried again by itself, 8 times at most: E_ACCESS /x: may not read. Fix: chmod",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := &workflowservice.DescribeWorkflowExecutionResponse{
				PendingWorkflowTask: tt.task, PendingActivities: tt.activities,
			}

			said := stuck(run, "magam-ingest", now)

			require.Contains(t, said, tt.want)
			require.Equal(t, tt.want == "", said == "")
		})
	}
}

func TestPartsUnderWayAddUp(t *testing.T) {
	t.Parallel()
	told := func(activity string, details any) *workflowpb.PendingActivityInfo {
		payloads, err := payload.Converter().ToPayloads(details)
		require.NoError(t, err)
		return &workflowpb.PendingActivityInfo{
			ActivityType: &common.ActivityType{Name: activity}, HeartbeatDetails: payloads,
		}
	}

	sum := underWay([]*workflowpb.PendingActivityInfo{
		told("LoadPart", activities.PartProgress{Rows: 10, Bytes: 100}),
		told("LoadPart", activities.PartProgress{Rows: 5, Bytes: 7}),
		told("Discover", "a/file.csv"),
		{ActivityType: &common.ActivityType{Name: "LoadPart"}},
	})

	require.Equal(t, activities.PartProgress{Rows: 15, Bytes: 107}, sum)
}
