package main

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/sdk/client"

	"magam/activities"
	"magam/db"
	"magam/domain/money"
	"magam/internal/payload"
	"magam/workflows"
)

// looksApart is how long the bar stands between two looks.
const looksApart = 500 * time.Millisecond

// watchIngest waits for the run and shows meanwhile how much is in. newest is the
// newest delivery before it began.
func watchIngest(
	ctx context.Context, s *session, reader *db.Totals, newest int64, run client.WorkflowRun,
) (workflows.IngestExportResult, error) {
	type ending struct {
		result workflows.IngestExportResult
		err    error
	}
	s.sayf("%s is running: %s", run.GetID(), s.runURL(run.GetID(), run.GetRunID()))
	bar := newByteBar(s, "looking")
	ended := make(chan ending, 1)
	go func() {
		var one ending
		one.err = s.await(ctx, run, workflows.QueueIngest, &one.result)
		ended <- one
	}()
	for {
		select {
		case one := <-ended:
			bar.end(one.err == nil)
			return one.result, one.err
		case <-time.After(looksApart):
		}
		if bar.moves() {
			showLoading(ctx, s, bar, reader, newest, run.GetID())
		}
	}
}

// showLoading moves the bar to what parts that are in and parts under way have
// read together. A look that fails leaves it where it is: who waits for the run
// says why.
func showLoading(ctx context.Context, s *session, bar *rowBar, reader *db.Totals, newest int64, id string) {
	parts, err := reader.Progress(ctx, newest)
	if err != nil || parts.Bytes == 0 {
		return
	}
	run, err := s.temporal.DescribeWorkflowExecution(ctx, id, "")
	if err != nil {
		return
	}
	under := underWay(run.GetPendingActivities())
	title := fmt.Sprintf("%d of %d parts, %s rows", parts.Loaded, parts.Parts,
		money.Grouped(decimal.NewFromInt(parts.Rows+under.Rows), 0))
	if parts.Loaded == parts.Parts {
		title += ", proving and publishing"
	}
	bar.say(title)
	bar.set(int(min(parts.LoadedBytes+under.Bytes, parts.Bytes)), int(parts.Bytes))
}

// underWay adds up what parts that are being loaded have told of themselves.
func underWay(pending []*workflowpb.PendingActivityInfo) activities.PartProgress {
	var sum activities.PartProgress
	for _, one := range pending {
		var told activities.PartProgress
		if one.GetActivityType().GetName() == "LoadPart" &&
			payload.Converter().FromPayloads(one.GetHeartbeatDetails(), &told) == nil {
			sum.Rows += told.Rows
			sum.Bytes += told.Bytes
		}
	}
	return sum
}
