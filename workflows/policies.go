package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// Task queues: one per kind of work, so that each scales on its own machines.
const (
	QueueIngest    = "magam-ingest"
	QueueClosing   = "magam-closing"
	QueueDocuments = "magam-documents"
	QueueMail      = "magam-mail"
)

// silenceMax is how long a worker may say nothing before its work is given to
// another: the worker tells for every activity that it lives. A worker that is
// killed in the midst of a seal must not hold the delivery for the hour that a
// seal may take.
const silenceMax = 20 * time.Second

// withRecordKeeping is for short transactions on the books: they end in
// seconds, or the database is away and is tried again for a quarter of an hour.
func withRecordKeeping(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           QueueClosing,
		Summary:             summary,
		StartToCloseTimeout: 2 * time.Minute,
		HeartbeatTimeout:    silenceMax,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval:    time.Second,
			BackoffCoefficient: 2,
			MaximumInterval:    time.Minute,
			MaximumAttempts:    15,
		},
	})
}

// withDrafting is for judging one customer's month: three attempts, after
// which the customer is parked and the others close.
func withDrafting(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           QueueClosing,
		Summary:             summary,
		StartToCloseTimeout: 10 * time.Minute,
		HeartbeatTimeout:    silenceMax,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval:    2 * time.Second,
			BackoffCoefficient: 3,
			MaximumInterval:    time.Minute,
			MaximumAttempts:    3,
		},
	})
}

// withLoading is for reading a part into the store: long, heartbeating, tried
// again from the part's first byte.
func withLoading(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           QueueIngest,
		Summary:             summary,
		StartToCloseTimeout: 4 * time.Hour,
		HeartbeatTimeout:    silenceMax,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval:    2 * time.Second,
			BackoffCoefficient: 2,
			MaximumInterval:    5 * time.Minute,
			MaximumAttempts:    8,
		},
	})
}

// withSealing is for proving and publishing one whole delivery: one transaction
// whose length depends on its rows. What cannot match never will: no retry.
func withSealing(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           QueueIngest,
		Summary:             summary,
		StartToCloseTimeout: time.Hour,
		HeartbeatTimeout:    silenceMax,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval:    2 * time.Second,
			BackoffCoefficient: 2,
			MaximumInterval:    time.Minute,
			MaximumAttempts:    8,
		},
	})
}

// withRendering is for making documents from frozen snapshots: a giant one, and
// an excerpt for each of many recipients, may take long, a silent machine not.
func withRendering(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           QueueDocuments,
		Summary:             summary,
		StartToCloseTimeout: time.Hour,
		HeartbeatTimeout:    silenceMax,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval:    time.Second,
			BackoffCoefficient: 2,
			MaximumInterval:    time.Minute,
			MaximumAttempts:    5,
		},
	})
}

// withMailing is for one attempt at one mail. Slow servers answer after minutes;
// back-off 1, 5, 15, 30, 60 minutes is the workflow's own, since it depends on
// what the server said.
func withMailing(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           QueueMail,
		Summary:             summary,
		StartToCloseTimeout: 15 * time.Minute,
		HeartbeatTimeout:    silenceMax,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval:    2 * time.Second,
			BackoffCoefficient: 2,
			MaximumInterval:    time.Minute,
			MaximumAttempts:    10,
		},
	})
}
