package workflows_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"magam/activities"
	"magam/domain/fault"
	"magam/domain/period"
	"magam/workflows"
)

var october = period.NewMonth(2026, 10)

// house is a close in a test environment: the hands are replaced, the
// judgement is real, and everything that was done is written down in order.
type house struct {
	env    *testsuite.TestWorkflowEnvironment
	mu     sync.Mutex
	done   []string
	drafts map[string]activities.DraftResult
	broken map[string]error // customers whose draft fails
	proofs []activities.Proof
	// unready is how often a source is still missing when the close looks.
	unready int
}

func newHouse(t *testing.T) *house {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	h := &house{
		env:    suite.NewTestWorkflowEnvironment(),
		drafts: map[string]activities.DraftResult{},
		broken: map[string]error{},
		proofs: []activities.Proof{{}},
	}
	h.env.SetTestTimeout(20 * time.Second)
	for _, registered := range []any{
		workflows.CloseMonth, workflows.CloseBatch, workflows.CloseCustomer, workflows.ApplyTags,
		workflows.ReconcileCredits, workflows.RenderDocuments, workflows.DeliverInvoice,
	} {
		h.env.RegisterWorkflow(registered)
	}
	h.mockHands()
	return h
}

func (h *house) note(what string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.done = append(h.done, what)
}

// customer adds one with a single drafted document.
func (h *house) customer(code string, autoApprove bool, holds ...activities.Hold) {
	id := int64(len(h.drafts) + 1)
	h.drafts[code] = activities.DraftResult{
		Customer:    code,
		AutoApprove: autoApprove,
		Documents: []activities.DraftedDocument{
			{InvoiceID: id, Provider: "aws", Currency: "KRW", Total: "110", Holds: holds},
		},
	}
}

func (h *house) mockHands() {
	var closing *activities.Closing
	var documents *activities.Documents
	env := h.env
	env.OnActivity(closing.OpenPeriod, anything, anything).Return(
		func(_ context.Context, in activities.OpenPeriodInput) (activities.OpenPeriodResult, error) {
			if in.Month.IsZero() {
				in.Month = october
			}
			return activities.OpenPeriodResult{Month: in.Month}, nil
		})
	env.OnActivity(closing.CheckReadiness, anything, anything).Return(
		func(context.Context, period.Month) (activities.Readiness, error) {
			if h.unready--; h.unready >= 0 {
				return activities.Readiness{Waiting: []string{"aws-seoul"}}, nil
			}
			return activities.Readiness{Ready: true}, nil
		})
	env.OnActivity(closing.PlanCustomers, anything, anything).Return(h.plan)
	env.OnActivity(closing.Draft, anything, anything).Return(
		func(_ context.Context, in activities.CustomerInput) (activities.DraftResult, error) {
			h.note("draft " + in.Customer)
			return h.drafts[in.Customer], h.broken[in.Customer]
		})
	env.OnActivity(documents.Preview, anything, anything).Return(activities.PreviewResult{}, nil)
	env.OnActivity(closing.Park, anything, anything).Return(
		func(_ context.Context, in activities.ParkInput) error {
			h.note("park " + in.Customer + " " + in.Code)
			return nil
		})
	env.OnActivity(closing.Prove, anything, anything).Return(
		func(context.Context, period.Month) (activities.Proof, error) {
			h.note("prove")
			proof := h.proofs[0]
			if len(h.proofs) > 1 {
				h.proofs = h.proofs[1:]
			}
			return proof, nil
		})
	env.OnActivity(closing.Decide, anything, anything).Return(
		func(_ context.Context, in activities.DecideInput) error {
			h.note(in.Verdict + " " + in.Customer)
			if in.By != "" && in.By == in.StartedBy {
				return temporal.NewNonRetryableApplicationError(
					"an approver is somebody else",
					string(fault.Approval),
					nil,
				)
			}
			return nil
		})
	env.OnActivity(closing.Finalize, anything, anything).Return(
		func(_ context.Context, in activities.FinalizeInput) (activities.FinalizeResult, error) {
			h.note("finalize")
			return activities.FinalizeResult{
				Number:     "INV-2026-00000" + string(rune('0'+in.InvoiceID)),
				Recipients: 2,
			}, nil
		})
	env.OnActivity(closing.AcceptUnassigned, anything, anything).Return(nil)
	env.OnActivity(closing.Board, anything, anything).Return(activities.Board{Month: october}, nil)
	env.OnActivity(closing.Settle, anything, anything).Return(activities.SettleResult{State: "closed"}, nil)
	env.OnWorkflow(workflows.ApplyTags, anything, anything).Return(activities.TagResult{}, nil)
	env.OnWorkflow(workflows.ReconcileCredits, anything, anything).Return(activities.ReconcileResult{}, nil)
	env.OnWorkflow(workflows.RenderDocuments, anything, anything).Return(
		func(_ workflow.Context, in workflows.RenderDocumentsInput) (workflows.RenderDocumentsResult, error) {
			h.note("render " + in.Number)
			return workflows.RenderDocumentsResult{}, nil
		})
	env.OnWorkflow(workflows.DeliverInvoice, anything, anything).Return(
		func(_ workflow.Context, in workflows.DeliverInvoiceInput) (workflows.DeliverInvoiceResult, error) {
			h.note("deliver " + in.Number)
			return workflows.DeliverInvoiceResult{}, nil
		})
}

