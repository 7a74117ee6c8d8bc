package main

import (
	"context"
	"fmt"
	"strings"

	"magam/db"
	"magam/domain/delivery"
	"magam/domain/period"
)

// mailsCmd lists the outbox of a month: who got which document, and who did not
// and why.
type mailsCmd struct {
	Month period.Month `help:"Billing period; the month before this one unless given." placeholder:"MONTH"`
}

// Help gives an example.
func (mailsCmd) Help() string {
	return `Example:

  starter mails --month 2026-10

States: pending, sending, dot (all was sent, no answer yet), sent, failed, unknown, held. Addresses are masked. Times are
UTC. Sees: all of the document, or how many of its accounts. Who gets no mail stands below, with the reason.`
}

// mailRow is one mail as the answer shows it.
type mailRow struct {
	Number    string `json:"number"`
	Ordinal   int    `json:"ordinal"`
	Customer  string `json:"customer"`
	Provider  string `json:"provider"`
	Recipient string `json:"recipient"` // masked
	Language  string `json:"language"`
	State     string `json:"state"`
	Attempts  int    `json:"attempts"`
	Ambiguous int    `json:"ambiguous"`
	SentAt    string `json:"sent_at"`
	LastReply string `json:"last_reply"`
	MessageID string `json:"message_id"`
	SHA256    string `json:"mime_sha256"`

	Accounts []string `json:"accounts"` // that the mail shows; none: the whole document
}

// leftOutRow is one contact that gets no mail of a document.
type leftOutRow struct {
	Number    string `json:"number"`
	Customer  string `json:"customer"`
	Provider  string `json:"provider"`
	Recipient string `json:"recipient"` // masked
	Role      string `json:"role"`
	Reason    string `json:"reason"`
}

// mailsAnswer is the whole answer for programs.
type mailsAnswer struct {
	Mails   []mailRow    `json:"mails"`
	LeftOut []leftOutRow `json:"left_out"`
}

// Run reads the outbox and prints it.
func (c mailsCmd) Run(ctx context.Context, s *session) error {
	pool, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	month := s.month(c.Month)
	answer, counts, err := readMails(ctx, db.NewOutbox(pool), month)
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(answer)
	}
	if len(answer.Mails)+len(answer.LeftOut) == 0 {
		_, err := fmt.Fprintf(s.out, "No document of %s is final yet, so there is no mail.\n", month)
		return err
	}
	printMails(s, answer.Mails)
	var tally []string
	for _, state := range []delivery.State{
		delivery.StateSent, delivery.StatePending, delivery.StateSending, delivery.StateDot, delivery.StateUnknown,
		delivery.StateHeld, delivery.StateFailed,
	} {
		if counts[state] > 0 {
			tally = append(tally, fmt.Sprintf("%s %d", state, counts[state]))
		}
	}
	fmt.Fprintln(s.out, strings.Join(tally, " · "))
	for _, left := range answer.LeftOut {
		fmt.Fprintf(s.out, "left out: %s %s %s: %s\n", left.Number, left.Customer, left.Recipient,
			left.Reason)
	}
	return nil
}

func readMails(
	ctx context.Context, outbox *db.Outbox, month period.Month,
) (mailsAnswer, map[delivery.State]int, error) {
	answer := mailsAnswer{Mails: []mailRow{}, LeftOut: []leftOutRow{}}
	mails, err := outbox.List(ctx, month)
	if err != nil {
		return answer, nil, err
	}
	counts := make(map[delivery.State]int, len(mails))
	for _, mail := range mails {
		counts[mail.State]++
		answer.Mails = append(answer.Mails, mailRowOf(mail))
	}
	left, err := outbox.LeftOut(ctx, month)
	for _, one := range left {
		answer.LeftOut = append(answer.LeftOut, leftOutRow{
			Number: one.Number, Customer: one.Customer, Provider: one.Provider,
			Recipient: delivery.Mask(one.Recipient), Role: one.Role, Reason: one.Reason,
		})
	}
	return answer, counts, err
}

func printMails(s *session, rows []mailRow) {
	printed := newTable(s, plain("mail"), cut("customer"), cut("recipient"), plain("sees"), plain("state"),
		figure("tries"), wrapped("sent, or last reply"))
	for _, row := range rows {
		told := row.LastReply
		if row.SentAt != "" {
			told = row.SentAt
		}
		printed.row(fmt.Sprintf("%s/%d", row.Number, row.Ordinal), row.Customer, row.Recipient,
			seen(row.Accounts), row.State, row.Attempts, told)
	}
	printed.print()
}

// seen says how much of a document somebody sees.
func seen(accounts []string) string {
	switch len(accounts) {
	case 0:
		return "all"
	case 1:
		return "1 account"
	default:
		return fmt.Sprintf("%d accounts", len(accounts))
	}
}

func mailRowOf(mail delivery.Mail) mailRow {
	row := mailRow{
		Number: mail.Number, Ordinal: mail.Ordinal, Customer: mail.Customer, Provider: mail.Provider,
		Recipient: delivery.Mask(mail.Recipient), Language: mail.Language, State: string(mail.State),
		Attempts: mail.Attempts, Ambiguous: mail.Ambiguous, LastReply: delivery.Mask(mail.LastReply),
		MessageID: mail.MessageID, SHA256: mail.MIMESHA256, Accounts: append([]string{}, mail.Accounts...),
	}
	if !mail.SentAt.IsZero() {
		row.SentAt = mail.SentAt.UTC().Format("2006-01-02 15:04:05Z")
	}
	return row
}
