package main

import (
	"context"
	"fmt"
	"sort"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"magam/db"
	"magam/domain/commitment"
	"magam/domain/period"
	"magam/workflows"
)

// commitmentsCmd lists reservations, Savings Plans and committed use discounts,
// with the days they have left.
type commitmentsCmd struct {
	Day   string `help:"Day to count from, such as 2026-11-22; today in the house's zone unless given." placeholder:"DAY"`
	Check bool   `help:"Also start the day's check: flag each rung once and mail the recipients."`
}

// Help gives an example.
func (commitmentsCmd) Help() string {
	return `Example:

  starter commitments --day 2026-11-22 --check

Flags those that end within 30 days, on the rungs 30, 14, 7 and 1. --check also sends the mails of the rungs that are
reached that day; the same rung is never mailed twice.`
}

// Validate refuses what is no day.
func (c commitmentsCmd) Validate() error {
	if _, err := time.Parse(time.DateOnly, c.Day); err != nil && c.Day != "" {
		return fmt.Errorf("--day: %q is no day of the form 2026-11-22", c.Day)
	}
	return nil
}

// commitmentRow is one commitment as the answer shows it.
type commitmentRow struct {
	ID         string `json:"id"`
	Provider   string `json:"provider"`
	Kind       string `json:"kind"`
	SubAccount string `json:"sub_account"`
	Service    string `json:"service"`
	Region     string `json:"region"`
	Family     string `json:"family"`
	TermMonths int    `json:"term_months"`
	Payment    string `json:"payment_option"`
	Upfront    string `json:"upfront"`
	Hourly     string `json:"hourly"`
	Currency   string `json:"currency"`
	StartsOn   string `json:"starts_on"`
	EndsOn     string `json:"ends_on"`
	DaysLeft   int    `json:"days_left"` // negative: ended
	Rung       int    `json:"rung"`      // 30, 14, 7, 1; 0 where nothing is due
	State      string `json:"state"`     // future, active, expiring, ended
}

// Run prints the inventory, and checks the day where asked.
func (c commitmentsCmd) Run(ctx context.Context, s *session) error {
	if c.Day == "" {
		c.Day = time.Now().In(s.cfg.Location()).Format(time.DateOnly)
	}
	day, err := time.Parse(time.DateOnly, c.Day)
	if err != nil {
		return misusef("--day: %q is no day of the form 2026-11-22", c.Day)
	}
	pool, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	book, _, err := db.NewMaster(pool).LoadBook(ctx, period.MonthOf(day))
	if err != nil {
		return err
	}
	rows := commitmentRows(book.Commitments(), day)
	if c.Check {
		if err := c.check(ctx, s); err != nil {
			return err
		}
	}
	if s.json {
		return s.printJSON(rows)
	}
	printCommitments(s, rows, c.Day)
	return nil
}

// check runs the day's workflow, or joins the one that runs already.
func (c commitmentsCmd) check(ctx context.Context, s *session) error {
	temporal, err := s.dial(ctx)
	if err != nil {
		return err
	}
	run, err := temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: workflows.CheckCommitmentsID(c.Day), TaskQueue: workflows.QueueClosing,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		StaticSummary:            "Commitments that end within 30 days of " + c.Day,
	}, workflows.CheckCommitments, workflows.CheckCommitmentsInput{Day: c.Day})
	if err != nil {
		return fmt.Errorf("start the check of %s: %w", c.Day, err)
	}
	var result workflows.CheckCommitmentsResult
	if err := s.await(ctx, run, workflows.QueueClosing, &result); err != nil {
		return fmt.Errorf("check the commitments of %s: %w", c.Day, err)
	}
	s.sayf("%s: %d in force, %d end within 30 days, %d reached a rung that day, %d mails",
		result.Day, result.Inventory, result.Expiring, result.Noticed, result.Mails)
	return nil
}

func commitmentRows(list []commitment.Commitment, day time.Time) []commitmentRow {
	rungs := map[string]int{}
	for _, one := range commitment.Expiring(list, day) {
		rungs[one.Commitment.ID] = one.Rung
	}
	rows := make([]commitmentRow, 0, len(list))
	for _, one := range list {
		row := commitmentRow{
			ID:         one.ID,
			Provider:   one.Provider,
			Kind:       one.Kind,
			SubAccount: one.SubAccount,
			Service:    one.Service,
			Region:     one.Region,
			Family:     one.Family,
			TermMonths: one.TermMonths,
			Payment:    one.PaymentOption,
			Upfront:    one.Upfront.String(),
			Hourly:     one.Hourly.String(),
			Currency:   string(one.Currency),
			StartsOn:   one.StartsOn.Format(time.DateOnly),
			EndsOn:     one.EndsOn.Format(time.DateOnly),
			DaysLeft:   int(one.EndsOn.Sub(day) / (24 * time.Hour)),
			Rung:       rungs[one.ID],
			State:      "active",
		}
		switch {
		case row.Rung > 0:
			row.State = "expiring"
		case one.EndsOn.Before(day):
			row.State = "ended"
		case one.StartsOn.After(day):
			row.State = "future"
		}
		rows = append(rows, row)
	}
	return rows
}

func printCommitments(s *session, rows []commitmentRow, day string) {
	if len(rows) == 0 {
		fmt.Fprintln(s.out, "The master data has no commitment in force: sheet commitments.")
		return
	}
	sort.SliceStable(rows, func(a, b int) bool { return rows[a].EndsOn < rows[b].EndsOn })
	fmt.Fprintf(s.out, "commitments on %s, and the days they have left\n", day)
	printed := newTable(s, cut("id"), plain("kind"), cut("service"), cut("account"), cut("region"),
		plain("ends on"), figure("left"), plain("state"))
	for _, row := range rows {
		state := row.State
		if row.Rung > 0 {
			state = fmt.Sprintf("expiring (rung %d)", row.Rung)
		}
		printed.row(row.ID, row.Provider+" "+row.Kind, row.Service, row.SubAccount, row.Region, row.EndsOn,
			row.DaysLeft, state)
	}
	printed.print()
}
