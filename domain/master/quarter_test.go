package master_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/master"
	"magam/domain/period"
)

// Ruling R-20: a month is billed with its quarter as long as the contract goes on
// to be billed so within the quarter.
func TestR20AMonthWaitsForItsQuarter(t *testing.T) {
	t.Parallel()
	quarterly := set("customers", 0, "billing_cycle", "quarterly")
	tests := map[string]struct {
		edits []edit
		waits []time.Month // of the last quarter
	}{
		"a contract by month waits for nothing": {nil, nil},
		"two months wait for the third":         {[]edit{quarterly}, []time.Month{10, 11}},
		"a contract that ends bills with its last month": {
			[]edit{quarterly, set("customers", 0, "to", "2026-11")},
			[]time.Month{10},
		},
		"one that begins in the quarter waits from then on": {
			[]edit{quarterly, set("customers", 0, "from", "2026-11")},
			[]time.Month{11},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			book, err := master.NewBook(edited(tt.edits...))
			require.NoError(t, err)

			var waits []time.Month
			var carried []period.Month
			for month := time.October; month <= time.December; month++ {
				if book.Defers("alpha", period.NewMonth(2026, month)) {
					waits = append(waits, month)
					carried = append(carried, period.NewMonth(2026, month))
				}
			}
			require.Equal(t, tt.waits, waits)
			require.Equal(t, carried, book.DeferredTo("alpha", period.NewMonth(2026, 12)))
			require.Empty(t, book.DeferredTo("alpha", october), "a first month bills no other")
		})
	}
}

func TestR20AContractThatChangesWithinTheQuarterBillsWhatIsDone(t *testing.T) {
	t.Parallel()
	for name, change := range map[string][2]string{
		"to months":           {"billing_cycle", "monthly"},
		"to another currency": {"currency", "USD"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next := again("customers", 0, "from", "2026-12", change[0], change[1])
			book, err := master.NewBook(edited(set("customers", 0, "billing_cycle", "quarterly"),
				next, set("customers", 0, "to", "2026-11")))
			require.NoError(t, err)

			require.True(t, book.Defers("alpha", october))
			require.False(t, book.Defers("alpha", october.Add(1)))
			require.Equal(t, []period.Month{october}, book.DeferredTo("alpha", october.Add(1)))
		})
	}
}
