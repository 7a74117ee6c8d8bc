package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/period"
	"magam/workflows"
)

// The quarter of the story. Its last month is tried before its second.
const (
	quarterFirst  = "2026-07"
	quarterSecond = "2026-08"
	quarterLast   = "2026-09"
)

// quarterStories are the runs of it that are worth keeping.
var quarterStories = map[string]story{
	"close-customer-deferred-to-its-quarter": {
		workflows.CloseCustomerID(period.NewMonth(2026, 7), "mirae"), 0,
	},
	"close-customer-that-lacks-a-month": {workflows.CloseCustomerID(period.NewMonth(2026, 9), "mirae"), 0},
	"close-customer-that-bills-its-quarter": {
		workflows.CloseCustomerID(period.NewMonth(2026, 9), "mirae"), 1,
	},
	"close-month-with-deferred-customers": {workflows.CloseMonthID(period.NewMonth(2026, 7)), 0},
}

type invoicesJSON struct {
	Invoices []struct {
		Number, Customer, State, Supply, Tax, Total, Currency string
		Quarter                                               string `json:"billed_with"`
		Mails, Sent                                           int
		Documents                                             []struct {
			FileName string `json:"file_name"`
		}
	}
}

// Ruling R-20: two customers are billed by quarter beside ten who are billed by
// month, one approved by its contract and one by a person. Two of their months
// get no number and no mail; the last month's document bills all three, once
// every month is there.
//
//nolint:paralleltest // the steps of one quarter, in their order
func TestR20AQuarterIsBilledByOneDocument(t *testing.T) {
	t.Parallel()
	stack := startStack(t)
	folder := t.TempDir()
	for _, month := range []string{quarterFirst, quarterSecond, quarterLast} {
		stack.must(t, "sample", folder, "--month", month, "--rows", "6000")
	}
	billByQuarter(t, filepath.Join(folder, "master", "customers.csv"), "mirae", "narae")
	stack.must(t, "master", "import", filepath.Join(folder, "master"))
	for _, month := range []string{quarterFirst, quarterSecond, quarterLast} {
		for _, source := range []string{"aws-seoul", "aws-tokyo"} {
			stack.must(t, "ingest", "--source", source, "--month", month)
		}
	}

	stack.closeQuarterMonth(t, quarterFirst, 0)
	stack.requireDeferred(t, quarterFirst, "")
	stack.closeQuarterMonth(t, quarterLast, 4)
	for _, customer := range []string{"mirae", "narae"} {
		row := stack.boardOf(t, quarterLast)[customer]
		require.Equal(t, "parked", row.State)
		require.Contains(t, row.Reason, "2026-08 is a month of this quarter's document")
	}
	stack.closeQuarterMonth(t, quarterSecond, 0)
	stack.requireDeferred(t, quarterSecond, "")
	stack.closeQuarterMonth(t, quarterLast, 0)

	t.Run("the last month's document bills all three", func(t *testing.T) {
		for _, customer := range []string{"mirae", "narae"} {
			stack.requireBilled(t, customer)
		}
	})
	t.Run("numbers have no gap and every mail left once", func(t *testing.T) {
		stack.awaitMoment(t, "SELECT count(*) > 0 AND bool_and(state = 'sent') FROM outbox")
		require.Equal(t, numbered(32), stack.numbers(t)) // ten in each of two months, twelve in the last
		for month, waiting := range map[string]int{quarterFirst: 2, quarterSecond: 2, quarterLast: 0} {
			none := 0
			for _, row := range stack.invoicesOf(t, month).Invoices {
				require.Equal(t, row.Mails, row.Sent)
				if row.State == "deferred" {
					none++
					require.Zero(t, row.Mails)
					require.Empty(t, row.Documents)
				}
			}
			require.Equal(t, waiting, none, month)
		}
		seen := map[string]bool{}
		for _, mail := range stack.mails(t) {
			require.False(t, seen[mail.MessageID], "%s arrived twice", mail.MessageID)
			seen[mail.MessageID] = true
		}
	})
	t.Run("each month balances and adds up to its documents", func(t *testing.T) {
		for _, month := range []string{quarterFirst, quarterSecond, quarterLast} {
			stack.must(t, "audit", "--month", month)
			require.Contains(t, stack.must(t, "proof", "--month", month, "--steps"), "deferred")
			var margin struct {
				Customers []struct{ Customer string }
			}
			answer(t, stack.must(t, "margin", "--month", month, "--json"), &margin)
			require.True(t, slices.ContainsFunc(margin.Customers, func(row struct{ Customer string }) bool {
				return row.Customer == "mirae"
			}), "each month's margin is counted in it")
		}
	})
	t.Run("a line of each month explains itself by that month's rows", func(t *testing.T) {
		number := stack.boardOf(t, quarterLast)["mirae"].Number
		for _, line := range []string{"1", "9", "17"} {
			require.Contains(t, stack.must(t, "explain", number, line), "the first step, to the last digit")
		}
		require.Contains(t, stack.must(t, "explain", number, "1"), quarterFirst)
		stack.refuses(t, "has no line", "explain", number, "9999")
	})
	t.Run("done steps are no-ops", func(t *testing.T) {
		before, mails := stack.must(t, "invoices", "--month", quarterLast, "--json"), len(stack.mails(t))
		for _, month := range []string{quarterFirst, quarterSecond, quarterLast} {
			stack.closeQuarterMonth(t, month, 0)
		}
		require.Equal(t, before, stack.must(t, "invoices", "--month", quarterLast, "--json"))
		require.Len(t, stack.mails(t), mails)
		require.Len(t, stack.numbers(t), 32)
	})
	t.Run("histories hold no address and nothing large", func(t *testing.T) {
		requireDiscreetHistories(t, stack, quarterStories)
	})
}

