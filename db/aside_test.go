package db_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/db"
	"magam/domain/charge"
	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/party"
)

// withAside publishes one booked row and, beside it, rows set aside.
func withAside(t *testing.T, rows ...*charge.Quarantined) *books {
	t.Helper()
	b := openBooks(t)
	for i, row := range rows {
		row.Row, row.Raw = int64(i+2), fmt.Appendf(nil, "raw,\x00%d\r\n", i)
		row.Header, row.Cells = []string{"kind", "cost"}, []string{row.Value, row.Billed}
	}
	sealOne(t, &db.Charges{Pool: b.app}, found("d1", 1), []charge.Line{line("10")}, rows...)
	return b
}

func unreadable() *charge.Quarantined {
	row := aside(0, "")
	row.Code, row.Column, row.Value = fault.Number, "lineItem/UnblendedCost", `"NaN"`
	return row
}

func (b *books) say(
	t *testing.T, verdict closing.AsideVerdict, by party.Person, rows ...int64,
) (closing.AsideDecided, error) {
	t.Helper()
	return b.DecideAside(t.Context(), closing.AsideDecision{
		Verdict: verdict, Filter: closing.AsideFilter{Rows: rows}, By: by, Reason: "a test line of theirs",
	})
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

func TestWhoMaySignARowOff(t *testing.T) {
	t.Parallel()
	nobody := party.Person{}
	ops := party.Person{Code: "song", Roles: []party.Role{party.RoleOps}}
	twins := party.Person{Code: "yoon", Roles: []party.Role{party.RoleFinance}}

	tests := map[string]struct {
		words []closing.AsideWord
		by    party.Person
		says  closing.AsideVerdict
		want  string
	}{
		"nobody proposes": {
			nil,
			nobody,
			"accept",
			"is no approver and not of finance",
		},
		"ops do not decide about money": {nil, ops, "accept", `"song" is no approver`},
		"nor reject":                    {nil, ops, "reject", `"song" is no approver`},
		"finance proposes":              {nil, lee, "accept", ""},
		"an approver confirms": {
			[]closing.AsideWord{{Verdict: "accept", By: "lee"}},
			park,
			"accept",
			"",
		},
		"finance does not confirm": {
			[]closing.AsideWord{{Verdict: "accept", By: "lee"}},
			twins,
			"accept",
			"second of two people",
		},
		"finance rejects":                      {nil, lee, "reject", ""},
		"there are no other words about a row": {nil, kim, "delete", "is no verdict"},
		"the same person twice decides nothing": {
			[]closing.AsideWord{{Verdict: "accept", By: "kim"}},
			kim,
			"accept",
			"",
		},
		"an approver may propose and finance no": {
			[]closing.AsideWord{{Verdict: "accept", By: "kim"}},
			lee,
			"accept",
			"is no approver",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stands := closing.StandAside(tt.words)

			err := closing.MaySayAside(tt.says, tt.by, stands, false)

			if tt.want != "" {
				requireCode(t, fault.Approval, err)
				require.ErrorContains(t, err, tt.want)
				return
			}
			require.NoError(t, err)
			after := closing.StandAside(append(tt.words, closing.AsideWord{Verdict: tt.says, By: tt.by.Code}))
			require.Equal(t, len(tt.words) == 1 && tt.by.Code == "park", after.State == closing.AsideAccepted)
		})
	}
}

func TestAWordIsWrittenOnce(t *testing.T) {
	t.Parallel()
	b := withAside(t, aside(0, "7"), aside(0, "8"))
	for range 3 {
		decided, err := b.say(t, closing.AcceptAside, kim, 1, 2)
		require.NoError(t, err)
		require.EqualValues(t, 2, decided.Waiting)
		require.Equal(t, []string{"kim"}, decided.By)
	}
	for range 2 {
		decided, err := b.say(t, closing.AcceptAside, park, 1, 2)
		require.NoError(t, err)
		require.Zero(t, decided.Waiting)
	}
	require.Equal(t, 4, count(t, b.app, "quarantine_word"))
	var audited int
	b.scan(
		t,
		&audited,
		`SELECT count(*) FROM audit_log WHERE action = 'quarantine-accept' AND subject = 'Q-1 Q-2'`,
	)
	require.Equal(t, 2, audited)
	for _, statement := range []string{
		"UPDATE quarantine_word SET said_by = 'lee'", "DELETE FROM quarantine_word", "TRUNCATE quarantine_word",
	} {
		_, err := b.app.Exec(t.Context(), statement)
		require.Error(t, err, statement)
		_, err = b.owner.Exec(t.Context(), statement)
		require.ErrorContains(t, err, "append-only", statement)
	}
}