// plan pages through the customers as the books would.
func (h *house) plan(_ context.Context, in activities.PlanInput) (activities.PlanResult, error) {
	var page activities.PlanResult
	for _, code := range []string{"acme", "bear", "crow", "dove"} {
		if _, known := h.drafts[code]; known && code > in.After && len(page.Customers) < in.Limit {
			page.Customers = append(page.Customers, code)
		}
	}
	return page, nil
}

// decide sends an Update after a while and reports how it was answered.
func (h *house) decide(
	t *testing.T,
	after time.Duration,
	id, verb string,
	said workflows.Decision,
	want string,
) {
	t.Helper()
	h.env.RegisterDelayedCallback(func() {
		err := h.env.UpdateWorkflowByID(id, verb, verb+said.By, &testsuite.TestUpdateCallback{
			OnAccept: func() {},
			OnReject: func(err error) { require.ErrorContains(t, err, want) },
			OnComplete: func(_ any, err error) {
				if want == "" {
					require.NoError(t, err)
				} else {
					require.ErrorContains(t, err, want)
				}
			},
		}, said)
		require.NoError(t, err)
	}, after)
}

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
				h.decide(
					t,
					time.Hour,
					acme,
					workflows.UpdateApprove,
					workflows.Decision{By: "kim"},
					"somebody else",
				)
				h.decide(t, 2*time.Hour, acme, workflows.UpdateApprove, workflows.Decision{By: "park"}, "")
			},
			in: kim, want: []string{"approve acme", "approve acme", "finalize"},
		},
		"an address is refused, and so is a hold without a reason": {
			given: func(t *testing.T, h *house) {
				t.Helper()
				h.customer("acme", false)
				h.decide(
					t,
					time.Hour,
					acme,
					workflows.UpdateApprove,
					workflows.Decision{By: "park@magam.example"},
					"never an address",
				)
				h.decide(
					t,
					time.Hour,
					acme,
					workflows.UpdateHold,
					workflows.Decision{By: "lee"},
					"reason is empty",
				)
				h.decide(t, 2*time.Hour, acme, workflows.UpdateApprove, workflows.Decision{By: "park"}, "")
			},
			in: kim, want: []string{"approve acme", "finalize"}, never: []string{"hold acme"},
		},
		"an approved customer may still be held, and goes on when released": {
			given: func(t *testing.T, h *house) {
				t.Helper()
				h.customer("acme", false)
				h.decide(
					t,
					time.Hour,
					acme,
					workflows.UpdateHold,
					workflows.Decision{By: "lee", Reason: "ask sales"},
					"",
				)
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
				h.decide(
					t,
					time.Minute,
					acme,
					workflows.UpdateHold,
					workflows.Decision{By: "lee", Reason: "ask sales"},
					"",
				)
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
				h.decide(
					t,
					time.Hour,
					acme,
					workflows.UpdateReject,
					workflows.Decision{By: "park", Reason: "wrong rate"},
					"",
				)
			},
			in: kim, want: []string{"reject acme", "park acme "}, never: []string{"finalize"},
		},
		"a customer that cannot be drafted is parked and the others close": {
			given: func(_ *testing.T, h *house) {
				h.customer("acme", true)
				h.customer("bear", true)
				h.broken["acme"] = temporal.NewNonRetryableApplicationError(
					"no rate",
					string(fault.FXMissing),
					nil,
				)
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
			want:   []string{"draft acme", "prove", "draft acme", "prove", "finalize"},
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

func requireInOrder(t *testing.T, done, want []string) {
	t.Helper()
	next := 0
	for _, did := range done {
		if next < len(want) && did == want[next] {
			next++
		}
	}
	require.Equal(t, len(want), next, "wanted %q in order, did %q", want, done)
}
