package db_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/closing"
	"magam/domain/fault"
)

func TestEveryLineIsOnOneSide(t *testing.T) {
	t.Parallel()
	b := openBooks(t, row{"1", "AmazonEC2", "2026-10-01", "100.25"},
		row{"2", "AmazonEC2", "2026-10-03", "40"},
		row{"nobody", "AmazonEC2", "2026-10-03", "0.000000000000000001"})
	b.assign(t, "1", "acme", "(,)")
	b.assign(t, "2", "beta", "(,)")
	b.exec(
		t,
		`INSERT INTO quarantined_row (part_id, row_no, byte_offset, code, column_name, value, raw, month, currency,
		provider, billed) VALUES (1, 99, 0, 'E_UNKNOWN_TYPE', 'type', 'Odd', '', '2026-10', 'USD', 'aws', 7)`,
	)
	b.exec(
		t,
		`UPDATE part SET control = control || '{"month":"2026-10","currency":"USD","state":"quarantined","rows":1,"billed":"7"}'`,
	)
	b.open(t)
	b.draft(t, "acme")
	require.NoError(t, b.Park(t.Context(), october, "us", "beta", "E_CONTACT_MISSING: nobody to write to"))

	proved, err := b.Prove(t.Context(), october)
	rows := proved.Rows

	require.NoError(t, err)
	require.True(t, proved.Unowned, "cost without a customer waits for a word")
	require.True(t, proved.Blocked, "and so does a row set aside")
	require.Len(t, proved.Aside, 1)
	total := closing.ByCurrency(rows)
	require.Len(t, total, 1)
	require.Equal(t, "147.250000000000000001", total[0].Delivered.String())
	require.Equal(t, "140.250000000000000001", total[0].Sealed.String())
	require.Equal(t, "7", total[0].Quarantined.String())
	require.Equal(t, "140.25", total[0].Assigned.String())
	require.Equal(t, "0.000000000000000001", total[0].Unassigned.String())
	require.EqualValues(t, 1, total[0].Undecided)
	require.EqualValues(t, 1, total[0].UndecidedAside)

	require.NoError(t, b.AcceptUnassigned(t.Context(), october, "park", "lab account"))
	require.NoError(t, b.AcceptUnassigned(t.Context(), october, "park", "lab account"))
	proved, err = b.Prove(t.Context(), october)
	require.NoError(t, err)
	require.False(t, proved.Unowned)
	require.True(t, proved.Blocked, "accepting what has no customer signs off no row")
	var audited int
	b.scan(t, &audited, `SELECT count(*) FROM audit_log WHERE action = 'accept-unassigned'`)
	require.Equal(t, 1, audited)
	written, err := b.Proof(t.Context(), october)
	require.NoError(t, err)
	require.Len(t, written, len(rows))
}

func TestAProofThatDoesNotHold(t *testing.T) {
	t.Parallel()

	tests := map[string]struct{ spoil, says string }{
		"a customer that was not drafted": {
			`DELETE FROM invoice WHERE customer = 'beta'`, "off by 40",
		},
		"a share that was changed": {
			`UPDATE invoice_share SET assigned = assigned - 0.000001 WHERE invoice_id = 1`, "off by 0.000001",
		},
		"a day that was changed after sealing": {
			`UPDATE charge_daily SET billed = billed + 1 WHERE account_id = (SELECT max(account_id) FROM charge_daily)`,
			"off by -1",
		},
		"a row that was lost": {
			`DELETE FROM charge WHERE row_no = 3`, "delivered 100",
		},
		"files that hold more than the books": {
			`UPDATE part SET control = jsonb_set(control, '{0,billed}', '"141"')`,
			"the books hold 140 delivered, the files 141",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := twoCustomers(t)
			b.open(t)
			b.draft(t, "acme")
			b.draft(t, "beta")
			_, err := b.owner.Exec(t.Context(), tt.spoil)
			require.NoError(t, err)

			_, err = b.Prove(t.Context(), october)

			requireCode(t, fault.Conservation, err)
			require.ErrorContains(t, err, tt.says)
			written, err := b.Proof(t.Context(), october)
			require.NoError(t, err)
			require.Empty(t, written, "what does not hold is not written")
		})
	}
}
