package workflows_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/activities"
	"magam/workflows"
)

func TestTheBoardsPage(t *testing.T) {
	t.Parallel()
	read := activities.Board{
		Counts: map[string]int{"final": 9, "draft": 1, "held": 2, "parked": 1}, More: 3,
		Rows: []activities.BoardRow{
			{
				Customer: "narae",
				Name:     "나래 | 핀테크",
				Provider: "aws",
				State:    "held",
				Currency: "KRW",
				Total:    "21601389",
				Reason:   "the total is above",
				Next:     "approve",
			},
			{
				Customer: "dure", Name: "두레", Provider: "aws", State: "held", Currency: "KRW", Total: "-1200",
				Reason: "held by park: ask sales", Next: "release",
			},
			{
				Customer: "bada",
				Provider: "aws",
				State:    "draft",
				Currency: "KRW",
				Total:    "8362475",
				Next:     "approve",
			},
			{
				Customer: "kaze",
				Provider: "aws",
				State:    "final",
				Currency: "JPY",
				Total:    "680385",
				Number:   "INV-2026-000005",
			},
		},
	}
	proof := activities.Proof{Currencies: []activities.ProofTotal{{
		Currency: "USD", Delivered: "79826.7326693059", Sealed: "79826.7326693059", Quarantined: "0",
		Assigned: "74121.4269163679", Retained: "5705.305752938", Unassigned: "0",
	}}}

	tests := map[string]struct {
		language string
		want     []string // in this order
	}{
		"opens with counts and commands, then rows, then the proof": {"en", []string{
			"**2026-10** · final 9 · waiting for approval 1 · held 2 · parked 1",
			"Next: `starter release --month 2026-10 --customer dure --by CODE`",
			"Next: `starter approve --month 2026-10 --customer narae --customer bada --by CODE`",
			"starter retry-parked --month 2026-10 --by CODE",
			"| customer | state | total\u00a0 | number, or why not |\n|:--|:--|--:|:--|",
			`| **narae** 나래 \| 핀테크 | held | ₩21,601,389`, "the total is above",
			"| held | -₩1,200", "| ¥680,385", "INV-2026-000005",
			"and 3 more: `starter status --month 2026-10`",
			"| proof | USD |", "| + retained | 5,705.305752938 |",
		}},
		"speaks Korean by the setting": {
			"ko",
			[]string{
				"완료 9 · 승인 대기 1 · 보류 2 · 마감 제외 1",
				"다음: `starter release",
				"| 고객 | 상태 | 청구액",
				"| 보류 |",
				"| + 미배정 | 0 |",
			},
		},
	}
	for claim, test := range tests {
		t.Run(claim, func(t *testing.T) {
			t.Parallel()
			page := workflows.BoardPage(october, test.language, read, proof)
			rest := page
			for _, want := range test.want {
				_, after, found := strings.Cut(rest, want)
				require.True(t, found, "%q in its place in\n%s", want, page)
				rest = after
			}
		})
	}
}
