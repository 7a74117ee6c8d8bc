package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"magam/db"
	"magam/domain/closing"
	"magam/domain/money"
	"magam/domain/period"
)

// statusCmd shows how a month stands: its deliveries, its board and its proof.
type statusCmd struct {
	Month period.Month `help:"Billing period; the month before this one unless given." placeholder:"MONTH"`
}

// Help shows what people ask most.
func (statusCmd) Help() string {
	return `Examples:

  starter status
  starter status --month 2026-10 --json

Shows the month's deliveries, a row per document, the proof that every line is on exactly one side, and what the close
waits for, with the command that helps. Amounts are in the currency named; --json has every digit.`
}

// statusAnswer is the whole answer for programs. Amounts are strings with every digit.
type statusAnswer struct {
	Month      string               `json:"month"`
	State      string               `json:"state"`
	StartedBy  string               `json:"started_by,omitempty"`
	Deliveries []db.DeliveryRow     `json:"deliveries"`
	Board      []boardAnswer        `json:"board"`
	Proof      []proofAnswer        `json:"proof"`
	Decisions  []db.DecisionRow     `json:"decisions"`
	Accepted   string               `json:"accepted_unassigned,omitempty"` // the reason given
	Waits      []wait               `json:"waits_for"`
	Readiness  []closing.Ripe       `json:"readiness"` // of each source and provider
	Alarms     []alarmAnswer        `json:"alarms"`
	Quarantine []closing.AsideGroup `json:"quarantine"` // rows set aside, and who signed them off
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
	month := s.month(c.Month)
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	answer, err := readStatus(ctx, db.NewLedger(books), month)
	if err != nil {
		return err
	}
	answer.Alarms, err = readAlarms(ctx, db.NewAlarms(books))
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
		if row.State == "deferred" {
			row.Reason = "billed with the quarter's document"
		}
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
	if err != nil {
		return answer, err
	}
	answer.Accepted, err = ledger.Accepted(ctx, month)
	if err != nil {
		return answer, err
	}
	answer.Readiness, err = ledger.Readiness(ctx, month, time.Now())
	if err != nil {
		return answer, err
	}
	answer.Quarantine, err = ledger.AsideGroups(ctx, closing.AsideFilter{Month: month})
	if err != nil {
		return answer, err
	}
	answer.Waits, err = waitsOf(ctx, ledger, month)
	if answer.Deliveries == nil {
		answer.Deliveries = []db.DeliveryRow{}
	}
	if answer.Decisions == nil {
		answer.Decisions = []db.DecisionRow{}
	}
	return answer, err
}

func proofOf(row closing.ProofRow) proofAnswer {
	return proofAnswer{
		Provider:       row.Provider,
		BillingAccount: row.BillingAccount,
		Currency:       string(row.Currency),
		Delivered:      money.Text(row.Delivered),
		Sealed:         money.Text(row.Sealed),
		Quarantined:    money.Text(row.Quarantined),
		Assigned:       money.Text(row.Assigned),
		Retained:       money.Text(row.Retained),
		Unassigned:     money.Text(row.Unassigned),
	}
}

func printStatus(s *session, answer statusAnswer) error {
	began := ""
	if answer.StartedBy != "" {
		began = ", started by " + answer.StartedBy
	}
	fmt.Fprintf(s.out, "%s is %s%s\n", answer.Month, strings.ReplaceAll(answer.State, "_", " "), began)
	printDeliveries(s, answer.Deliveries)
	printReadiness(s, answer.Readiness)
	printBoard(s, answer)
	printProof(s, answer.Proof)
	printSetAside(s, answer.Quarantine)
	if answer.Accepted != "" {
		fmt.Fprintf(s.out, "unassigned cost was accepted: %s\n", answer.Accepted)
	}
	for _, one := range answer.Waits {
		fmt.Fprintf(s.out, "waits for %s\n  %s\n", one.What, one.Cure)
	}
	printAlarms(s, answer.Alarms)
	return nil
}

func printDeliveries(s *session, deliveries []db.DeliveryRow) {
	if len(deliveries) == 0 {
		fmt.Fprintln(s.out, "no delivery holds it yet: starter ingest --from FOLDER")
		return
	}
	list := newTable(s, figure("delivery"), cut("source"), plain("format"), plain("state"), figure("rows"),
		wrapped("billed"))
	for _, d := range deliveries {
		list.row(d.ID, d.Source, d.Format, d.State, d.Rows, strings.ReplaceAll(d.Billed, ", ", "\n"))
	}
	list.print()
}

// printReadiness says how final each source's month is, where it is not.
func printReadiness(s *session, sources []closing.Ripe) {
	for _, one := range sources {
		if one.Finality != closing.FinalityFinal {
			fmt.Fprintf(s.out, "%s %s: %s\n", strings.TrimSpace(one.Source+" "+one.Provider),
				strings.ReplaceAll(string(one.Finality), "-", " "), one.Why)
		}
	}
}

func printBoard(s *session, answer statusAnswer) {
	if len(answer.Board) == 0 && strings.HasPrefix(answer.State, "closed") {
		fmt.Fprintln(s.out,
			"no customer has a document: accounts are assigned to customers in the sheet accounts")
	}
	board := newTable(s, cut("customer"), plain("provider"), plain("state"), plain("currency"),
		figure("total"), plain("number"), wrapped("reason"))
	for _, row := range answer.Board {
		board.row(row.Customer, row.Provider, row.State, row.Currency,
			shown(row.Total, money.Currency(row.Currency)), row.Number, row.Reason)
	}
	board.print()
}

// printSetAside shows what the proof's quarantined is made of, and whose word it has.
func printSetAside(s *session, groups []closing.AsideGroup) {
	aside := newTable(s, cut("set aside of"), plain("code"), figure("rows"), figure("unreadable"),
		plain("currency"), figure("billed"), plain("state"), wrapped("said"))
	for _, g := range groups {
		aside.row(g.Source, g.Code, g.Rows, g.Unknown, g.Currency, grouped(g.Billed), g.State, safe(g.Said))
	}
	aside.print()
}

func printProof(s *session, rows []proofAnswer) {
	proof := newTable(s, wrapped("payer"), figure("delivered"), figure("sealed"), figure("quarantined"),
		figure("assigned"), figure("retained"), figure("unassigned"))
	for _, row := range rows {
		currency := money.Currency(row.Currency)
		proof.row(strings.TrimSpace(row.Provider+" "+row.BillingAccount+" "+row.Currency),
			shown(row.Delivered, currency), shown(row.Sealed, currency), shown(row.Quarantined, currency),
			shown(row.Assigned, currency), shown(row.Retained, currency), shown(row.Unassigned, currency))
	}
	proof.print()
}
