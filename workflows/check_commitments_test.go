package workflows_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"

	"magam/activities"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/workflows"
)

func TestCheckCommitments(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		circles []string
		answers map[string][]delivery.State // per list, in turn
		mails   int
		want    fault.Code
	}{
		"a day on which nothing is due mails nobody": {},
		"each list of recipients gets one mail": {
			circles: []string{"a", "b"},
			answers: map[string][]delivery.State{
				"a": {delivery.StateSent},
				"b": {delivery.StateSent},
			},
			mails: 2,
		},
		"a list that the relay does not take yet is tried again, the others are not": {
			circles: []string{"a", "b"}, mails: 2,
			answers: map[string][]delivery.State{
				"a": {
					delivery.StatePending,
					delivery.StateUnknown,
					delivery.StateSent,
				},
				"b": {delivery.StateSent},
			},
		},
		"a refused list fails the run after the others were sent": {
			circles: []string{"a", "b"}, mails: 1, want: fault.MailRefused,
			answers: map[string][]delivery.State{"a": {delivery.StateFailed}, "b": {delivery.StateSent}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var suite testsuite.WorkflowTestSuite
			env := patient(suite.NewTestWorkflowEnvironment())
			var a *activities.Commitments
			env.RegisterActivity(&activities.Commitments{})
			env.OnActivity(a.Flag, mock.Anything, mock.Anything).Return(
				activities.FlagResult{
					Day:       "2026-11-22",
					Inventory: 9,
					Expiring:  3,
					Circles:   tt.circles,
				}, nil).
				Once()
			tries, sent := map[string]int{}, 0
			env.OnActivity(a.MailNotice, mock.Anything, mock.Anything).Return(
				func(_ context.Context, in activities.NoticeInput) (activities.SendResult, error) {
					require.Equal(t, "2026-11-22", in.Day)
					state := tt.answers[in.Circle][tries[in.Circle]]
					tries[in.Circle]++
					if state == delivery.StateSent {
						sent++
					}
					return activities.SendResult{State: state}, nil
				})

			env.ExecuteWorkflow(workflows.CheckCommitments, workflows.CheckCommitmentsInput{})

			require.True(t, env.IsWorkflowCompleted())
			require.Equal(t, tt.mails, sent)
			for circle, answers := range tt.answers {
				require.Equal(t, len(answers), tries[circle], circle)
			}
			if tt.want != "" {
				require.Equal(t, tt.want, activities.CodeOf(env.GetWorkflowError()))
				return
			}
			var result workflows.CheckCommitmentsResult
			require.NoError(t, env.GetWorkflowResult(&result))
			require.Equal(t, tt.mails, result.Mails)
			require.Equal(t, "2026-11-22", result.Day)
		})
	}
}
