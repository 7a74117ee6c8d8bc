package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// e2eMonth is the sample's month in the black-box stories.
const e2eMonth = "2026-09"

// patience bounds every wait for something that the stack does by itself.
const patience = 2 * time.Minute

type statusJSON struct {
	State string `json:"state"`
	Board []struct {
		Customer, State, Total, Number, Reason string
	} `json:"board"`
	Proof []struct {
		Currency, Delivered, Sealed, Quarantined, Assigned, Retained, Unassigned string
	} `json:"proof"`
}

// A whole month by the commands that people use: one customer waits for a
// look and is approved by a second person, another is rejected, parked, and
// closed in a second round. Books, documents, mails and histories are judged
// from outside.
//
//nolint:paralleltest // the steps of one month, in their order
func TestAMonthIsClosedByItsPeople(t *testing.T) {
	t.Parallel()
	stack := startStack(t)
	folder := t.TempDir()
	stack.must(t, "sample", folder, "--month", e2eMonth)
	stack.must(t, "master", "import", filepath.Join(folder, "master"))
	stack.must(t, "ingest", "--source", "aws-seoul", "--month", e2eMonth)
	stack.must(t, "ingest", "--source", "aws-tokyo", "--month", e2eMonth)
	stack.must(t, "close", "--month", e2eMonth, "--by", "park")
	stack.awaitStates(t, map[string]string{"narae": "held", "bada": "draft"})

	// Who started the close does not approve it, and a code is not an address.
	stack.refusesAtLast(t, "E_APPROVAL", "approve", "--month", e2eMonth, "--customer", "narae", "--by",
		"park")
	stack.refuses(t, "code", "approve", "--month", e2eMonth, "--customer", "narae", "--by",
		"choi@magamcloud.example")
	stack.must(t, "approve", "--month", e2eMonth, "--customer", "narae", "--by", "choi")
	stack.mustAtLast(t, "reject", "--month", e2eMonth, "--customer", "bada", "--by", "choi", "--reason",
		"ask sales first")
	stack.awaitPeriod(t, "closed_with_parked")
	stack.must(t, "audit", "--month", e2eMonth)

	stack.must(t, "retry-parked", "--month", e2eMonth, "--by", "lee")
	stack.awaitStates(t, map[string]string{"bada": "draft"})
	stack.mustAtLast(t, "approve", "--month", e2eMonth, "--customer", "bada", "--by", "choi")
	stack.awaitPeriod(t, "closed")
	stack.awaitMails(t)
	stack.awaitReports(t, 2)

	t.Run("every customer has a document and the numbers have no gap", func(t *testing.T) {
		numbers := map[string]bool{}
		for _, row := range stack.status(t).Board {
			require.Equal(t, "final", row.State, row.Customer)
			numbers[row.Number] = true
		}
		require.Len(t, numbers, 12)
		for n := 1; n <= 12; n++ {
			require.Contains(t, numbers, fmt.Sprintf("INV-2026-%06d", n))
		}
	})
	t.Run("every line of the bill is on exactly one side", func(t *testing.T) {
		for _, row := range stack.status(t).Proof {
			requireSame(t, sum(t, row.Sealed, row.Quarantined), row.Delivered)
			requireSame(t, sum(t, row.Assigned, row.Retained, row.Unassigned), row.Sealed)
			requireSame(t, "0", row.Unassigned)
		}
	})
	t.Run("done steps are no-ops", func(t *testing.T) {
		documents, mails := stack.must(t, "invoices", "--month", e2eMonth, "--json"), len(stack.mails(t))
		first := stack.must(t, "ingest", "--source", "aws-seoul", "--month", e2eMonth, "--json")
		require.Equal(t, first,
			stack.must(t, "ingest", "--source", "aws-seoul", "--month", e2eMonth, "--json"))
		stack.must(t, "close", "--month", e2eMonth, "--by", "lee", "--wait")
		stack.must(t, "render", "INV-2026-000001")
		require.Equal(t, documents, stack.must(t, "invoices", "--month", e2eMonth, "--json"))
		require.Len(t, stack.mails(t), mails)
		stack.must(t, "audit", "--month", e2eMonth)
	})
	t.Run("finance has the month's report, and only finance", func(t *testing.T) {
		requireReportSaved(t, stack)
		requireMarginHidden(t, stack)
	})
	t.Run("a line explains itself down to the source rows", func(t *testing.T) {
		require.Contains(t, stack.must(t, "explain", "INV-2026-000001", "1"),
			"the first step, to the last digit")
	})
	t.Run("histories hold no address and nothing large", func(t *testing.T) {
		stack.must(t, "commitments", "--check", "--day", e2eMonth+"-15")
		requireDiscreetHistories(t, stack, recordStories)
	})
}

