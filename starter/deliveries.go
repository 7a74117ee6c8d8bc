package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"magam/activities"
	"magam/db"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
	"magam/workflows"
)

// deliveriesCmd shows what sources delivered, whatever became of it, and lets
// people decide about it.
type deliveriesCmd struct {
	List     deliveriesListCmd     `cmd:"" help:"List deliveries, the newest first."`
	Show     deliveriesShowCmd     `cmd:"" help:"Show one delivery with its files."`
	Accept   deliveriesAcceptCmd   `cmd:"" help:"Let a held delivery through; two people must."`
	Withdraw deliveriesWithdrawCmd `cmd:"" help:"Take a delivery out of a month that is open."`
}

// Help shows an example.
func (deliveriesCmd) Help() string {
	return "Example:\n\n  starter deliveries list --month 2026-10"
}

type deliveriesListCmd struct {
	Month  period.Month `help:"Only what holds this billing period." placeholder:"MONTH"`
	Source string       `help:"Only of this source."                 placeholder:"NAME"`
	Limit  int          `help:"How many at most."                                        default:"100"`
}

// Help shows examples.
func (deliveriesListCmd) Help() string {
	return `Examples:

  starter deliveries list --month 2026-10
  starter deliveries list --source aws-payer --json

States: loading, sealed (published), superseded (replaced by a newer one), held (waits for two people), refused,
withdrawn. What is gone keeps its totals and its digest. Amounts are in the currency named; --json has every digit.`
}

// deliveryLine is one delivery for programs. Amounts are strings with every digit.
type deliveryLine struct {
	ID           int64              `json:"id"`
	Source       string             `json:"source"`
	Format       string             `json:"format"`
	Scope        string             `json:"scope"`
	State        string             `json:"state"`
	Months       []string           `json:"months"`
	Rows         int64              `json:"rows"`
	Quarantined  int64              `json:"quarantined"`
	PromisedRows int64              `json:"promised_rows,omitempty"` // by its manifest
	Totals       []db.DeliveryTotal `json:"totals"`
	Parts        int64              `json:"parts"`
	Bytes        int64              `json:"bytes"`
	Digest       string             `json:"digest"`
	Location     string             `json:"location"`
	AsOf         string             `json:"as_of,omitempty"` // when the provider made it
	DiscoveredAt string             `json:"discovered_at"`
	SealedAt     string             `json:"sealed_at,omitempty"`
	AgeHours     int                `json:"age_hours"` // since it was found
	SupersededBy int64              `json:"superseded_by,omitempty"`
	Why          string             `json:"why,omitempty"`         // refused, held or withdrawn
	LetThrough   string             `json:"let_through,omitempty"` // by whom, and why
	Files        []db.DeliveryFile  `json:"files,omitempty"`
}

// Run lists.
func (c deliveriesListCmd) Run(ctx context.Context, s *session) error {
	month := ""
	if !c.Month.IsZero() {
		month = c.Month.String()
	}
	lines, _, err := readDeliveries(ctx, s, month, c.Source, 0, c.Limit)
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(lines)
	}
	if len(lines) == 0 {
		_, err := fmt.Fprintln(s.out, "no delivery: starter ingest --from FOLDER")
		return err
	}
	printed := newTable(s, figure("id"), cut("source"), wrapped("months"), plain("state"), figure("rows"),
		figure("billed"), plain("age"))
	for _, one := range lines {
		printed.row(one.ID, one.Source, strings.Join(one.Months, " "), one.State, one.Rows+one.Quarantined,
			billedOf(one.Totals), ageOf(one.AgeHours))
	}
	printed.print()
	for _, one := range lines {
		if one.Why != "" && one.State != "superseded" {
			fmt.Fprintf(s.out, "%d %s: %s\n", one.ID, one.State, one.Why)
		}
	}
	return nil
}

