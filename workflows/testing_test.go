package workflows_test

import (
	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/client"

	"magam/workflows"
)

// anything matches any argument of a replaced hand.
const anything = mock.Anything

var startOptions = client.StartWorkflowOptions{ID: "close", TaskQueue: workflows.QueueClosing}
