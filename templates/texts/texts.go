// Package texts holds the words of every document, in the reader's language.
//
// It owns captions and the way dates, months and names of steps are written.
// It does not own amounts (see money) or where a word stands (see pdf, xlsx, email).
package texts

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/period"
	"magam/domain/tax"
)

//go:embed ko.json en.json ja.json
var files embed.FS

// Words are the captions of one language. A word that is missing or unknown in
// a file stops the programme at its start.
type Words struct {
	Language string // ko, en, ja

	Invoice, Note, Draft, DraftNotice      string
	Number, IssuedOn, BillingPeriod, DueOn string
	Corrects, Provider, MonthForm, DayForm string

	Supplier, Recipient, Honorific               string
	BusinessNumber, TNumber, PartyName           string
	Representative, Business, Address            string
	Contact, Salesman, Bank, AmountDue           string
	TaxIncluded                                  string
	Supply, Tax, AfterTax, Total                 string
	TaxBase                                      string
	SourceTotal, Rate, RateOn, RatePer, RateKind string
	DataAsOf, Provisional, Final                 string
	BaseRate, CustomsRate                        string
	MonthEndRate, MonthAverageRate, DayRate      string

	Item, Amount, Subtotal                       string
	CarriedForward, BroughtForward               string
	Credits, Adjustments, Used, Remaining        string
	Expires, Never, Reason, AlreadyIncluded      string
	AfterTaxIncluded, FullDigits                 string
	Trend, Page                                  string
	Taxable, ZeroRated, Exempt, AlreadyTaxed     string
	Reduced                                      string
	NothingCharged, NothingOwed, ProvisionalNote string

	StageBeforeDiscount, StageAfterDiscount, StageAfterTax string

	SheetSummary, SheetProducts, SheetAccounts        string
	SheetDetail, SheetAccountDetail, SheetCorrections string
	Account, AccountName, Service, UsageType          string
	Quantity, Unit, Currency, Kind                    string
	Month, Code, Stage, SumOfColumn, Customer         string
	Credit, Adjustment, TextNumbers                   string

	Savings, Commitment, AtList, CommitmentCost string
	Saved, CarriedIn, FeeOfSaved                string

	Excerpt, Scope, OneAccount, ManyAccounts string
	ShownSum, ExcerptNotice, BilledIn        string
}

var languages = load()

// load reads and checks the embedded files: a hole in them is a broken build.
func load() map[string]*Words {
	loaded := map[string]*Words{}
	for _, language := range []string{"ko", "en", "ja"} {
		text, err := files.ReadFile(language + ".json")
		if err != nil {
			panic(err)
		}
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		words := &Words{Language: language}
		err = decoder.Decode(words)
		if err != nil {
			panic(fmt.Sprintf("%s.json: %v", language, err))
		}
		loaded[language] = words
	}
	return loaded
}

// For gives the words of a language; a language that no reader can choose is
// refused, so that a customer never gets a document in the wrong one.
func For(language string) (*Words, error) {
	words, ok := languages[language]
	if !ok {
		return nil, &fault.Error{
			Code: fault.Template, Value: language, What: "is not a language of documents",
			Cure: "set the customer's language to ko, en or ja",
		}
	}
	return words, nil
}

// DateText writes a day as the language does; no day is a dash.
func (w *Words) DateText(day invoice.Date) string {
	if day.IsZero() {
		return "-"
	}
	return day.Format(w.DayForm)
}

// MonthText writes a month as the language does.
func (w *Words) MonthText(month period.Month) string {
	if month.IsZero() {
		return "-"
	}
	return month.Start().Format(w.MonthForm)
}

// SpanText writes the days that a document bills, both included.
func (w *Words) SpanText(s invoice.Snapshot) string {
	first, last := s.Span()
	return w.DateText(invoice.NewDate(first.Start())) + " ~ " + w.DateText(invoice.NewDate(last.LastDay()))
}

// MonthsText writes the month that a document bills, or the first and the last.
func (w *Words) MonthsText(s invoice.Snapshot) string {
	first, last := s.Span()
	if first == last {
		return w.MonthText(last)
	}
	return w.MonthText(first) + " ~ " + w.MonthText(last)
}

// Title is what a document is called.
func (w *Words) Title(kind invoice.Kind) string {
	if kind == invoice.KindNote {
		return w.Note
	}
	return w.Invoice
}

// TaxText names a tax category.
func (w *Words) TaxText(category tax.Category) string {
	switch category {
	case tax.Taxable:
		return w.Taxable
	case tax.Reduced:
		return w.Reduced
	case tax.ZeroRated:
		return w.ZeroRated
	case tax.Exempt:
		return w.Exempt
	case tax.AlreadyTaxed:
		return w.AlreadyTaxed
	default:
		return string(category)
	}
}

