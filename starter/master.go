package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"magam/activities"
	"magam/db"
	"magam/domain/fault"
	"magam/domain/master"
	"magam/domain/period"
	"magam/internal/blob"
	workbook "magam/templates/master"
	"magam/workflows"
)

// masterCmd keeps the workbook of master data.
type masterCmd struct {
	Template masterTemplateCmd `cmd:"" help:"Write an empty workbook with notes, drop-downs and examples."`
	Check    masterCheckCmd    `cmd:"" help:"Validate a workbook or a folder of CSV files; import nothing."`
	Import   masterImportCmd   `cmd:"" help:"Validate a workbook or a folder of CSV files, and import all or nothing."`
	Export   masterExportCmd   `cmd:"" help:"Write the master data back as it stands in a month."`
}

type masterTemplateCmd struct {
	Language string `enum:"ko,en" default:"ko" help:"Language of captions and notes: ko or en."`
	File     string `                          help:"Where to write the workbook (.xlsx)."      arg:""`
}

func (masterTemplateCmd) Help() string {
	return "Example:\n\n  starter master template --language ko master.xlsx"
}

// Run writes the template.
func (c *masterTemplateCmd) Run(s *session) error {
	var file bytes.Buffer
	err := workbook.Template(c.Language, &file)
	if err != nil {
		return err
	}
	return s.writeWorkbook(c.File, file.Bytes())
}

type masterExportCmd struct {
	Month period.Month `help:"Only rows that stand in this month; every row unless given." placeholder:"MONTH"`
	Lang  string       `help:"Language of captions and notes: ko or en."                                       name:"language" enum:"ko,en" default:"ko"`
	File  string       `help:"Where to write the workbook (.xlsx)."                                                                                      arg:""`
}

func (masterExportCmd) Help() string {
	return "Example:\n\n  starter master export --month 2026-10 master.xlsx"
}

// Run reads the standing sheets and writes them as a workbook.
func (c *masterExportCmd) Run(ctx context.Context, s *session) error {
	pool, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	tables, _, err := db.NewMaster(pool).StandingTables(ctx)
	if err != nil {
		return err
	}
	if len(tables) == 0 {
		return fault.New(fault.Input, "no master data was imported yet",
			"starter master template, fill it in, starter master import")
	}
	if !c.Month.IsZero() {
		tables = master.InMonth(tables, c.Month)
	}
	var file bytes.Buffer
	err = workbook.Export(c.Lang, tables, &file)
	if err != nil {
		return err
	}
	return s.writeWorkbook(c.File, file.Bytes())
}

func (s *session) writeWorkbook(name string, content []byte) error {
	err := os.WriteFile(name, content, 0o600)
	if err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	if s.json {
		return s.printJSON(map[string]any{"file": name, "bytes": len(content)})
	}
	_, err = fmt.Fprintf(s.out, "%s written, %d kB.\n", name, (len(content)+1023)/1024)
	return err
}

type masterCheckCmd struct {
	Path string `arg:"" help:"A workbook (.xlsx), a CSV file, or a folder of CSV files named after the sheets."`
}

func (masterCheckCmd) Help() string {
	return `Example:

  starter master check master.xlsx

Prints every problem with sheet and cell, and what to do. Exit code 3 where there is one.`
}

// Run checks through the same workflow that imports.
func (c *masterCheckCmd) Run(ctx context.Context, s *session) error {
	return s.runImport(ctx, c.Path, "", true)
}

type masterImportCmd struct {
	Path string `arg:"" help:"A workbook (.xlsx), a CSV file, or a folder of CSV files named after the sheets."`
	By   string `       help:"Who imports: a code of the people sheet."                                         placeholder:"CODE"`
}

func (masterImportCmd) Help() string {
	return `Example:

  starter master import --by lee master.xlsx

Replaces the sheets that the workbook contains, all or nothing. Prints every problem with sheet and cell, and what to
do; exit code 3 where there is one, and then nothing was imported.`
}

// Run imports all or nothing.
func (c *masterImportCmd) Run(ctx context.Context, s *session) error {
	return s.runImport(ctx, c.Path, c.By, false)
}