func readDeliveries(
	ctx context.Context, s *session, month, source string, id int64, limit int,
) ([]deliveryLine, *db.Totals, error) {
	books, err := s.openBooks(ctx)
	if err != nil {
		return nil, nil, err
	}
	reader := &db.Totals{Pool: books}
	list, err := reader.Deliveries(ctx, month, source, id, max(1, limit))
	if err != nil {
		return nil, nil, err
	}
	lines := make([]deliveryLine, 0, len(list))
	for _, one := range list {
		lines = append(lines, lineOf(one, time.Now()))
	}
	return lines, reader, nil
}

func lineOf(d db.ListedDelivery, now time.Time) deliveryLine {
	line := deliveryLine{
		ID:           d.ID,
		Source:       d.Source,
		Format:       d.Format,
		Scope:        d.Scope,
		State:        d.State,
		PromisedRows: d.PromisedRows,
		Months:       []string{},
		Totals:       d.Totals,
		Parts:        d.Parts,
		Bytes:        d.Bytes,
		Digest:       d.Digest,
		Location:     d.Location,
		AsOf:         instant(d.AsOf),
		DiscoveredAt: instant(&d.DiscoveredAt),
		SealedAt:     instant(d.SealedAt),
		AgeHours:     int(now.Sub(d.DiscoveredAt) / time.Hour),
		SupersededBy: d.SupersededBy,
		Why:          d.Why,
		LetThrough:   d.LetThrough,
	}
	if line.Totals == nil {
		line.Totals = []db.DeliveryTotal{}
	}
	for _, total := range d.Totals {
		if total.State == "quarantined" {
			line.Quarantined += total.Rows
		} else {
			line.Rows += total.Rows
		}
		if n := len(line.Months); total.Month != "" && (n == 0 || line.Months[n-1] != total.Month) {
			line.Months = append(line.Months, total.Month)
		}
	}
	return line
}

func instant(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

func billedOf(totals []db.DeliveryTotal) string {
	amounts := make([]string, 0, len(totals))
	for _, total := range totals {
		amount := shown(total.Billed, money.Currency(total.Currency)) + " " + total.Currency
		if total.State != "sealed" {
			amount += " set aside"
		}
		amounts = append(amounts, amount)
	}
	return strings.Join(amounts, "\n")
}

func ageOf(hours int) string {
	if hours >= 48 {
		return fmt.Sprintf("%d days", hours/24)
	}
	return fmt.Sprintf("%d h", hours)
}

type deliveriesShowCmd struct {
	ID int64 `arg:"" name:"id" help:"The delivery's id, as list shows it."`
}

// Help shows an example.
func (deliveriesShowCmd) Help() string { return "Example:\n\n  starter deliveries show 17 --json" }

// Run shows one.
func (c deliveriesShowCmd) Run(ctx context.Context, s *session) error {
	lines, reader, err := readDeliveries(ctx, s, "", "", c.ID, 1)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		return &fault.Error{
			Code: fault.Input, Value: fmt.Sprint(c.ID), What: "is no delivery",
			Cure: "starter deliveries list shows them",
		}
	}
	one := lines[0]
	one.Files, err = reader.Files(ctx, c.ID)
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(one)
	}
	for _, fact := range [][2]string{
		{"source", one.Source},
		{"format", one.Format},
		{"replaces", one.Scope},
		{"state", one.State},
		{"why", one.Why},
		{"let through", one.LetThrough},
		{"made", one.AsOf},
		{"found", one.DiscoveredAt},
		{"sealed", one.SealedAt},
		{"location", one.Location},
		{"digest", one.Digest},
	} {
		if fact[1] != "" {
			fmt.Fprintf(s.out, "%-12s %s\n", fact[0], fact[1])
		}
	}
	totals := newTable(s, plain("month"), plain("currency"), plain("state"), figure("rows"), figure("billed"))
	for _, total := range one.Totals {
		totals.row(total.Month, total.Currency, total.State, total.Rows,
			shown(total.Billed, money.Currency(total.Currency)))
	}
	totals.print()
	files := newTable(s, figure("part"), cut("file"), figure("bytes"), figure("rows"), figure("promised"),
		cut("sha256"))
	for _, file := range one.Files {
		promised := ""
		if file.PromisedRows != 0 {
			promised = fmt.Sprint(file.PromisedRows)
		}
		files.row(file.Ordinal, file.Key, file.Bytes, file.Rows, promised, file.Digest)
	}
	files.print()
	return nil
}

