package period_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/period"
)

func instant(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestMonthOfIsInUTC(t *testing.T) {
	t.Parallel()
	// F19: the claim is an instant, the month is the bill it belongs to.
	tests := map[string]string{
		"2026-01-31T23:30:00Z":           "2026-01", // 1 February 08:30 in Seoul
		"2026-02-01T08:30:00+09:00":      "2026-01",
		"2026-01-31T23:59:59.999999999Z": "2026-01",
		"2026-02-01T00:00:00Z":           "2026-02",
		"2025-12-31T19:00:00-05:00":      "2026-01",
		"2028-02-29T12:00:00Z":           "2028-02",
	}
	for text, want := range tests {
		month := period.MonthOf(instant(text))
		require.Equal(t, want, month.String(), text)
		require.True(t, month.Contains(instant(text)))
		require.False(t, month.Contains(month.End()), "the end is excluded")
		require.True(t, month.Contains(month.Start()))
	}
}

func TestPreviousReadsTheWallClock(t *testing.T) {
	t.Parallel()
	// at 00:30 in Seoul on 1 November it is October, though not over in UTC.
	require.Equal(t, "2026-10", period.Previous(instant("2026-11-01T00:30:00+09:00")).String())
	require.Equal(t, "2026-09", period.Previous(instant("2026-10-31T15:30:00Z")).String())
	require.Equal(t, "2025-12", period.Previous(instant("2026-01-31T12:00:00+09:00")).String())
}

func TestMonthArithmetic(t *testing.T) {
	t.Parallel()
	december := period.NewMonth(2026, time.December)
	require.Equal(t, "2027-01", december.Add(1).String())
	require.Equal(t, 13, december.Add(13).Sub(december))
	require.True(t, december.Before(december.Add(1)))
	require.True(t, december.After(december.Add(-1)))
	require.Equal(t, 29, period.NewMonth(2028, time.February).Days())
	require.Equal(t, "2028-02-29", period.NewMonth(2028, time.February).LastDay().Format(time.DateOnly))
	require.Equal(t, 2026, december.Year())
	require.Equal(t, 12, december.Number())
}

func TestMonthText(t *testing.T) {
	t.Parallel()
	for _, wrong := range []string{"2026", "2026-13", "2026-1", "26-10", "2026-10-01", " 2026-10", "october"} {
		_, err := period.ParseMonth(wrong)
		require.ErrorIs(t, err, period.ErrMonth, wrong)
	}
	for _, text := range []string{`"2026-10"`, `""`} {
		var month period.Month
		require.NoError(t, json.Unmarshal([]byte(text), &month))
		again, err := json.Marshal(month)
		require.NoError(t, err)
		require.Equal(t, text, string(again))
	}
	var month period.Month
	require.Error(t, json.Unmarshal([]byte(`"2026-13"`), &month))
	require.True(t, month.IsZero())
}

func TestSpansIncludeBothEndsAndAreOpenWhereEmpty(t *testing.T) {
	t.Parallel()
	october := period.NewMonth(2026, time.October)
	span := period.Span{From: october.Add(-1), To: october}
	require.True(t, span.Covers(october))
	require.True(t, span.Covers(october.Add(-1)))
	require.False(t, span.Covers(october.Add(1)))
	require.False(t, span.Covers(october.Add(-2)))
	require.True(t, period.Span{}.Covers(october))
	require.True(t, span.Overlaps(period.Span{From: october}))
	require.True(t, span.Overlaps(period.Span{}))
	require.False(t, span.Overlaps(period.Span{From: october.Add(1)}))
	require.False(t, span.Overlaps(period.Span{To: october.Add(-2)}))
}

func TestWindowsAreHalfOpen(t *testing.T) {
	t.Parallel()
	october := period.NewMonth(2026, time.October)
	this, next := period.Window{Start: october.Start(), End: october.End()}, period.Window{
		Start: october.End(), End: october.Add(1).End(),
	}
	require.False(t, this.Contains(october.End()))
	require.True(t, next.Contains(october.End()))
}
