package workflows

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"magam/activities"
	"magam/domain/closing"
	"magam/domain/period"
)

// DecideQuarantineInput chooses rows set aside: by name, or by what they are.
// The digest, where one is given, must be theirs.
type DecideQuarantineInput struct {
	Rows     []string           `json:"rows,omitempty"` // Q-1182
	Month    period.Month       `json:"month,omitzero"`
	Source   string             `json:"source,omitempty"`
	Delivery int64              `json:"delivery,omitempty"`
	Code     string             `json:"code,omitempty"`
	State    closing.AsideState `json:"state,omitempty"`
	Digest   string             `json:"digest,omitempty"`
}

// DecideQuarantineResult says how the rows ended.
type DecideQuarantineResult struct {
	Digest   string `json:"digest"`
	Accepted int64  `json:"accepted"`
	Rejected int64  `json:"rejected"`
	Replaced int64  `json:"replaced"` // by a newer delivery
	Open     int64  `json:"open"`
}

// The Updates that DecideQuarantine answers, by the names people see in the web UI.
const (
	UpdateAcceptAside = "accept"
	UpdateRejectAside = "reject"
)

// DecideQuarantineID names the decision about rows by their digest, so that
// whoever decides about the same rows comes to the same desk.
func DecideQuarantineID(digest string) string { return "quarantine/" + digest[:min(12, len(digest))] }

// DecideQuarantine lays rows set aside on a desk, with their sums, until two
// people have accepted them, one has rejected them, or a newer delivery has
// replaced them. What is said goes into the books at once, so that a run that
// is lost is started again with the same rows. Then a waiting close looks again.
func DecideQuarantine(ctx workflow.Context, in DecideQuarantineInput) (DecideQuarantineResult, error) {
	choice, err := in.choice()
	if err != nil {
		return DecideQuarantineResult{}, inWords(err)
	}
	desk, err := openAsideDesk(ctx, choice)
	if err != nil {
		return DecideQuarantineResult{}, err
	}
	for {
		desk.look(ctx)
		err := desk.settled(ctx)
		if err != nil {
			return desk.result(), err
		}
		if desk.refused != nil {
			return desk.result(), inWords(desk.refused)
		}
		if desk.decided() {
			return desk.result(), nil
		}
		said := desk.said
		err = errors.Join(desk.pause(ctx), desk.settled(ctx))
		if err != nil {
			return desk.result(), err
		}
		if desk.said == said && desk.stands.Waiting == 0 {
			return desk.result(), nil // a day went by and nobody has said anything
		}
		if workflow.GetInfo(ctx).GetCurrentHistoryLength() > eventsForBoard {
			in.Digest = desk.stands.Digest
			return desk.result(), workflow.NewContinueAsNewError(ctx, DecideQuarantine, in)
		}
	}
}

func (in DecideQuarantineInput) choice() (activities.AsideChoice, error) {
	choice := activities.AsideChoice{Digest: in.Digest, Filter: closing.AsideFilter{
		Month: in.Month, Source: in.Source, Delivery: in.Delivery, Code: in.Code, State: in.State,
	}}
	for _, name := range in.Rows {
		id, err := closing.ParseAsideName(name)
		if err != nil {
			return choice, err
		}
		if !slices.Contains(choice.Filter.Rows, id) {
			choice.Filter.Rows = append(choice.Filter.Rows, id)
		}
	}
	return choice, nil
}

// betweenAsideLooks is how often a desk looks whether a newer delivery has
// replaced its rows. A desk about which nobody says anything is closed then.
const betweenAsideLooks = 24 * time.Hour

// asideDesk is where chosen rows lie until they are decided.
type asideDesk struct {
	choice  activities.AsideChoice
	stands  activities.AsideStands
	said    int  // words that were written
	looked  bool // the rows are on the desk
	refused error
}

// openAsideDesk makes the run answer its Updates. The validators refuse what can
// be judged without the books; the rest is refused by the rules of closing.
func openAsideDesk(ctx workflow.Context, choice activities.AsideChoice) (*asideDesk, error) {
	d := &asideDesk{choice: choice}
	for _, verb := range []struct{ name, description string }{
		{
			UpdateAcceptAside, `Signs the rows off: their amount is billed to no customer. Two people, the second an ` +
				`approver. Example: {"by": "kim", "reason": "a test of the provider"}`,
		},
		{
			UpdateRejectAside, `The provider must deliver them again; their month stays open. ` +
				`Example: {"by": "kim", "reason": "the amount is cut off"}`,
		},
	} {
		say := func(ctx workflow.Context, said Decision) (string, error) { return d.say(ctx, verb.name, said) }
		err := workflow.SetUpdateHandlerWithOptions(ctx, verb.name, say, workflow.UpdateHandlerOptions{
			Description: verb.description, Validator: namesWhoAndWhy,
		})
		if err != nil {
			return nil, fmt.Errorf("answer %s: %w", verb.name, err)
		}
	}
	return d, nil
}

