package master_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/master"
	"magam/domain/period"
)

// A row that the close cannot carry out parks whom it names; one that it can
// carry out parks nobody.
func TestWhatIsNotBuiltParksInsteadOfBeingPassedOver(t *testing.T) {
	t.Parallel()
	plain := clearAll("prices", "shared_costs", "fees")
	customer := func(column, text string) edit { return set("customers", 0, column, text) }
	tests := map[string]struct {
		change edit
		want   string // of the reason; empty where nobody is parked
	}{
		"rounding every line is carried out":    {customer("rounding_point", "line"), ""},
		"rounding every product is carried out": {customer("rounding_point", "product"), ""},
		"a bill per quarter (R-20) is not": {
			customer("billing_cycle", "quarterly"),
			"quarterly billing",
		},
		"pooled benefits are carried out": {customer("benefit_policy", "pooled"), ""},
		"a shared cost is carried out": {
			add(
				"shared_costs",
				"id",
				"own",
				"sub_account",
				"777788889999",
				"key",
				"even",
				"customer",
				"alpha",
			),
			"",
		},
		"a discount is carried out": {
			add("prices", "id", "own", "customer", "alpha", "kind", "discount", "value", "5"), "",
		},
		"a price per unit is carried out": {
			add("prices", "id", "own", "customer", "alpha", "kind", "unit-price", "value", "5", "usage_type",
				"x"),
			"",
		},
		"a fee is carried out": {
			add("fees", "id", "own", "customer", "alpha", "kind", "management", "rate", "3", "per",
				"customer"),
			"",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			book, err := master.NewBook(edited(plain, tt.change))
			require.NoError(t, err)

			parked := book.Unbuilt(period.NewMonth(2026, time.October))

			if tt.want == "" {
				require.Empty(t, parked)
				return
			}
			require.Contains(t, strings.Join(parked["alpha"], "; "), tt.want)
		})
	}
}
