package workflows_test

import (
	"testing"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"magam/activities"
	"magam/domain/master"
	"magam/workflows"
)

func importMaster(
	t *testing.T, in workflows.ImportMasterInput, check activities.MasterCheck, stored *master.Import,
) (workflows.ImportMasterResult, error) {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := patient(suite.NewTestWorkflowEnvironment())
	var a *activities.Master
	env.RegisterActivity(a)
	want := activities.MasterInput{Key: in.Key, Digest: in.Digest, By: in.By}
	env.OnActivity(a.CheckWorkbook, mock.Anything, want).Return(check, nil).Maybe()
	if stored != nil {
		env.OnActivity(a.ImportWorkbook, mock.Anything, want).Return(*stored, nil).Once()
	}

	env.ExecuteWorkflow(workflows.ImportMaster, in)

	require.True(t, env.IsWorkflowCompleted())
	env.AssertExpectations(t)
	var result workflows.ImportMasterResult
	err := env.GetWorkflowError()
	if err == nil {
		require.NoError(t, env.GetWorkflowResult(&result))
	}
	return result, err
}

func TestImportMaster(t *testing.T) {
	t.Parallel()
	in := workflows.ImportMasterInput{Key: "master/uploads/ab.xlsx", Digest: "ab", By: "lee"}
	sheets := []master.SheetCount{{Sheet: "people", Rows: 2, Before: 1}}
	bad := activities.MasterCheck{Problems: 17, Report: "master/reports/ab.json", Sheets: sheets}

	t.Run("a good workbook is imported", func(t *testing.T) {
		t.Parallel()
		result, err := importMaster(t, in, activities.MasterCheck{Sheets: sheets},
			&master.Import{ID: 3, Changed: true, Sheets: sheets})
		require.NoError(t, err)
		require.Equal(t, workflows.ImportMasterResult{Import: 3, Changed: true, Sheets: sheets}, result)
	})
	t.Run("one with problems fails the run, which names the report", func(t *testing.T) {
		t.Parallel()
		_, err := importMaster(t, in, bad, nil)
		var failed *temporal.ApplicationError
		require.ErrorAs(t, err, &failed)
		require.Equal(t, "E_MASTER", failed.Type())
		require.True(t, failed.NonRetryable())
		var result workflows.ImportMasterResult
		require.NoError(t, failed.Details(&result))
		require.Equal(t, 17, result.Problems)
		require.Equal(t, "master/reports/ab.json", result.Report)
	})
	t.Run("a check answers and imports nothing", func(t *testing.T) {
		t.Parallel()
		only := in
		only.CheckOnly = true
		result, err := importMaster(t, only, bad, nil)
		require.NoError(t, err)
		require.Equal(t, 17, result.Problems)
		result, err = importMaster(t, only, activities.MasterCheck{Sheets: sheets}, nil)
		require.NoError(t, err)
		require.Zero(t, result.Import)
	})
	t.Run("without a key it says what to do", func(t *testing.T) {
		t.Parallel()
		_, err := importMaster(t, workflows.ImportMasterInput{}, activities.MasterCheck{}, nil)
		require.ErrorContains(t, err, "starter master import FILE")
	})
}