// Real, anonymised exports give every figure of the expected file through the
// command line, and books without any master data still balance.
//
//nolint:paralleltest // both files go into the same books, one after the other
func TestRealExportsThroughTheCommandLine(t *testing.T) {
	t.Parallel()
	files := map[string]struct{ month, billed string }{
		"aws-cur/legacy_real_1281.csv":  {"2023-11", "lineItem/UnblendedCost"},
		"focus/focus_1_0_real_1000.csv": {"2024-09", "BilledCost"},
	}
	shared := sharedData(t)
	stack := startStack(t)
	for file, want := range files {
		t.Run(file, func(t *testing.T) {
			folder := t.TempDir()
			copyFile(t, filepath.Join(shared, filepath.FromSlash(file)),
				filepath.Join(folder, filepath.Base(file)))
			var ingested struct {
				ID    int64
				State string
			}
			answer(t, stack.must(t, "ingest", "--from", folder, "--json"), &ingested)
			require.Equal(t, "sealed", ingested.State)
			var again struct{ ID int64 }
			answer(t, stack.must(t, "ingest", "--from", folder, "--json"), &again)
			require.Equal(t, ingested.ID, again.ID, "the same bytes are the same delivery")

			expected := expectations(t)[file]
			delivery := fmt.Sprint(ingested.ID)
			whole := stack.totals(t, "--delivery", delivery)
			require.Len(t, whole, 1)
			require.Equal(t, expected.Rows, whole[0].Rows)
			requireSame(t, expected.Sums[want.billed], whole[0].Billed)
			groups := map[string]string{"service": "ServiceName", "category": "ChargeCategory"}
			if strings.HasPrefix(file, "aws-cur") {
				groups = map[string]string{
					"service":    "lineItem/ProductCode",
					"category":   "lineItem/LineItemType",
					"invoice-id": "bill/InvoiceId",
				}
			} else {
				requireSame(t, expected.Sums["EffectiveCost"], whole[0].Effective)
				requireSame(t, expected.Sums["ListCost"], whole[0].List)
				requireSame(t, expected.Sums["ContractedCost"], whole[0].Contracted)
			}
			for by, group := range groups {
				rows := stack.totals(t, "--delivery", delivery, "--by", by)
				require.Len(t, rows, len(expected.Groups[group]), by)
				for _, row := range rows {
					require.Equal(t, expected.Groups[group][row.Key].Rows, row.Rows, "%s %s", by, row.Key)
					requireSame(t, expected.Groups[group][row.Key].Sum, row.Billed)
				}
			}

			// Nobody owns these accounts: the cost is shown, accepted, and the books balance.
			stack.must(t, "close", "--month", want.month, "--wait", "--accept-unassigned",
				"a file to try with")
			var status statusJSON
			answer(t, stack.must(t, "status", "--month", want.month, "--json"), &status)
			require.NotEmpty(t, status.Proof)
			for _, row := range status.Proof {
				requireSame(t, row.Delivered, row.Unassigned)
			}
			stack.must(t, "audit", "--month", want.month)
		})
	}
}

// totalJSON is a row of `starter totals --json`.
type totalJSON struct {
	Key        string
	Rows       int64
	Billed     string `json:"billed_cost"`
	Effective  string `json:"effective_cost"`
	List       string `json:"list_cost"`
	Contracted string `json:"contracted_cost"`
}

func (s *liveStack) totals(t *testing.T, arguments ...string) []totalJSON {
	t.Helper()
	var found struct{ Totals []totalJSON }
	answer(t, s.must(t, append([]string{"totals", "--json"}, arguments...)...), &found)
	return found.Totals
}

func (s *liveStack) status(t *testing.T) statusJSON {
	t.Helper()
	var status statusJSON
	answer(t, s.must(t, "status", "--month", e2eMonth, "--json"), &status)
	return status
}

// must runs a command that has to succeed and returns its answer.
func (s *liveStack) must(t *testing.T, arguments ...string) string {
	t.Helper()
	stdout, exit := s.starter(t, arguments...)
	require.Zero(t, exit, "starter %s\n%s", strings.Join(arguments, " "), stdout)
	return stdout
}

// refuses runs a command that has to be refused in words.
func (s *liveStack) refuses(t *testing.T, words string, arguments ...string) {
	t.Helper()
	_, exit := s.starter(t, arguments...)
	require.Equal(t, 3, exit, "starter %s", strings.Join(arguments, " "))
	require.Contains(t, s.words, words)
}

// notYet is how a decision is refused while the drafts are still on their way.
const notYet = "nothing is on the desk"

// refusesAtLast repeats a command that comes too early.
func (s *liveStack) refusesAtLast(t *testing.T, words string, arguments ...string) {
	t.Helper()
	require.Eventually(t, func() bool {
		_, exit := s.starter(t, arguments...)
		return exit != 0 && !strings.Contains(s.words, notYet)
	}, patience, 300*time.Millisecond)
	require.Contains(t, s.words, words)
}

// mustAtLast repeats a command that comes too early.
func (s *liveStack) mustAtLast(t *testing.T, arguments ...string) {
	t.Helper()
	require.Eventually(t, func() bool {
		_, exit := s.starter(t, arguments...)
		return exit == 0 || !strings.Contains(s.words, notYet)
	}, patience, 300*time.Millisecond)
	require.NotContains(t, s.words, "E_")
}

func (s *liveStack) awaitStates(t *testing.T, want map[string]string) {
	t.Helper()
	require.Eventually(t, func() bool {
		found := 0
		for _, row := range s.status(t).Board {
			if want[row.Customer] == row.State {
				found++
			}
		}
		return found == len(want)
	}, patience, 300*time.Millisecond, "%v", want)
}

func (s *liveStack) awaitPeriod(t *testing.T, state string) {
	t.Helper()
	require.Eventually(t, func() bool { return s.status(t).State == state }, patience, 300*time.Millisecond,
		state)
}

// awaitMails waits until every mail of the month is sent.
func (s *liveStack) awaitMails(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool {
		var found struct{ Mails []struct{ State string } }
		answer(t, s.must(t, "mails", "--month", e2eMonth, "--json"), &found)
		for _, row := range found.Mails {
			if row.State != "sent" {
				return false
			}
		}
		return len(found.Mails) > 0
	}, patience, 300*time.Millisecond)
}

func answer(t *testing.T, text string, into any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text), into), text)
}

// sum adds amounts exactly.
func sum(t *testing.T, amounts ...string) string {
	t.Helper()
	total := decimal.Zero
	for _, amount := range amounts {
		exact, err := decimal.NewFromString(amount)
		require.NoError(t, err, amount)
		total = total.Add(exact)
	}
	return total.String()
}
