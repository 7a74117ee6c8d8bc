package activities

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"magam/domain/closing"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/margin"
	"magam/domain/master"
	"magam/domain/party"
	"magam/domain/period"
	"magam/templates/email"
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

// ReportMailInput names one mail.
type ReportMailInput struct {
	Month   period.Month
	Edition int
	Person  string
	Again   bool // one of unknown fate may go out once more
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
		Month: in.Month, Edition: kept.Edition, Same: kept.Same, Final: report.Final, Parked: len(report.Parked),
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
		return margin.Report{}, fault.New(fault.DigestChanged, "the stored report of "+kept.Month+" was changed",
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
		Kind: form.kind, Language: a.Language, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(content)),
		FileName: fmt.Sprintf("%s_%s_%d.%s", strings.ReplaceAll(words.Title, " ", "-"), kept.Month, kept.Edition,
			form.extension),
	}
	file.Key = "reports/" + file.SHA256
	_, _, err = a.Store.Put(ctx, file.Key, form.contentType, bytes.NewReader(content))
	if err != nil {
		return delivery.Document{}, err
	}
	return file, a.Reports.AddFile(ctx, kept.Month, kept.Edition, file)
}

// address writes one mail per person of finance. An address that is also a
// customer's contact gets none: what we pay is not for customers.
func (a *Reporting) address(
	ctx context.Context, kept delivery.Report, book *master.Book,
) ([]delivery.ReportMail, error) {
	from, err := senderOfReports(book)
	if err != nil {
		return nil, err
	}
	outside := map[string]bool{}
	month, err := period.ParseMonth(kept.Month)
	if err != nil {
		return nil, err
	}
	for _, customer := range book.Customers(month) {
		for _, contact := range book.Contacts(customer.Code, month) {
			outside[strings.ToLower(contact.Email)] = true
			for _, cc := range email.Addresses(contact.CC) {
				outside[strings.ToLower(cc)] = true
			}
		}
	}
	var mails []delivery.ReportMail
	for _, person := range book.People() {
		if !person.Holds(party.RoleFinance) || person.Email == "" || outside[strings.ToLower(person.Email)] {
			continue
		}
		mails = append(mails, delivery.ReportMail{
			Month: kept.Month, Edition: kept.Edition, Person: person.Code, Recipient: person.Email,
			Language:  a.Language,
			MessageID: delivery.ReportMessageID(kept.Month, kept.Edition, person.Code, from.MailFrom),
		})
	}
	return a.Reports.Address(ctx, mails)
}

func senderOfReports(book *master.Book) (party.Issuer, error) {
	issuers := book.Issuers()
	if len(issuers) == 0 || issuers[0].MailFrom == "" {
		return party.Issuer{}, fault.New(fault.ContactMissing, "no issuer has a mail_from address",
			"fill mail_from in the issuer sheet and import it")
	}
	return issuers[0], nil
}

// MailReport makes one attempt at one person's mail. It may run twice: a mail
// that the relay took is not sent again, and one of unknown fate goes out as the
// same bytes under the same Message-ID.
func (a *Reporting) MailReport(ctx context.Context, in ReportMailInput) (SendResult, error) {
	defer keepAlive(ctx)()
	mail, err := a.Reports.Mail(ctx, in.Month.String(), in.Edition, in.Person)
	if err != nil {
		return SendResult{}, atEdge(err)
	}
	if !mail.Open() {
		return SendResult{State: mail.State, Reply: "settled before", Attempts: mail.Attempts}, nil
	}
	book, _, err := a.Master.LoadBook(ctx, in.Month)
	if err != nil {
		return SendResult{}, atEdge(err)
	}
	from, err := senderOfReports(book)
	if err != nil {
		return SendResult{}, atEdge(err)
	}
	mail, message, err := a.composed(ctx, mail, from, book)
	if err != nil {
		return SendResult{}, atEdge(fmt.Errorf("write the report's mail to %s: %w", in.Person, err))
	}
	claimed, taken, err := a.Reports.Claim(ctx, mail, in.Again)
	if err != nil {
		return SendResult{}, atEdge(err)
	}
	if !taken {
		return reportResult(claimed, claimed.State, claimed.LastReply, claimed.State != delivery.StateUnknown), nil
	}
	return a.attempt(ctx, claimed, from, message)
}

