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
)

// CheckCommitmentsInput names a day; `{}` is today. Its id is CheckCommitmentsID.
type CheckCommitmentsInput struct {
	Day string `json:"day,omitempty"` // 2026-11-22
}

// CheckCommitmentsResult is what a day's check found and told.
type CheckCommitmentsResult struct {
	Day       string `json:"day"`
	Inventory int    `json:"inventory"`
	Expiring  int    `json:"expiring"` // within thirty days
	Noticed   int    `json:"noticed"`  // reached a rung of 30, 14, 7, 1 days on this day
	Mails     int    `json:"mails"`
}

// CheckCommitments flags the commitments that end within thirty days, each once
// per rung of 30, 14, 7 and 1 days, and mails one notice to each list of
// recipients. A mail that the relay does not take yet is tried for four days; one
// that it refuses fails the run, after all others were sent.
func CheckCommitments(ctx workflow.Context, in CheckCommitmentsInput) (CheckCommitmentsResult, error) {
	var a *activities.Commitments // names the activities; the worker holds the real one
	var flagged activities.FlagResult
	err := workflow.ExecuteActivity(withRecordKeeping(ctx, "Flag what ends within 30 days"), a.Flag,
		activities.FlagInput{Day: in.Day}).Get(ctx, &flagged)
	if err != nil {
		return CheckCommitmentsResult{}, err
	}
	result := CheckCommitmentsResult{
		Day: flagged.Day, Inventory: flagged.Inventory, Expiring: flagged.Expiring, Noticed: flagged.Noticed,
	}
	started, waiting := workflow.Now(ctx), flagged.Circles
	var refused []string
	for attempt := 1; len(waiting) > 0; attempt++ {
		workflow.SetCurrentDetails(
			ctx,
			fmt.Sprintf("**%s** · in force %d · ending %d · noticed %d\n\nmails sent %d, "+
				"waiting %d, refused %d", result.Day, result.Inventory, result.Expiring, result.Noticed,
				result.Mails, len(waiting), len(refused)),
		)
		if attempt > 1 {
			pause := max(delivery.Pause(attempt-1), busyPause)
			if delivery.Expired(workflow.Now(ctx).Sub(started), pause) {
				return result, noticesFailed(fault.MailExpired, "not taken within four days", waiting)
			}
			if err := workflow.NewTimer(ctx, pause).Get(ctx, nil); err != nil {
				return result, err
			}
		}
		var again []string
		for _, circle := range waiting {
			state, err := mailNotice(ctx, flagged.Day, circle)
			if err != nil {
				return result, err
			}
			switch state {
			case delivery.StateSent:
				result.Mails++
			case delivery.StateFailed:
				refused = append(refused, circle)
			case delivery.StatePending, delivery.StateSending, delivery.StateDot, delivery.StateUnknown,
				delivery.StateHeld:
				again = append(again, circle)
			}
		}
		waiting = again
	}
	workflow.SetCurrentDetails(
		ctx,
		fmt.Sprintf("**%s** · in force %d · ending %d · noticed %d\n\nmails sent %d, "+
			"refused %d", result.Day, result.Inventory, result.Expiring, result.Noticed, result.Mails,
			len(refused)),
	)
	if len(refused) > 0 {
		return result, noticesFailed(fault.MailRefused, "refused by the relay", refused)
	}
	return result, nil
}

// mailNotice makes one attempt. A notice of unknown fate waits half an hour, as
// an invoice's mail does, before the same bytes go out again.
func mailNotice(ctx workflow.Context, day, circle string) (delivery.State, error) {
	var a *activities.Commitments
	var sent activities.SendResult
	err := workflow.ExecuteActivity(withMailing(ctx, "Mail notice "+day+" to list "+circle), a.MailNotice,
		activities.NoticeInput{Day: day, Circle: circle}).Get(ctx, &sent)
	if err != nil {
		return "", err
	}
	if sent.State == delivery.StateUnknown {
		return sent.State, workflow.NewTimer(ctx, delivery.ResendAfter-time.Minute).Get(ctx, nil)
	}
	return sent.State, nil
}

func noticesFailed(code fault.Code, what string, circles []string) error {
	return temporal.NewNonRetryableApplicationError(fmt.Sprintf(
		"%s: notices %s: lists %s. Fix: correct the recipients in the commitments sheet, then start this workflow again",
		code,
		what,
		strings.Join(circles, ", "),
	), string(code), nil)
}
