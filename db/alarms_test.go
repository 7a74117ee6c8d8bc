package db_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/db"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/period"
)

func TestAnAlarmIsToldOnceAndItsEndOnce(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	alarms := db.NewAlarms(b.app)
	silent := delivery.Alarm{
		Kind: delivery.AlarmSilent, Source: "aws", Month: "2026-11", Figures: []string{"2026-11-20 05:00Z"},
	}
	now := time.Date(2026, 11, 22, 0, 20, 0, 0, time.UTC)
	record := func(at time.Time, standing ...delivery.Alarm) []delivery.AlarmMail {
		t.Helper()
		mails, err := alarms.Record(t.Context(), at, standing, []string{"ops1", "ops2"})
		require.NoError(t, err)
		return mails
	}

	mails := record(now, silent)
	require.Len(t, mails, 2, "one for each person")
	require.Equal(t, delivery.AlarmMail{Alarm: 1, Occasion: "raised", Person: "ops1"}, mails[0])
	require.NoError(t, alarms.Tried(t.Context(), mails[0], "sent", "250 ok"))
	require.NoError(t, alarms.Tried(t.Context(), mails[1], "pending", "451 later"))
	require.Equal(t, mails[1:], record(now.Add(time.Hour), silent), "who was told is left alone")
	standing, err := alarms.Standing(t.Context())
	require.NoError(t, err)
	require.Len(t, standing, 1)
	require.Equal(t, silent, standing[0].Alarm)
	require.True(t, standing[0].Since.Equal(now))
	require.True(t, standing[0].LastSeen.Equal(now.Add(time.Hour)))

	over := record(now.Add(2 * time.Hour))
	require.Equal(t, []delivery.AlarmMail{
		{Alarm: 1, Occasion: "raised", Person: "ops2"}, {Alarm: 1, Occasion: "cleared", Person: "ops1"},
	}, over, "whoever was told hears that it is over")
	_, state, err := alarms.Mail(t.Context(), over[1])
	require.NoError(t, err)
	require.Equal(t, "pending", state)

	record(now.Add(3*time.Hour), silent)
	standing, err = alarms.Standing(t.Context())
	require.NoError(t, err)
	require.Len(t, standing, 1)
	require.NotEqual(t, int64(1), standing[0].ID, "the same again is another alarm")
}

func TestWhatIsWatched(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	b.sheet(t, "sources", `{"name":"aws-main"}`, `{"name":"never"}`)
	b.deliver(t, "aws-main", row{"1", "AmazonEC2", "2026-10-01", "100"})
	b.exec(
		t,
		`INSERT INTO delivery (source, format, scope, digest, digest_kind, location, month, state, refusal)
		VALUES ('aws-main', 'cur', 's', 'd', 'files', 'here', '2026-10', 'held', 'E_ROWCOUNT_DROP: few')`,
	)
	b.exec(
		t,
		`INSERT INTO quarantined_row (part_id, row_no, byte_offset, code, column_name, value, raw, month, billed)
		VALUES (1, 2, 0, 'E_UNKNOWN_TYPE', '', '', '', '2026-10', 3), (1, 3, 0, 'E_UNKNOWN_TYPE', '', '', '', '2026-10', 0)`,
	)

	watched, err := db.NewAlarms(b.app).Watched(t.Context(), time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))

	require.NoError(t, err)
	require.Len(t, watched.Sources, 2)
	require.False(t, watched.Sources[0].Last.IsZero())
	require.True(t, watched.Sources[1].Last.IsZero())
	require.False(t, watched.Sources[1].Configured.IsZero())
	require.Len(t, watched.Holdings, 1)
	require.True(t, watched.Holdings[0].Billed.Equal(decimal.RequireFromString("100")))
	require.Equal(t, []delivery.Unsealed{
		{
			Delivery: 2,
			Source:   "aws-main",
			Scope:    "s",
			Month:    "2026-10",
			State:    "held",
			Why:      "E_ROWCOUNT_DROP: few",
		},
	}, watched.Unsealed)
	require.Equal(t, []delivery.SetAside{{Source: "aws-main", Month: october, Rows: 1}}, watched.Aside)
}

