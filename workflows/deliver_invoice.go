package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"magam/activities"
	"magam/domain/delivery"
	"magam/domain/fault"
)

// DeliverInvoiceInput names one mail. Its id is DeliverInvoiceID.
type DeliverInvoiceInput struct {
	Number  string `json:"number"`
	Ordinal int    `json:"ordinal"` // of the recipient, from 1
	// Policy for a mail whose fate is unknown: resend (the default) or hold.
	Policy delivery.Policy `json:"policy,omitempty"`
	// Again is the reason why a person tries a mail again that failed or is held.
	Again string `json:"again,omitempty"`
}

// DeliverInvoiceResult is how the delivery ended.
type DeliverInvoiceResult struct {
	State     delivery.State `json:"state"`
	Reply     string         `json:"reply"` // of the relay, addresses masked
	Attempts  int            `json:"attempts"`
	Ambiguous int            `json:"ambiguous"`
}

// busyPause is how soon to look again while another attempt holds the mail.
const busyPause = time.Minute

// DeliverInvoice writes one recipient's mail and hands it to the relay: at once,
// and after 1, 5, 15, 30, 60 minutes and so on for up to four days. A mail whose
// fate is unknown goes out again as the same bytes after half an hour, or is
// held, by policy. It fails visibly when the relay refuses for good, when time
// is over, and when a person must decide.
func DeliverInvoice(ctx workflow.Context, in DeliverInvoiceInput) (DeliverInvoiceResult, error) {
	if err := in.check(); err != nil {
		return DeliverInvoiceResult{}, err
	}
	var a *activities.Delivery // names the activities; the worker holds the real one
	run := &deliveryRun{in: in, started: workflow.Now(ctx)}

	run.tell(ctx, "writing the mail")
	mail := activities.MailInput{Number: in.Number, Ordinal: in.Ordinal}
	err := workflow.ExecuteActivity(withComposing(ctx, "Write mail "+run.name()), a.Compose, mail).
		Get(ctx, nil)
	if err != nil {
		return run.result(), err
	}
	for {
		run.tell(ctx, "sending")
		send := activities.SendInput{Number: in.Number, Ordinal: in.Ordinal, Also: run.alsoTried()}
		err := workflow.ExecuteActivity(withMailing(ctx, "Send mail "+run.name()), a.Send, send).
			Get(ctx, &run.last)
		if err != nil {
			return run.result(), err
		}
		next, pause, reason := run.judge(workflow.Now(ctx))
		switch next {
		case delivery.StateSent:
			run.tell(ctx, "sent")
			return run.result(), nil
		case delivery.StatePending:
			run.tell(ctx, fmt.Sprintf("%s; next attempt in %s", reason, pause))
			if err := workflow.NewTimer(ctx, pause).Get(ctx, nil); err != nil {
				return run.result(), err
			}
		case delivery.StateSending,
			delivery.StateDot,
			delivery.StateFailed,
			delivery.StateUnknown,
			delivery.StateHeld:
			return run.giveUp(ctx, next, reason)
		}
	}
}

func (in DeliverInvoiceInput) check() error {
	switch {
	case in.Number == "" || in.Ordinal < 1:
		return refuseInput(`give number and ordinal: {"number": "INV-2026-000123", "ordinal": 1}`)
	case in.Policy != "" && in.Policy != delivery.PolicyResend && in.Policy != delivery.PolicyHold:
		return refuseInput(fmt.Sprintf("policy %q is neither resend nor hold", in.Policy))
	default:
		return nil
	}
}

// deliveryRun is where one delivery stands.
type deliveryRun struct {
	in       DeliverInvoiceInput
	started  time.Time
	repeated int  // attempts of this run that may be repeated
	resend   bool // the pause after an unknown fate is over
	again    bool // a person's word has been used
	last     activities.SendResult
}

func (r *deliveryRun) name() string { return fmt.Sprintf("%s/%d", r.in.Number, r.in.Ordinal) }

