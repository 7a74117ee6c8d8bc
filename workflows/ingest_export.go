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

// The bounds of one run's fan-out and waiting.
const (
	partsInFlight  = 4
	outcomesMax    = 60 // deliveries told one by one; totals answers for the rest
	lookPause      = time.Second
	lookPauseMax   = 5 * time.Minute
	completeWithin = 2 * time.Hour
)

// The changes to running ingests, by the names that their histories carry.
const (
	quietIsStable = "a place where nothing changed for minutes is looked at once"
	everyMonth    = "an ingest of every source takes each month of its plan"
	wholeFirst    = "what is whole is taken in while the rest is waited for"
)

// QueryIngest answers how an ingest stands, as IngestExportResult.
const QueryIngest = "ingest"

// IngestExportInput says what to ingest. `{}` ingests every configured source for
// this month and the one before: what the nightly schedule starts.
type IngestExportInput struct {
	Source string       // a name of the sources sheet
	From   string       // or any folder or bucket: an absolute path or a URL
	Month  period.Month // empty with From takes every month that is there
	Format string       // auto, cur or focus
	// WaitSeconds is how long a delivery may be incomplete; 0 is two hours.
	WaitSeconds int
	// Again also takes in what a person withdrew, or what was replaced.
	Again bool `json:",omitempty"`
	// Before carries what earlier runs of a very large export did.
	Before *IngestExportResult `json:",omitempty"`
}

// IngestExportResult says what became of every delivery.
type IngestExportResult struct {
	Source     string
	Deliveries []IngestOutcome
	More       int      // deliveries not told one by one
	Skipped    []string // files that were left alone, and why
	Refused    []string // files that cannot be read, coded
}

// IngestOutcome is one delivery's end.
type IngestOutcome struct {
	ID          int64
	State       string
	Format      string
	Months      []string
	Rows        int64
	Quarantined int64
	Superseded  int64
	Why         string // where it was refused or is held
}

// IngestExport takes in what a source has delivered: it waits until a delivery
// is whole and stable, loads its parts and seals it. The same bytes again are
// the same delivery: nothing is done twice.
func IngestExport(ctx workflow.Context, in IngestExportInput) (IngestExportResult, error) {
	if in.Source == "" && in.From == "" {
		return ingestEverySource(ctx, in)
	}
	run := newIngestRun(in)
	if err := workflow.SetQueryHandler(ctx, QueryIngest, func() (IngestExportResult, error) {
		return run.result, nil
	}); err != nil {
		return IngestExportResult{}, err
	}

	if err := run.awaitStable(ctx); err != nil {
		return IngestExportResult{}, err
	}
	found, err := run.discover(ctx)
	if err != nil {
		return IngestExportResult{}, err
	}
	run.takeIn(ctx, found)
	run.show(ctx, "")
	if err := ctx.Err(); err != nil {
		return IngestExportResult{}, err
	}

	// A very large export is taken in by several runs, each with a short history.
	if found.More && run.failure == nil {
		in.Before = &run.result
		return IngestExportResult{}, workflow.NewContinueAsNewError(ctx, IngestExport, in)
	}
	return run.result, run.verdict()
}

// ingestRun is one run's state, which queries and the board show.
type ingestRun struct {
	in      IngestExportInput
	result  IngestExportResult
	loaded  int
	parts   int
	rows    int64
	reasons map[int64]string // why a delivery's part was refused
	told    map[int64]bool   // deliveries whose end is in the result
	failure error            // the first error that is no refusal
}

func newIngestRun(in IngestExportInput) *ingestRun {
	run := &ingestRun{in: in, reasons: map[int64]string{}, told: map[int64]bool{}}
	if in.Before != nil {
		run.result = *in.Before
	}
	return run
}

func (r *ingestRun) where() activities.DiscoverInput {
	return activities.DiscoverInput{
		Source: r.in.Source, From: r.in.From, Month: r.in.Month,
		Format: r.in.Format, Again: r.in.Again,
	}
}

