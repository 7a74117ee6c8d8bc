package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"magam/db"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/period"
	"magam/internal/blob"
	"magam/workflows"
)

// reportCmd makes a month's report for finance and saves its files.
type reportCmd struct {
	Month period.Month `help:"Billing period; the month before this one unless given."          placeholder:"MONTH"`
	To    string       `help:"Folder to save the report and its workbook in."                   placeholder:"FOLDER" default:"."`
	Mail  bool         `help:"Mail it, too, to those of finance who have not had this edition."`
}

// Help says when to use it.
func (reportCmd) Help() string {
	return `Examples:

  starter report --month 2026-10 --to ./finance
  starter report --month 2026-10 --mail

A close reports its month by itself. A month that says what it said before is the same edition: the same bytes, and
nobody is told twice. The files are for finance alone.`
}

// reportAnswer is one file for programs.
type reportAnswer struct {
	Month   string       `json:"month"`
	Edition int          `json:"edition"`
	Same    bool         `json:"same"` // nothing has changed since it was made
	Mails   int          `json:"mails"`
	Files   []reportFile `json:"files"`
}

type reportFile struct {
	Kind   string `json:"kind"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	Saved  string `json:"saved"`
}

// Run starts the workflow, waits for its word and copies the files.
func (c *reportCmd) Run(ctx context.Context, s *session) error {
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	month := s.month(c.Month)
	dialled, err := s.dial(ctx)
	if err != nil {
		return err
	}
	id := workflows.ReportMonthID(month)
	if !c.Mail {
		id += "/files" // a report whose mails are on their way goes on beside it
	}
	run, err := dialled.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: id, TaskQueue: workflows.QueueClosing,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:            "report " + month.String() + " to finance",
		TypedSearchAttributes:    workflows.PeriodAttribute(month),
	}, workflows.ReportMonth, workflows.ReportMonthInput{Month: month, FilesOnly: !c.Mail})
	if err != nil {
		return fmt.Errorf("start %s: %w", id, err)
	}
	var made workflows.ReportMonthResult
	err = s.await(ctx, run, workflows.QueueClosing, &made)
	if err != nil {
		return fmt.Errorf("report %s: %w", month, err)
	}
	files, err := db.NewReports(books).Files(ctx, month.String(), made.Edition, s.cfg.Language)
	if err != nil {
		return err
	}
	answer := reportAnswer{
		Month:   month.String(),
		Edition: made.Edition,
		Same:    made.Same,
		Mails:   made.Mails,
		Files:   []reportFile{},
	}
	err = c.save(ctx, s, files, &answer)
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(answer)
	}
	again := ""
	if answer.Same {
		again = ", as it was before"
	}
	fmt.Fprintf(s.out, "%s edition %d%s, %d mails sent\n", month, made.Edition, again, made.Mails)
	table := newTable(s, plain("file"), figure("bytes"), plain("sha256"), cut("saved"))
	for _, f := range answer.Files {
		table.row(f.Kind, f.Bytes, f.SHA256[:min(12, len(f.SHA256))], f.Saved)
	}
	table.print()
	return nil
}

// save copies the files out of the store, each proved by its digest.
func (c *reportCmd) save(
	ctx context.Context, s *session, files []delivery.Document, answer *reportAnswer,
) error {
	store, err := blob.Open(ctx, s.cfg.BlobURL)
	if err != nil {
		return err
	}
	defer store.Close()
	err = os.MkdirAll(c.To, 0o700)
	if err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	for _, f := range files {
		content, err := store.Get(ctx, f.Key)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		if found := hex.EncodeToString(sum[:]); found != f.SHA256 {
			return &fault.Error{
				Code: fault.Hash, Value: found, What: "is what the store holds of " + f.FileName,
				Cure: "restore the store from a backup",
			}
		}
		path := filepath.Join(c.To, filepath.Base(f.FileName))
		err = os.WriteFile(path, content, 0o600)
		if err != nil {
			return fmt.Errorf("save %s: %w", f.FileName, err)
		}
		answer.Files = append(answer.Files, reportFile{f.Kind, f.SHA256, f.Bytes, path})
	}
	return nil
}
