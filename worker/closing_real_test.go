package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/testsuite"

	"magam/activities"
	"magam/db"
	"magam/domain/charge"
	"magam/domain/closing"
	"magam/domain/master"
	"magam/domain/money"
	"magam/domain/period"
	"magam/internal/audit"
)

var may = period.NewMonth(2026, 5)

// sheets are the master data of a small reseller for public sample data: two
// customers that close, one without a contact, one account of nobody.
var sheets = map[string][]map[string]string{
	"issuer": {{
		"code": "us", "name": "우리회사", "business_number": "124-81-00998", "representative": "홍길동",
		"mail_from": "billing@our.example", "number_series": "INV",
	}},
	"people": {
		{"code": "kim", "name": "Kim", "email": "kim@our.example", "roles": "finance approver"},
		{"code": "park", "name": "Park", "email": "park@our.example", "roles": "approver"},
	},
	"customers": {
		{"code": "acme", "name": "에이크미", "business_number": "220-81-62517"},
		{"code": "beta", "name": "베타", "business_number": "120-81-47521", "auto_approve": "yes"},
		{"code": "gamma", "name": "감마", "business_number": "124-81-00998"},
	},
	"accounts": {
		{"provider": "aws", "sub_account": "200000000011", "customer": "acme", "alias": "웹"},
		{"provider": "aws", "sub_account": "200000000012", "customer": "beta"},
		{"provider": "aws", "sub_account": "200000000014", "customer": "gamma"},
	},
	"contacts": {
		{"customer": "acme", "email": "a@acme.example", "name": "A", "role": "root", "delivery": "mail"},
		{"customer": "acme", "email": "p@acme.example", "name": "P", "role": "pending", "delivery": "mail"},
		{"customer": "beta", "email": "b@beta.example", "name": "B", "role": "root", "delivery": "mail"},
	},
	"prices": {{"id": "P-1", "customer": "*", "kind": "markup", "value": "10"}},
	"rates": {{
		"date": "2026-05-29", "base": "USD", "quote": "KRW", "type": "매매기준율", "per": "1", "value": "1388.1",
		"source": "bank", "approved_by": "park",
	}},
	"taxes": {{"tax": "kr-vat", "rate": "10"}},
	"credits": {
		{
			"id":       "C-1",
			"customer": "acme",
			"amount":   "1",
			"currency": "USD",
			"priority": "1",
			"reason":   "welcome",
		},
	},
}

// hands are the close's with real doors, called as Temporal would.
type hands struct {
	books       *pgxpool.Pool
	closing     *activities.Closing
	reconciling *activities.Reconciling
	env         *testsuite.TestActivityEnvironment
}

func openClose(t *testing.T, house *ingestHouse) *hands {
	t.Helper()
	pool := house.totals.Pool
	ledger, sheetsOf := db.NewLedger(pool), db.NewMaster(pool)
	var tables []master.Table
	for _, sheet := range master.Sheets {
		table := master.Table{Sheet: sheet.Name}
		for i, cells := range sheets[sheet.Name] {
			table.Rows = append(table.Rows, master.Row{Number: i + 3, Cells: sheet.CanonicalRow(cells)})
		}
		if len(table.Rows) > 0 {
			tables = append(tables, table)
		}
	}
	require.Empty(t, master.Validate(tables, nil))
	_, err := sheetsOf.Store(t.Context(), tables, "kim", map[string]int64{})
	require.NoError(t, err)

	now := func() time.Time { return time.Date(2026, 6, 8, 0, 0, 0, 0, time.UTC) }
	h := &hands{
		books: pool, closing: &activities.Closing{Ledger: ledger, Master: sheetsOf, Now: now, Zone: time.UTC},
		reconciling: &activities.Reconciling{Ledger: ledger, Master: sheetsOf, Now: now, Zone: time.UTC},
	}
	var suite testsuite.WorkflowTestSuite
	h.env = suite.NewTestActivityEnvironment()
	h.env.RegisterActivity(h.closing)
	h.env.RegisterActivity(h.reconciling)
	return h
}

// do runs an activity and reads its answer, if it gives one.
func (h *hands) do(t *testing.T, activity, in, answer any) error {
	t.Helper()
	value, err := h.env.ExecuteActivity(activity, in)
	if err != nil || answer == nil {
		return err
	}
	return read(value, answer)
}

func read(value converter.EncodedValue, answer any) error { return value.Get(answer) }

