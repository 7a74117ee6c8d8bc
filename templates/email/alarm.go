package email

import (
	"bytes"
	_ "embed"
	"fmt"
	htmltemplate "html/template"
	"strings"
	texttemplate "text/template"
	"time"

	"magam/domain/delivery"
	"magam/domain/fault"
)

//go:embed alarm.html
var alarmHTML string

//go:embed alarm.txt
var alarmText string

var (
	alarmPage  = htmltemplate.Must(htmltemplate.New("alarm").Parse(alarmHTML))
	alarmPlain = texttemplate.Must(texttemplate.New("alarm").Parse(alarmText))
)

// Alarm is the mail to one of our own staff about one alarm: that it was
// raised, or that it is over. It names sources and totals, never a customer.
type Alarm struct {
	Issuer, From string // name and address of the sender
	Color        string
	To, Name     string
	Language     string // ko, en
	Raised       delivery.Raised
	Cleared      bool
	MessageID    string
}

type alarmData struct {
	Language, Accent, Issuer      string
	Kicker, Title, Sentence, Cure string
	Next                          string
	Facts                         []alarmFact
}

type alarmFact struct{ Name, Value string }

type alarmWords struct {
	Subject, Raised, Cleared           string
	Source, Month, About, Since, Ended string
	Next, Over                         string
}

var alarmLanguages = map[string]alarmWords{
	"ko": {
		Subject: "[%s] %s: %s · %s", Raised: "경보", Cleared: "경보 해제",
		Source: "수집원", Month: "대상 월", About: "대상", Since: "발생", Ended: "해제",
		Next: "할 일", Over: "더 할 일은 없습니다. 같은 상황이 다시 생기면 새로 알려 드립니다.",
	},
	"en": {
		Subject: "[%s] %s: %s · %s", Raised: "Alarm", Cleared: "Alarm over",
		Source: "Source", Month: "Month", About: "About", Since: "Since", Ended: "Over",
		Next: "What to do", Over: "Nothing is left to do. Should it happen again, another mail will say so.",
	},
}

// alarmInstant is how an alarm's times are written.
const alarmInstant = "2006-01-02 15:04 UTC"

// AlarmNotice writes the mail.
func AlarmNotice(a Alarm) ([]byte, error) {
	if a.To == "" {
		return nil, fault.New(fault.Input, "an alarm's mail needs a recipient", "report it")
	}
	language, w := "en", alarmLanguages["en"]
	if found, spoken := alarmLanguages[a.Language]; spoken {
		language, w = a.Language, found
	}
	date, kicker := a.Raised.Since, w.Raised
	data := alarmData{
		Language: language, Accent: accent(a.Color), Issuer: a.Issuer, Title: a.Raised.Title(language),
		Sentence: a.Raised.Sentence(language), Cure: a.Raised.Cure(language), Next: w.Next,
	}
	for _, fact := range []alarmFact{
		{w.Source, a.Raised.Source},
		{w.Month, a.Raised.Month},
		{w.About, a.Raised.Subject},
		{w.Since, a.Raised.Since.UTC().Format(alarmInstant)},
		{w.Ended, ended(a)},
	} {
		if fact.Value != "" {
			data.Facts = append(data.Facts, fact)
		}
	}
	if a.Cleared {
		date, kicker = a.Raised.Cleared, w.Cleared
		data.Cure = w.Over
	}
	data.Kicker = kicker
	var page, plain bytes.Buffer
	if err := alarmPage.Execute(&page, data); err != nil {
		return nil, &fault.Error{Code: fault.Template, What: "page of an alarm's mail", Err: err}
	}
	if err := alarmPlain.Execute(&plain, data); err != nil {
		return nil, &fault.Error{Code: fault.Template, What: "text of an alarm's mail", Err: err}
	}
	about := strings.TrimSpace(a.Raised.Source + " " + a.Raised.Month)
	return compose(envelope{
		from: mailbox{a.Issuer, a.From}, to: []mailbox{{a.Name, a.To}}, language: language,
		subject:   fmt.Sprintf(w.Subject, a.Issuer, kicker, data.Title, about),
		messageID: a.MessageID, date: date.Truncate(time.Second), text: plain.String(), html: page.String(),
	})
}

func ended(a Alarm) string {
	if !a.Cleared {
		return ""
	}
	return a.Raised.Cleared.UTC().Format(alarmInstant)
}
