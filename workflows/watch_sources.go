package workflows

import (
	"fmt"
	"strings"

	"go.temporal.io/sdk/workflow"

	"magam/activities"
	"magam/domain/delivery"
)

// WatchSourcesInput is empty: `{}` looks at every source now.
type WatchSourcesInput struct{}

// WatchSourcesResult counts what stands and who was told.
type WatchSourcesResult struct {
	Alarms int `json:"alarms"`
	Mails  int `json:"mails"`   // that the relay took
	Later  int `json:"later"`   // that are tried again within the hour
	Failed int `json:"refused"` // that the relay refuses for good
}

// How a look is found by its CloseState.
const (
	stateAlarm = "alarm"
	stateQuiet = "quiet"
)

// WatchSources looks whether every source still delivers and whether what it
// delivers is what was to be expected, keeps the alarms, and tells ops by mail
// once when one is raised and once when it is over. A schedule runs it every
// hour, which is also how often a mail that the relay does not take is tried again.
func WatchSources(ctx workflow.Context, _ WatchSourcesInput) (WatchSourcesResult, error) {
	var a *activities.Watching // names the activities; the worker holds the real one
	var seen activities.WatchResult
	err := workflow.ExecuteActivity(withRecordKeeping(ctx, "look at every source"), a.Watch).Get(ctx, &seen)
	if err != nil {
		return WatchSourcesResult{}, err
	}
	result := WatchSourcesResult{Alarms: len(seen.Alarms) + seen.More}
	state := stateQuiet
	if result.Alarms > 0 {
		state = stateAlarm
	}
	if err := setState(ctx, state); err != nil {
		return result, err
	}
	workflow.SetCurrentDetails(ctx, watchPage(seen, result))

	var failure error
	for _, mail := range seen.Mails {
		var sent activities.SendResult
		mailing := withMailing(ctx,
			fmt.Sprintf("tell %s: alarm %d %s", mail.Person, mail.Alarm, mail.Occasion))
		err := workflow.ExecuteActivity(mailing, a.MailAlarm, mail).Get(ctx, &sent)
		if ctx.Err() != nil {
			return result, ctx.Err()
		}
		if err != nil {
			failure = err // the others are told all the same
		} else {
			result.count(sent.State)
		}
	}
	workflow.SetCurrentDetails(ctx, watchPage(seen, result))
	return result, failure
}

// count adds a mail by how its attempt ended.
func (r *WatchSourcesResult) count(state delivery.State) {
	switch state {
	case delivery.StateSent:
		r.Mails++
	case delivery.StateFailed:
		r.Failed++
	case delivery.StatePending, delivery.StateSending, delivery.StateDot, delivery.StateUnknown,
		delivery.StateHeld:
		r.Later++
	}
}

// watchPage is the board of alarms as markdown.
func watchPage(seen activities.WatchResult, result WatchSourcesResult) string {
	var page strings.Builder
	language := seen.Language
	if result.Alarms == 0 {
		page.WriteString("**" + watchQuiet.in(language) + "**")
	} else {
		page.WriteString("**" + watchStanding.in(language, result.Alarms) + "**")
	}
	if len(seen.Mails) > 0 {
		page.WriteString(" · " + watchMails.in(language, result.Mails, result.Later, result.Failed))
	}
	if seen.Nobody {
		page.WriteString(" · " + watchNobody.in(language))
	}
	if len(seen.Alarms) > 0 {
		page.WriteString("\n\n" + columns(watchColumns.in(language), "lllll"))
	}
	for _, one := range seen.Alarms {
		page.WriteString(cells("**"+one.Title+"**", strings.TrimSpace(one.Source+" "+one.Month), one.Sentence,
			one.Since, one.Cure))
	}
	if seen.More > 0 {
		page.WriteString("\n" + watchMore.in(language, seen.More) + "\n")
	}
	return page.String() + pageEnd
}
