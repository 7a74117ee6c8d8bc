package main

import (
	"context"
	"fmt"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"

	"magam/activities"
	"magam/db"
	"magam/internal/sandbox"
	"magam/workflows"
)

// activitiesAtOnce bounds short work on the books by one worker, so that a month
// of thousands does not open thousands of connections.
const activitiesAtOnce = 16

// beatsApart is how often a heartbeat is passed on to Temporal, which otherwise
// gets one in four fifths of the silence it permits: a beat that came a little
// late would give living work away, and who watches would see nothing move.
const beatsApart = 2 * time.Second

// worker makes the server of one queue, its hands married to their doors.
func (h *house) worker(queue string) (worker.Worker, error) {
	options := worker.Options{
		WorkerStopTimeout:                  h.cfg.StopWait,
		MaxHeartbeatThrottleInterval:       beatsApart,
		MaxConcurrentActivityExecutionSize: activitiesAtOnce,
		Interceptors:                       []interceptor.WorkerInterceptor{&pulse{}},
	}
	var taskQueue string
	var hands []any
	switch queue {
	case "ingest":
		options.MaxConcurrentActivityExecutionSize = h.cfg.ParallelParts
		taskQueue, hands = workflows.QueueIngest, []any{h.ingest(), h.preflight(), h.tracing()}
	case "closing":
		taskQueue, hands = workflows.QueueClosing, h.closing()
	case "documents":
		taskQueue, hands = workflows.QueueDocuments, []any{h.documents(), h.reporting()}
	case "mail":
		taskQueue, hands = workflows.QueueMail, []any{
			h.delivery(),
			h.commitments(),
			h.watching(),
			h.reporting(),
		}
	default:
		return nil, fmt.Errorf("MAGAM_WORKER_QUEUES: %q is none of ingest, closing, documents, mail", queue)
	}
	one := worker.New(h.temporal, taskQueue, options)
	registerWorkflows(one)
	for _, hand := range hands {
		one.RegisterActivity(hand)
	}
	return one, nil
}

// registerWorkflows names every workflow of the house, on every queue: a person
// in the web UI's form may choose any of them, and nothing must wait for ever.
func registerWorkflows(one worker.Worker) {
	one.RegisterWorkflow(workflows.ApplyTags)
	one.RegisterWorkflow(workflows.ArchiveMonth)
	one.RegisterWorkflow(workflows.CheckCommitments)
	one.RegisterWorkflow(workflows.CheckSources)
	one.RegisterWorkflow(workflows.CloseBatch)
	one.RegisterWorkflow(workflows.CloseCustomer)
	one.RegisterWorkflow(workflows.CloseMonth)
	one.RegisterWorkflow(workflows.DecideDelivery)
	one.RegisterWorkflow(workflows.DecideQuarantine)
	one.RegisterWorkflow(workflows.DeliverInvoice)
	one.RegisterWorkflow(workflows.ExplainLine)
	one.RegisterWorkflow(workflows.ImportMaster)
	one.RegisterWorkflow(workflows.IngestExport)
	one.RegisterWorkflow(workflows.ReconcileCredits)
	one.RegisterWorkflow(workflows.RenderDocuments)
	one.RegisterWorkflow(workflows.ReportMonth)
	one.RegisterWorkflow(workflows.ShareCosts)
	one.RegisterWorkflow(workflows.WatchSources)
}

func (h *house) ingest() *activities.Ingest {
	books := &db.Charges{Pool: h.books}
	return &activities.Ingest{
		Books: books, Seen: books, Archive: archive{h.store}, OpenStore: openSourceStore,
		Spool: spoolIn(h.spool), Zone: h.cfg.Location(), Now: time.Now,
	}
}

func (h *house) preflight() *activities.Preflight {
	return &activities.Preflight{
		Books: &db.Charges{Pool: h.books}, OpenStore: openSourceStore, Now: time.Now,
	}
}

// tracing gives the hands that lead from a line back to archived rows.
func (h *house) tracing() *activities.Tracing {
	return &activities.Tracing{
		Books: db.NewLedger(h.books), Master: db.NewMaster(h.books), Archive: archive{h.store},
		Spool: spoolIn(h.spool),
	}
}

// closing gives the hands that keep records: master data, the close itself,
// reconciling and tagging.
func (h *house) closing() []any {
	ledger, master, zone := db.NewLedger(h.books), db.NewMaster(h.books), h.cfg.Location()
	return []any{
		&activities.Master{Books: master, Blobs: h.store, Sandbox: sandbox.Runner{Limits: sandbox.Default()}},
		&activities.Closing{
			Ledger:   ledger,
			Master:   master,
			Runs:     runs{h.temporal},
			Now:      time.Now,
			Zone:     zone,
			Language: h.cfg.Language,
		},
		&activities.Reconciling{Ledger: ledger, Master: master, Now: time.Now, Zone: zone},
		&activities.Sharing{Ledger: ledger, Master: master, Now: time.Now, Zone: zone},
		&activities.Quarantine{Ledger: ledger, Master: master, Language: h.cfg.Language},
		&activities.Tagging{Ledger: ledger, Now: time.Now, Zone: zone},
		h.commitments(),
		&activities.Deciding{Books: &db.Charges{Pool: h.books}, Master: master, Now: time.Now},
		h.watching(),
	}
}

func (h *house) documents() *activities.Documents {
	return &activities.Documents{Books: db.NewDocuments(h.books), Store: h.store}
}

func (h *house) delivery() *activities.Delivery {
	return &activities.Delivery{Outbox: db.NewOutbox(h.books), Blobs: h.store, Relay: h.relay}
}

// commitments gives the hands that flag, on the books, and tell, by mail.
func (h *house) commitments() *activities.Commitments {
	return &activities.Commitments{
		Master: db.NewMaster(h.books), Notices: db.NewCommitments(h.books), Relay: h.relay,
		Now: time.Now, Zone: h.cfg.Location(), Language: h.cfg.Language,
	}
}

// watching gives the hands that look at the sources, on the books, and tell ops, by mail.
func (h *house) watching() *activities.Watching {
	return &activities.Watching{
		Alarms: db.NewAlarms(h.books), Master: db.NewMaster(h.books), Relay: h.relay, Now: time.Now,
		Language: h.cfg.Language,
	}
}

// reporting gives the hands that report a month to finance, with files and by mail.
func (h *house) reporting() *activities.Reporting {
	return &activities.Reporting{
		Margins: db.NewMargins(h.books), Reports: db.NewReports(h.books), Alarms: db.NewAlarms(h.books),
		Master: db.NewMaster(h.books), Store: h.store, Relay: h.relay, Now: time.Now, Zone: h.cfg.Location(),
		Language: h.cfg.Language,
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
