package delivery_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/delivery"
)

func TestTheRhythmEndsWithinFourDays(t *testing.T) {
	t.Parallel()
	var tried time.Duration
	var pauses []time.Duration
	for attempt := 1; ; attempt++ {
		pause := delivery.Pause(attempt)
		if delivery.Expired(tried, pause) {
			break
		}
		pauses = append(pauses, pause)
		tried += pause
	}
	require.Equal(t, []time.Duration{
		time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, time.Hour,
	}, pauses[:6])
	require.Len(t, pauses, 99, "bounded: about eleven events each stay below two thousand")
	require.LessOrEqual(t, tried, delivery.PatienceMax)
	require.Greater(t, tried+time.Hour, delivery.PatienceMax)
}

func TestMaskHidesAddresses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"an address keeps its first letter and its domain": {"kim.haneul@alpha.test", "k**@alpha.test"},
		"a relay's reply": {
			"550 5.1.1 <kim@alpha.test>: user kim@alpha.test unknown",
			"550 5.1.1 <k**@alpha.test>: user k**@alpha.test unknown",
		},
		"two in a list":            {"a@b.test,c@d.test", "a**@b.test,c**@d.test"},
		"Hangul before the sign":   {"김하늘@예.테스트", "김**@예.테스트"},
		"a text without addresses": {"451 greylisted, try @ 10:00", "451 greylisted, try @ 10:00"},
		"nothing":                  {"", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, delivery.Mask(tt.text))
		})
	}
}
