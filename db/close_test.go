package db_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/period"
)

func requireCode(t *testing.T, want fault.Code, err error) {
	t.Helper()
	code, coded := fault.CodeOf(err)
	require.True(t, coded, "%v", err)
	require.Equal(t, want, code, "%v", err)
}

func TestThePeriodIsTheLock(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	asks := closing.Opening{Month: october, WorkflowID: "close/2026-10", RunID: "r1", StartedBy: "kim"}

	first, err := b.OpenPeriod(t.Context(), asks)
	require.NoError(t, err)
	require.Equal(t, closing.Opened{State: closing.StateClosing, Holder: "close/2026-10"}, first)

	asks.RunID = "r2"
	again, err := b.OpenPeriod(t.Context(), asks)
	require.NoError(t, err)
	require.True(t, again.Joined, "the same workflow picks up where it stood")

	other := closing.Opening{Month: october, WorkflowID: "close/2026-10-by-schedule", RunID: "r9"}
	busy, err := b.OpenPeriod(t.Context(), other)
	requireCode(t, fault.PeriodBusy, err)
	require.Equal(t, "close/2026-10", busy.Holder, "the refusal names the holder")

	other.Abandoned = "close/2026-10"
	taken, err := b.OpenPeriod(t.Context(), other)
	require.NoError(t, err)
	require.Equal(t, "close/2026-10-by-schedule", taken.Holder)

	running, err := b.Closing(t.Context())
	require.NoError(t, err)
	require.Equal(t, []period.Month{october}, running)
	settled, err := b.Settle(t.Context(), october)
	require.NoError(t, err)
	require.Equal(t, closing.StateClosed, settled.State)
	running, err = b.Closing(t.Context())
	require.NoError(t, err)
	require.Empty(t, running)
	closed, err := b.OpenPeriod(t.Context(), asks)
	require.NoError(t, err)
	require.Equal(t, closing.StateClosed, closed.State, "a closed month stays closed")
}

func TestOneOfManyClosersWins(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	const closers = 8
	var group sync.WaitGroup
	results := make([]error, closers)
	for i := range closers {
		group.Add(1)
		go func() {
			defer group.Done()
			_, results[i] = b.OpenPeriod(t.Context(), closing.Opening{
				Month: october, WorkflowID: fmt.Sprint("close/", i), RunID: "r",
			})
		}()
	}
	group.Wait()

	won := 0
	for _, err := range results {
		if err == nil {
			won++
			continue
		}
		requireCode(t, fault.PeriodBusy, err)
	}
	require.Equal(t, 1, won)
	var opened int
	b.scan(t, &opened, `SELECT count(*) FROM audit_log WHERE action = 'open'`)
	require.Equal(t, 1, opened, "the losers wrote nothing")
}

// final is a day on which every provider's bill of October is.
var final = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

func TestACloseWaitsFor(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		arrange func(*testing.T, *books)
		want    []string
	}{
		"any delivery at all": {func(*testing.T, *books) {}, []string{"no sealed delivery holds 2026-10"}},
		"nothing once one is in and no source is named": {func(t *testing.T, b *books) {
			b.deliver(t, "drop", row{"1", "AmazonEC2", "2026-10-01", "1"})
		}, nil},
		"the source that has not delivered": {func(t *testing.T, b *books) {
			b.sheet(t, "sources", `{"name":"aws-main"}`, `{"name":"focus"}`)
			b.deliver(t, "aws-main", row{"1", "AmazonEC2", "2026-10-01", "1"})
		}, []string{"source focus: no sealed delivery holds 2026-10"}},
		"a delivery that is on its way": {func(t *testing.T, b *books) {
			b.deliver(t, "aws-main", row{"1", "AmazonEC2", "2026-10-01", "1"})
			b.exec(t, `INSERT INTO delivery (source, format, scope, digest, digest_kind, location)
				VALUES ('aws-main', 'cur', '2026-10', 'new', 'bytes', 'there')`)
		}, []string{"delivery 2 of aws-main is being loaded from there"}},
		"nothing of another month": {func(t *testing.T, b *books) {
			b.deliver(t, "aws-main", row{"1", "AmazonEC2", "2026-10-01", "1"})
			b.exec(t, `INSERT INTO delivery (source, format, scope, digest, digest_kind, location)
				VALUES ('aws-main', 'cur', '2026-11', 'new', 'bytes', 'there')`)
		}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBooks(t)
			tt.arrange(t, b)

			ready, err := b.Waiting(t.Context(), october, final)

			require.NoError(t, err)
			require.Equal(t, tt.want, ready.Waiting)
		})
	}
}

func TestAPayerInTwoDeliveriesIsRefused(t *testing.T) {
	t.Parallel()
	b := openBooks(t, row{"1", "AmazonEC2", "2026-10-01", "1"})
	b.deliver(t, "focus", row{"1", "AmazonEC2", "2026-10-01", "1"})

	_, err := b.Waiting(t.Context(), october, final)

	requireCode(t, fault.Overlap, err)
	require.ErrorContains(t, err, "aws-main and focus")
}

func TestDeliveriesThatMakeAMonthTogetherAreNoOverlap(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"reports of Oracle": `UPDATE delivery SET scope = 'oci ' || id`,
		"one that two people let through": `UPDATE delivery SET scope = 'files ' || id,
			let_through = CASE id WHEN 2 THEN 'kim: late rows; park: agreed' ELSE '' END`,
	}
	for name, apart := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBooks(t, row{"1", "AmazonEC2", "2026-10-01", "1"})
			b.exec(t, apart)
			b.deliver(t, "aws-main", row{"1", "AmazonEC2", "2026-10-02", "2"})
			b.exec(t, apart)

			ready, err := b.Waiting(t.Context(), october, final)

			require.NoError(t, err)
			require.Empty(t, ready.Waiting)
		})
	}
}