// attempt speaks with the relay and writes down how it ended.
func (a *Reporting) attempt(
	ctx context.Context, mail delivery.ReportMail, from party.Issuer, message []byte,
) (SendResult, error) {
	verdict, reply, sending := a.Relay.Send(ctx, from.MailFrom, []string{mail.Recipient}, message,
		func(ctx context.Context) error { return a.Reports.Dot(ctx, mail) })
	if code, _ := fault.CodeOf(sending); code == fault.Fenced {
		return reportResult(mail, delivery.StateSending, "", true), nil
	}
	end := delivery.Settlement{State: delivery.StateUnknown, Reply: reply}
	switch {
	case sending != nil:
		end = delivery.Settlement{State: delivery.StatePending, Reply: "stopped before the final dot: " + sending.Error()}
	case verdict == "sent":
		end.State = delivery.StateSent
	case verdict == "try-again":
		end.State = delivery.StatePending
	case verdict == "refused":
		end.State = delivery.StateFailed
	case verdict == "tls-required":
		end.State = delivery.StatePending
		sending = fault.New(fault.TLSRequired, reply, "give MAGAM_SMTP_ADDRESS a relay with STARTTLS")
	}
	// An outcome that is known must not turn into a doubt, whoever cancels meanwhile.
	settling, stop := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer stop()
	err := errors.Join(sending, a.Reports.Settle(settling, mail, end))
	if err != nil {
		return SendResult{}, atEdge(fmt.Errorf("mail the report of %s to %s: %w", mail.Month, mail.Person, err))
	}
	if end.State == delivery.StateUnknown {
		mail.Ambiguous++
	}
	return reportResult(mail, end.State, end.Reply, false), nil
}

func reportResult(mail delivery.ReportMail, state delivery.State, reply string, busy bool) SendResult {
	return SendResult{
		State: state, Reply: delivery.Mask(reply), Attempts: mail.Attempts, Ambiguous: mail.Ambiguous, Busy: busy,
	}
}

// composed writes the mail from the frozen report and its files, once, and reads
// it back.
func (a *Reporting) composed(
	ctx context.Context, mail delivery.ReportMail, from party.Issuer, book *master.Book,
) (delivery.ReportMail, []byte, error) {
	if mail.MIMESHA256 != "" {
		message, err := a.Store.Get(ctx, mail.MIMEKey)
		if err == nil && mailDigest(message) != mail.MIMESHA256 {
			err = fault.New(fault.DigestChanged, "the stored mail to "+mail.Person+" is not what was composed",
				"call the engineer on duty: a stored file was changed")
		}
		return mail, message, err
	}
	message, err := a.write(ctx, mail, from, book)
	if err != nil {
		return mail, nil, err
	}
	digest := mailDigest(message)
	key := "mail/" + digest + ".eml"
	_, _, err = a.Store.Put(ctx, key, "message/rfc822", bytes.NewReader(message))
	if err != nil {
		return mail, nil, err
	}
	return mail, message, a.Reports.Composed(ctx, mail, digest, key)
}

func (a *Reporting) write(
	ctx context.Context, mail delivery.ReportMail, from party.Issuer, book *master.Book,
) ([]byte, error) {
	month, err := period.ParseMonth(mail.Month)
	if err != nil {
		return nil, err
	}
	kept, err := a.Reports.Newest(ctx, month)
	if err != nil {
		return nil, err
	}
	if kept.Edition != mail.Edition {
		return nil, fault.New(fault.Input, fmt.Sprintf("edition %d of %s was overtaken by %d", mail.Edition,
			mail.Month, kept.Edition), "nothing: the newer edition is mailed in its place")
	}
	report, err := trustedReport(kept)
	if err != nil {
		return nil, err
	}
	person, _ := book.Person(mail.Person)
	letter := email.MarginLetter{
		Report: report, Edition: kept.Edition, From: from.MailFrom, To: mail.Recipient, Name: person.Name,
		Language: mail.Language, MessageID: mail.MessageID, Date: kept.MadeAt,
	}
	files, err := a.Reports.Files(ctx, mail.Month, mail.Edition, mail.Language)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		content, err := a.Store.Get(ctx, file.Key)
		if err != nil {
			return nil, err
		}
		if mailDigest(content) != file.SHA256 {
			return nil, fault.New(fault.Hash, "the stored "+file.Kind+" of "+mail.Month+" was changed",
				"restore the store from a backup; nothing was sent")
		}
		letter.Attachments = append(letter.Attachments, email.Attachment{
			FileName: file.FileName, Content: content,
		})
	}
	return email.MarginReport(letter)
}

// SetReportAside ends the trying of a mail: its time is over, or nobody knows
// whether it arrived. Running it again changes nothing.
func (a *Reporting) SetReportAside(ctx context.Context, in ReportMailInput) error {
	mail, err := a.Reports.Mail(ctx, in.Month.String(), in.Edition, in.Person)
	if err != nil {
		return atEdge(err)
	}
	end := delivery.Settlement{State: delivery.StateFailed, Reply: "not taken within four days: " + mail.LastReply}
	if mail.State == delivery.StateUnknown {
		end = delivery.Settlement{
			State: delivery.StateHeld, Reply: "nobody knows whether it arrived: ask the recipient",
		}
	}
	return atEdge(a.Reports.SetAside(ctx, mail, end))
}
