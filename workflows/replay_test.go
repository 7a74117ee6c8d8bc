package workflows_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/worker"

	"magam/workflows"
)

// registered is every workflow of the house under the name its histories carry.
var registered = map[string]any{
	"apply-tags":        workflows.ApplyTags,
	"archive-month":     workflows.ArchiveMonth,
	"check-commitments": workflows.CheckCommitments,
	"check-sources":     workflows.CheckSources,
	"close-batch":       workflows.CloseBatch,
	"close-customer":    workflows.CloseCustomer,
	"close-month":       workflows.CloseMonth,
	"decide-delivery":   workflows.DecideDelivery,
	"decide-quarantine": workflows.DecideQuarantine,
	"deliver-invoice":   workflows.DeliverInvoice,
	"explain-line":      workflows.ExplainLine,
	"import-master":     workflows.ImportMaster,
	"ingest-export":     workflows.IngestExport,
	"reconcile-credits": workflows.ReconcileCredits,
	"render-documents":  workflows.RenderDocuments,
	"report-month":      workflows.ReportMonth,
	"share-costs":       workflows.ShareCosts,
	"watch-sources":     workflows.WatchSources,
}

// TestReplay replays recorded histories against today's code. A red replay
// means that a running close would break when this code is deployed: version
// the change (workflow.GetVersion), never record the history anew.
func TestReplay(t *testing.T) {
	t.Parallel()
	replayer := worker.NewWorkflowReplayer()
	for _, one := range registered {
		replayer.RegisterWorkflow(one)
	}
	files, err := filepath.Glob(filepath.Join("testdata", "replay", "*.json"))
	require.NoError(t, err)

	stories := map[string]int{}
	for _, file := range files {
		story := strings.TrimSuffix(filepath.Base(file), ".json")
		for name := range registered {
			if strings.HasPrefix(story, name+"-") {
				stories[name]++
			}
		}
		t.Run(story, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, replayer.ReplayWorkflowHistoryFromJSONFile(nil, file))
		})
	}
	for name := range registered {
		require.Positive(t, stories[name], "no history of %s: record one with `make histories`", name)
	}
}
