package closing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/closing"
	"magam/domain/period"
)

func TestWhenAMonthIsFinal(t *testing.T) {
	t.Parallel()
	october := period.NewMonth(2026, 10)
	aws := closing.SourceMonth{
		Source: "s", Provider: "aws", Configured: true, Expected: true, Delivered: true, Rows: 100,
	}
	with := func(change func(*closing.SourceMonth)) closing.SourceMonth {
		changed := aws
		change(&changed)
		return changed
	}
	of := func(provider string) closing.SourceMonth {
		return with(func(s *closing.SourceMonth) { s.Provider = provider })
	}

	tests := map[string]struct {
		known closing.SourceMonth
		on    string
		want  closing.Finality
		close bool
	}{
		"AWS with every invoice id and the support fee is final at once": {
			with(func(s *closing.SourceMonth) { s.Support = true }),
			"2026-11-02",
			closing.FinalityFinal,
			true,
		},
		"AWS without a support fee may still change on the seventh": {
			aws,
			"2026-11-07",
			closing.FinalityOpen,
			false,
		},
		"AWS without a support fee is final from the eighth": {
			aws,
			"2026-11-08",
			closing.FinalityFinal,
			true,
		},
		"a row without an invoice id keeps AWS open, however late": {
			with(func(s *closing.SourceMonth) { s.Unbilled, s.Support = 1, true }), "2026-12-31",
			closing.FinalityOpen, false,
		},
		"an export without invoice ids is final by date": {
			with(func(s *closing.SourceMonth) { s.Unmarked, s.Unbilled = true, 100 }), "2026-11-08",
			closing.FinalityFinal, true,
		},
		"and not before": {
			with(func(s *closing.SourceMonth) { s.Unmarked, s.Unbilled, s.Support = true, 100, true }),
			"2026-11-07",
			closing.FinalityOpen,
			false,
		},
		"a month that runs is never final": {
			with(func(s *closing.SourceMonth) { s.Support = true }),
			"2026-10-31",
			closing.FinalityOpen,
			false,
		},
		"Azure is final from the fifth":          {of("azure"), "2026-11-05", closing.FinalityFinal, true},
		"Azure is open on the fourth":            {of("azure"), "2026-11-04", closing.FinalityOpen, false},
		"GCP is open on the ninth":               {of("gcp"), "2026-11-09", closing.FinalityOpen, false},
		"GCP is final from the tenth":            {of("gcp"), "2026-11-10", closing.FinalityFinal, true},
		"OCI is final from the fifth":            {of("oci"), "2026-11-05", closing.FinalityFinal, true},
		"another provider with every invoice id": {of("other"), "2026-11-01", closing.FinalityFinal, true},
		"Azure's closing lines settle it earlier": {
			with(func(s *closing.SourceMonth) { s.Provider, s.Rounding = "azure", true }), "2026-11-02",
			closing.FinalityFinal, true,
		},
		"provisional:8 waits on the seventh": {
			with(func(s *closing.SourceMonth) { s.Provisional, s.Unbilled = 8, 5 }), "2026-11-07",
			closing.FinalityOpen, false,
		},
		"provisional:8 closes from the eighth": {
			with(func(s *closing.SourceMonth) { s.Provisional, s.Unbilled = 8, 5 }), "2026-11-08",
			closing.FinalityOpen, true,
		},
		"a folder that nobody configured makes nobody wait": {
			with(func(s *closing.SourceMonth) { s.Configured, s.Unbilled = false, 5 }), "2026-11-02",
			closing.FinalityOpen, true,
		},
		"nothing delivered is waited for": {
			with(func(s *closing.SourceMonth) { s.Delivered = false }),
			"2026-12-31",
			closing.FinalityMissing,
			false,
		},
		"a source that began later is not": {
			with(func(s *closing.SourceMonth) { s.Delivered, s.Expected = false, false }), "2026-11-02",
			closing.FinalityMissing, true,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			on, err := time.Parse(time.DateOnly, tt.on)
			require.NoError(t, err)

			ripe := closing.Judge(tt.known, october, on)

			require.Equal(t, tt.want, ripe.Finality, ripe.Why)
			require.Equal(t, tt.close, ripe.Close, ripe.Why)
			require.NotEmpty(t, ripe.Why)
			ready := closing.Weigh([]closing.Ripe{ripe}, false)
			require.Equal(t, tt.close, len(ready.Waiting) == 0)
			require.Equal(t, tt.close && tt.want == closing.FinalityOpen, len(ready.Provisional) == 1)
			overridden := closing.Weigh([]closing.Ripe{ripe}, true)
			require.Equal(t, tt.want == closing.FinalityMissing && !tt.close, len(overridden.Waiting) > 0,
				"people may do without a final word, never without a delivery")
		})
	}
}
