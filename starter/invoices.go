package main

import (
	"context"
	"fmt"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"magam/db"
	"magam/domain/money"
)

// invoicesCmd lists a month's documents.
type invoicesCmd struct {
	Month string `help:"Billing period, such as 2026-10." placeholder:"MONTH" required:""`
}

// Help shows what people ask most.
func (invoicesCmd) Help() string {
	return "starter invoices --month 2026-10\nstarter invoices --month 2026-10 --json"
}

// Run reads the books and prints.
func (c *invoicesCmd) Run(ctx context.Context, s *session) error {
	month, err := askedMonth(c.Month)
	if err != nil {
		return err
	}
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
	writer := newTable(s)
	writer.AppendHeader(
		table.Row{"number", "customer", "provider", "state", "", "supply", "tax", "total", "files", "sent"},
	)
	writer.SetColumnConfigs([]table.ColumnConfig{
		{Number: 2, WidthMax: 14, WidthMaxEnforcer: text.Trim},
		{Number: 6, Align: text.AlignRight},
		{Number: 7, Align: text.AlignRight},
		{Number: 8, Align: text.AlignRight},
	})
	for _, row := range rows {
		currency := money.Currency(row.Currency)
		writer.AppendRow(table.Row{
			row.Number, row.Customer, row.Provider, row.State, row.Currency, shown(row.Supply, currency),
			shown(row.Tax, currency), shown(row.Total, currency), len(row.Documents),
			fmt.Sprintf("%d/%d", row.Sent, row.Mails),
		})
	}
	writer.Render()
	return nil
}
