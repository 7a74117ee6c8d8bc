package activities

import (
	"context"
	"fmt"
	"strings"
	"time"

	"magam/domain/commitment"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/party"
	"magam/domain/period"
	"magam/templates/email"
)

// Commitments holds the hands that flag commitments before they end and tell
// whom the master data names.
type Commitments struct {
	Master   MasterReader
	Notices  Notices
	Relay    Relay
	Now      func() time.Time
	Zone     *time.Location // the house's, which says what day it is
	Language string         // of notices to our own staff
}

// Notices remembers which rung of which commitment was flagged and mailed.
type Notices interface {
	Note(ctx context.Context, day time.Time, expiring []commitment.Expiry) ([]commitment.Notice, error)
	MarkMailed(ctx context.Context, day time.Time, ids []string) error
}

// FlagInput names a day, 2026-11-22; empty is today in the house's zone.
type FlagInput struct {
	Day string
}

// FlagResult is what a day's check found.
type FlagResult struct {
	Day       string
	Inventory int      // commitments in force
	Expiring  int      // that end within thirty days
	Noticed   int      // that reached a rung on this day
	Circles   []string // keys of the recipient lists to mail
}

// NoticeInput names one day's mail to one list of recipients.
type NoticeInput struct {
	Day    string
	Circle string
}

// Flag finds what ends within thirty days and records each rung once. Running
// it again on the same day gives the same answer: the day is written down with
// the rung.
func (c *Commitments) Flag(ctx context.Context, in FlagInput) (FlagResult, error) {
	if in.Day == "" {
		in.Day = c.Now().In(c.Zone).Format(time.DateOnly)
	}
	day, list, err := c.inventory(ctx, in.Day)
	if err != nil {
		return FlagResult{}, atEdge(err)
	}
	expiring := commitment.Expiring(list, day)
	noticed, err := c.Notices.Note(ctx, day, expiring)
	if err != nil {
		return FlagResult{}, atEdge(err)
	}
	result := FlagResult{Day: in.Day, Expiring: len(expiring), Noticed: len(noticed)}
	for _, one := range list {
		if !one.StartsOn.After(day) && !one.EndsOn.Before(day) {
			result.Inventory++
		}
	}
	for _, circle := range commitment.Circles(expiring, noticed) {
		result.Circles = append(result.Circles, circle.Key)
	}
	return result, nil
}

// MailNotice tells one list of recipients what was noticed on a day. Running it
// again after the relay took the mail does nothing; before that it sends the
// same bytes under the same Message-ID.
func (c *Commitments) MailNotice(ctx context.Context, in NoticeInput) (SendResult, error) {
	day, list, err := c.inventory(ctx, in.Day)
	if err != nil {
		return SendResult{}, atEdge(err)
	}
	expiring := commitment.Expiring(list, day)
	noticed, err := c.Notices.Note(ctx, day, expiring)
	if err != nil {
		return SendResult{}, atEdge(err)
	}
	for _, circle := range commitment.Circles(expiring, noticed) {
		if circle.Key != in.Circle {
			continue
		}
		if circle.Mailed {
			return SendResult{State: delivery.StateSent, Reply: "taken before"}, nil
		}
		result, err := c.mail(ctx, day, circle)
		return result, atEdge(err)
	}
	return SendResult{
		State: delivery.StateSent,
		Reply: "nothing left to tell: the master data has changed",
	}, nil
}

func (c *Commitments) mail(ctx context.Context, day time.Time, circle commitment.Circle) (SendResult, error) {
	issuer, err := c.issuer(ctx, day)
	if err != nil {
		return SendResult{}, err
	}
	_, domain, _ := strings.Cut(issuer.MailFrom, "@")
	message, err := email.ExpiryNotice(email.Expiry{
		Issuer:    issuer.Name,
		From:      issuer.MailFrom,
		Color:     issuer.Color,
		To:        circle.Recipients,
		Language:  c.Language,
		Day:       day,
		Expiring:  circle.Expiring,
		MessageID: fmt.Sprintf("<commitments-%s.%s@%s>", day.Format(time.DateOnly), circle.Key, domain),
	})
	if err != nil {
		return SendResult{}, err
	}
	defer keepAlive(ctx)()
	verdict, reply, err := c.Relay.Send(ctx, issuer.MailFrom, circle.Recipients, message,
		func(context.Context) error { return nil })
	if err != nil {
		return SendResult{}, err
	}
	result := SendResult{Reply: delivery.Mask(reply)}
	switch verdict {
	case "sent":
		result.State = delivery.StateSent
		ids := make([]string, 0, len(circle.Expiring))
		for _, one := range circle.Expiring {
			ids = append(ids, one.Commitment.ID)
		}
		return result, c.Notices.MarkMailed(context.WithoutCancel(ctx), day, ids)
	case "try-again":
		result.State = delivery.StatePending
	case "refused":
		result.State = delivery.StateFailed
	case "tls-required":
		return result, fault.New(fault.TLSRequired, reply, "give MAGAM_SMTP_ADDRESS a relay with STARTTLS")
	default:
		result.State = delivery.StateUnknown
	}
	return result, nil
}

func (c *Commitments) inventory(
	ctx context.Context, text string,
) (time.Time, []commitment.Commitment, error) {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, nil, &fault.Error{
			Code: fault.Input, Value: text, What: "is not a day",
			Cure: "write it as 2026-11-22",
		}
	}
	book, _, err := c.Master.LoadBook(ctx, period.MonthOf(day))
	if err != nil {
		return time.Time{}, nil, err
	}
	return day, book.Commitments(), nil
}

// issuer is whom the notices come from: the first of the issuers sheet.
func (c *Commitments) issuer(ctx context.Context, day time.Time) (party.Issuer, error) {
	book, _, err := c.Master.LoadBook(ctx, period.MonthOf(day))
	if err != nil {
		return party.Issuer{}, err
	}
	issuers := book.Issuers()
	if len(issuers) == 0 || issuers[0].MailFrom == "" {
		return party.Issuer{}, fault.New(fault.ContactMissing, "no issuer has a mail_from address",
			"fill mail_from in the issuer sheet and import it")
	}
	return issuers[0], nil
}
