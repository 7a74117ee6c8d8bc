package closing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/period"
)

// Ruling R-20: no document goes out that leaves a month of its quarter out.
func TestR20AQuarterIsWholeOrParked(t *testing.T) {
	t.Parallel()
	november, december := october.Add(1), october.Add(2)
	both := []period.Month{october, november}
	stands := func(october, november closing.QuarterMonth) closing.Quarter {
		october.Month, november.Month = both[0], both[1]
		return closing.Quarter{Earlier: []closing.QuarterMonth{october, november}}
	}
	done := closing.QuarterMonth{State: closing.StateClosed}
	for name, tt := range map[string]struct {
		quarter closing.Quarter
		wanted  []period.Month
		want    string // empty: it may be drafted
	}{
		"both months are closed": {stands(done, done), both, ""},
		"one closed while others were parked": {
			stands(done, closing.QuarterMonth{State: closing.StateClosedWithParked}), both, "",
		},
		"one was never closed": {
			stands(done, closing.QuarterMonth{State: closing.StateOpen}), both, "2026-11 is a month",
		},
		"the customer is parked in one": {
			stands(closing.QuarterMonth{
				State: closing.StateClosedWithParked, Waiting: []string{"aws (parked)"},
			}, done), both, "is not done there: aws (parked)",
		},
		"one is closing and waits for approval": {
			stands(done, closing.QuarterMonth{
				State: closing.StateClosing, Waiting: []string{"aws (draft)"},
			}), both, "aws (draft)",
		},
		"the contract began after it": {
			stands(closing.QuarterMonth{State: closing.StateOpen}, done), both[1:], "",
		},
		"a month of the last quarter was left behind": {
			closing.Quarter{Deferred: []invoice.Snapshot{{Month: october.Add(-1), Provider: "aws"}}},
			nil,
			"acme aws of 2026-09 was deferred and no document bills it",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := tt.quarter.Check("acme", december, tt.wanted)
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			code, _ := fault.CodeOf(err)
			require.Equal(t, fault.Quarter, code)
			require.ErrorContains(t, err, tt.want)
			require.ErrorContains(t, err, "starter close --month", "the cure is a command")
		})
	}
}

func TestR20WhatIsFoundLateGoesOutAlone(t *testing.T) {
	t.Parallel()
	require.True(t, closing.Quarter{}.Defers(true))
	require.False(t, closing.Quarter{}.Defers(false))
	require.False(t, closing.Quarter{Billed: "INV-2026-000007"}.Defers(true))
}
