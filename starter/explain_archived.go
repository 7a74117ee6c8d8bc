package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"magam/activities"
	"magam/domain/charge"
	"magam/domain/fault"
	"magam/internal/blob"
	"magam/workflows"
)

// archivedRows are rows that a worker has read back from the archive: it is the
// formats' room that knows how, and the worker who may go there.
type archivedRows struct {
	found activities.ExplainLineResult
	store *blob.Store
}

// readBack has a worker read the rows from the original files, and proves that
// what it wrote down is what lies in the store.
func (c *explainCmd) readBack(ctx context.Context, s *session) (rowsOfLine, error) {
	temporal, err := s.dial(ctx)
	if err != nil {
		return nil, err
	}
	s.sayf("rows of this month were archived: a worker reads them back from the original files")
	run, err := temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: workflows.ExplainLineID(c.Invoice, c.Line), TaskQueue: workflows.QueueIngest,
		StaticSummary:            "read a line's rows back from the archive",
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, workflows.ExplainLine, workflows.ExplainLineInput{Document: c.Invoice, Line: c.Line})
	if err != nil {
		return nil, fmt.Errorf("start reading the rows back: %w", err)
	}
	var back archivedRows
	err = s.await(ctx, run, workflows.QueueIngest, &back.found)
	if err != nil {
		return nil, fmt.Errorf("read the rows of %s line %d back: %s", c.Invoice, c.Line, sentence(err))
	}
	back.store, err = blob.Open(ctx, s.cfg.BlobURL)
	if err != nil {
		return nil, err
	}
	err = back.prove(ctx)
	if err != nil {
		back.close()
		return nil, err
	}
	return &back, nil
}

func (a *archivedRows) prove(ctx context.Context) error {
	file, _, err := a.store.Open(ctx, a.found.Key)
	if err != nil {
		return fmt.Errorf("open the rows that were read back: %w", err)
	}
	defer file.Close()
	digest := sha256.New()
	if _, err := io.Copy(digest, file); err != nil {
		return fmt.Errorf("open the rows that were read back: %w", err)
	}
	if found := hex.EncodeToString(digest.Sum(nil)); found != a.found.Digest {
		return &fault.Error{
			Code: fault.Hash, Value: found, What: "is not what the worker wrote down at " + a.found.Key,
			Cure: "ask again; command and worker must share one store",
		}
	}
	return nil
}

func (a *archivedRows) sums(context.Context) (int64, string, error) {
	return a.found.Rows, a.found.Billed, nil
}

func (a *archivedRows) each(ctx context.Context, limit, offset int, use func(charge.SourceRow) error) error {
	file, _, err := a.store.Open(ctx, a.found.Key)
	if err != nil {
		return fmt.Errorf("open the rows that were read back: %w", err)
	}
	defer file.Close()
	return pageOf(file, limit, offset, use)
}

func (a *archivedRows) close() { _ = a.store.Close() } // only read from