// runImport uploads the file, since history carries names and not rows, starts
// the workflow, waits, and prints what became of it.
func (s *session) runImport(ctx context.Context, path, by string, checkOnly bool) error {
	err := s.checkConfig()
	if err != nil {
		return err
	}
	content, extension, err := readMaster(path)
	if err != nil {
		return err
	}
	blobs, err := blob.Open(ctx, s.cfg.BlobURL)
	if err != nil {
		return err
	}
	defer blobs.Close()

	key := "master/uploads/" + digestOf(content) + extension
	digest, _, err := blobs.Put(ctx, key, "application/octet-stream", bytes.NewReader(content))
	if err != nil {
		return fmt.Errorf("upload the workbook: %w", err)
	}
	temporalClient, err := s.dial(ctx)
	if err != nil {
		return err
	}
	in := workflows.ImportMasterInput{Key: key, Digest: digest, By: by, CheckOnly: checkOnly}
	id, verb := workflows.ImportMasterID(digest), "Import"
	if checkOnly {
		id, verb = workflows.CheckMasterID(digest), "Check"
	}
	fmt.Fprintf(s.progress, "%s of %s: %s\n", verb, filepath.Base(path), id)
	run, err := temporalClient.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: id, TaskQueue: workflows.QueueClosing,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		StaticSummary:            verb + " of " + filepath.Base(path),
		StaticDetails:            "The workbook is `" + key + "` in the blob store.",
	}, workflows.ImportMaster, in)
	if err != nil {
		return fmt.Errorf("start %s: %w", id, err)
	}
	var result workflows.ImportMasterResult
	err = s.await(ctx, run, workflows.QueueClosing, &result)
	var failed *temporal.ApplicationError
	if errors.As(err, &failed) && failed.HasDetails() && failed.Details(&result) == nil &&
		result.Problems > 0 {
		err = nil
	}
	if err != nil {
		return err
	}
	if result.Changed {
		err = s.wakeCloses(ctx)
		if err != nil {
			return err
		}
	}
	return s.printImport(ctx, blobs, path, checkOnly, result)
}

// wakeCloses lets each month that waits look at the sheets again.
func (s *session) wakeCloses(ctx context.Context) error {
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	months, err := db.NewLedger(books).Closing(ctx)
	for _, month := range months {
		s.lookAgain(ctx, month)
	}
	return err
}

// reports reads what a workflow left in the blob store.
type reports interface {
	Get(ctx context.Context, key string) ([]byte, error)
}

func (s *session) printImport(
	ctx context.Context, blobs reports, path string, checkOnly bool, result workflows.ImportMasterResult,
) error {
	var report activities.MasterReport
	if result.Problems > 0 {
		content, err := blobs.Get(ctx, result.Report)
		if err == nil {
			err = json.Unmarshal(content, &report)
		}
		if err != nil {
			return fmt.Errorf("read the report: %w", err)
		}
	}
	if s.json {
		err := s.printJSON(map[string]any{
			"import":   result.Import,
			"changed":  result.Changed,
			"sheets":   result.Sheets,
			"problems": append([]master.Problem{}, report.Problems...),
		})
		if err != nil || result.Problems == 0 {
			return err
		}
		return refusedImport(path, result.Problems)
	}
	if result.Problems > 0 {
		s.printProblems(report.Problems)
		return refusedImport(path, result.Problems)
	}
	s.printSheets(result.Sheets)
	switch {
	case checkOnly:
		_, err := fmt.Fprintln(s.out, "No problems. Nothing was imported, as asked.")
		return err
	case !result.Changed:
		_, err := fmt.Fprintf(s.out, "The sheets stood like this already (version %d); nothing changed.\n",
			result.Import)
		return err
	default:
		_, err := fmt.Fprintf(s.out, "Imported as version %d.\n", result.Import)
		return err
	}
}

func refusedImport(path string, problems int) error {
	return &fault.Error{
		Code:  fault.Master,
		Place: fault.Place{File: filepath.Base(path)},
		What:  fmt.Sprintf("has %d problems; nothing was imported", problems),
		Cure:  "correct the cells listed above",
	}
}

// printProblems lists every problem in at most a hundred columns.
func (s *session) printProblems(problems []master.Problem) {
	list := newTable(s, plain("sheet"), plain("cell"), wrapped("what is wrong"), wrapped("what to do"))
	list.apart = true
	for _, problem := range problems {
		what := problem.What + " [" + string(problem.Code) + "]"
		if problem.Value != "" {
			what = fault.Excerpt(problem.Value) + " " + what
		}
		if problem.Column != "" {
			what = problem.Column + ": " + what
		}
		list.row(problem.Sheet, problem.Cell, what, problem.Cure)
	}
	list.print()
}

func (s *session) printSheets(sheets []master.SheetCount) {
	list := newTable(s, plain("sheet"), figure("rows"), figure("before"))
	for _, sheet := range sheets {
		list.row(sheet.Sheet, sheet.Rows, sheet.Before)
	}
	list.print()
}