// awaitStable looks until two looks in a row see the same files: an export that
// is still being written is left alone.
func (r *ingestRun) awaitStable(ctx workflow.Context) error {
	var a *activities.Ingest
	var before activities.LookResult
	pause := lookPause
	for {
		var now activities.LookResult
		looking := withLoading(ctx, "look whether anybody is still writing")
		if err := workflow.ExecuteActivity(looking, a.Look, r.where()).Get(ctx, &now); err != nil {
			return err
		}
		if now.Fingerprint == before.Fingerprint {
			return nil
		}
		if now.Quiet && workflow.GetVersion(ctx, quietIsStable, workflow.DefaultVersion, 1) == 1 {
			r.result.Source = now.Source
			return nil
		}
		before = now
		r.result.Source = now.Source
		r.show(ctx,
			fmt.Sprintf("%d files, %d bytes; looking again to see whether they still grow", now.Files,
				now.Bytes))
		if err := workflow.Sleep(ctx, pause); err != nil {
			return err
		}
		pause = min(2*pause, lookPauseMax)
	}
}

// discover registers what is whole, waiting for what its manifest still lacks.
func (r *ingestRun) discover(ctx workflow.Context) (activities.DiscoverResult, error) {
	var a *activities.Ingest
	deadline := workflow.Now(ctx).Add(completeWithin)
	if r.in.WaitSeconds > 0 {
		deadline = workflow.Now(ctx).Add(time.Duration(r.in.WaitSeconds) * time.Second)
	}
	for pause := lookPause; ; pause = min(2*pause, lookPauseMax) {
		var found activities.DiscoverResult
		finding := withLoading(ctx, "find whole deliveries")
		if err := workflow.ExecuteActivity(finding, a.Discover, r.where()).Get(ctx, &found); err != nil {
			return found, err
		}
		r.result.Source, r.result.Skipped, r.result.Refused = found.Source, found.Skipped, found.Refused
		if len(found.Waiting) == 0 {
			return found, nil
		}
		if workflow.GetVersion(ctx, wholeFirst, workflow.DefaultVersion, 1) == 1 {
			r.takeIn(ctx, found)
		}
		if !workflow.Now(ctx).Add(pause).Before(deadline) {
			return found, incomplete(found.Waiting)
		}
		r.show(ctx, "waiting for parts:\n- "+strings.Join(found.Waiting, "\n- "))
		if err := workflow.Sleep(ctx, pause); err != nil {
			return found, err
		}
	}
}

// incomplete gives up on what never became whole.
func incomplete(waiting []string) error {
	what := fmt.Sprintf(
		"%s: the delivery is not whole: %s. Fix: have the missing files delivered, then ingest again",
		fault.IncompleteDelivery,
		strings.Join(waiting, "; "),
	)
	return temporal.NewNonRetryableApplicationError(what, string(fault.IncompleteDelivery), nil)
}

// takeIn loads and publishes what is whole: it need not wait for what is not.
func (r *ingestRun) takeIn(ctx workflow.Context, found activities.DiscoverResult) {
	r.loadParts(ctx, found)
	r.seal(ctx, found)
}

// loadParts loads every part that is not in yet, a few at a time.
func (r *ingestRun) loadParts(ctx workflow.Context, found activities.DiscoverResult) {
	var a *activities.Ingest
	slots := workflow.NewSemaphore(ctx, partsInFlight)
	group := workflow.NewWaitGroup(ctx)
	for _, one := range found.Deliveries {
		r.parts += len(one.Parts)
	}
	r.show(ctx, "")
	for _, one := range found.Deliveries {
		for i, part := range one.Parts {
			if err := slots.Acquire(ctx, 1); err != nil {
				return
			}
			if r.reasons[one.ID] != "" { // a part of it was refused: the rest cannot matter
				slots.Release(1)
				continue
			}
			group.Add(1)
			workflow.Go(ctx, func(ctx workflow.Context) {
				defer group.Done()
				defer slots.Release(1)
				var loaded activities.LoadPartResult
				loading := withLoading(ctx,
					fmt.Sprintf("delivery %d: part %d of %d", one.ID, i+1, len(one.Parts)))
				err := workflow.ExecuteActivity(loading, a.LoadPart,
					activities.LoadPartInput{PartID: part}).Get(ctx, &loaded)
				if err != nil {
					r.refuse(one.ID, err)
					return
				}
				r.loaded++
				r.rows += loaded.Rows
				r.show(ctx, "")
			})
		}
	}
	group.Wait(ctx)
}

// refuse notes why a delivery cannot be sealed. An error without a code is not
// the delivery's fault and fails the run.
func (r *ingestRun) refuse(id int64, err error) {
	if r.reasons[id] == "" {
		r.reasons[id] = activities.ReasonOf(err)
	}
	if activities.CodeOf(err).Class() != fault.ClassRefuse && r.failure == nil {
		r.failure = err
	}
}

