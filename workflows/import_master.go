package workflows

import (
	"fmt"
	"strings"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"magam/activities"
	"magam/domain/fault"
	"magam/domain/master"
)

// ImportMasterInput names a workbook that was uploaded to the blob store.
type ImportMasterInput struct {
	Key       string // in the blob store
	Digest    string // sha256 of its bytes; empty does not ask
	By        string // a code of the people sheet; empty for the first import
	CheckOnly bool   // validate and report, import nothing
}

// ImportMasterResult says what was imported, or where the problems are listed.
type ImportMasterResult struct {
	Import   int64 // 0 where nothing was imported
	Changed  bool  // false: the sheets stood like this already
	Sheets   []master.SheetCount
	Problems int
	Report   string // key of the report in the blob store
}

// CheckMasterID names a check that imports nothing.
func CheckMasterID(digest string) string { return ImportMasterID(digest) + "/check" }

// ImportMaster checks a workbook of master data and imports it, all or nothing.
// A workbook with problems fails the run, which carries where the report is.
func ImportMaster(ctx workflow.Context, in ImportMasterInput) (ImportMasterResult, error) {
	var a *activities.Master // names the activities; the worker holds the real one
	if in.Key == "" {
		return ImportMasterResult{}, temporal.NewNonRetryableApplicationError(
			"Key is empty. Fix: start with starter master import FILE, which uploads the workbook first",
			string(fault.Input), nil)
	}
	workbook := activities.MasterInput{Key: in.Key, Digest: in.Digest, By: in.By}

	workflow.SetCurrentDetails(ctx, "Checking the workbook.")
	var check activities.MasterCheck
	err := workflow.ExecuteActivity(withRecordKeeping(ctx, "check the workbook"), a.CheckWorkbook, workbook).
		Get(ctx, &check)
	if err != nil {
		return ImportMasterResult{}, err
	}

	result := ImportMasterResult{Problems: check.Problems, Report: check.Report, Sheets: check.Sheets}
	if check.Problems > 0 {
		workflow.SetCurrentDetails(ctx, fmt.Sprintf(
			"**%d problems.** Nothing was imported. Report: `%s`", check.Problems, check.Report))
		if in.CheckOnly {
			return result, nil
		}
		return result, temporal.NewNonRetryableApplicationError(
			fmt.Sprintf(
				"the workbook has %d problems; nothing was imported. Fix: correct the cells listed in %s",
				check.Problems,
				check.Report,
			),
			string(fault.Master),
			nil,
			result,
		)
	}
	if in.CheckOnly {
		workflow.SetCurrentDetails(ctx,
			"No problems. Nothing was imported, as asked.\n\n"+sheetTable(result.Sheets))
		return result, nil
	}

	var stored master.Import
	err = workflow.ExecuteActivity(withRecordKeeping(ctx, "import all sheets"), a.ImportWorkbook, workbook).
		Get(ctx, &stored)
	if err != nil {
		return result, err
	}
	result.Import, result.Changed, result.Sheets = stored.ID, stored.Changed, stored.Sheets
	verdict := fmt.Sprintf("Imported as version %d.", stored.ID)
	if !stored.Changed {
		verdict = fmt.Sprintf("Nothing to do: the sheets stood like this already, version %d.", stored.ID)
	}
	workflow.SetCurrentDetails(ctx, verdict+"\n\n"+sheetTable(result.Sheets))
	return result, nil
}

// sheetTable is the table that the web UI shows.
func sheetTable(counts []master.SheetCount) string {
	var table strings.Builder
	table.WriteString("| sheet | rows | before |\n|:--|--:|--:|\n")
	for _, count := range counts {
		fmt.Fprintf(&table, "| %s | %d | %d |\n", count.Sheet, count.Rows, count.Before)
	}
	return table.String()
}
