package workflows

import (
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"magam/activities"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/period"
)

// ReportMonthInput may be empty: `{}` reports the previous month to finance. Its
// id is ReportMonthID.
type ReportMonthInput struct {
	Month period.Month `json:"month,omitzero"`
	// FilesOnly makes the files and tells nobody.
	FilesOnly bool `json:"filesOnly,omitempty"`
}

// ReportMonthResult is the edition that finance was told of.
type ReportMonthResult struct {
	Month   period.Month `json:"month"`
	Edition int          `json:"edition"`
	Same    bool         `json:"same"`  // the month says what it said before
	Mails   int          `json:"mails"` // that the relay took in this run
	Nobody  bool         `json:"nobody,omitempty"`
}

// reportVersion marks the closes that report the month.
const reportVersion = "report-the-month"

// ReportMonth adds a settled month up for finance, prints the report and the
// workbook, and mails both, one mail per person. A month that says what it said
// before is the same edition: nobody is told twice. A mail that the relay does not
// take yet is tried for four days; what changes meanwhile is mailed in its place.
func ReportMonth(ctx workflow.Context, in ReportMonthInput) (ReportMonthResult, error) {
	run := &reporting{in: in, started: workflow.Now(ctx), unknown: map[string]time.Time{}}
	for attempt := 1; ; attempt++ {
		err := run.compile(ctx)
		if err != nil {
			workflow.SetCurrentDetails(ctx, "**"+activities.ReasonOf(err)+"**"+pageEnd)
			return run.result(), err
		}
		waiting, err := run.mail(ctx)
		if err != nil {
			return run.result(), err
		}
		run.show(ctx)
		if asked(ctx) {
			continue
		}
		if len(waiting) == 0 {
			return run.result(), run.refusal()
		}
		pause := max(delivery.Pause(attempt), busyPause)
		if len(run.unknown) > 0 {
			pause = max(pause, delivery.ResendAfter)
		}
		if delivery.Expired(workflow.Now(ctx).Sub(run.started), pause) {
			return run.result(), run.giveUp(ctx, waiting)
		}
		err = rest(ctx, pause)
		if err != nil {
			return run.result(), err
		}
	}
}

// reporting is where one report stands.
type reporting struct {
	in      ReportMonthInput
	started time.Time
	made    activities.CompileResult
	sent    int
	refused []string
	waiting []string
	unknown map[string]time.Time // since when nobody knows
}

// compile makes the newest edition; what is there already stays as it is.
func (r *reporting) compile(ctx workflow.Context) error {
	var hands *activities.Reporting // names the activities; the worker holds the real one
	in := activities.CompileInput{Month: r.in.Month, Mail: !r.in.FilesOnly}
	err := workflow.ExecuteActivity(withRendering(ctx, doReport.in(r.made.Language)), hands.Compile, in).
		Get(ctx, &r.made)
	r.in.Month = r.made.Month
	return err
}

// mail makes one attempt at every mail that is still to arrive, and gives those
// that are to be tried again.
func (r *reporting) mail(ctx workflow.Context) (waiting []string, err error) {
	var hands *activities.Reporting
	r.waiting, r.refused = nil, nil
	for _, person := range r.made.People {
		since, doubted := r.unknown[person]
		in := activities.ReportMailInput{
			Month: r.made.Month, Edition: r.made.Edition, Person: person,
			Again: doubted && workflow.Now(ctx).Sub(since) >= delivery.ResendAfter,
		}
		var sent activities.SendResult
		err := workflow.ExecuteActivity(
			withMailing(ctx, doTell.in(r.made.Language, person)), hands.MailReport, in).Get(ctx, &sent)
		if err != nil {
			return nil, err
		}
		if in.Again || sent.State != delivery.StateUnknown {
			delete(r.unknown, person)
		}
		switch sent.State {
		case delivery.StateSent:
			r.sent++
		case delivery.StateFailed, delivery.StateHeld:
			r.refused = append(r.refused, person)
		case delivery.StateUnknown:
			if sent.Ambiguous >= delivery.AmbiguousMax {
				r.refused = append(r.refused, person)
				err = r.setAside(ctx, person)
				if err != nil {
					return nil, err
				}
				continue
			}
			if _, known := r.unknown[person]; !known {
				r.unknown[person] = workflow.Now(ctx)
			}
			r.waiting = append(r.waiting, person)
		case delivery.StatePending, delivery.StateSending, delivery.StateDot:
			r.waiting = append(r.waiting, person)
		}
	}
	return r.waiting, nil
}

