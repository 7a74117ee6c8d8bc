package activities_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/activities"
	"magam/db"
	"magam/domain/delivery"
	"magam/domain/master"
	"magam/domain/period"
	"magam/internal/devstack/mailsink"
)

// heldSheets are a book made by hand.
type heldSheets struct{ tables []master.Table }

func (s heldSheets) LoadBook(context.Context, period.Month) (*master.Book, map[string]int64, error) {
	book, err := master.NewBook(s.tables)
	return book, nil, err
}

func TestACommitmentIsNoticedOncePerRung(t *testing.T) {
	t.Parallel()
	p := openPost(t)
	c := &activities.Commitments{
		Master: heldSheets{
			commitmentSheets(t),
		},
		Notices:  db.NewCommitments(p.app),
		Relay:    p.Relay,
		Language: "ko",
		Now:      func() time.Time { return time.Date(2026, 11, 21, 15, 30, 0, 0, time.UTC) },
		Zone:     time.FixedZone("KST", 9*3600),
	}

	flagged, err := c.Flag(t.Context(), activities.FlagInput{})
	require.NoError(t, err)
	require.Equal(t, "2026-11-22", flagged.Day, "half past midnight in Seoul")
	require.Equal(t, 2, flagged.Expiring)
	require.Equal(t, 2, flagged.Noticed)
	require.Len(t, flagged.Circles, 1, "one list of recipients, one mail; nobody is named for the other")
	again, err := c.Flag(t.Context(), activities.FlagInput{})
	require.NoError(t, err)
	require.Equal(t, flagged, again)

	p.sink.Behave(mailsink.Behaviour{DropReply: func(int) bool { return true }})
	in := activities.NoticeInput{Day: flagged.Day, Circle: flagged.Circles[0]}
	sent, err := c.MailNotice(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, delivery.StateUnknown, sent.State)
	p.sink.Behave(mailsink.Behaviour{})
	for range 2 {
		sent, err = c.MailNotice(t.Context(), in)
		require.NoError(t, err)
		require.Equal(t, delivery.StateSent, sent.State)
	}
	mails := p.arrived(t)
	require.Len(t, mails, 2, "one of unknown fate and one taken; the third attempt found it taken")
	require.Equal(t, mails[0].SHA256, mails[1].SHA256)
	require.Equal(t, []string{"ops@issuer.test"}, mails[0].To)

	next, err := c.Flag(t.Context(), activities.FlagInput{Day: "2026-11-23"})
	require.NoError(t, err)
	require.Equal(t, 2, next.Expiring)
	require.Zero(t, next.Noticed, "the same rung is not noticed twice")
	require.Empty(t, next.Circles)
}

func commitmentSheets(t *testing.T) []master.Table {
	t.Helper()
	row := func(id, ends, recipients string) master.Row {
		return master.Row{Number: 2, Cells: map[string]string{
			"id":             id,
			"provider":       "aws",
			"kind":           "ri",
			"sub_account":    "111122223333",
			"service":        "AmazonRDS",
			"region":         "ap-northeast-2",
			"family":         "db.r6g",
			"term_months":    "12",
			"payment_option": "no",
			"hourly":         "0.5",
			"currency":       "USD",
			"bought_on":      "2025-11-01",
			"starts_on":      "2025-11-01",
			"ends_on":        ends,
			"recipients":     recipients,
		}}
	}
	return []master.Table{
		{Sheet: "issuer", Rows: []master.Row{{Number: 2, Cells: map[string]string{
			"code": "magam", "name": "마감클라우드", "business_number": "124-81-00998", "representative": "김대표",
			"business_type": "정보통신업", "business_item": "클라우드", "address": "서울", "bank_account": "국민은행 1",
			"mail_from": "billing@issuer.test", "number_series": "INV",
		}}}},
		{Sheet: "commitments", Rows: []master.Row{
			row("ri-1", "2026-12-10", "ops@issuer.test"),
			row("ri-2", "2026-12-12", ""),
			row("ri-3", "2027-06-01", "ops@issuer.test"),
		}},
	}
}
