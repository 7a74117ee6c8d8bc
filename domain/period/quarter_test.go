package period_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/period"
)

func TestAQuarterIsOfTheCalendar(t *testing.T) {
	t.Parallel()
	for month, want := range map[time.Month][2]string{
		time.January: {"2026-01", "2026-03"}, time.March: {"2026-01", "2026-03"},
		time.April: {"2026-04", "2026-06"}, time.August: {"2026-07", "2026-09"},
		time.October: {"2026-10", "2026-12"}, time.December: {"2026-10", "2026-12"},
	} {
		of := period.NewMonth(2026, month)
		require.Equal(t, want, [2]string{of.QuarterStart().String(), of.QuarterEnd().String()}, month)
	}
}
