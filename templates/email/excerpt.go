package email

import (
	_ "embed"
	"fmt"
	htmltemplate "html/template"
	"strings"
	texttemplate "text/template"

	"magam/domain/fault"
	"magam/domain/invoice"
)

//go:embed excerpt.html
var excerptHTML string

//go:embed excerpt.txt
var excerptText string

var (
	excerptPage  = htmltemplate.Must(htmltemplate.New("excerpt").Parse(excerptHTML))
	excerptPlain = texttemplate.Must(texttemplate.New("excerpt").Parse(excerptText))
)

// accountsMax is how many accounts a mail lists; the workbook has them all.
const accountsMax = 20

// excerptData is what both bodies read. It is made from an excerpt, which knows
// nothing of the other accounts nor of what is owed.
type excerptData struct {
	Words                        words
	Language, Accent, Title      string
	Greeting, Lead               string
	Issuer, Customer, Number     string
	Provider, Period             string
	Count, Sum, More             string
	Accounts                     []excerptAccount
	Provisional                  string
	Salesman, SalesmanMail, Desk string
	HasSalesman                  bool
	Files                        []string
}

type excerptAccount struct {
	Name, ID, Amount string
}

// Excerpt writes the mail to a recipient of some accounts. The letter's snapshot
// is replaced by the excerpt's narrowed one before anything is read from it.
func Excerpt(l Letter, e invoice.Excerpt) ([]byte, error) {
	l.Snapshot = e.Shown
	s := l.Snapshot
	if s.Number == "" {
		return nil, &fault.Error{
			Code: fault.Input, What: "a draft has no number and is never mailed",
			Cure: "finalize the document first",
		}
	}
	w := wordsOf(l.Language, s.Language)
	data := excerptData{
		Words: w, Language: w.Language, Accent: accent(s.Color), Title: w.DetailTitle,
		Greeting: fmt.Sprintf(w.Greeting, l.greeted()),
		Issuer:   s.Issuer.Name, Customer: s.Customer.Name, Number: s.Number,
		Provider: providerName(s.Provider), Period: months(w, s),
		Count: accountsText(w, len(e.Accounts)), Sum: amount(e.Sum, s.Currency),
		Desk: s.Issuer.Email, Salesman: s.Salesman.Name, SalesmanMail: s.Salesman.Email,
		HasSalesman: s.Salesman.Email != "", Files: l.files(),
	}
	data.Lead = fmt.Sprintf(w.DetailLead, data.Customer, data.Period, data.Provider, data.Title)
	if s.Provisional {
		data.Provisional = fmt.Sprintf(w.Provisional, s.DataAsOf.Format(w.DayForm))
	}
	data.listAccounts(e)
	subject := strings.Join([]string{
		fmt.Sprintf("[%s] "+w.Subject, data.Issuer, data.Period, data.Title), data.Customer, data.Count,
	}, " · ")
	return l.send(subject, data.Language, excerptPage, excerptPlain, data)
}

// listAccounts names what is shown, the largest amount first.
func (d *excerptData) listAccounts(e invoice.Excerpt) {
	rows := invoice.ByAccount(e.Shown)
	for _, row := range rows[:min(len(rows), accountsMax)] {
		shown := excerptAccount{Name: row.Name, Amount: amount(row.Amount, e.Shown.Currency)}
		ids := strings.Join(row.Accounts, ", ")
		if len(row.Accounts) > accountsMax {
			ids = accountsText(d.Words, len(row.Accounts))
		}
		switch shown.Name {
		case "":
			shown.Name = ids
		case ids:
		default:
			shown.ID = ids
		}
		d.Accounts = append(d.Accounts, shown)
	}
	if more := len(rows) - accountsMax; more > 0 {
		d.More = fmt.Sprintf(d.Words.MoreNames, more)
	}
}

func accountsText(w words, count int) string {
	if count == 1 {
		return w.OneAccount
	}
	return fmt.Sprintf(w.ManyAccounts, count)
}
