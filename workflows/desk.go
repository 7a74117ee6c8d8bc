package workflows

import (
	"errors"
	"fmt"
	"strings"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"magam/activities"
)

// Decision is what a person says about a customer's drafts: who by a code of
// the people sheet, and why. A reason is needed to reject or to hold.
type Decision struct {
	By     string `json:"by"`
	Reason string `json:"reason,omitempty"`
}

// The Updates that CloseCustomer answers, by the names people see in the web UI.
const (
	UpdateApprove = "approve"
	UpdateReject  = "reject"
	UpdateHold    = "hold"
	UpdateRelease = "release"
)

// errRejected parks a customer whose drafts a person turned down.
var errRejected = errors.New("rejected")

// desk is where a customer's drafts lie until a second person has decided, and
// beyond, until the month's proof lets them be numbered: a hold may still come.
type desk struct {
	in       CloseCustomerInput
	draft    activities.DraftResult
	lies     bool // drafts are on the desk
	deciding int  // decisions on their way into the books
	approved bool
	held     string // by whom and why, while held by a person
	rejected error
}

// openDesk makes the customer answer Updates and queries. The validators refuse
// what can be judged without the books; the rest is refused by the Decide activity.
func openDesk(ctx workflow.Context, in CloseCustomerInput) (*desk, error) {
	d := &desk{in: in}
	verbs := []struct {
		name, description string
		reasoned          bool
		after             func(Decision)
	}{
		{
			UpdateApprove,
			`A second person approves the drafts, not who started the close. Example: {"by": "park"}`,
			false,
			func(Decision) { d.approved = true },
		},
		{
			UpdateReject,
			`Parks the customer; the others close. Example: {"by": "park", "reason": "EC2 doubled, ask first"}`,
			true,
			func(said Decision) { d.rejected = fmt.Errorf("%w by %s: %s", errRejected, said.By, said.Reason) },
		},
		{
			UpdateHold,
			`Holds the drafts, even if approved, until released. Example: {"by": "lee", "reason": "contract renewal"}`,
			true,
			func(said Decision) { d.held = said.By + ": " + said.Reason },
		},
		{
			UpdateRelease, `An approver takes a hold back. Example: {"by": "park"}`, false,
			func(Decision) { d.held = "" },
		},
	}
	for _, verb := range verbs {
		decide := func(ctx workflow.Context, said Decision) (string, error) {
			d.deciding++
			defer func() { d.deciding-- }()
			err := d.record(ctx, verb.name, said)
			if err != nil {
				return "", inWords(err)
			}
			verb.after(said)
			d.show(ctx, d.words())
			reportChanged(ctx)
			return fmt.Sprintf("%s %s: %s by %s", in.Month, in.Customer, verb.name, said.By), nil
		}
		err := workflow.SetUpdateHandlerWithOptions(ctx, verb.name, decide, workflow.UpdateHandlerOptions{
			Description: verb.description,
			Validator:   func(said Decision) error { return d.validate(said, verb.reasoned) },
		})
		if err != nil {
			return nil, fmt.Errorf("answer %s: %w", verb.name, err)
		}
	}
	d.show(ctx, "**"+deskDrafting.in(in.Language)+"**")
	return d, nil
}

// inWords keeps a refusal's own sentence, and its code, for the web UI's dialog,
// which shows the outermost message and nothing of what it wraps.
func inWords(err error) error {
	if temporal.IsCanceledError(err) {
		return err
	}
	return temporal.NewNonRetryableApplicationError(activities.ReasonOf(err),
		string(activities.CodeOf(err)), nil)
}

func (d *desk) validate(said Decision, reasoned bool) error {
	switch {
	case strings.TrimSpace(said.By) == "":
		return errors.New("by is empty: name yourself by your code of the people sheet")
	case strings.Contains(said.By, "@"):
		return errors.New("by is a code of the people sheet, never an address")
	case reasoned && strings.TrimSpace(said.Reason) == "":
		return errors.New("reason is empty: say why, the customer may ask")
	case !d.lies:
		return errors.New("nothing is on the desk: the drafts are not ready, or decided already")
	default:
		return nil
	}
}

