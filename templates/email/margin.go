package email

import (
	"bytes"
	_ "embed"
	"fmt"
	htmltemplate "html/template"
	"strings"
	texttemplate "text/template"
	"time"

	"magam/domain/fault"
	"magam/domain/margin"
	"magam/templates/texts"
)

//go:embed margin.html
var marginHTML string

//go:embed margin.txt
var marginText string

var (
	marginPage  = htmltemplate.Must(htmltemplate.New("margin").Parse(marginHTML))
	marginPlain = texttemplate.Must(texttemplate.New("margin").Parse(marginText))
)

// MarginLetter is the mail to one person of finance with a month's report.
type MarginLetter struct {
	Report      margin.Report
	Edition     int
	From        string // the issuer's address
	To, Name    string
	Language    string
	MessageID   string
	Date        time.Time
	Attachments []Attachment
}

type marginData struct {
	Language, Accent, Issuer string
	Title, Month, Lead       string
	FinanceOnly, Attached    string
	Totals                   []string
	Facts                    []alarmFact
}

// parkedNamed is how many parked customers a mail names; the pages have all.
const parkedNamed = 10

// MarginReport writes the mail. It is for our own finance: nothing of it may go
// to a customer.
func MarginReport(l MarginLetter) ([]byte, error) {
	if l.To == "" {
		return nil, fault.New(fault.Input, "a report's mail needs a recipient", "report it")
	}
	w, err := texts.MarginFor(l.Language)
	if err != nil {
		return nil, err
	}
	r := l.Report
	data := marginData{
		Language: w.Language, Accent: accent(r.Color), Issuer: r.Issuer, Title: w.Title,
		Month: w.MonthText(r.Month), FinanceOnly: w.FinanceOnly, Attached: w.Attached,
		Lead: fmt.Sprintf(w.Lead, w.MonthText(r.Month), r.Final, len(r.Parked)),
	}
	totals, err := margin.Shown(margin.ByCurrency(r.Totals))
	if err != nil {
		return nil, err
	}
	for _, total := range totals {
		rate := ""
		if percent, known := total.Percent(); known {
			rate = fmt.Sprintf(" (%s %%)", percent.StringFixed(2))
		}
		data.Totals = append(
			data.Totals,
			fmt.Sprintf(w.SoldLine, total.Currency, amount(total.Sold, total.Currency),
				amount(total.Converted, total.Currency), amount(total.Margin(), total.Currency), rate),
		)
	}
	data.Facts = marginFacts(w, r)
	var page, plain bytes.Buffer
	if err := marginPage.Execute(&page, data); err != nil {
		return nil, &fault.Error{Code: fault.Template, What: "page of the report's mail", Err: err}
	}
	if err := marginPlain.Execute(&plain, data); err != nil {
		return nil, &fault.Error{Code: fault.Template, What: "text of the report's mail", Err: err}
	}
	edition := ""
	if l.Edition > 1 {
		edition = fmt.Sprintf(" · %s %d", w.Edition, l.Edition)
	}
	return compose(envelope{
		from: mailbox{r.Issuer, l.From}, to: []mailbox{{l.Name, l.To}}, language: w.Language,
		subject:   fmt.Sprintf(w.Subject, r.Issuer, w.MonthText(r.Month), edition),
		messageID: l.MessageID, date: l.Date.Truncate(time.Second), text: plain.String(), html: page.String(),
		attachments: l.Attachments,
	})
}

// marginFacts are what a reader must know before opening anything: who is
// missing, what leaks, whether it balances, what stands as an alarm.
func marginFacts(w *texts.MarginWords, r margin.Report) []alarmFact {
	var facts []alarmFact
	for i, one := range r.Parked {
		if i == parkedNamed {
			more := fmt.Sprintf(w.More, len(r.Parked)-parkedNamed)
			facts = append(facts, alarmFact{w.Parked, more})
			break
		}
		who := strings.Join(present(one.Customer, one.Name, providerName(one.Provider)), " · ")
		facts = append(facts, alarmFact{w.Parked, who + ": " + one.Reason})
	}
	for _, one := range r.Unbilled {
		if one.Kind == margin.UnbilledUnassigned {
			facts = append(facts, alarmFact{w.Unassigned, strings.Join(present(providerName(one.Provider),
				one.BillingAccount, amount(one.Amount, one.Currency), one.Reason), " · ")})
		}
	}
	balance := w.Balanced
	if !r.Balanced() {
		balance = w.Unbalanced
	}
	return append(facts,
		alarmFact{w.Unmapped, fmt.Sprint(len(r.Unmapped))},
		alarmFact{w.UnderBilled, fmt.Sprint(len(r.UnderBilled))},
		alarmFact{w.Reconciled, balance},
		alarmFact{w.Alarms, fmt.Sprint(len(r.Alarms))})
}
