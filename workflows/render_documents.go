package workflows

import (
	"fmt"
	"strings"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"magam/activities"
	"magam/domain/fault"
)

// RenderDocumentsInput names a finalized document. `{}` is answered with what
// to write instead: no document can be guessed.
type RenderDocumentsInput struct {
	Number string // INV-2026-000123
}

// RenderDocumentsResult lists the files, by content.
type RenderDocumentsResult struct {
	Number    string
	Documents []activities.RenderedDocument
	More      int `json:",omitempty"` // files beyond those listed
}

// RenderDocuments makes a finalized document's files from its frozen snapshot.
// Starting it again proves that they are still the same, byte by byte.
func RenderDocuments(ctx workflow.Context, in RenderDocumentsInput) (RenderDocumentsResult, error) {
	if in.Number == "" {
		missing := fault.New(
			fault.Input,
			"no document's number was given",
			`start it again with {"Number": "INV-2026-000123"}; starter invoices --month MONTH lists the numbers`,
		)
		workflow.SetCurrentDetails(ctx, missing.Error())
		return RenderDocumentsResult{},
			temporal.NewNonRetryableApplicationError(missing.Error(), string(missing.Code), nil)
	}

	var a *activities.Documents
	var made activities.RenderResult
	rendering := withRendering(ctx, "print "+in.Number+" and write its workbook")
	err := workflow.ExecuteActivity(rendering, a.Render, activities.RenderInput{Number: in.Number}).
		Get(ctx, &made)
	if err != nil {
		workflow.SetCurrentDetails(ctx, "**"+in.Number+"** was not rendered\n\n"+activities.ReasonOf(err))
		return RenderDocumentsResult{}, err
	}
	workflow.SetCurrentDetails(ctx, documentsTable(made))
	return RenderDocumentsResult{Number: made.Number, Documents: made.Documents, More: made.More}, nil
}

// documentsTable lists files as the web UI shows them.
func documentsTable(made activities.RenderResult) string {
	var table strings.Builder
	fmt.Fprintf(&table, "**%s**\n\n| document | language | bytes | sha256 | |\n|:--|:--|--:|:--|:--|\n",
		made.Number)
	for _, d := range made.Documents {
		state := "new"
		if d.Same {
			state = "same bytes as before"
		}
		kind := d.Kind
		if d.Accounts > 0 {
			kind = fmt.Sprintf("%s, %d accounts (`%.8s`)", d.Kind, d.Accounts, d.Scope)
		}
		fmt.Fprintf(&table, "| %s | %s | %d | `%.12s` | %s |\n", kind, d.Language, d.Bytes, d.SHA256, state)
	}
	if made.More > 0 {
		fmt.Fprintf(&table, "\nand %d more: `starter documents %s`\n", made.More, made.Number)
	}
	return table.String()
}