// Public sample data through every hand of a close, twice where a hand may run
// twice, and then through the independent audit.
func TestARealMonthCloses(t *testing.T) {
	t.Parallel()
	house := openHouse(t)
	folder := t.TempDir()
	copyFile(t, filepath.Join(sharedData(t), "focus", "focus_1_2_aws_25_credits.csv"),
		filepath.Join(folder, "aws.csv"))
	house.ingest(t, folder)
	h := openClose(t, house)

	var opened activities.OpenPeriodResult
	require.NoError(t, h.do(t, h.closing.OpenPeriod, activities.OpenPeriodInput{StartedBy: "kim"}, &opened))
	require.Equal(t, may, opened.Month, "{} closes the month before")
	var ready activities.Readiness
	require.NoError(t, h.do(t, h.closing.CheckReadiness, may, &ready))
	require.Empty(t, ready.Waiting)
	var due activities.ReconcileResult
	require.NoError(t, h.do(t, h.reconciling.ReconcileCredits, may, &due))
	require.Equal(t, 1, due.Credits)
	var plan activities.PlanResult
	require.NoError(t, h.do(t, h.closing.PlanCustomers, activities.PlanInput{Month: may}, &plan))
	require.Equal(t, []string{"acme", "beta", "gamma"}, plan.Customers)

	drafts := map[string]activities.DraftResult{}
	for range 2 {
		for _, customer := range []string{"acme", "beta"} {
			var draft activities.DraftResult
			in := activities.CustomerInput{Month: may, Customer: customer}
			require.NoError(t, h.do(t, h.closing.Draft, in, &draft))
			require.Len(t, draft.Documents, 1)
			if before, again := drafts[customer]; again {
				require.Equal(t, before, draft, "drafted twice, the same draft")
			}
			drafts[customer] = draft
		}
	}
	require.True(t, drafts["beta"].AutoApprove)
	err := h.do(t, h.closing.Draft, activities.CustomerInput{Month: may, Customer: "gamma"}, nil)
	require.ErrorContains(t, err, "E_CONTACT_MISSING")
	parked := activities.ParkInput{
		Month:    may,
		Customer: "gamma",
		Code:     string(activities.CodeOf(err)),
		Reason:   "no contact",
	}
	require.NoError(t, h.do(t, h.closing.Park, parked, nil))

	var proof activities.Proof
	require.NoError(t, h.do(t, h.closing.Prove, may, &proof))
	require.True(t, proof.Unassigned, "the tax line's account has no customer")
	require.Equal(t, "27.339199", proof.Currencies[0].Delivered)
	require.NoError(
		t,
		h.do(t, h.closing.AcceptUnassigned, activities.AcceptInput{Month: may, By: "park", Reason: "tax"},
			nil),
	)
	require.NoError(t, h.do(t, h.closing.Prove, may, &proof))
	require.False(t, proof.Unassigned)

	approve := activities.DecideInput{
		Month:     may,
		Customer:  "acme",
		Verdict:   "approve",
		By:        "kim",
		StartedBy: "kim",
	}
	require.ErrorContains(t, h.do(t, h.closing.Decide, approve, nil), "kim started this close")
	approve.By = "park"
	require.NoError(t, h.do(t, h.closing.Decide, approve, nil))
	auto := activities.DecideInput{Month: may, Customer: "beta", Verdict: "auto-approve", StartedBy: "kim"}
	require.NoError(t, h.do(t, h.closing.Decide, auto, nil))

	for i, customer := range []string{"acme", "beta"} {
		in := activities.FinalizeInput{InvoiceID: drafts[customer].Documents[0].InvoiceID}
		var first, again activities.FinalizeResult
		require.NoError(t, h.do(t, h.closing.Finalize, in, &first))
		require.NoError(t, h.do(t, h.closing.Finalize, in, &again))
		require.Equal(t, first, again)
		require.Equal(t, []string{"INV-2026-000001", "INV-2026-000002"}[i], first.Number)
		require.Equal(t, 1, first.Recipients, "a pending contact gets nothing")
		requireRowsBehind(t, db.NewLedger(h.books), first.Number)
	}
	var settled activities.SettleResult
	require.NoError(t, h.do(t, h.closing.Settle, may, &settled))
	require.Equal(t, activities.SettleResult{State: "closed_with_parked", Final: 2, Parked: 1}, settled)
	var board activities.Board
	require.NoError(t, h.do(t, h.closing.Board, may, &board))
	require.Equal(t, map[string]int{"final": 2, "parked": 1}, board.Counts)

	report, err := audit.Month(t.Context(), h.books, "2026-05")
	require.NoError(t, err)
	require.Empty(t, report.Findings)
}

// requireRowsBehind adds up the provider's rows behind every line: the first step.
func requireRowsBehind(t *testing.T, ledger *db.Ledger, number string) {
	t.Helper()
	snapshot, err := ledger.Document(t.Context(), number)
	require.NoError(t, err)
	require.NotEmpty(t, snapshot.Lines)
	parts, err := ledger.TraceParts(t.Context(), snapshot.Month)
	require.NoError(t, err)
	for _, line := range snapshot.Lines {
		behind, err := ledger.Behind(t.Context(), snapshot, line)
		require.NoError(t, err)
		count, billed := closing.SumBehind(behind)
		require.True(t, billed.Equal(line.Billed), "line %d: %s of %s", line.Position, billed, line.Billed)
		wanted := db.RowsWanted{Of: snapshot, Line: line, Behind: behind, Parts: parts}
		rows, added, err := ledger.SourceSums(t.Context(), wanted)
		require.NoError(t, err)
		require.Equal(t, count, rows)
		require.Equal(t, money.Text(line.Billed), added)
		sum := decimal.Zero
		require.NoError(t, ledger.SourceRows(t.Context(), wanted, func(row charge.SourceRow) error {
			sum, rows = sum.Add(decimal.RequireFromString(row.Billed)), rows-1
			return nil
		}))
		require.True(t, sum.Equal(line.Billed))
		require.Zero(t, rows)
	}
}