// aboutDelivery is what every word about a delivery needs.
type aboutDelivery struct {
	ID     int64  `arg:"" name:"id" help:"The delivery's id, as list shows it."`
	By     string `                 help:"Your code of the people sheet."       placeholder:"CODE" required:""`
	Reason string `                 help:"Why: the audit log keeps it."         placeholder:"TEXT" required:""`
}

type deliveriesAcceptCmd struct{ aboutDelivery }

// Help shows an example.
func (deliveriesAcceptCmd) Help() string {
	return `Example:

  starter deliveries accept 17 --by park --reason "the provider removed a closed account"

For a delivery that is held because it lost more than half of its rows. It is published once two people have said so,
one of them an approver.`
}

// Run says it.
func (c deliveriesAcceptCmd) Run(ctx context.Context, s *session) error {
	return c.say(ctx, s, activities.AcceptDelivery)
}

type deliveriesWithdrawCmd struct{ aboutDelivery }

// Help shows an example.
func (deliveriesWithdrawCmd) Help() string {
	return `Example:

  starter deliveries withdraw 17 --by kim --reason "the same payer comes as FOCUS too"

Its rows leave the books; its totals, its digest and its original files stay. A month with a final document keeps what it
was made from. The same bytes come back only when asked for: starter ingest --again.`
}

// Run says it.
func (c deliveriesWithdrawCmd) Run(ctx context.Context, s *session) error {
	return c.say(ctx, s, activities.WithdrawDelivery)
}

// say runs the workflow that writes a person's word down, and prints what follows.
func (c aboutDelivery) say(ctx context.Context, s *session, verdict string) error {
	temporal, err := s.dial(ctx)
	if err != nil {
		return err
	}
	run, err := temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: workflows.DecideDeliveryID(c.ID, verdict, c.By), TaskQueue: workflows.QueueClosing,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:            fmt.Sprintf("%s: %s delivery %d", c.By, verdict, c.ID),
	}, workflows.DecideDelivery, workflows.DecideDeliveryInput{
		DeliveryID: c.ID, Verdict: verdict, By: c.By, Reason: c.Reason,
	})
	if err != nil {
		return fmt.Errorf("%s delivery %d: %w", verdict, c.ID, err)
	}
	var result workflows.DecideDeliveryResult
	if err := s.await(ctx, run, workflows.QueueClosing, &result); err != nil {
		return fmt.Errorf("%s delivery %d: %s", verdict, c.ID, sentence(err))
	}
	if s.json {
		return s.printJSON(
			saidOfDelivery{result.DeliveryID, result.State, result.Missing, result.Rows, result.Superseded},
		)
	}
	words := fmt.Sprintf("delivery %d is %s", c.ID, result.State)
	if result.Missing != "" {
		words += ", and waits for " + result.Missing
	}
	if result.Superseded != 0 {
		words += fmt.Sprintf("; it replaced delivery %d", result.Superseded)
	}
	_, err = fmt.Fprintln(s.out, words)
	return err
}

// saidOfDelivery is how a delivery stands after somebody's word, for programs.
type saidOfDelivery struct {
	ID         int64  `json:"id"`
	State      string `json:"state"`
	Missing    string `json:"missing,omitempty"` // who must speak yet
	Rows       int64  `json:"rows,omitempty"`
	Superseded int64  `json:"superseded,omitempty"`
}
