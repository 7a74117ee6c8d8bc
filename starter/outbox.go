package main

import (
	"context"
	"fmt"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"magam/db"
	"magam/domain/delivery"
	"magam/domain/period"
)

// mailsCmd lists the outbox of a month: who got which document, and who did not.
type mailsCmd struct {
	Month period.Month `help:"Billing period, 2026-10." required:""`
}

// Help gives an example.
func (mailsCmd) Help() string {
	return "States: pending, sending, dot, sent, failed, unknown, held. Addresses are masked.\n" +
		"Example: starter mails --month 2026-10"
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
}

// Run reads the outbox and prints it.
func (c mailsCmd) Run(ctx context.Context, s *session) error {
	pool, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	mails, err := db.NewOutbox(pool).List(ctx, c.Month)
	if err != nil {
		return err
	}
	rows := make([]mailRow, 0, len(mails))
	counts := make(map[delivery.State]int, len(mails))
	for _, mail := range mails {
		counts[mail.State]++
		rows = append(rows, mailRowOf(mail))
	}
	if s.json {
		return s.printJSON(rows)
	}
	if len(rows) == 0 {
		_, err := fmt.Fprintf(s.out, "No document of %s is final yet, so there is no mail.\n", c.Month)
		return err
	}
	printed := table.NewWriter()
	printed.SetOutputMirror(s.out)
	printed.SetStyle(table.StyleLight)
	printed.AppendHeader(table.Row{"Mail", "Customer", "Recipient", "State", "Tries", "Sent or last reply"})
	printed.SetColumnConfigs([]table.ColumnConfig{
		{Name: "Customer", WidthMax: 14, WidthMaxEnforcer: text.Trim},
		{Name: "Recipient", WidthMax: 22, WidthMaxEnforcer: text.Trim},
		{Name: "Tries", Align: text.AlignRight},
		{Name: "Sent or last reply", WidthMax: 22, WidthMaxEnforcer: text.WrapSoft},
	})
	for _, row := range rows {
		told := row.LastReply
		if row.SentAt != "" {
			told = row.SentAt
		}
		printed.AppendRow(table.Row{
			fmt.Sprintf(
				"%s/%d",
				row.Number,
				row.Ordinal,
			),
			row.Customer,
			row.Recipient,
			row.State,
			row.Attempts,
			told,
		})
	}
	printed.Render()
	for _, state := range []delivery.State{
		delivery.StateSent, delivery.StatePending, delivery.StateSending, delivery.StateDot, delivery.StateUnknown,
		delivery.StateHeld, delivery.StateFailed,
	} {
		if counts[state] == 0 {
			continue
		}
		if _, err := fmt.Fprintf(s.out, "%s %d  ", state, counts[state]); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(s.out)
	return err
}

func mailRowOf(mail delivery.Mail) mailRow {
	row := mailRow{
		Number: mail.Number, Ordinal: mail.Ordinal, Customer: mail.Customer, Provider: mail.Provider,
		Recipient: delivery.Mask(mail.Recipient), Language: mail.Language, State: string(mail.State),
		Attempts: mail.Attempts, Ambiguous: mail.Ambiguous, LastReply: delivery.Mask(mail.LastReply),
		MessageID: mail.MessageID, SHA256: mail.MIMESHA256,
	}
	if !mail.SentAt.IsZero() {
		row.SentAt = mail.SentAt.UTC().Format("2006-01-02 15:04:05Z")
	}
	return row
}
