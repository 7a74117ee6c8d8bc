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
	b.scan(t, &audited,
		`SELECT count(*) FROM audit_log WHERE action = 'quarantine-accept' AND subject = 'Q-1 Q-2'`)
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