func namesWhoAndWhy(said Decision) error {
	if strings.TrimSpace(said.Reason) == "" {
		return errors.New("reason is empty: the close report prints it")
	}
	return namesSomebody(said)
}

// say writes a person's word into the books and answers how the rows stand.
func (d *asideDesk) say(ctx workflow.Context, verdict string, said Decision) (string, error) {
	err := workflow.Await(ctx, func() bool { return d.looked || d.refused != nil })
	if err != nil {
		return "", err
	}
	if d.refused != nil {
		return "", inWords(d.refused)
	}
	var hands *activities.Quarantine
	in := activities.DecideAsideInput{
		AsideChoice: d.choice,
		Verdict:     verdict,
		By:          said.By,
		Reason:      said.Reason,
	}
	in.Digest = d.stands.Digest
	recording := withRecordKeeping(ctx, doDecide.in(d.stands.Language, verdict, said.By))
	var stands activities.AsideStands
	err = workflow.ExecuteActivity(recording, hands.DecideAside, in).Get(ctx, &stands)
	if err != nil {
		return "", inWords(err)
	}
	d.stands = stands
	d.said++
	d.show(ctx)
	for _, month := range stands.Months {
		// No close waits: then there is nobody to wake.
		_ = workflow.SignalExternalWorkflow(ctx, CloseMonthID(month), "", SignalLookAgain, nil).Get(ctx, nil)
	}
	return d.words(), nil
}

// look reads how the rows stand. What cannot be chosen ends the run.
func (d *asideDesk) look(ctx workflow.Context) {
	var hands *activities.Quarantine
	choice, said := d.choice, d.said
	if d.looked {
		choice.Digest = d.stands.Digest
	}
	looking := withRecordKeeping(ctx, doLookAside.in(d.stands.Language))
	var stands activities.AsideStands
	err := workflow.ExecuteActivity(looking, hands.LookAside, choice).Get(ctx, &stands)
	switch {
	case err != nil:
		d.refused = err
	case d.said == said: // else somebody said something meanwhile, and knows better
		d.stands, d.looked = stands, true
		d.show(ctx)
	}
}

// settled waits until every word on its way is in the books.
func (d *asideDesk) settled(ctx workflow.Context) error {
	return workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
}

// pause waits for a word, or a day.
func (d *asideDesk) pause(ctx workflow.Context) error {
	said := d.said
	ctx, over := workflow.WithCancel(ctx)
	defer over()
	_, err := workflow.AwaitWithOptions(ctx, workflow.AwaitOptions{
		Timeout:      betweenAsideLooks,
		TimerOptions: workflow.TimerOptions{Summary: doPause.in(d.stands.Language)},
	}, func() bool { return d.said > said })
	return err
}

// decided says whether nothing is left to say.
func (d *asideDesk) decided() bool {
	return d.looked && (d.stands.Open == 0 && d.stands.Waiting == 0 || d.stands.Replaced > 0)
}

func (d *asideDesk) result() DecideQuarantineResult {
	s := d.stands
	return DecideQuarantineResult{
		Digest: s.Digest, Accepted: s.Accepted, Rejected: s.Rejected, Replaced: s.Replaced, Open: s.Open,
	}
}

// words say how the rows stand, in a sentence.
func (d *asideDesk) words() string {
	s := d.stands
	switch {
	case s.Replaced > 0:
		return asideReplaced.in(s.Language, s.Replaced)
	case s.Waiting > 0:
		return asideWaiting.in(s.Language, s.Waiting, strings.Join(s.By, ", "))
	case s.Open > 0:
		return asideOpen.in(s.Language, s.Open)
	case s.Accepted == 0:
		return asideRejected.in(s.Language, s.Rejected)
	default:
		return asideAccepted.in(s.Language, s.Accepted)
	}
}

// show puts the sums on the run's page, and what can be done about them.
func (d *asideDesk) show(ctx workflow.Context) {
	var page strings.Builder
	fmt.Fprintf(&page, "**%s** · %s `%s`\n\n", d.words(), asideDigestWord.in(d.stands.Language),
		d.stands.Digest)
	if !d.decided() {
		fmt.Fprintf(&page, "%s: %s\n\n", sayNext.in(d.stands.Language),
			asideNext.in(d.stands.Language, d.stands.Digest))
	}
	writeAside(&page, d.stands.Groups, d.stands.Language)
	workflow.SetCurrentDetails(ctx, page.String()+pageEnd)
}

// writeAside adds up rows set aside as a table.
func writeAside(page *strings.Builder, groups []activities.AsideGroup, language string) {
	if len(groups) == 0 {
		return
	}
	page.WriteString("\n" + columns(asideColumns.in(language), "llrrll"))
	for _, g := range groups {
		billed := g.Currency + " " + grouped(g.Billed)
		if g.Unknown > 0 {
			billed += " " + asideUnknown.in(language, g.Unknown)
		}
		page.WriteString(cells(g.Source, "`"+g.Code+"`", fmt.Sprint(g.Rows), billed+space,
			asideState(g.State, language), g.Said))
	}
}
