package email

import (
	"bytes"
	_ "embed"
	"fmt"
	htmltemplate "html/template"
	"slices"
	"strings"
	texttemplate "text/template"
	"time"

	"magam/domain/commitment"
	"magam/domain/fault"
)

//go:embed expiry.html
var expiryHTML string

//go:embed expiry.txt
var expiryText string

var (
	expiryPage  = htmltemplate.Must(htmltemplate.New("expiry").Parse(expiryHTML))
	expiryPlain = texttemplate.Must(texttemplate.New("expiry").Parse(expiryText))
)

// Expiry is the notice of commitments that end soon, to one list of recipients.
type Expiry struct {
	Issuer, From string // name and address of the sender
	Color        string
	To           []string
	Language     string // ko, en
	Day          time.Time
	Expiring     []commitment.Expiry // the soonest first
	MessageID    string
}

type expiryData struct {
	Words                    expiryWords
	Language, Accent, Issuer string
	Lead                     string
	Rows                     []expiryRow
}

type expiryRow struct {
	Left, Ends, ID, What string
	Places, TermList     []string
}

type expiryWords struct {
	Subject, Title, Lead, Left, Days, Today, Ends, Commitment, Where, Terms, Advice string
	Months, NoUpfront, PartialUpfront, AllUpfront                                   string
}

var expiryLanguages = map[string]expiryWords{
	"ko": {
		Subject: "[%s] 30일 안에 끝나는 약정 %d건 · 가장 빠른 만료 %s", Title: "만료 예정 약정",
		Lead: "%s 기준, 다음 약정 %d건이 30일 안에 끝납니다.",
		Left: "남은 날", Days: "%d일", Today: "오늘", Ends: "만료일", Commitment: "약정", Where: "계정 · 리전", Terms: "조건",
		Advice: "만료되면 사용량은 온디맨드 가격으로 과금됩니다. 계속 쓰는 자원이라면 만료 전에 갱신하고, 줄일 계획이라면 그대로 두십시오.",
		Months: "%d개월", NoUpfront: "선결제 없음", PartialUpfront: "부분 선결제", AllUpfront: "전체 선결제",
	},
	"en": {
		Subject:        "[%s] %d commitments end within 30 days · first on %s",
		Title:          "Commitments that end soon",
		Lead:           "As of %s, %d commitments end within 30 days.",
		Left:           "Left",
		Days:           "%d days",
		Today:          "today",
		Ends:           "Ends on",
		Commitment:     "Commitment",
		Where:          "Account · region",
		Terms:          "Terms",
		Advice:         "From its end on, usage is charged at on-demand prices. Renew before that what stays in use; let go what does not.",
		Months:         "%d months",
		NoUpfront:      "no upfront",
		PartialUpfront: "partial upfront",
		AllUpfront:     "all upfront",
	},
}

// ExpiryNotice writes the notice.
func ExpiryNotice(e Expiry) ([]byte, error) {
	if len(e.Expiring) == 0 || len(e.To) == 0 {
		return nil, fault.New(fault.Input, "a notice needs recipients and at least one commitment",
			"report it")
	}
	language, w := "ko", expiryLanguages["ko"]
	if found, spoken := expiryLanguages[e.Language]; spoken {
		language, w = e.Language, found
	}
	data := expiryData{
		Words: w, Language: language, Accent: accent(e.Color), Issuer: e.Issuer,
		Lead: fmt.Sprintf(w.Lead, e.Day.Format(time.DateOnly), len(e.Expiring)),
	}
	for _, one := range e.Expiring {
		data.Rows = append(data.Rows, w.row(one))
	}
	var page, plain bytes.Buffer
	if err := expiryPage.Execute(&page, data); err != nil {
		return nil, &fault.Error{Code: fault.Template, What: "page of the commitments' notice", Err: err}
	}
	if err := expiryPlain.Execute(&plain, data); err != nil {
		return nil, &fault.Error{Code: fault.Template, What: "text of the commitments' notice", Err: err}
	}
	to := make([]mailbox, 0, len(e.To))
	for _, address := range e.To {
		to = append(to, mailbox{address: address})
	}
	return compose(envelope{
		from: mailbox{e.Issuer, e.From}, to: to, language: language,
		subject:   fmt.Sprintf(w.Subject, e.Issuer, len(e.Expiring), data.Rows[0].Ends),
		messageID: e.MessageID, date: e.Day, text: plain.String(), html: page.String(),
	})
}

func (w expiryWords) row(e commitment.Expiry) expiryRow {
	c := e.Commitment
	left := w.Today
	if e.DaysLeft > 0 {
		left = fmt.Sprintf(w.Days, e.DaysLeft)
	}
	kind := strings.ToUpper(c.Kind)
	if c.Kind == "reservation" {
		kind = "Reservation"
	}
	terms := []string{}
	if c.TermMonths > 0 {
		terms = append(terms, fmt.Sprintf(w.Months, c.TermMonths))
	}
	upfront := map[string]string{"no": w.NoUpfront, "partial": w.PartialUpfront, "all": w.AllUpfront}
	terms = append(terms, upfront[c.PaymentOption])
	return expiryRow{
		Left: left, Ends: c.EndsOn.Format(time.DateOnly), ID: c.ID,
		What:   joined(providerName(c.Provider), kind, c.Service, c.Family, c.Description),
		Places: present(c.SubAccount, c.Region), TermList: present(terms...),
	}
}

// joined puts a point between what is there.
func joined(parts ...string) string { return strings.Join(present(parts...), " · ") }

func present(parts ...string) []string {
	return slices.DeleteFunc(slices.Clone(parts), func(part string) bool { return part == "" })
}

// Where and Terms are the lists on one line, for the plain text.
func (r expiryRow) Where() string { return joined(r.Places...) }

// Terms reads like Where.
func (r expiryRow) Terms() string { return joined(r.TermList...) }
