package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"magam/activities"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/workflows"
)

func TestDeliverInvoice(t *testing.T) {
	t.Parallel()
	pending := activities.SendResult{State: delivery.StatePending, Reply: "451 later"}
	sent := activities.SendResult{State: delivery.StateSent, Reply: "250 ok"}
	failed := activities.SendResult{State: delivery.StateFailed, Reply: "550 no such user"}
	busy := activities.SendResult{State: delivery.StateDot, Busy: true}
	unknown := func(times int) activities.SendResult {
		return activities.SendResult{State: delivery.StateUnknown, Ambiguous: times}
	}
	tests := map[string]struct {
		input   workflows.DeliverInvoiceInput
		answers []activities.SendResult
		pauses  []time.Duration
		also    [][]delivery.State
		aside   delivery.State
		want    fault.Code
	}{
		"a mail that is taken is sent once": {
			answers: []activities.SendResult{sent}, also: [][]delivery.State{nil},
		},
		"4xx is tried again after 1, 5, 15, 30, 60, 60 minutes": {
			answers: []activities.SendResult{pending, pending, pending, pending, pending, pending, sent},
			pauses:  minutes(1, 5, 15, 30, 60, 60),
		},
		"5xx fails at once": {answers: []activities.SendResult{failed}, want: fault.MailRefused},
		"an unknown fate is sent again after half an hour": {
			answers: []activities.SendResult{unknown(1), sent}, pauses: minutes(30),
			also: [][]delivery.State{nil, {delivery.StateUnknown}},
		},
		"a fate unknown three times waits for a person": {
			answers: []activities.SendResult{unknown(1), unknown(2), unknown(3)}, pauses: minutes(30, 30),
			aside: delivery.StateHeld, want: fault.MailHeld,
		},
		"by policy an unknown fate is held at once": {
			input:   workflows.DeliverInvoiceInput{Policy: delivery.PolicyHold},
			answers: []activities.SendResult{unknown(1)}, aside: delivery.StateHeld, want: fault.MailHeld,
		},
		"while another attempt holds the mail it only looks again": {
			answers: []activities.SendResult{busy, busy, sent}, pauses: minutes(1, 1),
		},
		"a person may try a failed mail again, once": {
			input:   workflows.DeliverInvoiceInput{Again: "the address was corrected at their side"},
			answers: []activities.SendResult{pending, sent}, pauses: minutes(1),
			also: [][]delivery.State{{delivery.StateUnknown, delivery.StateFailed, delivery.StateHeld}, nil},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			story := deliver(t, tt.input, tt.answers)

			require.Equal(t, tt.pauses, story.pauses())
			require.Equal(t, tt.aside, story.aside)
			require.Len(t, story.sends, len(tt.answers))
			if tt.also != nil {
				require.Equal(t, tt.also, story.also)
			}
			if tt.want == "" {
				require.NoError(t, story.err)
				return
			}
			require.Equal(t, tt.want, activities.CodeOf(story.err))
		})
	}
}

func TestDeliverInvoiceGivesUpAfterFourDays(t *testing.T) {
	t.Parallel()
	story := deliver(t, workflows.DeliverInvoiceInput{},
		[]activities.SendResult{{State: delivery.StatePending, Reply: "451 later"}})

	require.Equal(t, fault.MailExpired, activities.CodeOf(story.err))
	require.Equal(t, delivery.StateFailed, story.aside)
	require.Len(t, story.sends, 100)
	require.LessOrEqual(t, story.sends[99].Sub(story.sends[0]), delivery.PatienceMax)
}

func TestDeliverInvoiceStopsWhereTheRelayHasNoTLS(t *testing.T) {
	t.Parallel()
	var suite testsuite.WorkflowTestSuite
	env := patient(suite.NewTestWorkflowEnvironment())
	var a *activities.Delivery
	env.RegisterActivity(&activities.Delivery{})
	env.OnActivity(a.Compose, mock.Anything, mock.Anything).Return(activities.ComposeResult{}, nil)
	env.OnActivity(a.Send, mock.Anything, mock.Anything).Return(activities.SendResult{},
		temporal.NewNonRetryableApplicationError("no TLS", string(fault.TLSRequired), nil)).Once()
	env.ExecuteWorkflow(workflows.DeliverInvoice,
		workflows.DeliverInvoiceInput{Number: "INV-2026-000001", Ordinal: 1})
	require.Equal(t, fault.TLSRequired, activities.CodeOf(env.GetWorkflowError()))
}

func TestDeliverInvoiceRefusesAnInputItCannotRead(t *testing.T) {
	t.Parallel()
	for _, in := range []workflows.DeliverInvoiceInput{
		{}, {Number: "INV-2026-000001"}, {Number: "INV-2026-000001", Ordinal: 1, Policy: "maybe"},
	} {
		var suite testsuite.WorkflowTestSuite
		env := patient(suite.NewTestWorkflowEnvironment())
		env.ExecuteWorkflow(workflows.DeliverInvoice, in)
		require.Equal(t, fault.Input, activities.CodeOf(env.GetWorkflowError()))
	}
}

// deliveryStory is what a delivery did.
type deliveryStory struct {
	sends []time.Time
	also  [][]delivery.State
	aside delivery.State
	err   error
}

func (s deliveryStory) pauses() (pauses []time.Duration) {
	for i := 1; i < len(s.sends); i++ {
		pauses = append(pauses, s.sends[i].Sub(s.sends[i-1]).Round(time.Second))
	}
	return pauses
}

// deliver runs the workflow against a relay that answers in turn, the last
// answer for ever.
func deliver(t *testing.T, in workflows.DeliverInvoiceInput, answers []activities.SendResult) deliveryStory {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := patient(suite.NewTestWorkflowEnvironment())
	env.SetTestTimeout(30 * time.Second)
	var a *activities.Delivery
	var story deliveryStory
	env.RegisterActivity(&activities.Delivery{})
	env.OnActivity(a.Compose, mock.Anything, mock.Anything).
		Return(activities.ComposeResult{SHA256: "aa"}, nil).
		Once()
	env.OnActivity(a.Send, mock.Anything, mock.Anything).Return(
		func(_ context.Context, send activities.SendInput) (activities.SendResult, error) {
			story.sends, story.also = append(story.sends, env.Now()), append(story.also, send.Also)
			return answers[min(len(story.sends), len(answers))-1], nil
		})
	env.OnActivity(a.SetAside, mock.Anything, mock.Anything).Return(
		func(_ context.Context, aside activities.SetAsideInput) error {
			story.aside = aside.State
			return nil
		})
	in.Number, in.Ordinal = "INV-2026-000001", 1
	env.ExecuteWorkflow(workflows.DeliverInvoice, in)
	require.True(t, env.IsWorkflowCompleted())
	story.err = env.GetWorkflowError()
	var timeout *temporal.TimeoutError
	require.NotErrorAs(t, story.err, &timeout)
	return story
}

func minutes(counts ...int) (pauses []time.Duration) {
	for _, count := range counts {
		pauses = append(pauses, time.Duration(count)*time.Minute)
	}
	return pauses
}
