package main

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// An activity that works far longer than its heartbeat timeout, and says only
// once how far it has come.
func worksLong(ctx context.Context) error {
	activity.RecordHeartbeat(ctx, "half")
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(heartbeatForTests * 4):
		return nil
	}
}

const heartbeatForTests = 500 * time.Millisecond

func waitsForIt(ctx workflow.Context) error {
	return workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Minute, HeartbeatTimeout: heartbeatForTests,
		RetryPolicy: &temporal.RetryPolicy{MaximumAttempts: 1},
	}), worksLong).Get(ctx, nil)
}

func TestALongActivityKeepsItsHeartBeating(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		interceptors []interceptor.WorkerInterceptor
		survives     bool
	}{
		"with a pulse it is left to its work":           {[]interceptor.WorkerInterceptor{&pulse{}}, true},
		"without one it is taken for dead and given up": {nil, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var suite testsuite.WorkflowTestSuite
			env := suite.NewTestWorkflowEnvironment()
			env.SetWorkerOptions(worker.Options{Interceptors: tt.interceptors})
			env.RegisterWorkflow(waitsForIt)
			env.RegisterActivity(worksLong)

			env.ExecuteWorkflow(waitsForIt)

			if tt.survives {
				require.NoError(t, env.GetWorkflowError())
				return
			}
			var timeout *temporal.TimeoutError
			require.ErrorAs(t, env.GetWorkflowError(), &timeout)
		})
	}
}
