package activities

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"magam/domain/closing"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/margin"
	"magam/domain/master"
	"magam/domain/period"
	"magam/templates/pdf"
	"magam/templates/texts"
	"magam/templates/xlsx"
)

// Reporting holds the hands that report a month to finance. They alone know what
// was bought: the hands that make a customer's documents do not.
type Reporting struct {
	Margins  Margins
	Reports  ReportBooks
	Alarms   StandingAlarms
	Master   MasterReader
	Store    ReportStore
	Relay    Relay
	Now      func() time.Time
	Zone     *time.Location // the house's, which says what the previous month is
	Language string         // of what our own staff read
}

// Margins adds a month up.
type Margins interface {
	Margin(ctx context.Context, month period.Month, customer string) (margin.Report, error)
}

// StandingAlarms are what ops should look at now.
type StandingAlarms interface {
	Standing(ctx context.Context) ([]delivery.Raised, error)
}

// ReportBooks keeps what reports say, what they became and who got them.
type ReportBooks interface {
	Keep(ctx context.Context, month period.Month, basis string, content []byte, digest string,
	) (delivery.Report, error)
	Newest(ctx context.Context, month period.Month) (delivery.Report, error)
	Files(ctx context.Context, month string, edition int, language string) ([]delivery.Document, error)
	AddFile(ctx context.Context, month string, edition int, file delivery.Document) error
	Address(ctx context.Context, mails []delivery.ReportMail) ([]delivery.ReportMail, error)
	Mail(ctx context.Context, month string, edition int, person string) (delivery.ReportMail, error)
	Composed(ctx context.Context, mail delivery.ReportMail, sha256, key string) error
	Claim(ctx context.Context, mail delivery.ReportMail, again bool) (delivery.ReportMail, bool, error)
	Dot(ctx context.Context, mail delivery.ReportMail) error
	Settle(ctx context.Context, mail delivery.ReportMail, end delivery.Settlement) error
	SetAside(ctx context.Context, mail delivery.ReportMail, end delivery.Settlement) error
}

// ReportStore keeps files and composed mails.
type ReportStore interface {
	DocumentStore
	Get(ctx context.Context, key string) ([]byte, error)
}

// The kinds of files of a report.
const (
	ReportPDF  = "report-pdf"
	MarginXLSX = "margin-xlsx"
)

// CompileInput names a month, and whether finance is to be told by mail.
type CompileInput struct {
	Month period.Month
	Mail  bool
}

// CompileResult is the month's newest edition.
type CompileResult struct {
	Month    period.Month
	Edition  int
	Same     bool // nothing has changed since it was made
	Final    int
	Parked   int
	Language string
	Files    []RenderedDocument
	People   []string // of finance whose mail is still to arrive
	Nobody   bool     // no one of finance has an address
	Open     bool     // the month has not settled: nobody is told
}

// Compile adds the month up, freezes what it says, and makes its files. A month
// that says what it said before is the same edition: nothing is made again and
// nobody is told twice. It may run twice: what is there stays.
func (a *Reporting) Compile(ctx context.Context, in CompileInput) (CompileResult, error) {
	defer keepAlive(ctx)()
	if in.Month.IsZero() {
		in.Month = period.Previous(a.Now().In(a.Zone))
	}
	result, err := a.compile(ctx, in)
	if err != nil {
		return CompileResult{}, atEdge(fmt.Errorf("report %s: %w", in.Month, err))
	}
	return result, nil
}

func (a *Reporting) compile(ctx context.Context, in CompileInput) (CompileResult, error) {
	book, _, err := a.Master.LoadBook(ctx, in.Month)
	if err != nil {
		return CompileResult{}, err
	}
	found, err := a.gather(ctx, in.Month, book)
	if err != nil {
		return CompileResult{}, err
	}
	kept, report, err := a.freeze(ctx, found)
	if err != nil {
		return CompileResult{}, err
	}
	result := CompileResult{
		Month:    in.Month,
		Edition:  kept.Edition,
		Same:     kept.Same,
		Final:    report.Final,
		Parked:   len(report.Parked),
		Language: a.Language,
	}
	result.Files, err = a.files(ctx, kept, report)
	if err != nil {
		return CompileResult{}, err
	}
	result.Open = report.State != closing.StateClosed && report.State != closing.StateClosedWithParked
	if !in.Mail || result.Open {
		return result, nil
	}
	mails, err := a.address(ctx, kept, book)
	if err != nil {
		return CompileResult{}, err
	}
	result.Nobody = len(mails) == 0
	for _, mail := range mails {
		if mail.Open() {
			result.People = append(result.People, mail.Person)
		}
	}
	return result, nil
}

