package workflows_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"magam/activities"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/workflows"
)

func TestWatchSources(t *testing.T) {
	t.Parallel()
	first := delivery.AlarmMail{Alarm: 1, Occasion: "raised", Person: "ops1"}
	second := delivery.AlarmMail{Alarm: 1, Occasion: "raised", Person: "ops2"}
	tests := map[string]struct {
		seen    activities.WatchResult
		answers map[string]activities.SendResult
		broken  string // whose mail cannot be tried
		want    workflows.WatchSourcesResult
		failed  bool
	}{
		"quiet sources mail nobody": {},
		"everybody of ops is told": {
			seen: activities.WatchResult{
				Alarms: []activities.AlarmLine{{Title: "source is silent", Source: "aws"}},
				Mails:  []delivery.AlarmMail{first, second},
			},
			answers: map[string]activities.SendResult{
				"ops1": {State: delivery.StateSent}, "ops2": {State: delivery.StatePending},
			},
			want: workflows.WatchSourcesResult{Alarms: 1, Mails: 1, Later: 1},
		},
		"one that the relay refuses keeps nobody from the others": {
			seen: activities.WatchResult{Mails: []delivery.AlarmMail{first, second}, More: 2},
			answers: map[string]activities.SendResult{
				"ops1": {State: delivery.StateFailed}, "ops2": {State: delivery.StateSent},
			},
			want: workflows.WatchSourcesResult{Alarms: 2, Mails: 1, Failed: 1},
		},
		"one that cannot be tried fails the run after the others were told": {
			seen:    activities.WatchResult{Mails: []delivery.AlarmMail{first, second}},
			answers: map[string]activities.SendResult{"ops2": {State: delivery.StateSent}},
			broken:  "ops1", failed: true,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var suite testsuite.WorkflowTestSuite
			env := patient(suite.NewTestWorkflowEnvironment())
			var a *activities.Watching
			env.RegisterActivity(&activities.Watching{})
			env.OnActivity(a.Watch, mock.Anything).Return(tt.seen, nil).Once()
			told := map[string]int{}
			env.OnActivity(a.MailAlarm, mock.Anything, mock.Anything).Return(
				func(_ context.Context, in delivery.AlarmMail) (activities.SendResult, error) {
					told[in.Person]++
					if in.Person == tt.broken {
						return activities.SendResult{}, temporal.NewNonRetryableApplicationError(
							"no mail_from",
							string(fault.ContactMissing),
							errors.New("x"),
						)
					}
					return tt.answers[in.Person], nil
				})

			env.ExecuteWorkflow(workflows.WatchSources, workflows.WatchSourcesInput{})

			require.True(t, env.IsWorkflowCompleted())
			for _, mail := range tt.seen.Mails {
				require.Equal(t, 1, told[mail.Person])
			}
			if tt.failed {
				require.Equal(t, fault.ContactMissing, activities.CodeOf(env.GetWorkflowError()))
				return
			}
			require.NoError(t, env.GetWorkflowError())
			var result workflows.WatchSourcesResult
			require.NoError(t, env.GetWorkflowResult(&result))
			require.Equal(t, tt.want, result)
		})
	}
}

func TestDecideDelivery(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in      workflows.DecideDeliveryInput
		decided activities.DecideDeliveryResult
		refused error
		seals   int
		want    workflows.DecideDeliveryResult
		code    fault.Code
	}{
		"the first of two people is written down": {
			in:      workflows.DecideDeliveryInput{DeliveryID: 7, Verdict: "accept", By: "kim", Reason: "x"},
			decided: activities.DecideDeliveryResult{State: "held", Missing: "an approver"},
			want:    workflows.DecideDeliveryResult{DeliveryID: 7, State: "held", Missing: "an approver"},
		},
		"the second lets it through": {
			in:      workflows.DecideDeliveryInput{DeliveryID: 7, Verdict: "accept", By: "park", Reason: "x"},
			decided: activities.DecideDeliveryResult{State: "loading"}, seals: 1,
			want: workflows.DecideDeliveryResult{DeliveryID: 7, State: "sealed", Rows: 3, Superseded: 5},
		},
		"a withdrawal seals nothing": {
			in: workflows.DecideDeliveryInput{
				DeliveryID: 7,
				Verdict:    "withdraw",
				By:         "kim",
				Reason:     "x",
			},
			decided: activities.DecideDeliveryResult{State: "withdrawn"},
			want:    workflows.DecideDeliveryResult{DeliveryID: 7, State: "withdrawn"},
		},
		"a closed month refuses in its own words": {
			in: workflows.DecideDeliveryInput{DeliveryID: 7, Verdict: "withdraw", By: "kim", Reason: "x"},
			refused: temporal.NewNonRetryableApplicationError("E_PERIOD_CLOSED: 2026-10 has final documents",
				string(fault.PeriodClosed), nil),
			code: fault.PeriodClosed,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var suite testsuite.WorkflowTestSuite
			env := patient(suite.NewTestWorkflowEnvironment())
			var deciding *activities.Deciding
			var ingest *activities.Ingest
			env.RegisterActivity(&activities.Deciding{})
			env.RegisterActivity(&activities.Ingest{})
			env.OnActivity(deciding.DecideDelivery, mock.Anything, activities.DecideDeliveryInput(tt.in)).
				Return(tt.decided, tt.refused).Once()
			sealed := 0
			env.OnActivity(ingest.Seal, mock.Anything, mock.Anything).Return(
				func(_ context.Context, in activities.SealInput) (activities.SealResult, error) {
					sealed++
					return activities.SealResult{
						DeliveryID: in.DeliveryID,
						State:      "sealed",
						Rows:       3,
						Superseded: 5,
					}, nil
				})

			env.ExecuteWorkflow(workflows.DecideDelivery, tt.in)

			require.Equal(t, tt.seals, sealed)
			if tt.code != "" {
				require.Equal(t, tt.code, activities.CodeOf(env.GetWorkflowError()))
				return
			}
			require.NoError(t, env.GetWorkflowError())
			var result workflows.DecideDeliveryResult
			require.NoError(t, env.GetWorkflowResult(&result))
			require.Equal(t, tt.want, result)
		})
	}
}

func TestAnAddressDecidesNothing(t *testing.T) {
	t.Parallel()
	var suite testsuite.WorkflowTestSuite
	env := patient(suite.NewTestWorkflowEnvironment())
	env.ExecuteWorkflow(workflows.DecideDelivery,
		workflows.DecideDeliveryInput{By: "kim@x.test", Verdict: "accept"})
	require.ErrorContains(t, env.GetWorkflowError(), "never an address")
}