// alsoTried are the states beyond pending that the next attempt may take on.
func (r *deliveryRun) alsoTried() []delivery.State {
	var also []delivery.State
	if r.resend {
		also = append(also, delivery.StateUnknown)
		r.resend = false
	}
	if r.in.Again != "" && !r.again {
		also = []delivery.State{delivery.StateUnknown, delivery.StateFailed, delivery.StateHeld}
		r.again = true
	}
	return also
}

// judge says what follows the last attempt: sent; pending, after a pause; or
// failed or held, for good.
func (r *deliveryRun) judge(now time.Time) (delivery.State, time.Duration, string) {
	tried := now.Sub(r.started)
	switch {
	case r.last.Busy:
		return r.within(tried, busyPause, "another attempt holds the mail")
	case r.last.State == delivery.StateSent:
		return delivery.StateSent, 0, ""
	case r.last.State == delivery.StatePending:
		r.repeated++
		return r.within(tried, delivery.Pause(r.repeated), r.last.Reply)
	case r.last.State == delivery.StateUnknown && r.in.Policy == delivery.PolicyHold:
		return delivery.StateHeld, 0, "nobody knows whether it arrived, and the policy is to hold: ask the recipient"
	case r.last.State == delivery.StateUnknown && r.last.Ambiguous >= delivery.AmbiguousMax:
		return delivery.StateHeld, 0, fmt.Sprintf(
			"nobody knows whether it arrived, %d times: ask the recipient",
			r.last.Ambiguous,
		)
	case r.last.State == delivery.StateUnknown:
		r.resend = true
		return r.within(tried, delivery.ResendAfter, "fate unknown: "+r.last.Reply)
	default:
		return r.last.State, 0, r.last.Reply
	}
}

func (r *deliveryRun) within(
	tried, pause time.Duration, reason string,
) (delivery.State, time.Duration, string) {
	if delivery.Expired(tried, pause) {
		return delivery.StateFailed, 0, "MAIL_EXPIRED: not taken within four days, last: " + reason
	}
	return delivery.StatePending, pause, reason
}

// giveUp writes the end into the ledger, where it is not there already, and
// fails the run, so that the list of workflows shows it.
func (r *deliveryRun) giveUp(
	ctx workflow.Context, end delivery.State, reason string,
) (DeliverInvoiceResult, error) {
	var a *activities.Delivery
	code := fault.MailRefused
	if end == delivery.StateHeld {
		code = fault.MailHeld
	}
	if r.last.State != end {
		if end == delivery.StateFailed {
			code = fault.MailExpired
		}
		aside := activities.SetAsideInput{
			Number:  r.in.Number,
			Ordinal: r.in.Ordinal,
			State:   end,
			Reason:  reason,
		}
		err := workflow.ExecuteActivity(withComposing(ctx, "Set mail "+r.name()+" aside"), a.SetAside, aside).
			Get(ctx, nil)
		if err != nil {
			return r.result(), err
		}
		r.last.State, r.last.Reply = end, reason
	}
	r.tell(ctx, string(end)+": "+reason)
	return r.result(), temporal.NewNonRetryableApplicationError(
		fmt.Sprintf("%s: mail %s is %s: %s. Fix: correct the contact, then start this workflow again with "+
			`"again": "the reason"`, code, r.name(), end, reason), string(code), nil, r.result())
}

func (r *deliveryRun) result() DeliverInvoiceResult {
	return DeliverInvoiceResult{
		State: r.last.State, Reply: r.last.Reply, Attempts: r.last.Attempts, Ambiguous: r.last.Ambiguous,
	}
}

// tell keeps the web UI's current details true.
func (r *deliveryRun) tell(ctx workflow.Context, what string) {
	workflow.SetCurrentDetails(
		ctx,
		fmt.Sprintf("**%s** · recipient %d · %s\n\nattempts %d · unknown %d · relay: %s",
			r.in.Number, r.in.Ordinal, what, r.last.Attempts, r.last.Ambiguous, orDash(r.last.Reply)),
	)
}

func orDash(text string) string {
	if text == "" {
		return "—"
	}
	return text
}

// refuseInput ends a run whose input nobody can work with; the message says what to type.
func refuseInput(what string) error {
	return temporal.NewNonRetryableApplicationError(string(fault.Input)+": "+what, string(fault.Input), nil)
}
