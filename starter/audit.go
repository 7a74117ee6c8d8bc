package main

import (
	"context"
	"fmt"

	"magam/domain/period"
	"magam/internal/audit"
	"magam/internal/blob"
)

// auditCmd recomputes a month apart from the close that made it.
type auditCmd struct {
	Month period.Month `help:"Billing period; the month before this one unless given." placeholder:"MONTH"`
	Books bool         `help:"Only the books: open no file."`
}

// Help shows what people ask most.
func (auditCmd) Help() string {
	return `Example:

  starter audit --month 2026-10

Recomputes the month with its own sums, apart from the close that made it, and opens every file again that the books
have a digest of. Exit code 1 where anything differs, and says what, expected and found; --json has every finding.`
}

// findingsMax bounds what a table shows; --json has them all.
const findingsMax = 50

// Run audits and prints. The answer "something differs" is exit code 1.
func (c *auditCmd) Run(ctx context.Context, s *session) error {
	month := s.month(c.Month)
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	var files audit.Files
	if !c.Books {
		store, err := blob.Open(ctx, s.cfg.BlobURL)
		if err != nil {
			return err
		}
		defer store.Close()
		files = store
	}
	report, err := audit.MonthAndFiles(ctx, books, files, month.String())
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
	checks := newTable(s, plain("check"), wrapped("claim"), figure("looked at"), figure("differ"))
	for _, check := range report.Checks {
		checks.row(check.Name, check.Claim, check.Looked, check.Findings)
	}
	checks.print()
	if report.Clean() {
		_, err := fmt.Fprintf(s.out, "%s: everything holds.\n", report.Month)
		return err
	}

	findings := newTable(s, plain("check"), wrapped("subject"), wrapped("expected"), wrapped("found"))
	for _, finding := range report.Findings[:min(findingsMax, len(report.Findings))] {
		findings.row(finding.Check, finding.Subject, finding.Expected, finding.Found)
	}
	findings.print()
	_, err := fmt.Fprintf(s.out, "%s: %d differences.\n", report.Month, len(report.Findings))
	return err
}
