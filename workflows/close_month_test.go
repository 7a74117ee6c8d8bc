package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"magam/activities"
	"magam/domain/fault"
	"magam/workflows"
)

func TestCloseMonth(t *testing.T) {
	t.Parallel()
	kim := workflows.CloseMonthInput{StartedBy: "kim"}
	acme := workflows.CloseCustomerID(october, "acme")

	tests := map[string]struct {
		given func(*testing.T, *house)
		in    workflows.CloseMonthInput
		want  []string // in this order, other things in between
		never []string
		// within bounds how long the close may take, where that is the claim.
		within time.Duration
	}{
		"an empty input closes the previous month, and nobody is numbered before the proof": {
			given: func(_ *testing.T, h *house) { h.customer("acme", true); h.customer("bear", true) },
			want:  []string{"draft bear", "prove", "finalize", "render INV-2026-000001"},
		},
		"a second person's approval is waited for": {
			given: func(t *testing.T, h *house) {
				t.Helper()
				h.customer("acme", false)
				h.decide(t, time.Hour, acme, workflows.UpdateApprove, workflows.Decision{By: "park"}, "")
			},
			in:    kim,
			want:  []string{"prove", "approve acme", "finalize"},
			never: []string{"auto-approve acme"},
		},
		"a hold stops the machine from approving": {
			given: func(t *testing.T, h *house) {
				t.Helper()
				h.customer("acme", true, activities.Hold{Code: "jump", Reason: "three times last month"})
				h.decide(t, time.Hour, acme, workflows.UpdateApprove, workflows.Decision{By: "park"}, "")
			},
			in: kim, want: []string{"approve acme", "finalize"}, never: []string{"auto-approve acme"},
		},
		"who started the close cannot approve": {
			given: func(t *testing.T, h *house) {
				t.Helper()
				h.customer("acme", false)
				h.decide(t, time.Hour, acme, workflows.UpdateApprove, workflows.Decision{By: "kim"},
					"somebody else")
				h.decide(t, 2*time.Hour, acme, workflows.UpdateApprove, workflows.Decision{By: "park"}, "")
			},
			in: kim, want: []string{"approve acme", "approve acme", "finalize"},
		},
		"an address is refused, and so is a hold without a reason": {
			given: func(t *testing.T, h *house) {
				t.Helper()
				h.customer("acme", false)
				h.decide(t, time.Hour, acme, workflows.UpdateApprove,
					workflows.Decision{By: "park@magam.example"}, "never an address")
				h.decide(t, time.Hour, acme, workflows.UpdateHold, workflows.Decision{By: "lee"},
					"reason is empty")
				h.decide(t, 2*time.Hour, acme, workflows.UpdateApprove, workflows.Decision{By: "park"}, "")
			},
			in: kim, want: []string{"approve acme", "finalize"}, never: []string{"hold acme"},
		},
		"an approved customer may still be held, and goes on when released": {
			given: func(t *testing.T, h *house) {
				t.Helper()
				h.customer("acme", false)
				h.decide(t, time.Hour, acme, workflows.UpdateHold,
					workflows.Decision{By: "lee", Reason: "ask sales"}, "")
				h.decide(t, 2*time.Hour, acme, workflows.UpdateApprove, workflows.Decision{By: "park"}, "")
				h.decide(t, 3*time.Hour, acme, workflows.UpdateRelease, workflows.Decision{By: "lee"}, "")
			},
			in: kim, want: []string{"hold acme", "approve acme", "release acme", "finalize"},
		},
		"drafts approved before, byte for byte, are not asked about again": {
			given: func(_ *testing.T, h *house) {
				h.customer("acme", false)
				h.drafts["acme"].Documents[0].Approved = true
			},
			in:    kim,
			want:  []string{"draft acme", "prove", "finalize"},
			never: []string{"approve acme", "auto-approve acme"},
		},
		"a hold of an earlier run stands until it is released": {
			given: func(t *testing.T, h *house) {
				t.Helper()
				h.customer("acme", true)
				h.drafts["acme"].Documents[0].Held = "lee: ask sales"
				h.decide(t, time.Hour, acme, workflows.UpdateApprove, workflows.Decision{By: "park"}, "")
				h.decide(t, 2*time.Hour, acme, workflows.UpdateRelease, workflows.Decision{By: "park"}, "")
			},
			in:    kim,
			want:  []string{"approve acme", "release acme", "finalize"},
			never: []string{"auto-approve acme"},
		},
		"an approved draft may be held while the month is proved": {
			given: func(t *testing.T, h *house) {
				t.Helper()
				h.customer("acme", true)
				h.proofs = []activities.Proof{{Unassigned: true}, {}}
				h.decide(t, time.Minute, acme, workflows.UpdateHold,
					workflows.Decision{By: "lee", Reason: "ask sales"}, "")
				h.decide(t, 2*time.Minute, "close", workflows.UpdateAcceptUnassigned,
					workflows.Decision{By: "park", Reason: "sandbox"}, "")
				h.decide(t, time.Hour, acme, workflows.UpdateRelease, workflows.Decision{By: "park"}, "")
			},
			in: kim, want: []string{"auto-approve acme", "hold acme", "prove", "release acme", "finalize"},
		},
		"a rejected customer is parked": {
			given: func(t *testing.T, h *house) {
				t.Helper()
				h.customer("acme", false)
				h.decide(t, time.Hour, acme, workflows.UpdateReject,
					workflows.Decision{By: "park", Reason: "wrong rate"}, "")
			},
			in: kim, want: []string{"reject acme", "park acme "}, never: []string{"finalize"},
		},
		"a customer that cannot be drafted is parked and the others close": {
			given: func(_ *testing.T, h *house) {
				h.customer("acme", true)
				h.customer("bear", true)
				h.broken["acme"] = temporal.NewNonRetryableApplicationError("no rate",
					string(fault.FXMissing), nil)
			},
			want: []string{"park acme E_FX_MISSING", "prove", "finalize", "deliver INV-2026-000002"},
		},
		"an account that is mapped meanwhile is drafted before the month is proved": {
			given: func(_ *testing.T, h *house) {
				h.customer("acme", true)
				h.proofs = []activities.Proof{{Unassigned: true}, {}}
				h.env.RegisterDelayedCallback(
					func() { h.env.SignalWorkflow(workflows.SignalLookAgain, nil) },
					time.Minute,
				)
			},
			within: 5 * time.Minute,
			want:   []string{"share", "draft acme", "prove", "share", "draft acme", "prove", "finalize"},
		},
		"a close that waits for its sources looks again when it is told to": {
			given: func(_ *testing.T, h *house) {
				h.customer("acme", true)
				h.unready = 1
				h.env.RegisterDelayedCallback(
					func() { h.env.SignalWorkflow(workflows.SignalLookAgain, nil) },
					time.Minute,
				)
			},
			within: 5 * time.Minute,
			want:   []string{"prove", "finalize"},
		},
		"a month that is not final closes at once when a second person says so": {
			given: func(t *testing.T, h *house) {
				t.Helper()
				h.customer("acme", true)
				h.unready = 1
				h.decide(t, 30*time.Second, "close", workflows.UpdateAcceptNotFinal,
					workflows.Decision{By: "choi"}, "reason is empty")
				h.decide(t, time.Minute, "close", workflows.UpdateAcceptNotFinal,
					workflows.Decision{By: "park", Reason: "tax invoices are due"}, "")
			},
			within: 5 * time.Minute,
			want:   []string{"accept-not-final by park", "prove", "finalize"},
		},
		"rows set aside wait until they are signed off": {
			given: func(t *testing.T, h *house) {
				t.Helper()
				h.customer("acme", true)
				h.proofs = []activities.Proof{
					{Unassigned: true, Unowned: true, Blocked: true}, {Unassigned: true, Blocked: true}, {},
				}
				h.decide(t, time.Minute, "close", workflows.UpdateAcceptUnassigned,
					workflows.Decision{By: "park", Reason: "sandbox"}, "")
				h.env.RegisterDelayedCallback(
					func() {
						h.note("signed off")
						h.env.SignalWorkflow(workflows.SignalLookAgain, nil)
					}, 2*time.Minute)
			},
			within: 5 * time.Minute,
			want:   []string{"prove", "prove", "signed off", "draft acme", "prove", "finalize"},
		},
		"cost without a customer waits until somebody accepts it": {
			given: func(t *testing.T, h *house) {
				t.Helper()
				h.customer("acme", true)
				h.proofs = []activities.Proof{{Unassigned: true}, {}}
				h.decide(t, time.Minute, "close", workflows.UpdateAcceptUnassigned,
					workflows.Decision{By: "park", Reason: "sandbox"}, "")
			},
			want: []string{"prove", "prove", "finalize"},
		},
	}
	for claim, test := range tests {
		t.Run(claim, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.env.SetStartWorkflowOptions(startOptions)
			test.given(t, h)
			began := h.env.Now()
			h.env.ExecuteWorkflow(workflows.CloseMonth, test.in)
			if test.within > 0 {
				require.Less(t, h.env.Now().Sub(began), test.within)
			}
			require.True(t, h.env.IsWorkflowCompleted())
			require.NoError(t, h.env.GetWorkflowError())
			requireInOrder(t, h.done, test.want)
			for _, never := range test.never {
				require.NotContains(t, h.done, never)
			}
		})
	}
}
