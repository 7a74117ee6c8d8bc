package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"magam/db"
	"magam/domain/money"
	"magam/domain/period"
)

// totalsCmd answers what the books hold, per currency: never across currencies.
type totalsCmd struct {
	Month    period.Month `help:"Billing period; the month before this one unless given."                             placeholder:"MONTH" xor:"of"`
	By       string       `help:"Group by service, sub-account, category, line-type, provider, issuer or invoice-id." placeholder:"WHAT"`
	Delivery int64        `help:"Instead of a month: every row of this delivery, of whatever month."                  placeholder:"ID"    xor:"of"`
}

// Help shows what people ask most.
func (totalsCmd) Help() string {
	return `Examples:

  starter totals --month 2026-10 --by service
  starter totals --delivery 7 --json

Totals are per currency and per state, sealed or quarantined (set aside), never across them. Tables round to the
currency's places; --json has every digit the sources gave.`
}

// Validate refuses what totals cannot be grouped by.
func (c *totalsCmd) Validate() error {
	if c.By != "" && !slices.Contains(db.TotalsBy, c.By) {
		return fmt.Errorf("--by: %q is none of %s", c.By, strings.Join(db.TotalsBy, ", "))
	}
	return nil
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
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	reader := &db.Totals{Pool: books}
	answer := totalsAnswer{Delivery: c.Delivery, By: c.By}
	var totals []db.Total
	if c.Delivery != 0 {
		totals, err = reader.OfDelivery(ctx, c.Delivery, c.By)
	} else {
		month := s.month(c.Month)
		answer.Month = month.String()
		totals, err = reader.OfMonth(ctx, month, c.By)
	}
	if err != nil {
		return err
	}
	answer.Totals = totalRows(totals, c.By)
	if s.json {
		return s.printJSON(answer)
	}
	return printTotals(s, answer)
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

// printTotals shows a table for people, in the currency's places: --json has
// every digit.
func printTotals(s *session, answer totalsAnswer) error {
	of := answer.Month
	if answer.Delivery != 0 {
		of = fmt.Sprintf("delivery %d", answer.Delivery)
	}
	if len(answer.Totals) == 0 {
		_, err := fmt.Fprintf(s.out, "The books hold nothing of %s.\n", of)
		return err
	}
	columns := []column{
		plain("currency"),
		plain("state"),
		figure("rows"),
		figure("billed"),
		figure("effective"),
		figure("list"),
		figure("contracted"),
	}
	if answer.By != "" {
		columns = append([]column{cut(answer.By)}, columns...)
	}
	writer := newTable(s, columns...)
	for _, total := range answer.Totals {
		row := []any{total.Currency, total.State, total.Rows}
		for _, amount := range []string{total.BilledCost, total.EffectiveCost, total.ListCost, total.ContractedCost} {
			row = append(row, shown(amount, money.Currency(total.Currency)))
		}
		if answer.By != "" {
			row = append([]any{keyWords(total)}, row...)
		}
		writer.row(row...)
	}
	writer.print()
	return nil
}

// keyWords names what was grouped by: a service or an account by its name too,
// where that says more than its code.
func keyWords(total totalRow) string {
	key := *total.Key
	switch {
	case key == "":
		return "(none)"
	case total.Name != "" && total.Name != key:
		return key + " " + total.Name
	default:
		return key
	}
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
