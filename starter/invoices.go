package main

import (
	"context"
	"fmt"

	"magam/db"
	"magam/domain/money"
	"magam/domain/period"
)

// invoicesCmd lists a month's documents.
type invoicesCmd struct {
	Month period.Month `help:"Billing period; the month before this one unless given." placeholder:"MONTH"`
}

// Help shows what people ask most.
func (invoicesCmd) Help() string {
	return `Examples:

  starter invoices --month 2026-10
  starter invoices --month 2026-10 --json

Lists documents of every kind and state. A deferred month is billed with its quarter, by the document whose
number stands in brackets once there is one; its tax and total are of that month alone. Supply, tax and total
are in the document's currency; mails are told as sent of all. --json adds the source totals per currency and
the digests of the frozen snapshot and of every file.`
}

// Run reads the books and prints.
func (c *invoicesCmd) Run(ctx context.Context, s *session) error {
	month := s.month(c.Month)
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	rows, err := db.NewLedger(books).Invoices(ctx, month)
	if err != nil {
		return err
	}
	if s.json {
		if rows == nil {
			rows = []db.InvoiceRow{}
		}
		return s.printJSON(struct {
			Month    string          `json:"month"`
			Invoices []db.InvoiceRow `json:"invoices"`
		}{month.String(), rows})
	}
	if len(rows) == 0 {
		_, err = fmt.Fprintf(s.out, "%s has no documents yet.\n", month)
		return err
	}
	writer := newTable(s, plain("number"), cut("customer"), plain("provider"), plain("state"), plain(""),
		figure("supply"), figure("tax"), figure("total"), figure("mails"))
	for _, row := range rows {
		currency := money.Currency(row.Currency)
		number := row.Number
		if row.Quarter != "" {
			number = "(" + row.Quarter + ")"
		}
		writer.row(number, row.Customer, row.Provider, row.State, row.Currency,
			shown(row.Supply, currency), shown(row.Tax, currency), shown(row.Total, currency),
			fmt.Sprintf("%d/%d", row.Sent, row.Mails))
	}
	writer.print()
	return nil
}
