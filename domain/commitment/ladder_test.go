package commitment_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/commitment"
)

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestRungOf(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		left, rung int
		flagged    bool
	}{
		"31 days are too early":              {31, 0, false},
		"30 days are the first rung":         {30, 30, true},
		"15 days are still the first":        {15, 30, true},
		"14 days are the second":             {14, 14, true},
		"8 days are still the second":        {8, 14, true},
		"7 days are the third":               {7, 7, true},
		"2 days are still the third":         {2, 7, true},
		"1 day is the last":                  {1, 1, true},
		"the last day itself is the last":    {0, 1, true},
		"what ended yesterday is not warned": {-1, 0, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rung, flagged := commitment.RungOf(tt.left)
			require.Equal(t, tt.rung, rung)
			require.Equal(t, tt.flagged, flagged)
		})
	}
}

func TestExpiringListsTheSoonestFirst(t *testing.T) {
	t.Parallel()
	all := []commitment.Commitment{
		{ID: "b-in-a-week", StartsOn: day("2023-11-08"), EndsOn: day("2026-11-07")},
		{ID: "a-in-a-week", StartsOn: day("2023-11-08"), EndsOn: day("2026-11-07")},
		{ID: "in-a-month", EndsOn: day("2026-11-30")},
		{ID: "later", EndsOn: day("2026-12-01")},
		{ID: "today", EndsOn: day("2026-10-31")},
		{ID: "over", EndsOn: day("2026-10-30")},
		{ID: "not begun", StartsOn: day("2026-11-01"), EndsOn: day("2026-11-07")},
		{ID: "no end known"},
	}

	found := commitment.Expiring(all, time.Date(2026, 10, 31, 23, 59, 0, 0, time.UTC))

	var got []string
	for _, one := range found {
		got = append(got, one.Commitment.ID)
	}
	require.Equal(t, []string{"today", "a-in-a-week", "b-in-a-week", "in-a-month"}, got)
	require.Equal(t, 0, found[0].DaysLeft)
	require.Equal(t, 7, found[1].Rung)
	require.Equal(t, 30, found[3].DaysLeft)
}
