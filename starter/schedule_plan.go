package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"magam/domain/fault"
	"magam/domain/period"
	"magam/workflows"
)

// scheduleKind is one thing that happens by itself.
type scheduleKind struct {
	id       string // of the schedule, and what its runs' ids begin with
	workflow string
	queue    string
	summary  string        // shown in the web UI
	catchUp  time.Duration // how long after a missed time it is still worth starting
}

// scheduleKinds: each starts its workflow with {}, whose defaults are meant for
// this. A close that the server slept through is still wanted days later; a
// missed look for exports is made good by the next night's.
var scheduleKinds = []scheduleKind{
	{"close", "CloseMonth", workflows.QueueClosing, "Close the month before", 7 * 24 * time.Hour},
	{
		"ingest",
		"IngestExport",
		workflows.QueueIngest,
		"Take this month's and last month's new exports",
		12 * time.Hour,
	},
	{
		"commitments",
		"CheckCommitments",
		workflows.QueueClosing,
		"Check commitments and their ends",
		12 * time.Hour,
	},
	{"watch", "WatchSources", workflows.QueueClosing, "Look at every source for alarms", time.Hour},
}

// schedulePlan is a kind with its checked spec.
type schedulePlan struct {
	scheduleKind
	spec  string
	zone  *time.Location
	times cron.Schedule
}

// plans checks all specs and reports every mistake at once.
func (c scheduleSpecs) plans(houseZone string) ([]schedulePlan, error) {
	name := c.Zone
	if name == "" {
		name = houseZone
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, &fault.Error{
			Code: fault.Input, Place: fault.Place{Column: "--zone"}, Value: name, What: "is not a time zone",
			Cure: "use a name such as Asia/Seoul",
		}
	}
	var (
		plans    []schedulePlan
		problems []error
	)
	for i, spec := range []string{c.Close, c.Ingest, c.Commitments, c.Watch} {
		if spec == "" {
			continue
		}
		times, err := parseSpec(spec)
		if err != nil {
			problems = append(problems, &fault.Error{
				Code: fault.Input, Place: fault.Place{Column: "--" + scheduleKinds[i].id}, Value: spec,
				What: "is not a cron spec", Err: err, Cure: `write five fields, such as "0 3 6 * *"`,
			})
			continue
		}
		plans = append(plans, schedulePlan{scheduleKinds[i], spec, zone, times})
	}
	return plans, errors.Join(problems...)
}

// The refusals of parseSpec beside the parser's own.
var (
	errTwoDays = errors.New("a day of the month and a day of the week together mean different things " +
		"to different schedulers")
	errNever = errors.New("it never fires")
)

// parseSpec reads five fields and nothing else: no seconds, no @every, no zone
// inside. What the preview and the server would read differently is refused.
func parseSpec(spec string) (cron.Schedule, error) {
	parser := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)
	if strings.Contains(spec, "=") {
		return nil, errors.New("a zone inside the spec: use --zone")
	}
	times, err := parser.Parse(spec)
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(spec)
	if isAny := func(f string) bool { return f == "*" || f == "?" }; !isAny(fields[2]) && !isAny(fields[4]) {
		return nil, errTwoDays
	}
	// Any instant will do to find out whether there is a next one.
	if times.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return nil, errNever
	}
	return times, nil
}

// next lists the instants after from at which the plan fires.
func (p schedulePlan) next(from time.Time, runs int) []time.Time {
	var list []time.Time
	at := from.In(p.zone)
	for range runs {
		at = p.times.Next(at)
		if at.IsZero() {
			return list
		}
		list = append(list, at)
	}
	return list
}

// preview describes the runs to come.
func (p schedulePlan) preview(from time.Time, runs int) []previewedRun {
	var list []previewedRun
	for _, at := range p.next(from, runs) {
		run := previewedRun{
			Schedule: p.id, Spec: p.spec, Zone: p.zone.String(),
			Local: at.Format("Mon 2006-01-02 15:04"), UTC: at.UTC().Format("2006-01-02 15:04Z"),
		}
		if p.workflow == "CloseMonth" {
			run.Closes = period.Previous(at).String()
		}
		list = append(list, run)
	}
	return list
}

// note is what a person reads beside the schedule in the web UI.
func (p schedulePlan) note() string { return fmt.Sprintf("%s (%s)", p.spec, p.zone) }