// record writes the decision into the books, which also know who may decide.
func (d *desk) record(ctx workflow.Context, verdict string, said Decision) error {
	var closing *activities.Closing
	decide := activities.DecideInput{
		Month: d.in.Month, Customer: d.in.Customer, Verdict: verdict,
		By: said.By, Reason: said.Reason, StartedBy: d.in.StartedBy,
	}
	summary := doContract.in(d.in.Language)
	if said.By != "" {
		summary = doDecide.in(d.in.Language, verdict, said.By)
	}
	return workflow.ExecuteActivity(
		withRecordKeeping(ctx, summary), closing.Decide, decide).Get(ctx, nil)
}

// awaitApproval puts the drafts on the desk and waits until they are approved
// and not held, or rejected. Where the contract says so and nothing is held,
// the machine approves, and the books say that it did. Drafts whose very bytes
// were approved before, in a run that did not end, need no second word.
func (d *desk) awaitApproval(ctx workflow.Context, draft activities.DraftResult) (rejected, err error) {
	d.draft = draft
	if len(draft.Pending()) == 0 {
		return nil, nil // final already
	}
	d.held = draft.HeldBy()
	d.approved = draft.ApprovedAlready()
	if !d.approved && d.held == "" && draft.AutoApprove && len(draft.Holds()) == 0 {
		err := d.record(ctx, "auto-approve", Decision{})
		if err != nil {
			return nil, fmt.Errorf("approve by contract: %w", err)
		}
		d.approved = true
	}

	d.lies = true
	err = d.mark(ctx)
	if err != nil {
		return nil, err
	}
	d.show(ctx, d.words())
	err = workflow.Await(ctx, d.decided)
	if err != nil {
		return nil, fmt.Errorf("wait for approval: %w", err)
	}
	return d.rejected, nil
}

// clear takes the drafts off the desk, for good, once nothing stops them: a
// person may have held or rejected them while the month was proved.
func (d *desk) clear(ctx workflow.Context) (rejected, err error) {
	if !d.lies {
		return nil, nil // final already
	}
	err = workflow.Await(ctx, d.decided)
	d.lies = false
	if err != nil {
		return nil, fmt.Errorf("wait for release: %w", err)
	}
	return d.rejected, nil
}

// decided says whether the desk's work is done, with nothing on its way.
func (d *desk) decided() bool {
	return d.deciding == 0 && (d.rejected != nil || (d.approved && d.held == ""))
}

// mark lets ops list who waits: CloseState is held, waiting or approved.
func (d *desk) mark(ctx workflow.Context) error {
	switch {
	case d.held != "" || (!d.approved && len(d.draft.Holds()) > 0):
		return setState(ctx, "held")
	case !d.approved:
		return setState(ctx, "waiting")
	default:
		return nil
	}
}

// words says how the desk stands and what to do next.
func (d *desk) words() string {
	language := d.in.Language
	next := func(step text) string {
		return "\n\n" + sayNext.in(language) + ": " + step.in(language, d.in.Month, d.in.Customer)
	}
	switch {
	case d.rejected != nil:
		return "**" + deskRejected.in(language) + "** · " + d.rejected.Error()
	case d.held != "":
		return "**" + deskHeld.in(language) + "** · " + d.held + next(deskRelease)
	case d.approved:
		return "**" + deskApproved.in(language) + "**"
	case len(d.draft.Holds()) > 0:
		return "**" + deskLook.in(language) + "** · " + strings.Join(d.draft.Holds(), "; ") + next(
			deskApprove,
		)
	default:
		return "**" + deskWaiting.in(language) + "**" + next(deskApprove)
	}
}

// show keeps what the web UI shows of this customer true.
func (d *desk) show(ctx workflow.Context, words string) {
	var page strings.Builder
	page.WriteString(words)
	if d.draft.Defers {
		page.WriteString("\n\n" + deskDefers.in(d.in.Language))
	}
	if len(d.draft.Documents) > 0 {
		page.WriteString("\n\n" + columns(deskColumns.in(d.in.Language), "lrl"))
		for _, document := range d.draft.Documents {
			page.WriteString(
				cells(document.Provider, amount(document.Currency, document.Total)+space, document.Number),
			)
		}
	}
	workflow.SetCurrentDetails(ctx, page.String()+pageEnd)
}
