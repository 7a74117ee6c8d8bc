package awscur_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/charge"
)

// Column order, row order and how rows are cut into files never change a figure.
func TestNoOrderChangesAFigure(t *testing.T) {
	t.Parallel()
	kinds := []string{
		"Usage",
		"EdpDiscount",
		"RIFee",
		"SavingsPlanNegation",
		"Tax",
		"SomeFutureType",
		"Credit",
	}
	costs := []string{"1", "-7.0E-10", "0.1234567890123", "NaN", "", "99999999.9999999999", "-0"}

	rapid.Check(t, func(t *rapid.T) {
		given := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) map[string]string {
			return map[string]string{
				"line_item_line_item_type":      rapid.SampledFrom(kinds).Draw(t, "kind"),
				"line_item_unblended_cost":      rapid.SampledFrom(costs).Draw(t, "cost"),
				"pricing_public_on_demand_cost": rapid.SampledFrom(costs).Draw(t, "list"),
				"bill_billing_period_start_date": rapid.SampledFrom([]string{"2026-10-01", "2026-09-01"}).
					Draw(t, "month"),
				"resource_tags": rapid.SampledFrom([]string{"", `{"user_a":"1"}`, "{"}).
					Draw(t, "tags"),
			}
		}), 1, 30).Draw(t, "rows")
		want := controlOf(t, [][]map[string]string{given}, exportColumns)

		columns := rapid.Permutation(exportColumns).Draw(t, "columns")
		shuffled := rapid.Permutation(given).Draw(t, "order")
		cut := rapid.IntRange(0, len(shuffled)).Draw(t, "cut")
		got := controlOf(t, [][]map[string]string{shuffled[:cut], shuffled[cut:]}, columns)

		require.Equal(t, want, got)
	})
}

// controlOf reads files of rows as one delivery.
func controlOf(t *rapid.T, files [][]map[string]string, columns []string) []charge.ControlTotal {
	var control charge.Control
	for _, rows := range files {
		text := strings.Join(columns, ",") + "\n"
		for _, row := range rows {
			text += exportRow(columns, row)
		}
		reader, err := open(strings.NewReader(text), charge.Month(2026*12+9))
		require.NoError(t, err)
		for {
			line, aside, err := reader.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			if aside != nil {
				require.NoError(t, control.SetAside(aside))
				continue
			}
			require.NoError(t, control.Book(line))
		}
	}
	return slices.Clone(control.Totals())
}