// StageText names where in the order of operations an adjustment stands.
func (w *Words) StageText(stage string) string {
	switch stage {
	case "before-discount":
		return w.StageBeforeDiscount
	case "after-discount":
		return w.StageAfterDiscount
	case "after-tax":
		return w.StageAfterTax
	default:
		return stage
	}
}

// RateText names a kind of rate as the language does, or else as the rates sheet.
func (w *Words) RateText(kind string) string {
	switch kind {
	case "매매기준율":
		return w.BaseRate
	case "customs":
		return w.CustomsRate
	default:
		return kind
	}
}

// RuleText names how a rate was chosen: month-end, month-average or day:25.
func (w *Words) RuleText(rule string) string {
	switch {
	case rule == "month-end":
		return w.MonthEndRate
	case rule == "month-average":
		return w.MonthAverageRate
	case strings.HasPrefix(rule, "day:"):
		return fmt.Sprintf(w.DayRate, strings.TrimPrefix(rule, "day:"))
	default:
		return rule
	}
}

// BusinessNumber writes ten digits as 124-81-00998, with the branch if there is one.
func BusinessNumber(p invoice.Party) string {
	number := p.BusinessNumber
	if len(number) == 10 && strings.Trim(number, "0123456789") == "" {
		number = number[:3] + "-" + number[3:5] + "-" + number[5:]
	}
	if p.BranchID != "" {
		number += " - " + p.BranchID
	}
	return number
}

// ProviderText is a provider's name as a reader knows it.
func ProviderText(provider string) string {
	switch provider {
	case "aws":
		return "Amazon Web Services"
	case "azure":
		return "Microsoft Azure"
	case "gcp":
		return "Google Cloud"
	case "oci":
		return "Oracle Cloud"
	default:
		return provider
	}
}

// Marks are what a document's metadata say for machines: whose it is and which.
// The mail's sender checks them before it sends, so that nobody gets another's.
func Marks(s invoice.Snapshot) string {
	return fmt.Sprintf("customer=%s number=%s month=%s total=%s%s",
		s.Customer.Code, s.Number, s.Month, s.Total.String(), s.Currency)
}

// ScopeMarks are the marks of a document narrowed to some accounts: its scope in
// place of a total, which such a reader may not know.
func ScopeMarks(e invoice.Excerpt) string {
	return fmt.Sprintf("customer=%s number=%s scope=%s month=%s",
		e.Shown.Customer.Code, e.Shown.Number, e.Scope, e.Shown.Month)
}

// AccountsText says how many accounts something shows.
func (w *Words) AccountsText(count int) string {
	if count == 1 {
		return w.OneAccount
	}
	return fmt.Sprintf(w.ManyAccounts, count)
}

// ExcerptFileName is a document's name with the account it shows, or with how
// many and the beginning of their scope: two excerpts never share a name.
func (w *Words) ExcerptFileName(e invoice.Excerpt, extension string) string {
	part := fmt.Sprintf("%s-%.8s", w.AccountsText(len(e.Accounts)), e.Scope)
	if len(e.Accounts) == 1 && len(e.Accounts[0]) <= fileNameMax {
		part = e.Accounts[0]
	}
	return w.FileName(e.Shown, "") + "_" + strings.Map(inFileName, part) + "." + extension
}

// FileName is a document's name for people: its number or the word for a draft,
// the customer and the month, without what a file system or a mail refuses. No
// extension gives the stem.
func (w *Words) FileName(s invoice.Snapshot, extension string) string {
	number := s.Number
	if number == "" {
		number = w.Draft
	}
	name := strings.Map(inFileName, s.Customer.Name)
	letters := []rune(strings.Trim(name, " ."))
	letters = letters[:min(len(letters), fileNameMax)]
	first, last := s.Span()
	stem := fmt.Sprintf("%s_%s_%s", number, string(letters), first)
	if first != last {
		stem += "_" + last.String()
	}
	if extension == "" {
		return stem
	}
	return stem + "." + extension
}

// inFileName replaces what a file system or a mail refuses in a name.
func inFileName(r rune) rune {
	switch {
	case strings.ContainsRune(`/\:*?"<>|`, r):
		return '-'
	case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		return -1
	case unicode.IsSpace(r):
		return ' '
	default:
		return r
	}
}

// fileNameMax letters of a customer's name leave room within the 255 bytes that
// file systems allow, at three bytes for a letter of Hangul.
const fileNameMax = 60
