package gcp_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/fault"
)

// A row is set aside whole, with what it is worth where that is known.
func TestRowsSetAside(t *testing.T) {
	t.Parallel()
	october := charge.Month(2026*12 + 9)
	credit := madeCredit{"PROMOTION", "Trial", "-0.5"}
	tests := map[string]struct {
		row            made
		month          charge.Month
		code           fault.Code
		column, billed string
	}{
		"an unknown cost type, with its net": {
			row(map[string]string{"cost_type": "fee"}, credit), 0, fault.UnknownType, "cost_type", "100",
		},
		"no cost type": {
			row(map[string]string{"cost_type": ""}, credit), 0, fault.UnknownType, "cost_type", "100",
		},
		"an unknown credit type": {
			row(nil, credit, madeCredit{"LOYALTY", "New", "-0.25"}), 0, fault.UnknownType, "credits", "99.75",
		},
		"a credit that has neither a type nor a name from before": {
			row(nil, madeCredit{"", "Free trial", "-0.25"}), 0, fault.UnknownType, "credits", "100.25",
		},
		"an unknown reason for an adjustment": {
			row(map[string]string{"adjustment_info.type": "WHIM"}),
			0,
			fault.UnknownType,
			"adjustment_info.type",
			"100.5",
		},
		"a cost that is no number": {
			row(map[string]string{"cost": `"NaN"`}, credit), 0, fault.Number, "cost", "",
		},
		"no cost": {row(map[string]string{"cost": "null"}, credit), 0, fault.Number, "cost", ""},
		"a list price that is no number keeps the cost": {
			row(map[string]string{"cost_at_list": "Inf"}), 0, fault.Number, "cost_at_list", "100.5",
		},
		"a credit that is no number leaves the net unknown": {
			row(nil, madeCredit{"PROMOTION", "Trial", `"Infinity"`}), 0, fault.Number, "credits", "",
		},
		"a credit without an amount": {
			row(nil, madeCredit{"PROMOTION", "Trial", "null"}), 0, fault.Number, "credits", "",
		},
		"credits that add up to what is no amount": {
			row(nil, madeCredit{"PROMOTION", "Trial", "-9e14"}, madeCredit{"PROMOTION", "Trial", "-9e14"}), 0,
			fault.Number, "credits", "",
		},
		"an amount beyond bounds": {row(map[string]string{"cost": "1E-31"}), 0, fault.Number, "cost", ""},
		"no currency": {
			row(map[string]string{"currency": "usd"}), 0, fault.Currency, "currency", "100.5",
		},
		"no invoice month": {
			row(map[string]string{"invoice.month": "2026-10"}), 0, fault.Date, "invoice.month", "100.5",
		},
		"a month that is not": {
			row(map[string]string{"invoice.month": "202613"}), 0, fault.Date, "invoice.month", "100.5",
		},
		"another month than the delivery's": {
			row(map[string]string{"invoice.month": "202609"}), october, fault.PeriodMismatch, "invoice.month",
			"100.5",
		},
		"an end before its start": {
			row(map[string]string{"usage_end_time": "2026-10-03 04:00:00 UTC"}),
			0,
			fault.Date,
			"usage_end_time",
			"100.5",
		},
		"a start that is no time": {
			row(map[string]string{"usage_start_time": "soon"}), 0, fault.Date, "usage_start_time", "100.5",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			lines, aside := readRows(t, tt.month, row(nil), tt.row, row(nil))

			require.Len(t, lines, 2, "the rows beside it are booked")
			require.Equal(t, int64(3), lines[1].Row)
			require.Len(t, aside, 1)
			require.Equal(t, tt.code, aside[0].Code)
			require.Equal(t, tt.column, aside[0].Column)
			require.Equal(t, tt.billed, aside[0].Billed)
			require.Equal(t, tt.row.nested(t), string(aside[0].Raw)+"\n")
			require.Equal(t, int64(2), aside[0].Line)
		})
	}
}
