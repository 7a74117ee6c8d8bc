package main

import (
	"context"
	"fmt"
	"time"
)

// schedulesCmd installs and shows what happens by itself: Temporal fires the
// work; here its cron specs are checked and previewed.
type schedulesCmd struct {
	Apply   schedulesApplyCmd   `cmd:"" help:"Install the schedules, or change them to these specs."`
	Preview schedulesPreviewCmd `cmd:"" help:"Show when the specs would fire, without installing them."`
	List    schedulesListCmd    `cmd:"" help:"Show the schedules that are installed."`
	Remove  schedulesRemoveCmd  `cmd:"" help:"Remove schedules; runs that have begun go on."`
}

// Help shows an example.
func (schedulesCmd) Help() string {
	return `Examples:

  starter schedules preview --close "0 9 7 * *"
  starter schedules apply --close "0 9 7 * *" --zone Asia/Seoul
` + specWords
}

// specWords say how a spec is written.
const specWords = `
A spec has five fields: minute, hour, day of the month, month, day of the week, by the clock of --zone.`

// scheduleSpecs are the specs of all schedules; an empty one is not installed.
type scheduleSpecs struct {
	Close       string `help:"When the month before is closed."                  default:"0 3 6 * *"  env:"MAGAM_SCHEDULE_CLOSE"`
	Ingest      string `help:"When new exports are looked for."                  default:"30 1 * * *" env:"MAGAM_SCHEDULE_INGEST"`
	Commitments string `help:"When commitments are checked."                     default:"0 8 * * *"  env:"MAGAM_SCHEDULE_COMMITMENTS"`
	Watch       string `help:"When the sources are looked at for alarms."        default:"20 * * * *" env:"MAGAM_SCHEDULE_WATCH"`
	Zone        string `help:"Time zone of the specs; empty is the house's own."                      env:"MAGAM_SCHEDULE_ZONE"`
}

type schedulesApplyCmd struct{ scheduleSpecs }

// Help shows an example.
func (schedulesApplyCmd) Help() string {
	return `Example:

  starter schedules apply --close "0 9 7 * *" --zone Asia/Seoul
` + specWords + ` An empty spec is left as it stands. Applying again changes only what differs; what a person paused stays
paused.`
}

// Run checks all specs before it installs the first.
func (c schedulesApplyCmd) Run(ctx context.Context, s *session) error {
	plans, err := c.plans(s.cfg.Zone)
	if err != nil {
		return err
	}
	temporal, err := s.dial(ctx)
	if err != nil {
		return err
	}
	applied := make([]appliedSchedule, 0, len(plans))
	for _, p := range plans {
		one, err := p.apply(ctx, temporal.ScheduleClient())
		if err != nil {
			return err
		}
		applied = append(applied, one)
	}
	return s.showSchedules(applied)
}

type schedulesPreviewCmd struct {
	scheduleSpecs
	Runs int    `help:"How many runs of each to show."                                                  default:"3"`
	From string `help:"The instant to count from, such as 2026-11-01T00:30:00+09:00; now unless given."             placeholder:"INSTANT"`
}

// Help shows an example.
func (schedulesPreviewCmd) Help() string {
	return `Example:

  starter schedules preview --close "0 9 7 * *" --runs 12
` + specWords + ` Shows each run by that clock, in UTC, and which month it would close.`
}

// Validate refuses what cannot be counted from.
func (c schedulesPreviewCmd) Validate() error {
	if c.Runs < 1 || c.Runs > previewRunsMax {
		return fmt.Errorf("--runs: %d is not between 1 and %d", c.Runs, previewRunsMax)
	}
	if _, err := time.Parse(time.RFC3339, c.From); err != nil && c.From != "" {
		return fmt.Errorf("--from: %q is not of the form 2026-11-01T00:30:00+09:00", c.From)
	}
	return nil
}

const previewRunsMax = 100

// previewedRun is one run to come.
type previewedRun struct {
	Schedule string `json:"schedule"`
	Spec     string `json:"spec"`
	Zone     string `json:"zone"`
	Local    string `json:"local"`
	UTC      string `json:"utc"`
	Closes   string `json:"closes,omitempty"` // the month it would close
}

// Run prints the next runs in their zone and in UTC.
func (c schedulesPreviewCmd) Run(_ context.Context, s *session) error {
	err := c.Validate()
	if err != nil {
		return misuse{err.Error()}
	}
	from := time.Now()
	if c.From != "" {
		from, err = time.Parse(time.RFC3339, c.From)
		if err != nil {
			return err
		}
	}
	plans, err := c.plans(s.cfg.Zone)
	if err != nil {
		return err
	}
	runs := []previewedRun{}
	for _, p := range plans {
		runs = append(runs, p.preview(from, c.Runs)...)
	}
	if s.json {
		return s.printJSON(runs)
	}
	rows := newTable(s, plain("schedule"), cut("spec"), cut("zone"), plain("in the zone"), plain("in UTC"),
		plain("closes"))
	for _, r := range runs {
		rows.row(r.Schedule, r.Spec, r.Zone, r.Local, r.UTC, r.Closes)
	}
	rows.print()
	return nil
}

type schedulesListCmd struct{}

// Help shows an example.
func (schedulesListCmd) Help() string { return "Example:\n\n  starter schedules list --json" }

// Run shows what is installed, as the server has it.
func (schedulesListCmd) Run(ctx context.Context, s *session) error {
	temporal, err := s.dial(ctx)
	if err != nil {
		return err
	}
	installed := []appliedSchedule{}
	for _, kind := range scheduleKinds {
		one, found, err := describe(ctx, temporal.ScheduleClient(), kind.id)
		if err != nil {
			return err
		}
		if found {
			installed = append(installed, one)
		}
	}
	return s.showSchedules(installed)
}

type schedulesRemoveCmd struct {
	IDs []string `arg:"" name:"id" help:"close, ingest, commitments, watch." enum:"close,ingest,commitments,watch"`
}

// Help shows an example.
func (schedulesRemoveCmd) Help() string {
	return "Example:\n\n  starter schedules remove ingest commitments\n\nRemoving what is not installed is no error."
}

// Run removes each that is there; one that is not is no error, so that it may
// run twice.
func (c schedulesRemoveCmd) Run(ctx context.Context, s *session) error {
	temporal, err := s.dial(ctx)
	if err != nil {
		return err
	}
	removed := []appliedSchedule{}
	for _, id := range c.IDs {
		found, err := remove(ctx, temporal.ScheduleClient(), id)
		if err != nil {
			return err
		}
		state := "removed"
		if !found {
			state = "was not installed"
		}
		removed = append(removed, appliedSchedule{Schedule: id, State: state})
	}
	return s.showSchedules(removed)
}

// showSchedules answers with one row per schedule.
func (s *session) showSchedules(list []appliedSchedule) error {
	if s.json {
		return s.printJSON(list)
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(s.out, "No schedule is installed: starter schedules apply")
		return err
	}
	rows := newTable(s, plain("schedule"), plain("starts"), wrapped("spec"), plain("state"),
		plain("next run (UTC)"))
	for _, one := range list {
		rows.row(one.Schedule, one.Workflow, one.Spec, one.State, one.Next)
	}
	rows.print()
	return nil
}
