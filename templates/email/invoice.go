package email

import (
	"bytes"
	_ "embed"
	"fmt"
	htmltemplate "html/template"
	"regexp"
	"strings"
	texttemplate "text/template"
	"time"

	"github.com/shopspring/decimal"

	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/templates/texts"
)

//go:embed invoice.html
var invoiceHTML string

//go:embed invoice.txt
var invoiceText string

var (
	invoicePage  = htmltemplate.Must(htmltemplate.New("invoice").Parse(invoiceHTML))
	invoicePlain = texttemplate.Must(texttemplate.New("invoice").Parse(invoiceText))
)

// Letter is an invoice's mail to one recipient.
type Letter struct {
	Snapshot                 invoice.Snapshot
	Recipient, RecipientName string
	CC                       string // addresses separated by blanks or commas, or empty
	Language                 string // ko, en, ja; anything else reads the document's
	MessageID                string
	Date                     time.Time
	Attachments              []Attachment
}

// invoiceData is what both bodies read: text that is ready to be shown.
type invoiceData struct {
	Words                          words
	Language, Accent               string
	Title, Greeting, Lead          string
	Issuer, Customer, Number       string
	Provider, Period, IssuedOn     string
	Amount, Due, Bank              string
	Supply, Tax, AfterTax          string
	Change, Provisional            string
	Salesman, SalesmanMail, Desk   string
	Corrects                       string
	Files                          []string
	Owed, HasAfterTax, HasSalesman bool
}

// Invoice writes the mail of a frozen document.
func Invoice(l Letter) ([]byte, error) {
	s := l.Snapshot
	if s.Number == "" {
		return nil, &fault.Error{
			Code: fault.Input, What: "a draft has no number and is never mailed",
			Cure: "finalize the document first",
		}
	}
	data := read(l)
	return l.send(subject(data), data.Language, invoicePage, invoicePlain, data)
}

// send fills both bodies and writes the letter. What they show is in data alone.
func (l Letter) send(
	subject, language string, page *htmltemplate.Template, plain *texttemplate.Template, data any,
) ([]byte, error) {
	s := l.Snapshot
	var html, text bytes.Buffer
	broken := func(what string, err error) error {
		return &fault.Error{Code: fault.Template, Place: fault.Place{File: s.Number}, What: what, Err: err}
	}
	if err := page.Execute(&html, data); err != nil {
		return nil, broken("mail page", err)
	}
	if err := plain.Execute(&text, data); err != nil {
		return nil, broken("mail text", err)
	}
	return compose(envelope{
		from:      mailbox{s.Issuer.Name, s.Issuer.Email},
		replyTo:   mailbox{s.Salesman.Name, s.Salesman.Email},
		to:        []mailbox{{l.RecipientName, l.Recipient}},
		cc:        Addresses(l.CC),
		subject:   subject,
		language:  language,
		messageID: l.MessageID, date: l.Date,
		text: text.String(), html: html.String(), attachments: l.Attachments,
	})
}

// greeted is whom a letter speaks to: its reader, or the customer.
func (l Letter) greeted() string {
	if l.RecipientName == "" {
		return l.Snapshot.Customer.Name
	}
	return l.RecipientName
}

// files are the names of what is attached, as the reader will see them.
func (l Letter) files() []string {
	var names []string
	for _, file := range l.Attachments {
		names = append(names, SafeFileName(file.FileName))
	}
	return names
}

// Addresses splits a list of addresses as people type it.
func Addresses(list string) []string {
	return strings.FieldsFunc(list, func(char rune) bool { return strings.ContainsRune(" ,;\t\r\n", char) })
}

