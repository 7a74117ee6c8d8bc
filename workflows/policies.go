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

// policy is how long one attempt at a kind of work may take and how it is tried
// again: after first, then each time times further apart, at most pauseMax.
type policy struct {
	queue       string
	attemptMax  time.Duration
	first       time.Duration
	times       float64
	pauseMax    time.Duration
	attemptsMax int32
}

// with says in plain words, for the web UI, what is about to be done.
func (p policy) with(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           p.queue,
		Summary:             summary,
		StartToCloseTimeout: p.attemptMax,
		HeartbeatTimeout:    silenceMax,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval:    p.first,
			BackoffCoefficient: p.times,
			MaximumInterval:    p.pauseMax,
			MaximumAttempts:    p.attemptsMax,
		},
	})
}

// withRecordKeeping is for short transactions on the books: they end in
// seconds, or the database is away and is tried again for a quarter of an hour.
func withRecordKeeping(ctx workflow.Context, summary string) workflow.Context {
	return policy{QueueClosing, 2 * time.Minute, time.Second, 2, time.Minute, 15}.with(ctx, summary)
}

// withDrafting is for judging one customer's month: three attempts, after
// which the customer is parked and the others close.
func withDrafting(ctx workflow.Context, summary string) workflow.Context {
	return policy{QueueClosing, 10 * time.Minute, 2 * time.Second, 3, time.Minute, 3}.with(ctx, summary)
}

// withLoading is for reading a part into the store: long, heartbeating, tried
// again from the part's first byte.
func withLoading(ctx workflow.Context, summary string) workflow.Context {
	return policy{QueueIngest, 4 * time.Hour, 2 * time.Second, 2, 5 * time.Minute, 8}.with(ctx, summary)
}

// withSealing is for proving and publishing one whole delivery: one transaction
// whose length depends on its rows. What cannot match never will: no retry.
func withSealing(ctx workflow.Context, summary string) workflow.Context {
	return policy{QueueIngest, time.Hour, 2 * time.Second, 2, time.Minute, 8}.with(ctx, summary)
}

// withChecking is for a look at a source while somebody waits: what the source
// refuses is an answer, so that only a worker or a database that fails is tried
// again, and soon given up.
func withChecking(ctx workflow.Context, summary string) workflow.Context {
	return policy{QueueIngest, 5 * time.Minute, time.Second, 2, 10 * time.Second, 3}.with(ctx, summary)
}

// withRendering is for making documents from frozen snapshots: a giant one, and
// an excerpt for each of many recipients, may take long, a silent machine not.
func withRendering(ctx workflow.Context, summary string) workflow.Context {
	return policy{QueueDocuments, time.Hour, time.Second, 2, time.Minute, 5}.with(ctx, summary)
}

// withComposing is for writing a mail from stored files and for short notes in
// the outbox: seconds of work, beside the mails' own queue.
func withComposing(ctx workflow.Context, summary string) workflow.Context {
	return policy{QueueMail, 2 * time.Minute, time.Second, 2, time.Minute, 15}.with(ctx, summary)
}

// withMailing is for one attempt at one mail. Slow servers answer after minutes;
// back-off 1, 5, 15, 30, 60 minutes is the workflow's own, since it depends on
// what the server said.
func withMailing(ctx workflow.Context, summary string) workflow.Context {
	return policy{QueueMail, 15 * time.Minute, 2 * time.Second, 2, time.Minute, 10}.with(ctx, summary)
}
