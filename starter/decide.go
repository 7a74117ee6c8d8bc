package main

import (
	"context"
	"errors"
	"fmt"

	"go.temporal.io/sdk/client"

	"magam/domain/period"
	"magam/workflows"
)

// aboutCustomer is what every decision about a customer's drafts needs.
type aboutCustomer struct {
	Month    period.Month `help:"Billing period; the month before this one unless given." placeholder:"MONTH"`
	Customer []string     `help:"Customer codes; may be given several times."             placeholder:"CODE"  required:""`
	By       string       `help:"Your code of the people sheet."                          placeholder:"CODE"  required:""`
}

// decide sends one Update per customer and prints each answer. One that is
// refused keeps nobody from the others; all refusals are told at the end.
func (a aboutCustomer) decide(ctx context.Context, s *session, verb, reason string) error {
	month := s.month(a.Month)
	said := workflows.Decision{By: a.By, Reason: reason}
	answers := []decided{}
	var refused []error
	for _, customer := range a.Customer {
		one := decided{Workflow: workflows.CloseCustomerID(month, customer), Update: verb}
		answer, err := ask(ctx, s, one.Workflow, verb, said)
		switch {
		case notRunning(err):
			err = fmt.Errorf("%s %s %s: no close of that customer is running. "+
				"Fix: starter status --month %s shows the customers, starter close --month %s begins", verb, month, customer,
				month, month)
		case err != nil:
			err = fmt.Errorf("%s %s %s: %s", verb, month, customer, sentence(err))
		}
		if err != nil {
			refused = append(refused, err)
			continue
		}
		one.Answer = answer
		answers = append(answers, one)
	}
	err := tellDecided(s, answers)
	if err != nil {
		return err
	}
	return errors.Join(refused...)
}

// decided is what an Update was answered.
type decided struct {
	Workflow string `json:"workflow"`
	Update   string `json:"update"`
	Answer   string `json:"answer"`
}

func tellDecided(s *session, answers []decided) error {
	if s.json {
		return s.printJSON(answers)
	}
	for _, one := range answers {
		_, err := fmt.Fprintln(s.out, one.Answer)
		if err != nil {
			return err
		}
	}
	return nil
}

// ask sends an Update and waits for its answer.
func ask(ctx context.Context, s *session, id, verb string, said workflows.Decision) (string, error) {
	temporal, err := s.dial(ctx)
	if err != nil {
		return "", err
	}
	update, err := temporal.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID:   id,
		UpdateName:   verb,
		Args:         []any{said},
		WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err != nil {
		return "", err
	}
	var answer string
	err = update.Get(ctx, &answer)
	return answer, err
}

type approveCmd struct {
	aboutCustomer
	Reason string `help:"Why, where it is not plain." placeholder:"TEXT"`
}

// Help shows an example.
func (approveCmd) Help() string {
	return `Example:

  starter approve --month 2026-10 --customer alpha --customer beta --by park

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
	return `Example:

  starter reject --month 2026-10 --customer alpha --by park --reason "EC2 doubled, ask first"`
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
	return `Example:

  starter hold --month 2026-10 --customer alpha --by lee --reason "contract renewal"`
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
	return `Example:

  starter release --month 2026-10 --customer alpha --by park`
}

// Run takes a hold back.
func (c releaseCmd) Run(ctx context.Context, s *session) error {
	return c.decide(ctx, s, workflows.UpdateRelease, "")
}

type acceptUnassignedCmd struct {
	Month  period.Month `help:"Billing period; the month before this one unless given." placeholder:"MONTH"`
	By     string       `help:"Your code of the people sheet."                          placeholder:"CODE"  required:""`
	Reason string       `help:"Why we bear it: the close report prints it."             placeholder:"TEXT"  required:""`
}

// Help shows an example.
func (acceptUnassignedCmd) Help() string {
	return `Example:

  starter accept-unassigned --month 2026-10 --by park --reason "sandbox account, we bear it"`
}

// Run accepts.
func (c acceptUnassignedCmd) Run(ctx context.Context, s *session) error {
	month := s.month(c.Month)
	one := decided{Workflow: workflows.CloseMonthID(month), Update: workflows.UpdateAcceptUnassigned}
	answer, err := ask(ctx, s, one.Workflow, one.Update, workflows.Decision{By: c.By, Reason: c.Reason})
	if notRunning(err) {
		return fmt.Errorf(
			"%s is not being closed. Fix: starter close --month %s --accept-unassigned REASON",
			month,
			month,
		)
	}
	if err != nil {
		return fmt.Errorf("accept the unassigned cost of %s: %s", month, sentence(err))
	}
	one.Answer = answer
	return tellDecided(s, []decided{one})
}

type acceptNotFinalCmd struct {
	Month  period.Month `help:"Billing period; the month before this one unless given."                 placeholder:"MONTH"`
	By     string       `help:"Your code of the people sheet: an approver who did not start the close." placeholder:"CODE"  required:""`
	Reason string       `help:"Why it cannot wait: the audit log keeps it."                             placeholder:"TEXT"  required:""`
}

// Help shows an example.
func (acceptNotFinalCmd) Help() string {
	return `Example:

  starter accept-not-final --month 2026-10 --by park --reason "tax invoices are due on the 10th"

The documents say that they are provisional. Whoever started the close cannot say this.`
}

// Run accepts.
func (c acceptNotFinalCmd) Run(ctx context.Context, s *session) error {
	month := s.month(c.Month)
	one := decided{Workflow: workflows.CloseMonthID(month), Update: workflows.UpdateAcceptNotFinal}
	answer, err := ask(ctx, s, one.Workflow, one.Update, workflows.Decision{By: c.By, Reason: c.Reason})
	if notRunning(err) {
		return fmt.Errorf("%s is not being closed. Fix: starter close --month %s, then say this again",
			month, month)
	}
	if err != nil {
		return fmt.Errorf("let %s close before it is final: %s", month, sentence(err))
	}
	one.Answer = answer
	return tellDecided(s, []decided{one})
}

// retryParkedCmd asks a running close for another round, or starts the month
// again: both visit only customers that are not final.
type retryParkedCmd struct {
	Month period.Month `help:"Billing period; the month before this one unless given." placeholder:"MONTH"`
	By    string       `help:"Your code of the people sheet."                          placeholder:"CODE"  required:""`
	Wait  bool         `help:"Follow the close until it ends."`
}

// Help shows an example.
func (retryParkedCmd) Help() string {
	return `Example:

  starter retry-parked --month 2026-10 --by kim --wait

Asks the close that is running, or starts the month again: only customers that are not final are visited. With --wait,
exit code 4 says that somebody is waited for, or that customers are parked still.`
}

// Run asks, and starts the month again where nothing runs.
func (c retryParkedCmd) Run(ctx context.Context, s *session) error {
	month := s.month(c.Month)
	one := decided{Workflow: workflows.CloseMonthID(month), Update: workflows.UpdateRetryParked}
	answer, err := ask(ctx, s, one.Workflow, one.Update, workflows.Decision{By: c.By})
	switch {
	case notRunning(err):
		s.sayf("no close of %s is running, so it is started again", month)
		return closeCmd{Month: month, By: c.By, Wait: c.Wait}.Run(ctx, s)
	case err != nil:
		return fmt.Errorf("retry the parked customers of %s: %w", month, err)
	case c.Wait:
		s.sayf("%s", answer)
		return closeCmd{Month: month, By: c.By, Wait: true}.Run(ctx, s)
	}
	one.Answer = answer
	return tellDecided(s, []decided{one})
}
