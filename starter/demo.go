package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"magam/db"
	"magam/domain/delivery"
	"magam/domain/period"
)

// demoCmd closes a whole fictional month with the same commands that finance
// and ops use, one after the other, and ends by printing what came of it.
type demoCmd struct {
	Dir  string `help:"Where the sample and the documents go." default:"demo"  type:"path"`
	Rows int    `help:"Rows of the sample month."              default:"10000"`
}

// Help shows an example.
func (demoCmd) Help() string {
	return `Example:

  starter demo --rows 100000

A second run finds everything done, changes nothing, and prints the same result.
Works on the embedded stack only (make up), so that no real books are touched.`
}

// The people of the sample who do what the demo does.
const (
	demoFinance  = "lee"
	demoApprover = "choi"
)

// mailsWithin is how long the demo waits for its mails to be sent.
const mailsWithin = 2 * time.Minute

// demo is one run: where things lie, and for which month.
type demo struct {
	*session
	month   period.Month
	exports string // the sample: exports and master data
	files   string // documents as people open them
	rows    int
}

// Run walks through the month.
func (c demoCmd) Run(ctx context.Context, s *session) error {
	if !s.cfg.Embedded {
		return errors.New("the demo closes a fictional month: it runs on the embedded stack only. " +
			"Fix: make up, and unset MAGAM_DATABASE_URL")
	}
	began := time.Now()
	month := period.Previous(began.In(s.cfg.Location()))
	d := &demo{
		session: s, month: month, rows: c.Rows,
		exports: filepath.Join(c.Dir, "sample-"+month.String()),
		files:   filepath.Join(c.Dir, "documents-"+month.String()),
	}
	answers := s.out
	defer func() { s.out = answers }()
	s.out = io.Discard // each step's own answer comes together at the end
	steps := d.steps()
	for i, step := range steps {
		s.sayf("\n[%d/%d] %s", i+1, len(steps), step.title)
		err := step.run(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", step.title, err)
		}
	}
	s.out = answers
	return d.report(ctx, time.Since(began))
}

// demoStep is one command of the demo, by what it does for people.
type demoStep struct {
	title string
	run   func(context.Context) error
}

func (d *demo) steps() []demoStep {
	return []demoStep{
		{
			"making the sample month " + d.month.String() + " of a fictional reseller",
			func(ctx context.Context) error {
				return sampleCmd{
					Dir:      d.exports,
					Seed:     1,
					Month:    d.month,
					Rows:     d.rows,
					Revision: 1,
				}.Run(ctx, d.session)
			},
		},
		{"importing the master data that finance keeps", func(ctx context.Context) error {
			return (&masterImportCmd{Path: filepath.Join(d.exports, "master")}).Run(ctx, d.session)
		}},
		{"ingesting the payer's cost and usage report", d.ingest("aws-seoul")},
		{"ingesting the other payer's FOCUS export", d.ingest("aws-tokyo")},
		{
			"closing: tags, credits, drafts, proof, approval, numbers, documents",
			func(ctx context.Context) error {
				return closeCmd{
					Month:     d.month,
					By:        demoFinance,
					Wait:      true,
					ApproveAs: demoApprover,
				}.Run(ctx, d.session)
			},
		},
		{"waiting until every mail is sent", d.awaitMails},
		{"checking commitments before they expire", func(ctx context.Context) error {
			return commitmentsCmd{Check: true}.Run(ctx, d.session)
		}},
		{"auditing the books by an independent path", func(ctx context.Context) error {
			return (&auditCmd{Month: d.month}).Run(ctx, d.session)
		}},
		{"saving the documents as people open them", d.saveDocuments},
	}
}

func (d *demo) ingest(source string) func(context.Context) error {
	return func(ctx context.Context) error {
		return (&ingestCmd{Source: source, Month: d.month, Format: "auto"}).Run(ctx, d.session)
	}
}

// awaitMails waits until the outbox has nothing on its way.
func (d *demo) awaitMails(ctx context.Context) error {
	books, err := d.openBooks(ctx)
	if err != nil {
		return err
	}
	outbox, until := db.NewOutbox(books), time.Now().Add(mailsWithin)
	for {
		mails, err := outbox.List(ctx, d.month)
		if err != nil {
			return err
		}
		sent := 0
		for _, mail := range mails {
			if mail.State == delivery.StateSent {
				sent++
			}
		}
		if sent == len(mails) {
			d.sayf("%d of %d mails sent", sent, len(mails))
			return nil
		}
		if time.Now().After(until) {
			return fmt.Errorf("%d of %d mails sent within %s: see `starter mails --month %s`",
				sent, len(mails), mailsWithin, d.month)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// saveDocuments copies every PDF and workbook of the month out of the store,
// and writes the master data back as the workbook that finance would keep.
func (d *demo) saveDocuments(ctx context.Context) error {
	books, err := d.openBooks(ctx)
	if err != nil {
		return err
	}
	invoices, err := db.NewLedger(books).Invoices(ctx, d.month)
	if err != nil {
		return err
	}
	progress := d.progress
	defer func() { d.progress = progress }()
	d.progress = io.Discard // a line per file is too much of a good thing
	for _, invoice := range invoices {
		err = (&documentsCmd{Number: invoice.Number, To: d.files}).Run(ctx, d.session)
		if err != nil {
			return err
		}
	}
	fmt.Fprintf(progress, "%d documents in %s\n", len(invoices), d.files)
	workbook := filepath.Join(d.files, "master-"+d.month.String()+".xlsx")
	return (&masterExportCmd{Month: d.month, Lang: "ko", File: workbook}).Run(ctx, d.session)
}

// report prints what came of the month and where to look.
func (d *demo) report(ctx context.Context, took time.Duration) error {
	err := (&invoicesCmd{Month: d.month}).Run(ctx, d.session)
	if err != nil {
		return err
	}
	err = (&statusCmd{Month: d.month}).Run(ctx, d.session)
	if err != nil || d.json {
		return err
	}
	_, err = fmt.Fprintf(d.out, `
Every line of the providers' bills is on exactly one side: delivered = sealed + quarantined, and
sealed = assigned + retained + unassigned. The audit recomputed it from the rows by another path.

  documents       %s
  exports         %s
  mails           %s
  Temporal UI     %s/namespaces/%s/workflows
  this close      %s

Closed %s in %s. Next: bin/starter explain INV-%d-000001 1, or make down.
`, d.files, d.exports, d.cfg.MailURL, d.cfg.TemporalUIURL, d.cfg.TemporalNamespace,
		d.runURL("close/"+d.month.String(), ""), d.month, took.Round(time.Second), d.month.Year())
	return err
}
