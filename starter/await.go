package main

import (
	"context"
	"fmt"
	"time"

	enums "go.temporal.io/api/enums/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
)

// unattended is how long work may lie untouched before we ask whether anybody
// works at all.
const unattended = 5 * time.Second

// await waits for a run's result, and says meanwhile why it does not come along:
// a command that hangs in silence helps nobody.
func (s *session) await(ctx context.Context, run client.WorkflowRun, queue string, result any) error {
	waiting, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.tellStuck(waiting, run.GetID(), queue)
	}()
	err := run.Get(ctx, result)
	stop()
	<-ended
	return err
}

// tellStuck says what holds a run up, each thing once.
func (s *session) tellStuck(ctx context.Context, id, queue string) {
	said := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(unattended):
		}
		var words string
		run, err := s.temporal.DescribeWorkflowExecution(ctx, id, "")
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			words = fmt.Sprintf(
				"temporal does not answer at %s (%s): this waits until it does. Fix: starter stack status",
				s.cfg.TemporalAddress,
				lastWords(err),
			)
		default:
			words = stuck(run, queue, time.Now())
		}
		if words != "" && words != said {
			s.sayf("%s", words)
			said = words
		}
	}
}

// stuck says why a run does not move: nobody takes its work, or what it does
// fails and is tried again. It says nothing of one that moves. Whether workers
// ask for work is no sign: Temporal remembers for minutes those that are gone.
func stuck(run *workflowservice.DescribeWorkflowExecutionResponse, queue string, now time.Time) string {
	nobody := fmt.Sprintf(
		"no worker takes work from %s: this waits until one does. Fix: starter stack status, or starter stack up",
		queue,
	)
	task := run.GetPendingWorkflowTask()
	if task.GetState() == enums.PENDING_WORKFLOW_TASK_STATE_SCHEDULED &&
		now.Sub(task.GetScheduledTime().AsTime()) > unattended {
		return nobody
	}
	for _, one := range run.GetPendingActivities() {
		if failure := one.GetLastFailure(); failure != nil {
			return fmt.Sprintf("%s failed, and is tried again by itself, %d times at most: %s",
				one.GetActivityType().GetName(), one.GetMaximumAttempts(), failure.GetMessage())
		}
	}
	if untouched(run.GetPendingActivities(), now) {
		return "no worker is free: this waits for its turn, or for a worker. Fix: starter stack status"
	}
	return ""
}

// untouched says that there is work of which nobody does any.
func untouched(pending []*workflowpb.PendingActivityInfo, now time.Time) bool {
	for _, one := range pending {
		if one.GetState() != enums.PENDING_ACTIVITY_STATE_SCHEDULED ||
			now.Sub(one.GetScheduledTime().AsTime()) < unattended {
			return false
		}
	}
	return len(pending) > 0
}