func read(l Letter) invoiceData {
	s := l.Snapshot
	w := wordsOf(l.Language, s.Language)
	data := invoiceData{
		Words: w, Language: w.Language, Accent: accent(s.Color), Title: w.Title,
		Issuer: s.Issuer.Name, Customer: s.Customer.Name, Number: s.Number, Corrects: s.Corrects,
		Provider: providerName(s.Provider), Period: months(w, s),
		IssuedOn: s.IssuedOn.Format(w.DayForm),
		Amount:   amount(s.Total, s.Currency), Supply: amount(s.Supply, s.Currency),
		Tax: amount(s.Tax, s.Currency), AfterTax: amount(s.AfterTax, s.Currency),
		HasAfterTax: !s.AfterTax.IsZero(), Owed: s.Total.IsPositive(),
		Bank: s.Bank, Change: change(w, s), Desk: s.Issuer.Email,
		Salesman: s.Salesman.Name, SalesmanMail: s.Salesman.Email, HasSalesman: s.Salesman.Email != "",
	}
	if s.Kind == invoice.KindNote {
		data.Title = w.NoteTitle
	}
	if s.Provisional {
		data.Provisional = fmt.Sprintf(w.Provisional, s.DataAsOf.Format(w.DayForm))
	}
	if !s.DueOn.IsZero() {
		data.Due = s.DueOn.Format(w.DayForm)
	}
	data.Greeting = fmt.Sprintf(w.Greeting, l.greeted())
	data.Lead = fmt.Sprintf(w.Lead, data.Customer, data.Period, data.Provider, data.Title)
	data.Files = l.files()
	return data
}

// subject says whose, which month, for whom, how much and until when.
func subject(d invoiceData) string {
	parts := []string{fmt.Sprintf("[%s] "+d.Words.Subject, d.Issuer, d.Period, d.Title), d.Customer, d.Amount}
	if d.Owed && d.Due != "" {
		due, err := time.Parse(d.Words.DayForm, d.Due)
		if err == nil {
			parts = append(parts, d.Words.Due+" "+due.Format(d.Words.ShortDay))
		}
	}
	return strings.Join(parts, " · ")
}

// months are the month that a document bills, or the first and the last.
func months(w words, s invoice.Snapshot) string {
	first, last := s.Span()
	text := last.Start().Format(w.MonthForm)
	if first != last {
		text = first.Start().Format(w.MonthForm) + " ~ " + text
	}
	return text
}

// change compares with the month before in one sentence; a quarter has none to
// be compared with.
func change(w words, s invoice.Snapshot) string {
	var before decimal.Decimal
	found := false
	for _, month := range s.History {
		if month.Month == s.Month.Add(-1) {
			before, found = month.Total, true
		}
	}
	difference := s.Total.Sub(before)
	switch {
	case !found || s.Kind == invoice.KindNote || s.IsQuarter():
		return ""
	case difference.IsZero():
		return w.Same
	case !before.IsPositive():
		return fmt.Sprintf(pick(difference.IsPositive(), w.MorePlain, w.LessPlain),
			amount(difference.Abs(), s.Currency))
	default:
		rate := money.Grouped(tenths(difference.Abs(), before), 1)
		return fmt.Sprintf(pick(difference.IsPositive(), w.More, w.Less),
			amount(difference.Abs(), s.Currency), rate)
	}
}

// tenths is part of whole in per cent, half up to one decimal: a figure to read,
// never one to reckon with.
func tenths(part, whole decimal.Decimal) decimal.Decimal {
	return money.Quotient(money.Hundred.Mul(part), whole, 1)
}

func pick(yes bool, one, other string) string {
	if yes {
		return one
	}
	return other
}

func amount(value decimal.Decimal, currency money.Currency) string {
	text := money.Grouped(value, currency.Places())
	if digits, negative := strings.CutPrefix(text, "-"); negative {
		return "-" + currency.Symbol() + digits
	}
	return currency.Symbol() + text
}

var colour = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

// accent is the issuer's colour, where it is one.
func accent(text string) string {
	if colour.MatchString(text) {
		return text
	}
	return "#1F4E8C"
}

// providerName is a provider's name as short as a subject line wants it.
func providerName(code string) string {
	if code == "aws" {
		return "AWS"
	}
	return texts.ProviderText(code)
}
