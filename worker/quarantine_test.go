package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/period"
	"magam/workflows"
)

// asideMonth is the month of the export with a row that nobody can book.
const asideMonth = "2026-10"

// quarantineStories are the runs of the story below worth keeping.
var quarantineStories = map[string]story{
	"decide-quarantine-signed-off-by-two": {"quarantine/", 0},
	"close-month-with-a-row-set-aside":    {workflows.CloseMonthID(period.NewMonth(2026, 10)), 0},
}

type asideJSON struct {
	State      string `json:"state"`
	Quarantine []struct{ Code, State, Said, Billed string }
	Waits      []struct{ What, Cure string } `json:"waits_for"`
	Proof      []struct{ Delivered, Sealed, Quarantined, Unassigned string }
}

// A row whose amount nobody can read stops the close, and two people sign it
// off: by the commands that people use, and judged from outside.
func TestARowSetAsideStopsTheCloseUntilTwoPeopleSignItOff(t *testing.T) {
	t.Parallel()
	stack := startStack(t)
	folder, sheets := t.TempDir(), t.TempDir()
	export, err := os.ReadFile(filepath.Join("..", "formats", "focus", "testdata", "small.csv"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "small.csv"), export, 0o644))
	people := "code,name,email,roles\nlee,이재무,lee@our.example,finance\npark,박승인,park@our.example,approver finance\n" +
		"choi,최결재,choi@our.example,approver\nsong,송운영,song@our.example,ops\n"
	require.NoError(t, os.WriteFile(filepath.Join(sheets, "people.csv"), []byte(people), 0o644))
	stack.must(t, "master", "import", sheets)
	stack.must(t, "ingest", "--from", folder)

	stack.must(t, "close", "--month", asideMonth, "--by", "park", "--accept-unassigned", "a file to try with")
	status := stack.awaitAside(t, func(s asideJSON) bool { return len(s.Waits) > 0 })
	require.Len(t, status.Waits, 1, "the cost without a customer is accepted; the row is not")
	require.Contains(t, status.Waits[0].What, "1 rows")
	require.Contains(t, status.Waits[0].What, "E_NUMBER")
	require.Contains(t, status.Waits[0].What, "1 unreadable")

	require.Contains(t, stack.must(t, "quarantine", "list", "--month", asideMonth), "Q-1")
	require.Contains(t, stack.must(t, "quarantine", "show", "Q-1"), "BilledCost")
	raw := stack.must(t, "quarantine", "show", "Q-1", "--raw")
	require.Contains(t, string(export), raw, "exactly as it stands in the file")
	require.Contains(t, raw, `"1,024.5"`)
	require.Equal(t, 9, bytes.Count(export[:bytes.Index(export, []byte(raw))], []byte("\n")))

	stack.refuses(t, `"song" is no approver`, "quarantine", "accept", "Q-1", "--by", "song", "--reason", "x")
	accept := []string{"quarantine", "accept", "Q-1", "--reason", "a typing error of theirs", "--by"}
	require.Contains(t, stack.must(t, append(accept, "lee")...), "wait for a second person: accepted by lee")
	require.Contains(t, stack.must(t, append(accept, "lee")...), "accepted by lee", "twice is once")

	// By what they are: shown first, meant by the digest.
	bulk := []string{
		"quarantine",
		"accept",
		"--delivery",
		"1",
		"--code",
		"E_NUMBER",
		"--by",
		"choi",
		"--reason",
		"agreed",
	}
	var shown struct {
		Digest  string
		Decided bool
	}
	text, exit := stack.starter(t, append(bulk, "--json")...)
	require.Equal(t, 1, exit)
	answer(t, text, &shown)
	require.False(t, shown.Decided)
	require.Contains(t, stack.must(t, append(bulk, "--digest", shown.Digest)...), "1 rows are signed off")

	status = stack.awaitAside(t, func(s asideJSON) bool { return s.State == "closed" })
	require.Len(t, status.Quarantine, 1)
	require.Equal(t, "accepted", status.Quarantine[0].State)
	require.Contains(t, status.Quarantine[0].Said,
		"accept by lee: a typing error of theirs; accept by choi: agreed")
	for _, row := range status.Proof {
		requireSame(t, sum(t, row.Sealed, row.Quarantined), row.Delivered)
	}
	stack.refuses(t, "E_PERIOD_CLOSED", "quarantine", "reject", "Q-1", "--by", "lee", "--reason", "too late")
	stack.must(t, "audit", "--month", asideMonth)
	requireDiscreetHistories(t, stack, quarantineStories)
}

func (s *liveStack) awaitAside(t *testing.T, until func(asideJSON) bool) asideJSON {
	t.Helper()
	var status asideJSON
	require.Eventually(t, func() bool {
		status = asideJSON{}
		answer(t, s.must(t, "status", "--month", asideMonth, "--json"), &status)
		return until(status)
	}, patience, 300*time.Millisecond)
	return status
}