// gather is the month as it stands, with the names that the books do not have.
func (a *Reporting) gather(
	ctx context.Context, month period.Month, book *master.Book,
) (margin.Report, error) {
	report, err := a.Margins.Margin(ctx, month, "")
	if err != nil {
		return margin.Report{}, err
	}
	if issuers := book.Issuers(); len(issuers) > 0 {
		report.Issuer, report.Color = issuers[0].Name, issuers[0].Color
	}
	for i, parked := range report.Parked {
		if customer, known := book.Customer(parked.Customer, month); known {
			report.Parked[i].Name = customer.Name
		}
	}
	report.Alarms, err = a.Alarms.Standing(ctx)
	return report, err
}

// freeze keeps what the report says, and reads back what is kept.
func (a *Reporting) freeze(
	ctx context.Context, found margin.Report,
) (delivery.Report, margin.Report, error) {
	content, err := found.Canonical()
	if err != nil {
		return delivery.Report{}, margin.Report{}, err
	}
	basis, err := found.Basis()
	if err != nil {
		return delivery.Report{}, margin.Report{}, err
	}
	kept, err := a.Reports.Keep(ctx, found.Month, mailDigest(basis), content, mailDigest(content))
	if err != nil {
		return delivery.Report{}, margin.Report{}, err
	}
	report, err := trustedReport(kept)
	return kept, report, err
}

// trustedReport reads a report whose bytes are those of its digest.
func trustedReport(kept delivery.Report) (margin.Report, error) {
	if mailDigest(kept.Content) != kept.Digest {
		return margin.Report{}, fault.New(fault.DigestChanged,
			"the stored report of "+kept.Month+" was changed",
			"restore the books from a backup and run `starter audit` for the month")
	}
	return margin.ParseReport(kept.Content)
}

// files makes what an edition has not been made into yet.
func (a *Reporting) files(
	ctx context.Context, kept delivery.Report, report margin.Report,
) ([]RenderedDocument, error) {
	there, err := a.Reports.Files(ctx, kept.Month, kept.Edition, a.Language)
	if err != nil {
		return nil, err
	}
	before := map[string]delivery.Document{}
	for _, file := range there {
		before[file.Kind] = file
	}
	var made []RenderedDocument
	for _, form := range reportForms {
		file, known := before[form.kind]
		if !known {
			file, err = a.make(ctx, form, kept, report)
			if err != nil {
				return nil, err
			}
		}
		made = append(made, RenderedDocument{
			Kind: file.Kind, Language: file.Language, SHA256: file.SHA256, Bytes: file.Bytes, Same: known,
		})
	}
	return made, nil
}

type reportForm struct {
	kind, extension, contentType string
	render                       func(r margin.Report, kept delivery.Report, language string) ([]byte, error)
}

var reportForms = []reportForm{
	{
		ReportPDF, "pdf", "application/pdf",
		func(r margin.Report, kept delivery.Report, language string) ([]byte, error) {
			return pdf.MarginReport(r, kept.Edition, kept.Digest, language)
		},
	},
	{
		MarginXLSX, "xlsx", workbookForm.contentType,
		func(r margin.Report, kept delivery.Report, language string) ([]byte, error) {
			var written bytes.Buffer
			err := xlsx.Margin(r, kept.Edition, kept.Digest, language, &written)
			return written.Bytes(), err
		},
	},
}

// make renders one file and keeps it before the books say that it is there.
func (a *Reporting) make(
	ctx context.Context, form reportForm, kept delivery.Report, report margin.Report,
) (delivery.Document, error) {
	content, err := form.render(report, kept, a.Language)
	if err != nil {
		return delivery.Document{}, err
	}
	words, err := texts.MarginFor(a.Language)
	if err != nil {
		return delivery.Document{}, err
	}
	sum := sha256.Sum256(content)
	file := delivery.Document{
		Kind:     form.kind,
		Language: a.Language,
		SHA256:   hex.EncodeToString(sum[:]),
		Bytes:    int64(len(content)),
		FileName: fmt.Sprintf("%s_%s_%d.%s", strings.ReplaceAll(words.Title, " ", "-"), kept.Month,
			kept.Edition, form.extension),
	}
	file.Key = "reports/" + file.SHA256
	_, _, err = a.Store.Put(ctx, file.Key, form.contentType, bytes.NewReader(content))
	if err != nil {
		return delivery.Document{}, err
	}
	return file, a.Reports.AddFile(ctx, kept.Month, kept.Edition, file)
}
