package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/workflows"
)

// deliveryStories are the runs worth keeping of what people decide about deliveries.
var deliveryStories = map[string]story{
	"decide-delivery-first-of-two":       {workflows.DecideDeliveryID(2, "accept", "lee"), 0},
	"decide-delivery-that-seals":         {workflows.DecideDeliveryID(2, "accept", "choi"), 0},
	"decide-delivery-withdrawn":          {workflows.DecideDeliveryID(2, "withdraw", "lee"), 0},
	"watch-sources-with-a-held-delivery": {workflows.WatchSourcesID, 0},
	"watch-sources-when-it-is-over":      {workflows.WatchSourcesID, 2},
}

type deliveriesJSON []struct {
	ID           int64
	State        string
	Rows         int64
	Why          string
	SupersededBy int64 `json:"superseded_by"`
	Totals       []struct {
		Billed string `json:"billed_cost"`
	}
}

// A delivery that lost half of its rows is held, ops hear of it once, two people
// let it through, and one of them takes it out again.
func TestDeliveriesAreDecidedByPeople(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(sharedData(t), "aws-cur", "legacy_real_1281.csv"))
	require.NoError(t, err)
	stack := startStack(t)
	stack.must(t, "sample", "sample", "--month", e2eMonth, "--rows", "6000")
	stack.must(t, "master", "import", "sample/master")
	drop := t.TempDir()
	rows := strings.SplitAfter(string(text), "\n")
	write := func(rows []string, at time.Time) {
		file := filepath.Join(drop, "export.csv")
		require.NoError(t, os.WriteFile(file, []byte(strings.Join(rows, "")), 0o600))
		require.NoError(t, os.Chtimes(file, at, at))
	}
	now := time.Now()
	write(rows, now.Add(-time.Hour))
	stack.must(t, "ingest", "--from", drop)

	write(rows[:500], now)
	stack.refuses(t, "E_ROWCOUNT_DROP", "ingest", "--from", drop)
	list := func() deliveriesJSON {
		var found deliveriesJSON
		answer(t, stack.must(t, "deliveries", "list", "--json"), &found)
		return found
	}
	require.Equal(t, "held", list()[0].State)
	require.EqualValues(t, 499, list()[0].Rows)
	require.Equal(t, "sealed", list()[1].State)
	stack.must(t, "deliveries", "show", "2")

	alarms := func() string { return stack.must(t, "alarms", "--check", "--json") }
	require.Contains(t, alarms(), `"kind": "held"`)
	told := len(stack.mails(t))
	require.Positive(t, told, "ops were told")
	require.Contains(t, alarms(), `"kind": "held"`)
	require.Len(t, stack.mails(t), told, "and only once")
	require.Contains(t, stack.must(t, "status", "--month", "2023-11"), "delivery is held")

	why := []string{"--reason", "the provider closed an account"}
	say := func(verb, by string) string {
		return stack.must(t, append([]string{"deliveries", verb, "2", "--by", by}, why...)...)
	}
	stack.refuses(t, "E_APPROVAL", append([]string{"deliveries", "accept", "2", "--by", "nobody"}, why...)...)
	require.Contains(t, say("accept", "lee"), "waits for an approver")
	require.Contains(t, say("accept", "lee"), "waits for an approver")
	require.Contains(t, say("accept", "choi"), "replaced delivery 1")
	require.NotContains(t, alarms(), `"kind": "held"`)
	require.Greater(t, len(stack.mails(t)), told, "that it is over is told, too")
	require.EqualValues(t, 2, list()[1].SupersededBy)
	require.NotEmpty(t, list()[1].Totals, "what it held is kept")

	require.Contains(t, say("withdraw", "lee"), "withdrawn")
	require.Contains(t, stack.must(t, "ingest", "--from", drop), "withdrawn")
	require.Contains(t, stack.words, "--again")
	stack.must(t, "ingest", "--from", drop, "--again")
	require.Equal(t, "sealed", list()[0].State)
	requireDiscreetHistories(t, stack, deliveryStories)
}