// seal proves and publishes every delivery whose parts are in.
func (r *ingestRun) seal(ctx workflow.Context, found activities.DiscoverResult) {
	var a *activities.Ingest
	for i, one := range found.Deliveries {
		outcome := IngestOutcome{
			ID: one.ID, State: delivery.StateRefused, Format: one.Format,
			Why: r.reasons[one.ID],
		}
		if found.More && i == len(found.Deliveries)-1 && one.State == delivery.StateLoading {
			continue // its last parts are for the next run
		}
		if r.told[one.ID] {
			continue // it was taken in while another was waited for
		}
		r.told[one.ID] = true
		if outcome.Why == "" {
			var sealed activities.SealResult
			sealing := withSealing(ctx, fmt.Sprintf("prove and publish delivery %d", one.ID))
			err := workflow.ExecuteActivity(sealing, a.Seal,
				activities.SealInput{DeliveryID: one.ID}).Get(ctx, &sealed)
			if err != nil {
				r.refuse(one.ID, err)
				outcome.Why = r.reasons[one.ID]
			} else {
				outcome.State, outcome.Months, outcome.Superseded = sealed.State, sealed.Months,
					sealed.Superseded
				outcome.Rows, outcome.Quarantined, outcome.Why = sealed.Rows, sealed.Quarantined, sealed.Why
			}
		}
		r.result.tell(outcome)
	}
}

// verdict fails a run that took nothing in although something was there to take.
func (r *ingestRun) verdict() error {
	if r.failure != nil {
		return r.failure
	}
	for _, one := range r.result.Deliveries {
		late := strings.HasPrefix(one.Why, string(fault.OlderDelivery)) // changes nothing, as it should
		if late || one.State != delivery.StateRefused && one.State != delivery.StateStopped {
			return nil
		}
	}
	var reasons []string
	for _, one := range r.result.Deliveries {
		reasons = append(reasons, one.Why)
	}
	reasons = append(reasons, r.result.Refused...)
	if len(reasons) == 0 {
		what := "there is nothing to ingest in " + r.result.Source
		if len(r.result.Skipped) > 0 {
			what += ": " + strings.Join(r.result.Skipped, "; ")
		}
		return temporal.NewNonRetryableApplicationError(string(fault.Input)+": "+what+
			". Fix: name a folder with cost exports, or another month", string(fault.Input), nil)
	}
	code, _, _ := strings.Cut(reasons[0], " ")
	return temporal.NewNonRetryableApplicationError(strings.Join(reasons, "\n"),
		strings.TrimSuffix(code, ":"), nil)
}

// show keeps the run's current details true.
func (r *ingestRun) show(ctx workflow.Context, waiting string) {
	var text strings.Builder
	fmt.Fprintf(&text, "**%s**", r.result.Source)
	if !r.in.Month.IsZero() {
		fmt.Fprintf(&text, " · %s", r.in.Month)
	}
	fmt.Fprintf(&text, "\n\n%d of %d parts loaded, %d rows\n", r.loaded, r.parts, r.rows)
	if waiting != "" {
		fmt.Fprintf(&text, "\n%s\n", waiting)
	}
	if len(r.result.Deliveries) > 0 {
		text.WriteString(
			"\n| delivery | format | months | state | rows | set aside | why |\n|---|---|---|---|---:|---:|---|\n",
		)
	}
	for _, one := range r.result.Deliveries {
		fmt.Fprintf(&text, "| %d | %s | %s | %s | %d | %d | %s |\n", one.ID, one.Format,
			strings.Join(one.Months, " "), one.State, one.Rows, one.Quarantined, one.Why)
	}
	for _, line := range append(r.result.Refused, r.result.Skipped...) {
		fmt.Fprintf(&text, "- %s\n", line)
	}
	workflow.SetCurrentDetails(ctx, text.String())
}

// tell adds an outcome, keeping the result small.
func (r *IngestExportResult) tell(outcome IngestOutcome) {
	if len(outcome.Why) > 300 {
		outcome.Why = strings.ToValidUTF8(outcome.Why[:300], "") + "…"
	}
	if len(r.Deliveries) == outcomesMax {
		r.More++
		return
	}
	r.Deliveries = append(r.Deliveries, outcome)
}

func (r *IngestExportResult) add(other IngestExportResult) {
	for _, one := range other.Deliveries {
		r.tell(one)
	}
	r.More += other.More
	r.Refused = append(r.Refused, other.Refused[:min(len(other.Refused), 5)]...)
}
