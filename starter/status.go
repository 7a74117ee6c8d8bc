package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"magam/db"
	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
)

// statusCmd shows how a month stands: its deliveries, its board and its proof.
type statusCmd struct {
	Month string `help:"Billing period, such as 2026-10." placeholder:"MONTH" required:""`
}

// Help shows what people ask most.
func (statusCmd) Help() string { return "starter status --month 2026-10" }

// statusAnswer is the whole answer for programs. Amounts are strings with every digit.
type statusAnswer struct {
	Month      string           `json:"month"`
	State      string           `json:"state"`
	StartedBy  string           `json:"started_by,omitempty"`
	Deliveries []db.DeliveryRow `json:"deliveries"`
	Board      []boardAnswer    `json:"board"`
	Proof      []proofAnswer    `json:"proof"`
	Decisions  []db.DecisionRow `json:"decisions"`
}

type boardAnswer struct {
	Customer string `json:"customer"`
	Provider string `json:"provider"`
	State    string `json:"state"`
	Currency string `json:"currency"`
	Total    string `json:"total"`
	Number   string `json:"number"`
	Reason   string `json:"reason"`
}

type proofAnswer struct {
	Provider       string `json:"provider,omitempty"`
	BillingAccount string `json:"billing_account,omitempty"`
	Currency       string `json:"currency"`
	Delivered      string `json:"delivered"`
	Sealed         string `json:"sealed"`
	Quarantined    string `json:"quarantined"`
	Assigned       string `json:"assigned"`
	Retained       string `json:"retained"`
	Unassigned     string `json:"unassigned"`
}

// Run reads the books and prints.
func (c *statusCmd) Run(ctx context.Context, s *session) error {
	month, err := askedMonth(c.Month)
	if err != nil {
		return err
	}
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	answer, err := readStatus(ctx, db.NewLedger(books), month)
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(answer)
	}
	return printStatus(s, answer)
}

func readStatus(ctx context.Context, ledger *db.Ledger, month period.Month) (statusAnswer, error) {
	answer := statusAnswer{Month: month.String(), Board: []boardAnswer{}, Proof: []proofAnswer{}}
	state, startedBy, err := ledger.Period(ctx, month)
	if err != nil {
		return answer, err
	}
	answer.State, answer.StartedBy = string(state), startedBy
	answer.Deliveries, err = ledger.Deliveries(ctx, month)
	if err != nil {
		return answer, err
	}
	rows, err := ledger.Board(ctx, month)
	if err != nil {
		return answer, err
	}
	for _, row := range rows {
		answer.Board = append(answer.Board, boardAnswer{
			Customer: row.Customer, Provider: row.Provider, State: row.State, Currency: string(row.Currency),
			Total: money.Text(row.Total), Number: row.Number, Reason: row.Reason,
		})
	}
	proof, err := ledger.Proof(ctx, month)
	if err != nil {
		return answer, err
	}
	for _, row := range proof {
		answer.Proof = append(answer.Proof, proofOf(row))
	}
	answer.Decisions, err = ledger.Decisions(ctx, month)
	return answer, err
}

func proofOf(row closing.ProofRow) proofAnswer {
	return proofAnswer{
		Provider:       row.Provider,
		BillingAccount: row.BillingAccount,
		Currency:       string(row.Currency),
		Delivered: money.Text(
			row.Delivered,
		),
		Sealed:      money.Text(row.Sealed),
		Quarantined: money.Text(row.Quarantined),
		Assigned: money.Text(
			row.Assigned,
		),
		Retained:   money.Text(row.Retained),
		Unassigned: money.Text(row.Unassigned),
	}
}

func printStatus(s *session, answer statusAnswer) error {
	fmt.Fprintf(s.out, "%s is %s\n", answer.Month, strings.ReplaceAll(answer.State, "_", " "))

	deliveries := newTable(s)
	deliveries.AppendHeader(table.Row{"delivery", "source", "format", "state", "rows", "billed"})
	deliveries.SetColumnConfigs([]table.ColumnConfig{
		{Number: 2, WidthMax: 20, WidthMaxEnforcer: text.Trim},
		{Number: 5, Align: text.AlignRight},
		{Number: 6, WidthMax: 36, WidthMaxEnforcer: text.WrapSoft},
	})
	for _, d := range answer.Deliveries {
		deliveries.AppendRow(table.Row{d.ID, d.Source, d.Format, d.State, d.Rows, d.Billed})
	}
	deliveries.Render()

	board := newTable(s)
	board.AppendHeader(table.Row{"customer", "provider", "state", "", "total", "number", "reason"})
	board.SetColumnConfigs([]table.ColumnConfig{
		{Number: 1, WidthMax: 14, WidthMaxEnforcer: text.Trim},
		{Number: 5, Align: text.AlignRight},
		{Number: 7, WidthMax: 26, WidthMaxEnforcer: text.WrapSoft},
	})
	for _, row := range answer.Board {
		board.AppendRow(table.Row{
			row.Customer,
			row.Provider,
			row.State,
			row.Currency,
			shown(row.Total, money.Currency(row.Currency)),
			row.Number,
			row.Reason,
		})
	}
	board.Render()

	proof := newTable(s)
	proof.AppendHeader(
		table.Row{"payer", "", "delivered", "quarantined", "assigned", "retained", "unassigned"},
	)
	var right []table.ColumnConfig
	for column := 3; column <= 7; column++ {
		right = append(
			right,
			table.ColumnConfig{Number: column, Align: text.AlignRight, AlignHeader: text.AlignRight},
		)
	}
	proof.SetColumnConfigs(right)
	for _, row := range answer.Proof {
		currency := money.Currency(row.Currency)
		proof.AppendRow(table.Row{
			row.Provider + " " + row.BillingAccount, row.Currency, shown(row.Delivered, currency),
			shown(row.Quarantined, currency), shown(row.Assigned, currency), shown(row.Retained, currency),
			shown(row.Unassigned, currency),
		})
	}
	proof.Render()
	return nil
}

// askedMonth reads a month as people write it.
func askedMonth(written string) (period.Month, error) {
	month, err := period.ParseMonth(written)
	if err != nil {
		return month, &fault.Error{
			Code: fault.Input,
			What: "the month is unreadable",
			Err:  err,
			Cure: "write it like 2026-10",
		}
	}
	return month, nil
}
