package main

import (
	"context"
	"errors"
	"fmt"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
)

// appliedSchedule is one schedule as it stands on the server.
type appliedSchedule struct {
	Schedule string `json:"schedule"`
	Workflow string `json:"workflow,omitempty"`
	Spec     string `json:"spec,omitempty"` // with its zone
	State    string `json:"state"`          // created, updated, active, paused, removed
	Next     string `json:"next,omitempty"`
}

// apply creates the schedule, or changes the one that is there. A paused one
// stays paused: whoever paused it had a reason.
func (p schedulePlan) apply(ctx context.Context, schedules client.ScheduleClient) (appliedSchedule, error) {
	_, found, err := describe(ctx, schedules, p.id)
	if err != nil {
		return appliedSchedule{}, err
	}
	state := "created"
	if found {
		state, err = "updated", p.update(ctx, schedules.GetHandle(ctx, p.id))
	} else {
		_, err = schedules.Create(ctx, client.ScheduleOptions{
			ID: p.id, Spec: *p.clientSpec(), Action: p.action(), Note: p.note(),
			Overlap: enums.SCHEDULE_OVERLAP_POLICY_SKIP, CatchupWindow: p.catchUp,
		})
	}
	if err != nil {
		return appliedSchedule{}, fmt.Errorf("install schedule %s: %w", p.id, err)
	}
	now, _, err := describe(ctx, schedules, p.id)
	if err != nil {
		return appliedSchedule{}, err
	}
	if now.State == "active" {
		now.State = state
	}
	return now, nil
}

func (p schedulePlan) update(ctx context.Context, handle client.ScheduleHandle) error {
	return handle.Update(ctx, client.ScheduleUpdateOptions{
		DoUpdate: func(in client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
			state := in.Description.Schedule.State
			if state == nil {
				state = &client.ScheduleState{}
			}
			if !state.Paused {
				state.Note = p.note()
			}
			return &client.ScheduleUpdate{Schedule: &client.Schedule{
				Action: p.action(), Spec: p.clientSpec(), State: state,
				Policy: &client.SchedulePolicies{
					Overlap: enums.SCHEDULE_OVERLAP_POLICY_SKIP, CatchupWindow: p.catchUp,
				},
			}}, nil
		},
	})
}

func (p schedulePlan) clientSpec() *client.ScheduleSpec {
	return &client.ScheduleSpec{CronExpressions: []string{p.spec}, TimeZoneName: p.zone.String()}
}

// action starts the workflow with {}: the defaults are the close of the month
// before, this month and the one before of every source, today.
func (p schedulePlan) action() *client.ScheduleWorkflowAction {
	return &client.ScheduleWorkflowAction{
		ID: p.id, Workflow: p.workflow, TaskQueue: p.queue, Args: []any{struct{}{}},
		StaticSummary: p.summary, StaticDetails: "Started by the schedule `" + p.id + "`: " + p.note(),
	}
}

// describe asks the server how a schedule stands.
func describe(
	ctx context.Context, schedules client.ScheduleClient, id string,
) (one appliedSchedule, found bool, err error) {
	description, err := schedules.GetHandle(ctx, id).Describe(ctx)
	var missing *serviceerror.NotFound
	if errors.As(err, &missing) {
		return appliedSchedule{}, false, nil
	}
	if err != nil {
		return appliedSchedule{}, false, fmt.Errorf("look up schedule %s: %w", id, err)
	}
	one = appliedSchedule{Schedule: id, State: "active"}
	if action, isWorkflow := description.Schedule.Action.(*client.ScheduleWorkflowAction); isWorkflow {
		one.Workflow, _ = action.Workflow.(string)
	}
	if state := description.Schedule.State; state != nil {
		one.Spec = state.Note
		if state.Paused {
			one.State = "paused"
		}
	}
	if next := description.Info.NextActionTimes; len(next) > 0 {
		one.Next = next[0].UTC().Format("2006-01-02 15:04Z")
	}
	return one, true, nil
}

// remove deletes a schedule and says whether it was there.
func remove(ctx context.Context, schedules client.ScheduleClient, id string) (bool, error) {
	_, found, err := describe(ctx, schedules, id)
	if err != nil || !found {
		return false, err
	}
	err = schedules.GetHandle(ctx, id).Delete(ctx)
	if err != nil {
		return false, fmt.Errorf("remove schedule %s: %w", id, err)
	}
	return true, nil
}
