package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"

	"magam/activities"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/workflows"
)

func TestReportMonth(t *testing.T) {
	t.Parallel()
	state := func(s delivery.State) activities.SendResult { return activities.SendResult{State: s} }
	unknown := activities.SendResult{State: delivery.StateUnknown, Ambiguous: 1}
	tests := map[string]struct {
		in      workflows.ReportMonthInput
		nobody  bool
		answers map[string][]activities.SendResult // attempt by attempt, the last one for good
		sent    int
		aside   []string
		again   int // attempts that were told they may send once more
		looks   int // by a close that runs meanwhile
		failed  fault.Code
		atLeast time.Duration
		atMost  time.Duration
	}{
		"everybody of finance is told": {
			answers: map[string][]activities.SendResult{
				"lee": {state(delivery.StateSent)}, "park": {state(delivery.StateSent)},
			},
			sent: 2, atMost: time.Minute,
		},
		"nobody of finance is no failure": {nobody: true, atMost: time.Minute},
		"files only tell nobody": {
			in: workflows.ReportMonthInput{FilesOnly: true},
			answers: map[string][]activities.SendResult{
				"lee": {state(delivery.StateSent)},
			},
			atMost: time.Minute,
		},
		"a relay that is away is tried again": {
			answers: map[string][]activities.SendResult{
				"lee": {
					state(delivery.StatePending),
					state(delivery.StatePending),
					state(delivery.StateSent),
				},
				"park": {state(delivery.StateSent)},
			},
			sent: 2, atLeast: 5 * time.Minute, atMost: time.Hour,
		},
		"a mail of unknown fate waits half an hour before it goes out again": {
			answers: map[string][]activities.SendResult{"lee": {unknown, state(delivery.StateSent)}},
			sent:    1, again: 1, atLeast: delivery.ResendAfter, atMost: 2 * time.Hour,
		},
		"a fate that stays unknown is for a person": {
			answers: map[string][]activities.SendResult{
				"lee": {unknown, unknown, {State: delivery.StateUnknown, Ambiguous: delivery.AmbiguousMax}},
			},
			aside: []string{"lee"}, again: 2, failed: fault.MailRefused, atMost: 4 * time.Hour,
		},
		"one refusal keeps nobody from the others, and fails the run": {
			answers: map[string][]activities.SendResult{
				"lee": {state(delivery.StateFailed)}, "park": {state(delivery.StateSent)},
			},
			sent: 1, failed: fault.MailRefused, atMost: time.Minute,
		},
		"after four days it is over": {
			answers: map[string][]activities.SendResult{"lee": {state(delivery.StatePending)}},
			aside: []string{
				"lee",
			},
			failed:  fault.MailExpired,
			atLeast: 90 * time.Hour,
			atMost:  97 * time.Hour,
		},
		"a close that settles again has it look again": {
			answers: map[string][]activities.SendResult{
				"lee": {state(delivery.StatePending), state(delivery.StateSent)},
			},
			sent: 1, looks: 1, atMost: 40 * time.Second,
		},
	}
	for claim, test := range tests {
		t.Run(claim, func(t *testing.T) {
			t.Parallel()
			finance := reportingRoom(t)
			finance.nobody, finance.answers = test.nobody, test.answers
			began := finance.env.Now()
			for range test.looks {
				finance.env.RegisterDelayedCallback(func() {
					finance.env.SignalWorkflow(workflows.SignalLookAgain, nil)
				}, 30*time.Second)
			}

			finance.env.ExecuteWorkflow(workflows.ReportMonth, test.in)

			require.True(t, finance.env.IsWorkflowCompleted())
			took := finance.env.Now().Sub(began)
			require.GreaterOrEqual(t, took, test.atLeast)
			require.LessOrEqual(t, took, test.atMost)
			require.Equal(t, test.again, finance.again)
			require.Equal(t, test.aside, finance.aside)
			if test.failed != "" {
				require.Equal(t, test.failed, activities.CodeOf(finance.env.GetWorkflowError()))
				return
			}
			require.NoError(t, finance.env.GetWorkflowError())
			var result workflows.ReportMonthResult
			require.NoError(t, finance.env.GetWorkflowResult(&result))
			require.Equal(t, october, result.Month)
			require.Equal(t, test.sent, result.Mails)
			require.Equal(t, test.nobody, result.Nobody)
		})
	}
}

// financeRoom answers for the hands that report, and counts what they were asked.
type financeRoom struct {
	env     *testsuite.TestWorkflowEnvironment
	nobody  bool
	answers map[string][]activities.SendResult
	done    map[string]bool
	again   int
	aside   []string
}

func reportingRoom(t *testing.T) *financeRoom {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	room := &financeRoom{env: suite.NewTestWorkflowEnvironment(), done: map[string]bool{}}
	room.env.SetTestTimeout(20 * time.Second)
	var hands *activities.Reporting
	room.env.RegisterActivity(&activities.Reporting{})
	room.env.OnActivity(hands.Compile, anything, anything).Return(
		func(_ context.Context, in activities.CompileInput) (activities.CompileResult, error) {
			made := activities.CompileResult{Month: october, Edition: 1, Language: "ko", Nobody: room.nobody}
			for _, person := range []string{"lee", "park"} {
				if _, known := room.answers[person]; known && in.Mail && !room.done[person] {
					made.People = append(made.People, person)
				}
			}
			return made, nil
		})
	room.env.OnActivity(hands.MailReport, anything, anything).Return(
		func(_ context.Context, in activities.ReportMailInput) (activities.SendResult, error) {
			answers := room.answers[in.Person]
			if in.Again {
				room.again++
			}
			if len(answers) > 1 {
				room.answers[in.Person] = answers[1:]
			}
			room.done[in.Person] = answers[0].State == delivery.StateSent
			return answers[0], nil
		})
	room.env.OnActivity(hands.SetReportAside, anything, anything).Return(
		func(_ context.Context, in activities.ReportMailInput) error {
			room.aside = append(room.aside, in.Person)
			return nil
		})
	return room
}
