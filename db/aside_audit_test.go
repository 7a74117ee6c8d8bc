package db_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/closing"
	"magam/domain/party"
	"magam/internal/audit"
)

func TestTheAuditFindsAMonthClosedWithoutTwoPeople(t *testing.T) {
	t.Parallel()
	both := []party.Person{kim, park}
	tests := map[string]struct {
		by          []party.Person
		spoil, want string
	}{
		"nothing, where two signed": {both, "SELECT 1", ""},
		"a row that one person signed off": {
			both[:1], "UPDATE quarantined_row SET state = 'accepted', decided_by = 'kim, park'", "by 1",
		},
		"a row that was opened again": {
			both,
			"UPDATE quarantined_row SET state = 'open', decided_by = ''",
			"open",
		},
		"a rejection that was left out": {
			both,
			"INSERT INTO quarantine_word (row_id, verdict, said_by, reason, digest) VALUES (1, 'reject', 'x', 'x', 'x')",
			"by 0",
		},
		"a month closed with an open row": {
			nil, "UPDATE billing_period SET state = 'closed', closed_at = now()", "open",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := withAside(t, aside(0, "7"))
			for _, by := range tt.by {
				_, err := b.say(t, closing.AcceptAside, by, 1)
				require.NoError(t, err)
			}
			b.assignOnce(t)
			b.open(t)
			b.draft(t, "acme")
			_, err := b.Prove(t.Context(), october)
			require.NoError(t, err)
			_, err = b.owner.Exec(t.Context(), tt.spoil)
			require.NoError(t, err)

			report, err := audit.Month(t.Context(), b.owner, "2026-10")

			require.NoError(t, err)
			if tt.want == "" {
				require.Empty(t, report.Findings)
				return
			}
			require.Len(t, report.Findings, 1)
			require.Equal(t, "row Q-1", report.Findings[0].Subject)
			require.Equal(t, tt.want, report.Findings[0].Found)
		})
	}
}
