package main

import (
	"context"
	"fmt"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"magam/activities"
	"magam/db"
	"magam/internal/sandbox"
	"magam/workflows"
)

// activitiesAtOnce bounds short work on the books by one worker, so that a month
// of thousands does not open thousands of connections.
const activitiesAtOnce = 16

// worker makes the server of one queue, its hands married to their doors.
func (h *house) worker(queue string) (worker.Worker, error) {
	options := worker.Options{WorkerStopTimeout: h.cfg.StopWait, MaxConcurrentActivityExecutionSize: activitiesAtOnce}
	switch queue {
	case "ingest":
		options.MaxConcurrentActivityExecutionSize = h.cfg.ParallelParts
		one := worker.New(h.temporal, workflows.QueueIngest, options)
		registerWorkflows(one)
		one.RegisterActivity(h.ingest())
		return one, nil
	case "closing":
		one := worker.New(h.temporal, workflows.QueueClosing, options)
		registerWorkflows(one)
		for _, hand := range h.closing() {
			one.RegisterActivity(hand)
		}
		return one, nil
	case "documents":
		options.DisableWorkflowWorker = true
		one := worker.New(h.temporal, workflows.QueueDocuments, options)
		one.RegisterActivity(&activities.Documents{Books: db.NewDocuments(h.books), Store: h.store})
		return one, nil
	case "mail":
		options.DisableWorkflowWorker = true
		one := worker.New(h.temporal, workflows.QueueMail, options)
		one.RegisterActivity(&activities.Delivery{Outbox: db.NewOutbox(h.books), Blobs: h.store, Relay: h.relay})
		one.RegisterActivity(h.commitments())
		return one, nil
	default:
		return nil, fmt.Errorf("MAGAM_WORKER_QUEUES: %q is none of ingest, closing, documents, mail", queue)
	}
}

// registerWorkflows names every workflow of the house. Any of the queues that
// run workflows may be asked for any of them from the web UI.
func registerWorkflows(one worker.Worker) {
	one.RegisterWorkflow(workflows.ApplyTags)
	one.RegisterWorkflow(workflows.CheckCommitments)
	one.RegisterWorkflow(workflows.CloseBatch)
	one.RegisterWorkflow(workflows.CloseCustomer)
	one.RegisterWorkflow(workflows.CloseMonth)
	one.RegisterWorkflow(workflows.DeliverInvoice)
	one.RegisterWorkflow(workflows.ImportMaster)
	one.RegisterWorkflow(workflows.IngestExport)
	one.RegisterWorkflow(workflows.ReconcileCredits)
	one.RegisterWorkflow(workflows.RenderDocuments)
}

func (h *house) ingest() *activities.Ingest {
	return &activities.Ingest{
		Books: &db.Charges{Pool: h.books}, Archive: archive{h.store}, OpenStore: openSourceStore,
		Zone: h.cfg.Location(), Now: time.Now,
	}
}

// closing gives the hands that keep records: master data, the close itself,
// reconciling and tagging.
func (h *house) closing() []any {
	ledger, master, zone := db.NewLedger(h.books), db.NewMaster(h.books), h.cfg.Location()
	return []any{
		&activities.Master{Books: master, Blobs: h.store, Sandbox: sandbox.Runner{Limits: sandbox.Default()}},
		&activities.Closing{
			Ledger: ledger, Master: master, Runs: runs{h.temporal}, Now: time.Now, Zone: zone, Language: h.cfg.Language,
		},
		&activities.Reconciling{Ledger: ledger, Master: master, Now: time.Now, Zone: zone},
		&activities.Tagging{Ledger: ledger, Now: time.Now, Zone: zone},
		h.commitments(),
	}
}

// commitments gives the hands that flag, on the books, and tell, by mail.
func (h *house) commitments() *activities.Commitments {
	return &activities.Commitments{
		Master: db.NewMaster(h.books), Notices: db.NewCommitments(h.books), Relay: h.relay,
		Now: time.Now, Zone: h.cfg.Location(), Language: h.cfg.Language,
	}
}

// runs is the door to what Temporal knows of a workflow.
type runs struct {
	temporal client.Client
}

// Running says whether a workflow runs now.
func (r runs) Running(ctx context.Context, workflowID string) (bool, error) {
	described, err := r.temporal.DescribeWorkflowExecution(ctx, workflowID, "")
	if err != nil {
		return false, fmt.Errorf("describe %s: %w", workflowID, err)
	}
	return described.GetWorkflowExecutionInfo().GetStatus() == enums.WORKFLOW_EXECUTION_STATUS_RUNNING, nil
}