func (r *reporting) setAside(ctx workflow.Context, person string) error {
	var hands *activities.Reporting
	delete(r.unknown, person)
	return workflow.ExecuteActivity(withComposing(ctx, doAside.in(r.made.Language, person)), hands.SetReportAside,
		activities.ReportMailInput{
			Month:   r.made.Month,
			Edition: r.made.Edition,
			Person:  person,
		}).
		Get(ctx, nil)
}

// giveUp ends the trying of what nobody took within four days.
func (r *reporting) giveUp(ctx workflow.Context, waiting []string) error {
	for _, person := range waiting {
		err := r.setAside(ctx, person)
		if err != nil {
			return err
		}
	}
	return reportFailed(fault.MailExpired, "was not taken within four days", waiting)
}

// refusal fails the run, so that the list of workflows shows it, after everybody
// else was told.
func (r *reporting) refusal() error {
	if len(r.refused) == 0 {
		return nil
	}
	return reportFailed(fault.MailRefused, "was refused by the relay", r.refused)
}

func reportFailed(code fault.Code, what string, people []string) error {
	return temporal.NewNonRetryableApplicationError(fmt.Sprintf(
		"%s: the month's report %s: %s. Fix: correct the address in the people sheet, then start this workflow again",
		code,
		what,
		strings.Join(people, ", "),
	), string(code), nil)
}

func (r *reporting) result() ReportMonthResult {
	return ReportMonthResult{
		Month: r.made.Month, Edition: r.made.Edition, Same: r.made.Same, Mails: r.sent, Nobody: r.made.Nobody,
	}
}

// show keeps the web UI's current details true. It names no amount: whoever may
// look at runs need not be of finance.
func (r *reporting) show(ctx workflow.Context) {
	language := r.made.Language
	page := "**" + r.made.Month.String() + "** · " + reportEdition.in(language, r.made.Edition) + " · " +
		reportMails.in(language, r.sent, len(r.waiting), len(r.refused))
	switch {
	case r.made.Open:
		page += " · " + reportOpen.in(language)
	case r.made.Nobody:
		page += " · " + reportNobody.in(language)
	}
	workflow.SetCurrentDetails(ctx, page+pageEnd)
}

// startReport lets the month's report outlive the close: its mails may be on
// their way for days. Closes of before know nothing of it.
func startReport(ctx workflow.Context, month period.Month, language string) error {
	if workflow.GetVersion(ctx, reportVersion, workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		return nil
	}
	run := card{ReportMonthID(month), doReportMonth.in(language, month), aboutReport.in(language)}
	err := startOutliving(ctx, run, ReportMonth, ReportMonthInput{Month: month},
		attributePeriod.ValueSet(month.String()))
	if err != nil {
		return err
	}
	// One that runs already, waiting for a relay, looks again. One that has just
	// ended saw the month as it is now.
	_ = workflow.SignalExternalWorkflow(ctx, ReportMonthID(month), "", SignalLookAgain, nil).Get(ctx, nil)
	return nil
}

// asked says whether a close has asked to look again since the last time.
func asked(ctx workflow.Context) bool {
	any := false
	for workflow.GetSignalChannel(ctx, SignalLookAgain).ReceiveAsync(nil) {
		any = true
	}
	return any
}

// rest waits until it is time to try again, or somebody asks to look again.
func rest(ctx workflow.Context, pause time.Duration) error {
	waking, stop := workflow.WithCancel(ctx)
	defer stop()
	selector := workflow.NewSelector(ctx)
	timer := workflow.NewTimer(waking, pause)
	selector.AddFuture(timer, func(workflow.Future) {})
	selector.AddReceive(
		workflow.GetSignalChannel(ctx, SignalLookAgain),
		func(channel workflow.ReceiveChannel, _ bool) {
			channel.Receive(ctx, nil)
		},
	)
	selector.Select(ctx)
	return ctx.Err()
}
