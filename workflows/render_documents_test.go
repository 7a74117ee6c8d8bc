package workflows_test

import (
	"testing"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"magam/activities"
	"magam/domain/fault"
	"magam/workflows"
)

func TestRenderDocuments(t *testing.T) {
	t.Parallel()
	t.Run("lists the files by content", func(t *testing.T) {
		t.Parallel()
		var suite testsuite.WorkflowTestSuite
		env := patient(suite.NewTestWorkflowEnvironment())
		hands := &activities.Documents{}
		env.RegisterActivity(hands)
		env.OnActivity(hands.Render, mock.Anything, activities.RenderInput{Number: "INV-2026-000123"}).Return(
			activities.RenderResult{Number: "INV-2026-000123", Documents: []activities.RenderedDocument{
				{Kind: "invoice-pdf", Language: "ko", SHA256: "3f8a1c0de92b47d6", Bytes: 40123, Same: true},
			}}, nil).Once()
		env.ExecuteWorkflow(workflows.RenderDocuments,
			workflows.RenderDocumentsInput{Number: "INV-2026-000123"})
		require.NoError(t, env.GetWorkflowError())
		var got workflows.RenderDocumentsResult
		require.NoError(t, env.GetWorkflowResult(&got))
		require.Equal(t, int64(40123), got.Documents[0].Bytes)
		require.True(t, got.Documents[0].Same)
		env.AssertExpectations(t)
	})
	t.Run("says what to write when no number was given", func(t *testing.T) {
		t.Parallel()
		var suite testsuite.WorkflowTestSuite
		env := patient(suite.NewTestWorkflowEnvironment())
		env.ExecuteWorkflow(workflows.RenderDocuments, workflows.RenderDocumentsInput{})
		err := env.GetWorkflowError()
		require.ErrorContains(t, err, `{"Number": "INV-2026-000123"}`)
		var final *temporal.ApplicationError
		require.ErrorAs(t, err, &final)
		require.Equal(t, string(fault.Input), final.Type())
		require.True(t, final.NonRetryable())
	})
}
