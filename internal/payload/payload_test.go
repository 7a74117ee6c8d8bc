package payload_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	common "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"magam/internal/payload"
)

// text is a string whose JSON has so many bytes.
func text(bytes int) string { return strings.Repeat("a", bytes-len(`""`)) }

func TestAPayloadIsBounded(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		values  []any
		refused bool
	}{
		"nothing":                       {nil, false},
		"exactly the bound":             {[]any{text(payload.BytesMax)}, false},
		"one byte more":                 {[]any{text(payload.BytesMax + 1)}, true},
		"a large one behind a small":    {[]any{"small", text(1 << 20)}, true},
		"bytes count as they are":       {[]any{make([]byte, payload.BytesMax+1)}, true},
		"two that are large only added": {[]any{text(payload.BytesMax), text(payload.BytesMax)}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := payload.Converter().ToPayloads(tt.values...)

			if !tt.refused {
				require.NoError(t, err)
				return
			}
			requireFinal(t, err)
		})
	}
}

func TestWhatStandsInHistoryStaysReadable(t *testing.T) {
	t.Parallel()
	large := text(1 << 20)
	kept, err := converter.GetDefaultDataConverter().ToPayloads(large)
	require.NoError(t, err)

	var read string
	require.NoError(t, payload.Converter().FromPayloads(kept, &read))

	require.Equal(t, large, read)
}

func TestTheBoundChangesNoBytes(t *testing.T) {
	t.Parallel()
	value := map[string]string{"month": "2026-10"}

	plain, err := converter.GetDefaultDataConverter().ToPayload(value)
	require.NoError(t, err)
	bounded, err := payload.Converter().ToPayload(value)
	require.NoError(t, err)

	require.Equal(t, []*common.Payload{plain}, []*common.Payload{bounded},
		"histories from before the bound replay")
}

// An activity that answers with rows fails once, and for good.
func TestALargeAnswerIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	runs := 0
	answersRows := func(context.Context) (string, error) {
		runs++
		return text(payload.BytesMax + 1), nil
	}
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.SetDataConverter(payload.Converter())
	env.RegisterActivityWithOptions(answersRows, activity.RegisterOptions{Name: "answers-rows"})

	_, err := env.ExecuteActivity("answers-rows")

	requireFinal(t, err)
	require.Equal(t, 1, runs)
}

// A workflow that asks with rows is refused before anything is scheduled.
func TestALargeQuestionIsNotAsked(t *testing.T) {
	t.Parallel()
	asksRows := func(ctx workflow.Context) error {
		return workflow.ExecuteActivity(
			workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Second}),
			"takes-rows", text(payload.BytesMax+1)).Get(ctx, nil)
	}
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.SetDataConverter(payload.Converter())
	env.RegisterActivityWithOptions(func(context.Context, string) error { return nil },
		activity.RegisterOptions{Name: "takes-rows"})
	env.RegisterWorkflow(asksRows)

	env.ExecuteWorkflow(asksRows)

	require.ErrorContains(t, env.GetWorkflowError(), "E_BUG")
}

func requireFinal(t *testing.T, err error) {
	t.Helper()
	var refused *temporal.ApplicationError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, "E_BUG", refused.Type())
	require.True(t, refused.NonRetryable())
	require.ErrorContains(t, err, "pass the id")
}