// billByQuarter changes the billing cycle of some customers in their sheet.
func billByQuarter(t *testing.T, path string, customers ...string) {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	require.NoError(t, file.Close())
	code, cycle := slices.Index(rows[0], "code"), slices.Index(rows[0], "billing_cycle")
	for _, row := range rows[1:] {
		if slices.Contains(customers, row[code]) {
			row[cycle] = "quarterly"
		}
	}
	file, err = os.Create(path)
	require.NoError(t, err)
	require.NoError(t, csv.NewWriter(file).WriteAll(rows))
	require.NoError(t, file.Close())
}

// closeQuarterMonth closes a month whose drafts a second person approves.
func (s *liveStack) closeQuarterMonth(t *testing.T, month string, exit int) {
	t.Helper()
	_, found := s.starter(t, "close", "--month", month, "--by", "lee", "--wait", "--approve-as", "choi")
	require.Equal(t, exit, found, "close %s: %s", month, s.words)
}

type boardRowJSON struct{ Customer, State, Total, Number, Reason string }

func (s *liveStack) boardOf(t *testing.T, month string) map[string]boardRowJSON {
	t.Helper()
	var status struct{ Board []boardRowJSON }
	answer(t, s.must(t, "status", "--month", month, "--json"), &status)
	rows := map[string]boardRowJSON{}
	for _, row := range status.Board {
		rows[row.Customer] = row
	}
	return rows
}

func (s *liveStack) invoicesOf(t *testing.T, month string) (found invoicesJSON) {
	t.Helper()
	answer(t, s.must(t, "invoices", "--month", month, "--json"), &found)
	return found
}

// requireDeferred says that a month ended well for the quarterly customers too.
func (s *liveStack) requireDeferred(t *testing.T, month, number string) {
	t.Helper()
	var status statusJSON
	answer(t, s.must(t, "status", "--month", month, "--json"), &status)
	require.Equal(t, "closed", status.State)
	for _, customer := range []string{"mirae", "narae"} {
		row := s.boardOf(t, month)[customer]
		require.Equal(t, []string{"deferred", number}, []string{row.State, row.Number}, customer)
		require.Contains(t, row.Reason, "quarter")
	}
	require.Contains(t, s.must(t, "status", "--month", month), "billed with the")
}

// requireBilled compares a quarter's document with the months that it bills.
func (s *liveStack) requireBilled(t *testing.T, customer string) {
	t.Helper()
	supply := decimal.Zero
	for _, month := range []string{quarterFirst, quarterSecond} {
		for _, row := range s.invoicesOf(t, month).Invoices {
			if row.Customer == customer {
				supply = supply.Add(exact(t, row.Supply))
				require.Equal(t, s.boardOf(t, quarterLast)[customer].Number, row.Quarter)
			}
		}
	}
	for _, row := range s.invoicesOf(t, quarterLast).Invoices {
		if row.Customer != customer {
			continue
		}
		require.Equal(t, "final", row.State)
		require.Positive(t, exact(t, row.Supply).Cmp(supply), "its own month is in it too")
		require.Positive(t, row.Mails)
		require.True(t, slices.ContainsFunc(row.Documents, func(file struct {
			FileName string `json:"file_name"`
		},
		) bool {
			return strings.Contains(file.FileName, quarterFirst+"_"+quarterLast)
		}))
	}
}