func TestWhatALookRefusedIsWatchedUntilALookFindsItCured(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	b.sheet(t, "sources", `{"name":"aws-main"}`)
	charges := &db.Charges{Pool: b.app}
	note := func(source string, month period.Month, refused map[fault.Code]int) {
		t.Helper()
		require.NoError(t, charges.NoteRefused(t.Context(), source, month, refused))
	}
	unread := func() []delivery.Unread {
		t.Helper()
		watched, err := db.NewAlarms(b.app).Watched(t.Context(), time.Now())
		require.NoError(t, err)
		return watched.Unread
	}

	note("aws-main", october, map[fault.Code]int{fault.Schema: 2, fault.Parquet: 1})
	note("aws-main", october.Add(1), map[fault.Code]int{fault.Schema: 2})
	note("a folder of nobody's", october, map[fault.Code]int{fault.Schema: 1})
	require.Equal(t, []delivery.Unread{
		{Source: "aws-main", Count: 3, Codes: []string{"E_PARQUET", "E_SCHEMA"}},
	}, unread(), "each file once, though two months' looks met it")

	note("aws-main", october, nil)
	require.Equal(t, []delivery.Unread{{Source: "aws-main", Count: 2, Codes: []string{"E_SCHEMA"}}}, unread())

	note("aws-main", period.Month{}, nil)
	require.Empty(t, unread(), "a look for every month settles all of them")
}

func TestHowFinalAMonthIs(t *testing.T) {
	t.Parallel()
	early := time.Date(2026, 11, 4, 0, 0, 0, 0, time.UTC)
	b := openBooks(t)
	b.sheet(t, "sources", `{"name":"aws-main","provider":"aws","close_policy":"final"}`,
		`{"name":"later","provider":"gcp"}`)
	b.deliver(t, "aws-main", row{"1", "AmazonEC2", "2026-10-01", "1"})
	b.exec(t, `INSERT INTO delivery (source, format, scope, digest, digest_kind, location, state, sealed_at)
		VALUES ('later', 'gcp', 's', 'd', 'files', 'here', 'sealed', now())`)
	b.exec(t, `INSERT INTO delivery_total VALUES (2, '2026-11', 'USD', 'sealed', 1, 1, 1, 1, 1)`)

	ready, err := b.Waiting(t.Context(), october, early)

	require.NoError(t, err)
	require.Equal(t, []string{"E_NOT_FINAL source aws-main (aws): every row has an invoice id; " +
		"a support fee may come until 2026-11-08"}, ready.Waiting,
		"a source that began in November is not waited for in October")
	require.NoError(t, b.NoteReadiness(t.Context(), october, ready.Sources))
	provisional, err := b.Provisional(t.Context(), october)
	require.NoError(t, err)
	require.Equal(t, map[string]bool{"aws": true}, provisional)

	b.deliver(t, "support", row{"1", "AWSSupportBusiness", "2026-10-01", "1"})
	b.exec(t, `UPDATE delivery SET state = 'refused', refusal = 'x' WHERE source = 'aws-main'`)
	b.exec(t, `UPDATE delivery SET source = 'aws-main' WHERE source = 'support'`)
	ready, err = b.Waiting(t.Context(), october, early)
	require.NoError(t, err)
	require.Empty(t, ready.Waiting, "the support fee is in: %s", fmt.Sprint(ready.Sources))
}

func TestTwoPeopleCloseAMonthThatIsNotFinal(t *testing.T) {
	t.Parallel()
	early := time.Date(2026, 11, 4, 0, 0, 0, 0, time.UTC)
	b := openBooks(t)
	b.sheet(t, "sources", `{"name":"aws-main","provider":"aws"}`)
	b.deliver(t, "aws-main", row{"1", "AmazonEC2", "2026-10-01", "1"})
	b.exec(t, `INSERT INTO billing_period (month, state, started_by) VALUES ('2026-10', 'closing', 'kim')`)

	require.NoError(t, b.AcceptNotFinal(t.Context(), october, "kim", "in time"))
	ready, err := b.Waiting(t.Context(), october, early)
	require.NoError(t, err)
	require.NotEmpty(t, ready.Waiting, "who started the close is not the second person")

	for range 2 {
		require.NoError(t, b.AcceptNotFinal(t.Context(), october, "park", "in time"))
	}
	ready, err = b.Waiting(t.Context(), october, early)
	require.NoError(t, err)
	require.Empty(t, ready.Waiting)
	require.Len(t, ready.Provisional, 1)
	var audited int
	b.scan(t, &audited, `SELECT count(*) FROM audit_log WHERE action = 'accept-not-final' AND actor = 'park'`)
	require.Equal(t, 1, audited)
}
