package main

import (
	"context"
	"fmt"

	"go.temporal.io/sdk/client"

	"magam/domain/period"
	"magam/workflows"
)

// aboutCustomer is what every decision about a customer's drafts needs.
type aboutCustomer struct {
	Month    period.Month `help:"Billing period, e.g. 2026-10." required:"" placeholder:"M"`
	Customer []string     `help:"Customer codes; may be given several times." required:"" placeholder:"CODE"`
	By       string       `help:"Your code of the people sheet." required:"" placeholder:"CODE"`
}

// decide sends one Update per customer and prints each answer.
func (a aboutCustomer) decide(ctx context.Context, s *session, verb, reason string) error {
	for _, customer := range a.Customer {
		err := sendUpdate(ctx, s, workflows.CloseCustomerID(a.Month, customer), verb,
			workflows.Decision{By: a.By, Reason: reason})
		if err != nil {
			return err
		}
	}
	return nil
}

func sendUpdate(ctx context.Context, s *session, id, verb string, said workflows.Decision) error {
	temporal, err := s.dial(ctx)
	if err != nil {
		return err
	}
	update, err := temporal.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID:   id,
		UpdateName:   verb,
		Args:         []any{said},
		WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err != nil {
		return fmt.Errorf("%s %s: %w", verb, id, err)
	}
	var answer string
	err = update.Get(ctx, &answer)
	if err != nil {
		return fmt.Errorf("%s %s: %w", verb, id, err)
	}
	if s.json {
		return s.printJSON(map[string]string{"workflow": id, "update": verb, "answer": answer})
	}
	_, err = fmt.Fprintln(s.out, answer)
	return err
}

type approveCmd struct {
	aboutCustomer
	Reason string `help:"Why, where it is not plain." placeholder:"TEXT"`
}

// Help shows an example.
func (approveCmd) Help() string {
	return `Example: starter approve --month 2026-10 --customer alpha --customer beta --by park

An approver holds the approver role, is not who started the close, and is no author of the adjustments.`
}

// Run approves.
func (c approveCmd) Run(ctx context.Context, s *session) error {
	return c.decide(ctx, s, workflows.UpdateApprove, c.Reason)
}

type rejectCmd struct {
	aboutCustomer
	Reason string `help:"Why: it is shown as the reason for parking." required:"" placeholder:"TEXT"`
}

// Help shows an example.
func (rejectCmd) Help() string {
	return `Example: starter reject --month 2026-10 --customer alpha --by park --reason "EC2 doubled, ask first"`
}

// Run rejects, which parks the customer.
func (c rejectCmd) Run(ctx context.Context, s *session) error {
	return c.decide(ctx, s, workflows.UpdateReject, c.Reason)
}

type holdCmd struct {
	aboutCustomer
	Reason string `help:"Why." required:"" placeholder:"TEXT"`
}

// Help shows an example.
func (holdCmd) Help() string {
	return `Example: starter hold --month 2026-10 --customer alpha --by lee --reason "contract renewal"`
}

// Run holds.
func (c holdCmd) Run(ctx context.Context, s *session) error {
	return c.decide(ctx, s, workflows.UpdateHold, c.Reason)
}

type releaseCmd struct {
	aboutCustomer
}

// Help shows an example.
func (releaseCmd) Help() string {
	return `Example: starter release --month 2026-10 --customer alpha --by park`
}

// Run takes a hold back.
func (c releaseCmd) Run(ctx context.Context, s *session) error {
	return c.decide(ctx, s, workflows.UpdateRelease, "")
}

type acceptUnassignedCmd struct {
	Month  period.Month `help:"Billing period, e.g. 2026-10." required:"" placeholder:"M"`
	By     string       `help:"Your code of the people sheet." required:"" placeholder:"CODE"`
	Reason string       `help:"Why we bear it: the close report prints it." required:"" placeholder:"TEXT"`
}

// Help shows an example.
func (acceptUnassignedCmd) Help() string {
	return `Example: starter accept-unassigned --month 2026-10 --by park --reason "sandbox account, we bear it"`
}

// Run accepts.
func (c acceptUnassignedCmd) Run(ctx context.Context, s *session) error {
	return sendUpdate(ctx, s, workflows.CloseMonthID(c.Month), workflows.UpdateAcceptUnassigned,
		workflows.Decision{By: c.By, Reason: c.Reason})
}

// retryParkedCmd asks a running close for another round, or starts the month
// again: both visit only customers that are not final.
type retryParkedCmd struct {
	Month period.Month `help:"Billing period, e.g. 2026-10." required:"" placeholder:"M"`
	By    string       `help:"Your code of the people sheet." required:"" placeholder:"CODE"`
	Wait  bool         `help:"Follow the close until it ends."`
}

// Help shows an example.
func (retryParkedCmd) Help() string {
	return `Example: starter retry-parked --month 2026-10 --by kim --wait`
}

// Run asks, and starts the month again where nothing runs.
func (c retryParkedCmd) Run(ctx context.Context, s *session) error {
	err := sendUpdate(ctx, s, workflows.CloseMonthID(c.Month), workflows.UpdateRetryParked, workflows.Decision{By: c.By})
	if err == nil {
		return nil
	}
	s.sayf("no close is running, so it is started again")
	return closeCmd{Month: c.Month, By: c.By, Wait: c.Wait}.Run(ctx, s)
}
