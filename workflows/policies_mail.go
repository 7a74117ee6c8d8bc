package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"magam/domain/fault"
)

// withComposing is for writing a mail from stored files and for short notes in
// the outbox: seconds of work, beside the mails' own queue.
func withComposing(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           QueueMail,
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

// refuseInput ends a run whose input nobody can work with; the message says what to type.
func refuseInput(what string) error {
	return temporal.NewNonRetryableApplicationError(string(fault.Input)+": "+what, string(fault.Input), nil)
}
