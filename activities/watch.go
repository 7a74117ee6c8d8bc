package activities

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/master"
	"magam/domain/party"
	"magam/domain/period"
	"magam/templates/email"
)

// Watching holds the hands that look at the sources and tell ops.
type Watching struct {
	Alarms   AlarmBooks
	Master   MasterReader
	Relay    Relay
	Now      func() time.Time
	Language string // of what our own staff read
}

// AlarmBooks keeps alarms and who was told.
type AlarmBooks interface {
	Watched(ctx context.Context, now time.Time) (delivery.Watched, error)
	Record(ctx context.Context, now time.Time, alarms []delivery.Alarm,
		people []string) ([]delivery.AlarmMail, error)
	Standing(ctx context.Context) ([]delivery.Raised, error)
	Mail(ctx context.Context, mail delivery.AlarmMail) (delivery.Raised, string, error)
	Tried(ctx context.Context, mail delivery.AlarmMail, state, reply string) error
}

// WatchResult is what stands, for the board, and who must be told.
type WatchResult struct {
	Language string
	Alarms   []AlarmLine
	More     int // alarms that the board has no room for
	Mails    []delivery.AlarmMail
	Nobody   bool // no one of ops has an address
}

// AlarmLine is one alarm as the board shows it.
type AlarmLine struct {
	Since, Title, Source, Month, Sentence, Cure string
}

// alarmsShown bounds a board.
const alarmsShown = 30

// Watch looks at every source and writes down what ops should see. It may run
// twice: what stands already only changes the time at which it was last seen.
func (w *Watching) Watch(ctx context.Context) (WatchResult, error) {
	now := w.Now()
	book, _, err := w.Master.LoadBook(ctx, period.MonthOf(now))
	if err != nil {
		return WatchResult{}, atEdge(err)
	}
	watched, err := w.Alarms.Watched(ctx, now)
	if err != nil {
		return WatchResult{}, atEdge(err)
	}
	watched.Limits = delivery.JumpLimits{
		Percent: limitOf(book, party.ThresholdDelivery), Floor: limitOf(book, party.ThresholdDeliveryFloor),
	}
	var people []string
	for _, person := range book.People() {
		if person.Holds(party.RoleOps) && person.Email != "" {
			people = append(people, person.Code)
		}
	}
	result := WatchResult{Language: w.Language, Nobody: len(people) == 0}
	result.Mails, err = w.Alarms.Record(ctx, now, watched.Alarms(), people)
	if err != nil {
		return WatchResult{}, atEdge(err)
	}
	standing, err := w.Alarms.Standing(ctx)
	if err != nil {
		return WatchResult{}, atEdge(err)
	}
	for i, one := range standing {
		if i == alarmsShown {
			result.More = len(standing) - alarmsShown
			break
		}
		result.Alarms = append(result.Alarms, AlarmLine{
			Since: one.Since.UTC().
				Format("2006-01-02 15:04Z"),
			Title:    one.Title(w.Language),
			Source:   one.Source,
			Month:    one.Month,
			Sentence: one.Sentence(w.Language),
			Cure:     one.Cure(w.Language),
		})
	}
	return result, nil
}

func limitOf(book *master.Book, name string) decimal.Decimal {
	limit, _ := book.Threshold("*", name) // each has a default
	return limit
}

// MailAlarm tells one person of one alarm. It may run twice: a mail that the
// relay took is not sent again, and one of unknown fate goes out under the same
// Message-ID, by which mail programs know it.
func (w *Watching) MailAlarm(ctx context.Context, mail delivery.AlarmMail) (SendResult, error) {
	alarm, state, err := w.Alarms.Mail(ctx, mail)
	if err != nil {
		return SendResult{}, atEdge(err)
	}
	if state != string(delivery.StatePending) {
		return SendResult{State: delivery.State(state), Reply: "settled before"}, nil
	}
	book, _, err := w.Master.LoadBook(ctx, period.MonthOf(alarm.Since))
	if err != nil {
		return SendResult{}, atEdge(err)
	}
	person, _ := book.Person(mail.Person)
	if person.Email == "" {
		reply := "no address any more"
		return SendResult{State: delivery.StateFailed, Reply: reply},
			atEdge(w.Alarms.Tried(ctx, mail, string(delivery.StateFailed), reply))
	}
	issuers := book.Issuers()
	if len(issuers) == 0 || issuers[0].MailFrom == "" {
		return SendResult{}, atEdge(fault.New(fault.ContactMissing, "no issuer has a mail_from address",
			"fill mail_from in the issuer sheet and import it"))
	}
	result, err := w.send(ctx, issuers[0], person, mail, alarm)
	if err != nil {
		return SendResult{}, atEdge(err)
	}
	kept := string(delivery.StatePending) // told again within the hour
	if result.State == delivery.StateSent || result.State == delivery.StateFailed {
		kept = string(result.State)
	}
	return result, atEdge(w.Alarms.Tried(context.WithoutCancel(ctx), mail, kept, result.Reply))
}

func (w *Watching) send(
	ctx context.Context, issuer party.Issuer, person party.Person, mail delivery.AlarmMail,
	alarm delivery.Raised,
) (SendResult, error) {
	_, domain, _ := strings.Cut(issuer.MailFrom, "@")
	message, err := email.AlarmNotice(email.Alarm{
		Issuer: issuer.Name, From: issuer.MailFrom, Color: issuer.Color, To: person.Email, Name: person.Name,
		Language: w.Language, Raised: alarm, Cleared: mail.Occasion == delivery.AlarmCleared,
		MessageID: fmt.Sprintf("<alarm-%d-%s.%s@%s>", mail.Alarm, mail.Occasion, mail.Person, domain),
	})
	if err != nil {
		return SendResult{}, err
	}
	defer keepAlive(ctx)()
	verdict, reply, err := w.Relay.Send(ctx, issuer.MailFrom, []string{person.Email}, message,
		func(context.Context) error { return nil })
	if err != nil {
		return SendResult{}, err
	}
	result := SendResult{Reply: delivery.Mask(reply)}
	switch verdict {
	case "sent":
		result.State = delivery.StateSent
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