func TestManyRowsAreDecidedByTheDigestThatWasShown(t *testing.T) {
	t.Parallel()
	b := withAside(t, aside(0, "7"), aside(0, "8"), unreadable())
	of := closing.AsideFilter{Delivery: 1, Code: "E_UNKNOWN_TYPE", State: closing.AsideOpen}
	rows, digest, err := b.ChooseAside(t.Context(), of)
	require.NoError(t, err)
	require.Equal(t, 2, rows)
	word := closing.AsideDecision{
		Verdict: closing.AcceptAside,
		Filter:  of,
		By:      kim,
		Reason:  "tests of theirs",
	}

	_, err = b.DecideAside(t.Context(), word)
	requireCode(t, fault.Input, err)
	word.Digest = "0"
	_, err = b.DecideAside(t.Context(), word)
	requireCode(t, fault.Approval, err)
	word.Digest, word.Filter = digest, closing.AsideFilter{}
	_, err = b.DecideAside(t.Context(), word)
	requireCode(t, fault.Input, err)
	require.ErrorContains(t, err, "no rows that somebody decided about")
	require.Zero(t, count(t, b.app, "quarantine_word"), "what is refused writes nothing")
	looked, err := b.LookAside(t.Context(), of, "")
	require.NoError(t, err, "who only looks need not be sure")
	require.Equal(t, digest, looked.Digest)
	require.EqualValues(t, 2, looked.Open)

	word.Filter = of
	decided, err := b.DecideAside(t.Context(), word)
	require.NoError(t, err)
	require.EqualValues(t, 2, decided.Waiting)
	word.Filter, word.By = closing.AsideFilter{}, park
	decided, err = b.DecideAside(t.Context(), word)
	require.NoError(t, err, "the second person names the rows by the digest alone")
	require.EqualValues(t, 2, decided.Rows)
	require.Zero(t, decided.Waiting)
	_, _, err = b.ChooseAside(t.Context(), of)
	requireCode(t, fault.Input, err)
}

func TestANewerDeliveryClosesWhatWasOpenOrRejected(t *testing.T) {
	t.Parallel()
	b := withAside(t, aside(0, "7"), aside(0, "8"), aside(0, "9"))
	_, err := b.say(t, closing.RejectAside, lee, 2)
	require.NoError(t, err)
	for _, by := range []party.Person{kim, park} {
		_, err = b.say(t, closing.AcceptAside, by, 3)
		require.NoError(t, err)
	}
	again := aside(2, "7")
	again.Raw = []byte("raw,\x000\r\n")
	newer := found("d1-newer", 1)
	sealOne(t, &db.Charges{Pool: b.app}, newer, []charge.Line{line("10")}, again)

	rows, err := b.Asides(t.Context(), closing.AsideFilter{State: closing.AsideAny}, 10)
	require.NoError(t, err)
	states := map[string]closing.AsideState{}
	for _, row := range rows {
		states[closing.AsideName(row.ID)] = row.State
	}
	require.Equal(t, map[string]closing.AsideState{
		"Q-1": "fixed", "Q-2": "fixed", "Q-3": "accepted", "Q-4": "open",
	}, states)
	require.Equal(t, rows[0].FirstSeen, rows[3].FirstSeen, "the same bytes keep their first day")
	detail, err := b.Aside(t.Context(), 4)
	require.NoError(t, err)
	require.Equal(t, []db.AsideTwice{{ID: 1, State: "fixed"}}, detail.Before)
	require.Equal(t, "raw,\x000\r\n", string(detail.Raw))
	_, err = b.say(t, closing.AcceptAside, kim, 1)
	requireCode(t, fault.Approval, err)
	require.ErrorContains(t, err, "Q-1 was replaced: delivery 2")
	require.True(t, b.blocked(t), "the same row needs a word of its own")
}

func TestRowsOfADeliveryThatIsGoneAreNotDecided(t *testing.T) {
	t.Parallel()
	b := withAside(t, aside(0, "7"), aside(0, "8"))
	for _, by := range []party.Person{kim, park} {
		_, err := b.say(t, closing.AcceptAside, by, 2)
		require.NoError(t, err)
	}
	b.exec(t, `UPDATE delivery SET state = 'refused', refusal = 'taken back by hand'`)

	_, err := b.say(t, closing.AcceptAside, kim, 1)

	requireCode(t, fault.Approval, err)
	_, err = b.say(t, closing.RejectAside, kim, 2)
	requireCode(t, fault.Approval, err)
	require.ErrorContains(t, err, "delivery 1, which is refused")
	rows, err := b.Asides(t.Context(), closing.AsideFilter{}, 10)
	require.NoError(t, err)
	require.Empty(t, rows)
}

func TestAClosedMonthKeepsWhatItWasClosedWith(t *testing.T) {
	t.Parallel()
	b := withAside(t, aside(0, "7"))
	for _, by := range []party.Person{kim, park} {
		_, err := b.say(t, closing.AcceptAside, by, 1)
		require.NoError(t, err)
	}
	b.exec(t, `INSERT INTO billing_period (month, state, closed_at) VALUES ('2026-10', 'closed', now())`)

	_, err := b.say(t, closing.RejectAside, park, 1)

	requireCode(t, fault.PeriodClosed, err)
	_, err = b.say(t, closing.AcceptAside, park, 1)
	require.NoError(t, err, "the same word again is nothing new")
}

func TestARowIsKeptWhole(t *testing.T) {
	t.Parallel()
	b := withAside(t, unreadable())

	detail, err := b.Aside(t.Context(), 1)

	require.NoError(t, err)
	require.Equal(t, "raw,\x000\r\n", string(detail.Raw))
	require.Equal(t, []string{"kind", "cost"}, detail.Header)
	require.Equal(t, []string{`"NaN"`, ""}, detail.Cells)
	require.Equal(t, charge.RuleVersion, detail.RuleVersion)
	require.Equal(t, "part-0.csv", detail.File)
	require.EqualValues(t, 2, detail.Row)
	require.Empty(t, detail.Billed)
	_, err = b.Aside(t.Context(), 99)
	requireCode(t, fault.Input, err)
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
