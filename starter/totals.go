package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/shopspring/decimal"

	"magam/db"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
)

// totalsCmd answers what the books hold, per currency: never across currencies.
type totalsCmd struct {
	Month    string `help:"Billing period, such as 2026-10." placeholder:"MONTH"`
	By       string `help:"Group by service, sub-account, category, provider or invoice-id." placeholder:"WHAT"`
	Delivery int64  `help:"Count every row of this delivery, of whatever month." placeholder:"ID"`
}

// Help shows what people ask most.
func (totalsCmd) Help() string {
	return "starter totals --month 2026-10 --by service\nstarter totals --delivery 7 --json"
}

// totalRow is a total for programs. Amounts are strings with every digit.
type totalRow struct {
	Key            *string `json:"key,omitempty"`
	Name           string  `json:"name,omitempty"`
	Provider       string  `json:"provider,omitempty"`
	Currency       string  `json:"currency"`
	State          string  `json:"state"`
	Rows           int64   `json:"rows"`
	BilledCost     string  `json:"billed_cost"`
	EffectiveCost  string  `json:"effective_cost"`
	ListCost       string  `json:"list_cost"`
	ContractedCost string  `json:"contracted_cost"`
}

// totalsAnswer is the whole answer for programs.
type totalsAnswer struct {
	Month    string     `json:"month,omitempty"`
	Delivery int64      `json:"delivery,omitempty"`
	By       string     `json:"by,omitempty"`
	Totals   []totalRow `json:"totals"`
}

// Run reads the books and prints.
func (c *totalsCmd) Run(ctx context.Context, s *session) error {
	if c.By != "" && !slices.Contains(db.TotalsBy, c.By) {
		return &fault.Error{
			Code: fault.Input, Value: c.By, What: "is nothing to group by",
			Cure: "use --by service, sub-account, category, provider or invoice-id",
		}
	}
	if (c.Month == "") == (c.Delivery == 0) {
		return fault.New(fault.Input, "totals are of one month or of one delivery", "give --month or --delivery")
	}
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	reader := &db.Totals{Pool: books}
	var totals []db.Total
	if c.Delivery != 0 {
		totals, err = reader.OfDelivery(ctx, c.Delivery, c.By)
	} else {
		var month period.Month
		if month, err = period.ParseMonth(c.Month); err != nil {
			return &fault.Error{Code: fault.Input, What: "the month is unreadable", Err: err, Cure: "write it like 2026-10"}
		}
		totals, err = reader.OfMonth(ctx, month, c.By)
	}
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(totalsAnswer{Month: c.Month, Delivery: c.Delivery, By: c.By, Totals: totalRows(totals, c.By)})
	}
	return c.print(s, totals)
}

func totalRows(totals []db.Total, by string) []totalRow {
	rows := make([]totalRow, len(totals))
	for i, total := range totals {
		rows[i] = totalRow{
			Name: total.Name, Provider: total.Provider, Currency: total.Currency, State: total.State,
			Rows: total.Rows, BilledCost: total.Billed, EffectiveCost: total.Effective, ListCost: total.List,
			ContractedCost: total.Contracted,
		}
		if by != "" {
			rows[i].Key = &totals[i].Key
		}
	}
	return rows
}

// print shows a table for people, with at most six decimals of what may have
// thirty: --json has every digit.
func (c *totalsCmd) print(s *session, totals []db.Total) error {
	if len(totals) == 0 {
		_, err := fmt.Fprintln(s.out, "The books hold nothing of it.")
		return err
	}
	writer := newTable(s)
	header := table.Row{"currency", "state", "rows", "billed", "effective", "list", "contracted"}
	if c.By != "" {
		header = append(table.Row{c.By}, header...)
	}
	writer.AppendHeader(header)
	var configs []table.ColumnConfig
	for i := len(header) - 4; i <= len(header); i++ {
		configs = append(configs, table.ColumnConfig{Number: i, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	configs = append(configs, table.ColumnConfig{Number: 1, WidthMax: 30, WidthMaxEnforcer: text.Trim})
	writer.SetColumnConfigs(configs)
	for _, total := range totals {
		row := table.Row{total.Currency, total.State, total.Rows}
		for _, amount := range []string{total.Billed, total.Effective, total.List, total.Contracted} {
			row = append(row, shown(amount, money.Currency(total.Currency)))
		}
		if c.By != "" {
			row = append(table.Row{total.Key}, row...)
		}
		writer.AppendRow(row)
	}
	writer.Render()
	return nil
}

// shown prints an amount for people: rounded to the currency's places, with the
// sign of nothing left away.
func shown(amount string, currency money.Currency) string {
	parsed, err := decimal.NewFromString(amount)
	if err != nil {
		return amount
	}
	rounded, err := money.Round(parsed, money.ModeHalfUp, money.Unit(currency.Places()))
	if err != nil {
		return amount
	}
	return money.Grouped(rounded, currency.Places())
}

// newTable is a table on the answer's stream, of the house's one style.
func newTable(s *session) table.Writer {
	writer := table.NewWriter()
	writer.SetOutputMirror(s.out)
	writer.SetStyle(table.StyleLight)
	writer.Style().Format.Header = text.FormatDefault
	writer.SetAllowedRowLength(100)
	return writer
}
