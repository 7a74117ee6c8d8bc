package azure_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/formats/azure"
)

// A file decides once how it writes its dates, from what it says by itself.
func TestDates(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		start, end, date string
		want             string // day, then billing month
	}{
		"Azure's own":           {"10/01/2026", "10/31/2026", "10/03/2026", "2026-10-03 2026-10"},
		"without leading zeros": {"9/1/2023", "9/30/2023", "9/2/2023", "2023-09-02 2023-09"},
		"ISO":                   {"2026-10-01", "2026-10-31", "2026-10-03", "2026-10-03 2026-10"},
		"a time beside it": {
			"10/01/2026 00:00:00",
			"10/31/2026 00:00:00",
			"10/03/2026 00:00:00",
			"2026-10-03 2026-10",
		},
		"the day first, as the period's end tells": {
			"01/10/2026",
			"31/10/2026",
			"03/10/2026",
			"2026-10-03 2026-10",
		},
		"points": {
			"01.10.2026",
			"31.10.2026",
			"03.10.2026",
			"2026-10-03 2026-10",
		},
		"no period's end: the schema counts": {"10/01/2026", "", "10/03/2026", "2026-10-03 2026-10"},
		"no period: the day's month":         {"", "", "2/3/2021", "2021-02-03 2021-02"},
		"a period that is no calendar month": {"9/19/2026", "10/18/2026", "10/3/2026", "2026-10-03 2026-10"},
		"a late row stays in its bill":       {"10/01/2026", "10/31/2026", "9/30/2026", "2026-09-30 2026-10"},
		"the first of January":               {"1/1/2027", "1/31/2027", "1/1/2027", "2027-01-01 2027-01"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			lines, aside := read(t, header()+row(map[string]string{
				"billingPeriodStartDate": tt.start, "billingPeriodEndDate": tt.end, "date": tt.date,
			}), 0, azure.KindActual)

			require.Empty(t, aside)
			require.Equal(t, tt.want,
				lines[0].Start.Format("2006-01-02")+" "+lines[0].BillingMonth.Period().String())
		})
	}
}

// A date that reads only the other way says that the rows before it may have
// been read wrongly: the file is refused, not the row.
func TestDatesThatContradictEachOther(t *testing.T) {
	t.Parallel()

	tests := map[string][]map[string]string{
		"the day first after the schema's order": {
			{"billingPeriodStartDate": "", "billingPeriodEndDate": "", "date": "05/10/2026"},
			{"billingPeriodStartDate": "", "billingPeriodEndDate": "", "date": "13/10/2026"},
		},
		"the month first after days": {
			{
				"billingPeriodStartDate": "01/10/2026",
				"billingPeriodEndDate":   "31/10/2026",
				"date":                   "05/10/2026",
			},
			{
				"billingPeriodStartDate": "01/10/2026",
				"billingPeriodEndDate":   "31/10/2026",
				"date":                   "10/13/2026",
			},
		},
	}
	for name, given := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, _, err := tryRead(header()+row(given[0])+row(given[1]), 0, azure.KindActual)

			requireCode(t, fault.Schema, err)
			require.ErrorContains(t, err, "line 3 col date")
		})
	}
}

func TestMonthOf(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		text string
		want charge.Month
	}{
		"the billing period": {header() + row(nil), october},
		"the day": {
			header() + row(map[string]string{"billingPeriodStartDate": "", "billingPeriodEndDate": ""}),
			october,
		},
		"no date at all": {
			header() + row(
				map[string]string{"billingPeriodStartDate": "", "billingPeriodEndDate": "", "date": ""},
			),
			0,
		},
		"a required one gone": {strings.Replace(header(), "meterCategory", "x", 1) + row(nil), 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows := rowsOf(t, tt.text)
			require.NoError(t, rows.Next())

			require.Equal(t, tt.want, azure.MonthOf(rows))
		})
	}
}
