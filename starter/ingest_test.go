package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnIngestFailsForWhatDidNotGetIn(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer ingestAnswer
		want   []string
	}{
		"nothing, where all are in": {ingestAnswer{Deliveries: []deliveryAnswer{{State: "sealed"}}}, nil},
		"nothing, for one that came too late": {
			ingestAnswer{
				Deliveries: []deliveryAnswer{{State: "refused", Why: "E_OLDER_DELIVERY: 2 is newer"}},
			},
			nil,
		},
		"one whose file cannot be read, beside one that is in": {
			ingestAnswer{
				Refused:    []string{"E_FORMAT x.csv"},
				Deliveries: []deliveryAnswer{{State: "sealed"}},
			},
			[]string{"E_FORMAT x.csv"},
		},
		"one whose rows cannot be, and one that is held, beside one that is in": {
			ingestAnswer{Deliveries: []deliveryAnswer{
				{State: "sealed"},
				{State: "refused", Why: "E_ENCODING a.csv"},
				{State: "held", Why: "E_ROWCOUNT_DROP: 1 row"},
			}},
			[]string{"E_ENCODING a.csv", "E_ROWCOUNT_DROP: 1 row"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, tt.answer.keptOut())
		})
	}
}
