package main

import (
	"context"
	"fmt"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"magam/internal/audit"
)

// auditCmd recomputes a month apart from the close that made it.
type auditCmd struct {
	Month string `help:"Billing period, such as 2026-10." placeholder:"MONTH" required:""`
}

// Help shows what people ask most.
func (auditCmd) Help() string {
	return "starter audit --month 2026-10\n\nExits with 1 where anything differs, and says what, expected and found."
}

// findingsMax bounds what a table shows; --json has them all.
const findingsMax = 50

// Run audits and prints. The answer "something differs" is exit code 1.
func (c *auditCmd) Run(ctx context.Context, s *session) error {
	month, err := askedMonth(c.Month)
	if err != nil {
		return err
	}
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	report, err := audit.Month(ctx, books, month.String())
	if err != nil {
		return err
	}
	if s.json {
		err = s.printJSON(report)
	} else {
		err = printAudit(s, report)
	}
	if err == nil && !report.Clean() {
		return errDiffers
	}
	return err
}

func printAudit(s *session, report audit.Report) error {
	checks := newTable(s)
	checks.AppendHeader(table.Row{"check", "claim", "looked at", "differ"})
	checks.SetColumnConfigs([]table.ColumnConfig{{Number: 2, WidthMax: 60, WidthMaxEnforcer: text.WrapSoft}})
	for _, check := range report.Checks {
		checks.AppendRow(table.Row{check.Name, check.Claim, check.Looked, check.Findings})
	}
	checks.Render()
	if report.Clean() {
		_, err := fmt.Fprintf(s.out, "%s: everything holds.\n", report.Month)
		return err
	}

	findings := newTable(s)
	findings.AppendHeader(table.Row{"check", "subject", "expected", "found"})
	findings.SetColumnConfigs([]table.ColumnConfig{
		{Number: 2, WidthMax: 36, WidthMaxEnforcer: text.WrapSoft},
		{Number: 3, WidthMax: 22, WidthMaxEnforcer: text.WrapHard},
		{Number: 4, WidthMax: 22, WidthMaxEnforcer: text.WrapHard},
	})
	for _, finding := range report.Findings[:min(findingsMax, len(report.Findings))] {
		findings.AppendRow(table.Row{finding.Check, finding.Subject, finding.Expected, finding.Found})
	}
	findings.Render()
	_, err := fmt.Fprintf(s.out, "%s: %d differences.\n", report.Month, len(report.Findings))
	return err
}
