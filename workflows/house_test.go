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
		env:    patient(suite.NewTestWorkflowEnvironment()),
		drafts: map[string]activities.DraftResult{},
		broken: map[string]error{},
		proofs: []activities.Proof{{}},
	}
	h.env.SetTestTimeout(20 * time.Second)
	for _, registered := range []any{
		workflows.CloseMonth, workflows.CloseBatch, workflows.CloseCustomer, workflows.ApplyTags,
		workflows.ReconcileCredits, workflows.ShareCosts, workflows.RenderDocuments, workflows.DeliverInvoice,
		workflows.ReportMonth,
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
				return temporal.NewNonRetryableApplicationError("an approver is somebody else",
					string(fault.Approval), nil)
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
	env.OnActivity(closing.AcceptNotFinal, anything, anything).Return(
		func(_ context.Context, in activities.AcceptInput) error {
			h.note("accept-not-final by " + in.By)
			return nil
		})
	env.OnActivity(closing.Board, anything, anything).Return(activities.Board{Month: october}, nil)
	env.OnActivity(closing.Settle, anything, anything).Return(activities.SettleResult{State: "closed"}, nil)
	env.OnWorkflow(workflows.ApplyTags, anything, anything).Return(activities.TagResult{}, nil)
	env.OnWorkflow(workflows.ReconcileCredits, anything, anything).Return(activities.ReconcileResult{}, nil)
	env.OnWorkflow(workflows.ShareCosts, anything, anything).Return(
		func(workflow.Context, workflows.ShareCostsInput) (activities.ShareResult, error) {
			h.note("share")
			return activities.ShareResult{}, nil
		})
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
	env.OnWorkflow(workflows.ReportMonth, anything, anything).Return(
		func(_ workflow.Context, in workflows.ReportMonthInput) (workflows.ReportMonthResult, error) {
			h.note("report " + in.Month.String())
			return workflows.ReportMonthResult{}, nil
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
	t *testing.T, after time.Duration, id, verb string, said workflows.Decision, want string,
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
