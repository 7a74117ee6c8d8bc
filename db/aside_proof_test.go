package db_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/db"
	"magam/domain/charge"
	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/party"
)

func TestWhatKeepsAMonthFromClosing(t *testing.T) {
	t.Parallel()
	nothing := aside(0, "0")
	cheap := aside(0, "0")
	cheap.Effective = "3"

	tests := map[string]struct {
		row    *charge.Quarantined
		words  []closing.AsideVerdict // by kim, park, kim …
		blocks bool
	}{
		"a row that is worth something":         {aside(0, "7"), nil, true},
		"a refund":                              {aside(0, "-7"), nil, true},
		"a row whose amount nobody can read":    {unreadable(), nil, true},
		"a row that costs nothing but is worth": {cheap, nil, true},
		"not a row that is worth nothing":       {nothing, nil, false},
		"one person's word is not enough":       {aside(0, "7"), []closing.AsideVerdict{"accept"}, true},
		"not what two people signed off": {
			aside(0, "7"),
			[]closing.AsideVerdict{"accept", "accept"},
			false,
		},
		"nor an unreadable amount they signed off": {
			unreadable(),
			[]closing.AsideVerdict{"accept", "accept"},
			false,
		},
		"what was rejected must be delivered again": {aside(0, "7"), []closing.AsideVerdict{"reject"}, true},
		"a rejection takes a signature back": {
			aside(0, "7"),
			[]closing.AsideVerdict{"accept", "reject"},
			true,
		},
		"two may accept after all": {
			aside(0, "7"), []closing.AsideVerdict{"reject", "accept", "accept"}, false,
		},
		"and one may reject what two accepted": {
			aside(0, "7"), []closing.AsideVerdict{"accept", "accept", "reject"}, true,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := withAside(t, tt.row)
			for i, verdict := range tt.words {
				_, err := b.say(t, verdict, []party.Person{kim, park}[i%2], 1)
				require.NoError(t, err)
			}

			require.Equal(t, tt.blocks, b.blocked(t))

			b.open(t)
			require.NoError(t, b.AcceptUnassigned(t.Context(), october, "park", "all of it"))
			require.Equal(t, tt.blocks, b.blocked(t), "accepting cost without a customer is another word")
		})
	}
}

func TestTheProofShowsWhatWasSignedOff(t *testing.T) {
	t.Parallel()
	b := withAside(t, aside(0, "7"), aside(0, "8.5"), unreadable())
	_, err := b.say(t, closing.AcceptAside, lee, 1, 2)
	require.NoError(t, err)
	decided, err := b.say(t, closing.AcceptAside, park, 1, 2)
	require.NoError(t, err)
	require.Zero(t, decided.Waiting)
	b.assignOnce(t)
	b.draft(t, "acme")

	proved, err := b.Prove(t.Context(), october)

	require.NoError(t, err)
	require.True(t, proved.Blocked)
	total := closing.ByCurrency(proved.Rows)
	require.Equal(t, "25.5", total[0].Delivered.String())
	require.Equal(t, "15.5", total[0].Quarantined.String(), "what is signed off stays on its side")
	require.EqualValues(t, 1, total[0].UndecidedAside)
	require.Equal(t, []closing.AsideGroup{
		{
			Source:   "aws",
			Month:    "2026-10",
			Code:     "E_NUMBER",
			Currency: "USD",
			State:    "open",
			Rows:     1,
			Unknown:  1,
			Blocks:   1,
			Billed:   "0",
		},
		{
			Source:   "aws",
			Month:    "2026-10",
			Code:     "E_UNKNOWN_TYPE",
			Currency: "USD",
			State:    "accepted",
			Rows:     2,
			Said:     "accept by lee: a test line of theirs; accept by park: a test line of theirs",
			Billed:   "15.5",
		},
	}, proved.Aside)
}

// A delivery of nothing but rows that name no month stands in the month it was
// delivered for.
func TestRowsWithoutAMonthBlockTheMonthTheyCameFor(t *testing.T) {
	t.Parallel()
	b := openBooks(t, row{"1", "AmazonEC2", "2026-10-01", "100.25"})
	b.assign(t, "1", "acme", "(,)")
	lost := unreadable()
	lost.BillingMonth, lost.Row, lost.Code = 0, 1, fault.Date
	lost.Billed = "5"
	one := found("d2", 1)
	one.Source = "other"
	sealOne(t, &db.Charges{Pool: b.app}, one, nil, lost)
	b.draft(t, "acme")

	proved, err := b.Prove(t.Context(), october)

	require.NoError(t, err)
	require.True(t, proved.Blocked)
	require.Equal(t, "5", closing.ByCurrency(proved.Rows)[0].Quarantined.String())
}

func (b *books) blocked(t *testing.T) bool {
	t.Helper()
	b.assignOnce(t)
	b.draft(t, "acme")
	proved, err := b.Prove(t.Context(), october)
	require.NoError(t, err)
	require.False(t, proved.Unowned)
	for _, row := range closing.ByCurrency(proved.Rows) {
		require.True(t, row.Delivered.Equal(row.Sealed.Add(row.Quarantined)))
	}
	return proved.Blocked
}

func (b *books) assignOnce(t *testing.T) {
	t.Helper()
	b.exec(t, `INSERT INTO account_assignment VALUES ('aws', '999988887777', 'acme', '', '', '(,)')
		ON CONFLICT DO NOTHING`)
}
