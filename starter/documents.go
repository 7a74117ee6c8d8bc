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
	"magam/internal/blob"
	"magam/workflows"
)

// documentsCmd lists a finalized document's files and saves them for people.
type documentsCmd struct {
	Number string `arg:"" help:"Number of a finalized document, such as INV-2026-000123."`
	To     string `       help:"Folder to save the files in, under their own names."      placeholder:"FOLDER"`
}

// Help shows what people do most.
func (documentsCmd) Help() string {
	return `Examples:

  starter documents INV-2026-000123
  starter documents INV-2026-000123 --to ./out

Files are told by kind, language, size in bytes and digest; each is checked against its digest before it is saved.`
}

// documentAnswer is one file for programs.
type documentAnswer struct {
	Kind     string `json:"kind"`
	Language string `json:"language"`
	FileName string `json:"file_name"`
	SHA256   string `json:"sha256"`
	Bytes    int64  `json:"bytes"`
	Key      string `json:"key"`
	Saved    string `json:"saved,omitempty"` // where to

	Accounts []string `json:"accounts"` // it is narrowed to; none: the whole document
}

// Run reads the books and, where asked, the store.
func (c *documentsCmd) Run(ctx context.Context, s *session) error {
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	reader := db.NewDocuments(books)
	_, _, err = reader.Frozen(ctx, c.Number)
	if err != nil {
		return err
	}
	files, err := reader.Of(ctx, c.Number)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return &fault.Error{
			Code:  fault.Input,
			Value: c.Number,
			What:  "has no files yet",
			Cure:  "run `starter render " + c.Number + "`",
		}
	}
	answers := make([]documentAnswer, len(files))
	for i, f := range files {
		answers[i] = documentAnswer{
			Kind:     f.Kind,
			Language: f.Language,
			FileName: f.FileName,
			SHA256:   f.SHA256,
			Bytes:    f.Bytes,
			Key:      f.Key,
			Accounts: append([]string{}, f.Accounts...),
		}
	}
	if c.To != "" {
		err = c.save(ctx, s, files, answers)
		if err != nil {
			return err
		}
	}
	if s.json {
		return s.printJSON(answers)
	}
	printDocuments(s, answers)
	return nil
}

// save copies files out of the store, each proved by its digest before it is named.
func (c *documentsCmd) save(
	ctx context.Context, s *session, files []delivery.Document, answers []documentAnswer,
) error {
	store, err := blob.Open(ctx, s.cfg.BlobURL)
	if err != nil {
		return err
	}
	defer store.Close()
	err = os.MkdirAll(c.To, 0o755)
	if err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	for i, f := range files {
		content, err := store.Get(ctx, f.Key)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		if found := hex.EncodeToString(sum[:]); found != f.SHA256 {
			return &fault.Error{
				Code:  fault.Hash,
				Value: found,
				What:  "is what the store holds of " + f.FileName + ", " + f.SHA256 + " what was sent",
				Cure:  "restore the store from a backup; `starter render " + c.Number + "` makes the file again",
			}
		}
		path := filepath.Join(c.To, filepath.Base(f.FileName))
		err = os.WriteFile(path, content, 0o600)
		if err != nil {
			return fmt.Errorf("save %s: %w", f.FileName, err)
		}
		answers[i].Saved = path
		fmt.Fprintln(s.progress, "saved", path)
	}
	return nil
}

func printDocuments(s *session, answers []documentAnswer) {
	writer := newTable(s, plain("document"), plain("shows"), plain("language"), cut("file"), figure("bytes"),
		plain("sha256"))
	for _, a := range answers {
		writer.row(a.Kind, seen(a.Accounts), a.Language, a.FileName, a.Bytes,
			a.SHA256[:min(12, len(a.SHA256))])
	}
	writer.print()
}

// renderAnswer is what became of a document's files, for programs.
type renderAnswer struct {
	Number    string           `json:"number"`
	Documents []renderedAnswer `json:"documents"`
	More      int              `json:"more"` // files not told one by one
}

type renderedAnswer struct {
	Kind     string `json:"kind"`
	Language string `json:"language"`
	Accounts int    `json:"accounts"` // how many it shows; 0 is all
	SHA256   string `json:"sha256"`
	Bytes    int64  `json:"bytes"`
	Same     bool   `json:"same"` // as the file that was there before
}

// renderCmd makes a document's files again and says whether they are the same.
type renderCmd struct {
	Number string `arg:"" help:"Number of a finalized document, such as INV-2026-000123."`
}

// Help shows the one way to call it.
func (renderCmd) Help() string {
	return `Example:

  starter render INV-2026-000123

Makes the files again from the frozen snapshot. Files that differ are refused and change nothing: exit code 3.`
}

// Run starts the workflow and waits for its word.
func (c *renderCmd) Run(ctx context.Context, s *session) error {
	dialled, err := s.dial(ctx)
	if err != nil {
		return err
	}
	id := workflows.RenderDocumentsID(c.Number)
	run, err := dialled.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: id, TaskQueue: workflows.QueueClosing,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:            "render " + c.Number,
	}, workflows.RenderDocuments, workflows.RenderDocumentsInput{Number: c.Number})
	if err != nil {
		return fmt.Errorf("start %s: %w", id, err)
	}
	var made workflows.RenderDocumentsResult
	err = s.await(ctx, run, workflows.QueueClosing, &made)
	if err != nil {
		return err // it names the document itself
	}
	answer := renderAnswer{
		Number:    made.Number,
		More:      made.More,
		Documents: make([]renderedAnswer, len(made.Documents)),
	}
	for i, one := range made.Documents {
		answer.Documents[i] = renderedAnswer{
			Kind:     one.Kind,
			Language: one.Language,
			Accounts: one.Accounts,
			SHA256:   one.SHA256,
			Bytes:    one.Bytes,
			Same:     one.Same,
		}
	}
	if s.json {
		return s.printJSON(answer)
	}
	writer := newTable(s, plain("document"), plain("shows"), plain("language"), figure("bytes"),
		plain("sha256"), plain("against before"))
	for _, d := range answer.Documents {
		against := "rendered for the first time"
		if d.Same {
			against = "identical, byte by byte"
		}
		shows := "all"
		if d.Accounts > 0 {
			shows = fmt.Sprintf("%d of its accounts", d.Accounts)
		}
		writer.row(d.Kind, shows, d.Language, d.Bytes, d.SHA256[:min(12, len(d.SHA256))], against)
	}
	writer.print()
	if answer.More > 0 {
		fmt.Fprintf(s.out, "and %d more: starter documents %s\n", answer.More, answer.Number)
	}
	return nil
}
