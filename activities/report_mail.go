package activities

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/master"
	"magam/domain/party"
	"magam/domain/period"
	"magam/templates/email"
)

// ReportMailInput names one mail.
type ReportMailInput struct {
	Month   period.Month
	Edition int
	Person  string
	Again   bool // one of unknown fate may go out once more
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
		return reportResult(claimed, claimed.State, claimed.LastReply,
			claimed.State != delivery.StateUnknown), nil
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
		end = delivery.Settlement{
			State: delivery.StatePending,
			Reply: "stopped before the final dot: " + sending.Error(),
		}
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
		return SendResult{}, atEdge(
			fmt.Errorf("mail the report of %s to %s: %w", mail.Month, mail.Person, err),
		)
	}
	if end.State == delivery.StateUnknown {
		mail.Ambiguous++
	}
	return reportResult(mail, end.State, end.Reply, false), nil
}

func reportResult(mail delivery.ReportMail, state delivery.State, reply string, busy bool) SendResult {
	return SendResult{
		State:     state,
		Reply:     delivery.Mask(reply),
		Attempts:  mail.Attempts,
		Ambiguous: mail.Ambiguous,
		Busy:      busy,
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
			err = fault.New(fault.DigestChanged,
				"the stored mail to "+mail.Person+" is not what was composed",
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
	end := delivery.Settlement{
		State: delivery.StateFailed,
		Reply: "not taken within four days: " + mail.LastReply,
	}
	if mail.State == delivery.StateUnknown {
		end = delivery.Settlement{
			State: delivery.StateHeld, Reply: "nobody knows whether it arrived: ask the recipient",
		}
	}
	return atEdge(a.Reports.SetAside(ctx, mail, end))
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
