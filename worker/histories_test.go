package main

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/common/v1"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"

	"magam/domain/period"
	"magam/workflows"
)

// record keeps the histories of the black-box month as golden ones. A red
// replay is never cured by recording anew: see workflows/replay_test.go.
var record = flag.Bool("record", false, "write the histories that workflows' replay test replays")

// recordStories names the runs worth keeping, by workflow id and which of its
// runs, the first being 0.
var recordStories = map[string]story{
	"apply-tags-of-a-month":               {workflows.ApplyTagsID(sampleMonth), 0},
	"check-commitments-with-two-notices":  {workflows.CheckCommitmentsID(e2eMonth + "-15"), 0},
	"close-batch-of-twelve":               {workflows.CloseBatchID(sampleMonth, 1, 1), 0},
	"close-customer-approved-by-contract": {workflows.CloseCustomerID(sampleMonth, "alpha"), 0},
	"close-customer-approved-by-a-person": {workflows.CloseCustomerID(sampleMonth, "narae"), 0},
	"close-customer-rejected-and-parked":  {workflows.CloseCustomerID(sampleMonth, "bada"), 0},
	"close-customer-closed-after-parking": {workflows.CloseCustomerID(sampleMonth, "bada"), 1},
	"close-month-with-one-parked":         {workflows.CloseMonthID(sampleMonth), 0},
	"close-month-that-closes-the-rest":    {workflows.CloseMonthID(sampleMonth), 1},
	"close-month-that-reports-its-month":  {workflows.CloseMonthID(sampleMonth), 0},
	"close-month-that-is-closed-already":  {workflows.CloseMonthID(sampleMonth), 2},
	"close-month-that-shares-costs":       {workflows.CloseMonthID(sampleMonth), 0},
	"deliver-invoice-sent-at-once":        {workflows.DeliverInvoiceID("INV-2026-000001", 1), 0},
	"import-master-of-csv":                {"master/", 0},
	"ingest-export-of-a-cur":              {workflows.IngestExportID("aws-seoul", sampleMonth), 0},
	"ingest-export-that-is-in-already":    {workflows.IngestExportID("aws-seoul", sampleMonth), 1},
	"ingest-export-of-focus":              {workflows.IngestExportID("aws-tokyo", sampleMonth), 0},
	"reconcile-credits-of-a-month":        {workflows.ReconcileCreditsID(sampleMonth), 0},
	"render-documents-of-an-invoice":      {workflows.RenderDocumentsID("INV-2026-000001"), 0},
	"render-documents-that-are-the-same":  {workflows.RenderDocumentsID("INV-2026-000001"), 1},
	"report-month-with-one-parked":        {workflows.ReportMonthID(sampleMonth), 0},
	"share-costs-of-a-month":              {workflows.ShareCostsID(sampleMonth), 0},
}

var sampleMonth = period.NewMonth(2026, 9)

// story is one run: the nth that carried this id, or an id that starts with it.
type story struct {
	id  string
	nth int
}

// identity is the process that did something: nobody's business in a golden file.
var identity = regexp.MustCompile(`"identity":\s*"[^"]*"`)

// The bounds of what Temporal may be given to keep.
const (
	eventsMax  = 2000
	payloadMax = 16 << 10
)

// requireDiscreetHistories looks at everything Temporal kept of a month: no
// address, no name of a customer's contact, no large payload, no endless run.
// With -record it keeps the stories worth keeping.
func requireDiscreetHistories(t *testing.T, stack *liveStack, stories map[string]story) {
	t.Helper()
	temporal, err := client.DialContext(t.Context(),
		client.Options{HostPort: stack.settings(t)["MAGAM_TEMPORAL_ADDRESS"]})
	require.NoError(t, err)
	t.Cleanup(temporal.Close)

	runs := map[string][]string{} // by id, in the order they were written
	for _, run := range everyRun(t, temporal) {
		kept := historyOf(t, temporal, run.id, run.run)
		require.LessOrEqual(t, len(kept.GetEvents()), eventsMax, run.id)
		text, err := protojson.Marshal(kept)
		require.NoError(t, err)
		require.NotContains(t, decoded(t, kept), "@", "an address in the history of %s", run.id)
		runs[run.id] = append(runs[run.id], string(text))
	}
	if !*record {
		return
	}
	for name, wanted := range stories {
		text := find(t, runs, name, wanted)
		file := filepath.Join("..", "workflows", "testdata", "replay", name+".json")
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		text = identity.ReplaceAllString(text, `"identity":"somebody"`)
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
}

func find(t *testing.T, runs map[string][]string, name string, wanted story) string {
	t.Helper()
	for id, texts := range runs {
		if id == wanted.id || strings.HasSuffix(wanted.id, "/") && strings.HasPrefix(id, wanted.id) {
			require.Greater(t, len(texts), wanted.nth, name)
			return texts[wanted.nth]
		}
	}
	require.FailNow(t, "no run has the story's id", "%s: %s", name, wanted.id)
	return ""
}

type runOf struct{ id, run string }

// everyRun lists all runs, the oldest first.
func everyRun(t *testing.T, temporal client.Client) []runOf {
	t.Helper()
	var runs []runOf
	var page []byte
	for {
		found, err := temporal.ListWorkflow(t.Context(),
			&workflowservice.ListWorkflowExecutionsRequest{PageSize: 100, NextPageToken: page})
		require.NoError(t, err)
		for _, execution := range found.GetExecutions() {
			runs = append(runs,
				runOf{execution.GetExecution().GetWorkflowId(), execution.GetExecution().GetRunId()})
		}
		page = found.GetNextPageToken()
		if len(page) == 0 {
			break
		}
	}
	// Run ids are ordered by time (UUIDv7), the list is not in general.
	sortRuns(runs)
	return runs
}

func historyOf(t *testing.T, temporal client.Client, id, run string) *history.History {
	t.Helper()
	kept := &history.History{}
	events := temporal.GetWorkflowHistory(context.Background(), id, run, false,
		enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		require.NoError(t, err)
		kept.Events = append(kept.Events, event)
	}
	return kept
}

func sortRuns(runs []runOf) {
	slices.SortStableFunc(runs, func(a, b runOf) int { return strings.Compare(a.run, b.run) })
}

// decoded is every payload of a history as text: protobuf's JSON shows them
// in base64, where an address would hide.
func decoded(t *testing.T, kept *history.History) string {
	t.Helper()
	var text strings.Builder
	var walk func(protoreflect.Message)
	walk = func(message protoreflect.Message) {
		if payload, is := message.Interface().(*common.Payload); is {
			require.LessOrEqual(t, len(payload.GetData()), payloadMax)
			text.Write(payload.GetData())
			return
		}
		message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
			switch {
			case field.IsMap():
				value.Map().Range(func(_ protoreflect.MapKey, entry protoreflect.Value) bool {
					if field.MapValue().Message() != nil {
						walk(entry.Message())
					}
					return true
				})
			case field.IsList() && field.Message() != nil:
				for i := range value.List().Len() {
					walk(value.List().Get(i).Message())
				}
			case field.Message() != nil:
				walk(value.Message())
			case field.Kind() == protoreflect.StringKind && !field.IsList():
				if field.Name() != "identity" { // a process of ours, pid@host
					text.WriteString(value.String() + "\n")
				}
			}
			return true
		})
	}
	walk(kept.ProtoReflect())
	return text.String()
}
