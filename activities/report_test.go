package activities_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/activities"
	"magam/db"
	"magam/domain/closing"
	"magam/domain/delivery"
	"magam/domain/margin"
	"magam/domain/master"
	"magam/domain/period"
	"magam/internal/devstack/mailsink"
	"magam/internal/golden"
)

// heldMonth is a month that a test may change between two looks.
type heldMonth struct{ report margin.Report }

func (h *heldMonth) Margin(context.Context, period.Month, string) (margin.Report, error) {
	return h.report, nil
}

// heldAlarms stand.
type heldAlarms struct{ standing []delivery.Raised }

func (h *heldAlarms) Standing(context.Context) ([]delivery.Raised, error) { return h.standing, nil }

// desk is the reporting with everything real but the month.
type desk struct {
	*post
	*activities.Reporting
	month  *heldMonth
	alarms *heldAlarms
}

func openDesk(t *testing.T) *desk {
	t.Helper()
	p := openPost(t)
	report, err := golden.MonthReport()
	require.NoError(t, err)
	report.Alarms = nil
	d := &desk{post: p, month: &heldMonth{report}, alarms: &heldAlarms{}}
	d.Reporting = &activities.Reporting{
		Margins:  d.month,
		Reports:  db.NewReports(p.app),
		Alarms:   d.alarms,
		Master:   heldSheets{financeSheets()},
		Store:    p.blobs,
		Relay:    p.Relay,
		Language: "ko",
		Now:      func() time.Time { return time.Date(2026, 10, 31, 15, 30, 0, 0, time.UTC) },
		Zone:     time.FixedZone("KST", 9*3600),
	}
	return d
}

// financeSheets are an issuer and its people: two of finance, one of them with an
// address that is also a customer's contact.
func financeSheets() []master.Table {
	people := func(code, address, roles string) master.Row {
		return master.Row{Number: 2, Cells: map[string]string{
			"code": code, "name": code, "email": address, "roles": roles,
		}}
	}
	return []master.Table{
		{Sheet: "issuer", Rows: []master.Row{{Number: 2, Cells: map[string]string{
			"code": "magam", "name": "마감클라우드", "business_number": "124-81-00998", "representative": "김대표",
			"business_type": "정보통신업", "business_item": "클라우드", "address": "서울", "bank_account": "국민은행 1",
			"mail_from": "billing@issuer.test", "number_series": "INV",
		}}}},
		{Sheet: "people", Rows: []master.Row{
			people("lee", "lee@issuer.test", "finance"),
			people("park", "park@issuer.test", "approver finance"),
			people("choi", "choi@issuer.test", "approver"),
			people("mixed", "CFO@alpha.test", "finance"),
			people("silent", "", "finance"),
		}},
		{Sheet: "customers", Rows: []master.Row{{Number: 2, Cells: map[string]string{
			"code": "alpha", "name": "알파전자", "country": "KR", "business_number": "124-81-00998",
			"currency": "KRW", "language": "ko", "tax": "kr-vat",
		}}}},
		{Sheet: "contacts", Rows: []master.Row{{Number: 2, Cells: map[string]string{
			"customer":  "alpha",
			"email":     "cfo@alpha.test",
			"name":      "재무",
			"role":      "root",
			"documents": "invoice",
			"delivery":  "mail",
		}}}},
	}
}

func (d *desk) compile(t *testing.T) activities.CompileResult {
	t.Helper()
	made, err := d.Compile(t.Context(), activities.CompileInput{Month: d.month.report.Month, Mail: true})
	require.NoError(t, err)
	return made
}

func (d *desk) tell(
	t *testing.T, made activities.CompileResult, person string, again bool,
) activities.SendResult {
	t.Helper()
	sent, err := d.MailReport(t.Context(), activities.ReportMailInput{
		Month: made.Month, Edition: made.Edition, Person: person, Again: again,
	})
	require.NoError(t, err)
	return sent
}

func TestAMonthIsReportedOncePerPerson(t *testing.T) {
	t.Parallel()
	d := openDesk(t)

	made := d.compile(t)
	require.Equal(t, 1, made.Edition)
	require.False(t, made.Same)
	require.Len(t, made.Files, 2)
	require.Equal(t, []string{"lee", "park"}, made.People,
		"people of finance with an address that no customer has, and nobody else")
	for _, person := range made.People {
		require.Equal(t, delivery.StateSent, d.tell(t, made, person, false).State)
		require.Equal(t, delivery.StateSent, d.tell(t, made, person, false).State, "taken before")
	}
	mails := d.arrived(t)
	require.Len(t, mails, 2)
	require.NotEqual(t, mails[0].To, mails[1].To, "one mail per person")
	for _, mail := range mails {
		require.Len(t, mail.Attachments, 2)
	}

	again := d.compile(t)
	require.True(t, again.Same)
	require.Equal(t, 1, again.Edition)
	require.Empty(t, again.People, "nobody is told twice")
	for i, file := range again.Files {
		require.True(t, file.Same)
		require.Equal(t, made.Files[i].SHA256, file.SHA256)
	}
}

func TestOnlyWhatTheMonthSaysMakesAnEdition(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	first := d.compile(t)

	d.alarms.standing = []delivery.Raised{{Alarm: delivery.Alarm{Kind: delivery.AlarmSilent, Source: "aws"}}}
	require.Equal(t, first.Edition, d.compile(t).Edition, "an alarm comes and goes")

	d.month.report.Parked = nil
	changed := d.compile(t)
	require.Equal(t, 2, changed.Edition)
	require.Equal(t, []string{"lee", "park"}, changed.People)

	d.month.report.State = closing.StateClosing
	open := d.compile(t)
	require.True(t, open.Open)
	require.Empty(t, open.People, "a month that has not settled is told to nobody")
	require.Len(t, open.Files, 2)
}

func TestAReportOfUnknownFateGoesOutAsTheSameBytes(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	made := d.compile(t)

	d.sink.Behave(mailsink.Behaviour{DropReply: func(int) bool { return true }})
	require.Equal(t, delivery.StateUnknown, d.tell(t, made, "lee", false).State)
	d.sink.Behave(mailsink.Behaviour{})
	require.Equal(t, delivery.StateUnknown, d.tell(t, made, "lee", false).State,
		"not before somebody says so")
	require.Len(t, d.arrived(t), 1)
	require.Equal(t, delivery.StateSent, d.tell(t, made, "lee", true).State)

	mails := d.arrived(t)
	require.Len(t, mails, 2)
	require.Equal(t, mails[0].SHA256, mails[1].SHA256)
	require.Equal(t, mails[0].MessageID, mails[1].MessageID)
}

func TestAReportThatNobodyTakesIsSetAside(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	made := d.compile(t)
	in := activities.ReportMailInput{Month: made.Month, Edition: made.Edition, Person: "lee"}

	require.NoError(t, d.SetReportAside(t.Context(), in))
	require.NoError(t, d.SetReportAside(t.Context(), in))

	require.Equal(t, delivery.StateFailed, d.tell(t, made, "lee", true).State)
	require.Empty(t, d.arrived(t))
	require.Equal(t, []string{"park"}, d.compile(t).People)

	moved := financeSheets()
	moved[1].Rows[0].Cells["email"] = "lee2@issuer.test"
	d.Master = heldSheets{moved}
	require.Equal(t, []string{"lee", "park"}, d.compile(t).People, "another address is tried")
	require.Equal(t, delivery.StateSent, d.tell(t, made, "lee", false).State)
	require.True(t, slices.Contains(d.arrived(t)[0].To, "lee2@issuer.test"))
}
