package workflows_test

import (
	"time"

	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"magam/workflows"
)

// anything matches any argument of a replaced hand.
const anything = mock.Anything

var startOptions = client.StartWorkflowOptions{ID: "close", TaskQueue: workflows.QueueClosing}

// patient lets a workflow wait for its turn on a machine full of other tests:
// after a second without it the SDK would take that for a deadlock.
func patient(env *testsuite.TestWorkflowEnvironment) *testsuite.TestWorkflowEnvironment {
	return env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute})
}
