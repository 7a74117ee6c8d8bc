package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"magam/db"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
	"magam/workflows"
)

// ingestCmd takes in what lies in a folder, or what a configured source delivers.
type ingestCmd struct {
	From   string       `help:"Folder or bucket with exports; no source needs to be configured."     placeholder:"FOLDER"`
	Source string       `help:"A source of the sources sheet."                                       placeholder:"NAME"`
	Month  period.Month `help:"Take this billing period only; every one that is there unless given." placeholder:"MONTH"`
	Format string       `help:"auto, or a format of the sources sheet."                                                    default:"auto" enum:"auto,cur,cur2,focus,azure-actual,azure-amortized,gcp,oci"`
	Again  bool         `help:"Also take in what was withdrawn, or replaced by something newer."`
	Wait   int          `help:"Seconds to wait for missing parts of a delivery."                     placeholder:"SECONDS" default:"5"`
}

// Help shows what a newcomer tries first.
func (ingestCmd) Help() string {
	return `Examples:

  starter ingest --from ./exports
  starter ingest --source aws-payer --month 2026-10 --json

Takes whole deliveries, checked against their own control totals. The same bytes again answer with the same delivery; a
newer delivery replaces the older one. Exit code 3 where a delivery is refused or held, whatever else got in.`
}

// Validate refuses a command that says nowhere to look.
func (c *ingestCmd) Validate() error {
	if c.From == "" && c.Source == "" {
		return errors.New("nothing says where the exports are: give --from FOLDER or --source NAME")
	}
	return nil
}

// ingestAnswer is what an ingest did, for programs.
type ingestAnswer struct {
	ID         int64            `json:"id"`    // of the first delivery
	State      string           `json:"state"` // of the first delivery
	Source     string           `json:"source"`
	Deliveries []deliveryAnswer `json:"deliveries"`
	Skipped    []string         `json:"skipped,omitempty"`
	Refused    []string         `json:"refused,omitempty"`
}

type deliveryAnswer struct {
	ID          int64      `json:"id"`
	State       string     `json:"state"`
	Format      string     `json:"format"`
	Months      []string   `json:"months"`
	Rows        int64      `json:"rows"`
	Quarantined int64      `json:"quarantined"`
	Superseded  int64      `json:"superseded,omitempty"` // the delivery that it replaced
	Why         string     `json:"why,omitempty"`
	Totals      []totalRow `json:"totals"`
}

// Run starts the ingest, shows how it comes along and prints what it did.
func (c *ingestCmd) Run(ctx context.Context, s *session) error {
	in, id, err := c.input()
	if err != nil {
		return err
	}
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	reader := &db.Totals{Pool: books}
	newest, err := reader.Newest(ctx)
	if err != nil {
		return fmt.Errorf("open the books: %w", err)
	}
	dialled, err := s.dial(ctx)
	if err != nil {
		return err
	}
	run, err := dialled.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: id, TaskQueue: workflows.QueueIngest,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:            "ingest " + in.Source + in.From,
	}, workflows.IngestExport, in)
	if err != nil {
		return fmt.Errorf("start %s: %w", id, err)
	}
	result, err := watchIngest(ctx, s, reader, newest, run)
	if err != nil {
		return err
	}
	answer, err := c.answer(ctx, reader, result)
	if err != nil {
		return err
	}
	for _, one := range answer.Deliveries {
		for _, text := range one.Months {
			if month, err := period.ParseMonth(text); err == nil {
				s.lookAgain(ctx, month)
			}
		}
	}
	if s.json {
		err = s.printJSON(answer)
	} else {
		printIngest(s, answer)
	}
	if out := answer.keptOut(); err == nil && len(out) > 0 {
		return fmt.Errorf("%d of %d deliveries did not get in: %s", len(out),
			len(answer.Refused)+len(answer.Deliveries), strings.Join(out, "; "))
	}
	return err
}

// keptOut is why deliveries did not get in: refused before they had a number or
// after, or held. One that came too late changes nothing, as it should.
func (a ingestAnswer) keptOut() []string {
	reasons := slices.Clone(a.Refused)
	for _, one := range a.Deliveries {
		refused := one.State == delivery.StateRefused &&
			!strings.HasPrefix(one.Why, string(fault.OlderDelivery))
		if refused || one.State == delivery.StateStopped {
			reasons = append(reasons, one.Why)
		}
	}
	return reasons
}

// input turns flags into what the workflow takes, and names its run.
func (c *ingestCmd) input() (workflows.IngestExportInput, string, error) {
	in := workflows.IngestExportInput{
		Source:      c.Source,
		Month:       c.Month,
		Format:      c.Format,
		WaitSeconds: max(1, c.Wait),
		Again:       c.Again,
	}
	name := c.Source
	if c.From != "" {
		location, err := locationOf(c.From)
		if err != nil {
			return in, "", err
		}
		in.From = location
		if name == "" {
			name = delivery.FolderName(location)
		}
	}
	return in, workflows.IngestExportID(name, in.Month), nil
}

// locationOf makes a URL of a folder, whatever folder the command runs in.
func locationOf(from string) (string, error) {
	if strings.Contains(from, "://") {
		return from, delivery.CheckAddress(from) // before it is told to Temporal
	}
	absolute, err := filepath.Abs(from)
	if err != nil {
		return "", fmt.Errorf("find %s: %w", from, err)
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(absolute)}).String(), nil
}

// answer looks up what the books hold of each delivery.
func (c *ingestCmd) answer(
	ctx context.Context, reader *db.Totals, result workflows.IngestExportResult,
) (ingestAnswer, error) {
	answer := ingestAnswer{
		Source:     result.Source,
		Deliveries: []deliveryAnswer{},
		Skipped:    result.Skipped,
		Refused:    result.Refused,
	}
	for _, one := range result.Deliveries {
		totals, err := reader.OfDelivery(ctx, one.ID, "")
		if err != nil {
			return answer, err
		}
		answer.Deliveries = append(answer.Deliveries, deliveryAnswer{
			ID:          one.ID,
			State:       one.State,
			Format:      one.Format,
			Months:      append([]string{}, one.Months...),
			Rows:        one.Rows,
			Quarantined: one.Quarantined,
			Superseded:  one.Superseded,
			Why:         one.Why,
			Totals:      totalRows(totals, ""),
		})
	}
	if len(answer.Deliveries) > 0 {
		answer.ID, answer.State = answer.Deliveries[0].ID, answer.Deliveries[0].State
	}
	return answer, nil
}

func printIngest(s *session, answer ingestAnswer) {
	writer := newTable(s, figure("delivery"), plain("format"), wrapped("months"), plain("state"),
		figure("rows"), figure("quarantined"), figure("billed"))
	for _, one := range answer.Deliveries {
		var billed []string
		for _, total := range one.Totals {
			amount := shown(total.BilledCost, money.Currency(total.Currency)) + " " + total.Currency
			if total.State != "sealed" {
				amount += " set aside"
			}
			billed = append(billed, amount)
		}
		writer.row(one.ID, one.Format, strings.Join(one.Months, " "), one.State, one.Rows, one.Quarantined,
			strings.Join(billed, "\n"))
	}
	writer.print()
	for _, one := range answer.Deliveries {
		if one.Superseded != 0 {
			fmt.Fprintf(s.progress, "delivery %d replaced delivery %d\n", one.ID, one.Superseded)
		}
		if one.Why != "" {
			fmt.Fprintln(s.progress, one.Why)
		}
	}
	for _, line := range answer.Skipped {
		s.sayf("%s", line)
	}
}
