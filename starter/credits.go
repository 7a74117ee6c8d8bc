package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"magam/db"
	"magam/domain/credit"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
)

// creditsCmd reads the ledger of credits.
type creditsCmd struct {
	List creditsListCmd `cmd:"" help:"List credits with what was granted, used, given back, lost and left."`
	Show creditsShowCmd `cmd:"" help:"Show one credit's ledger: on which invoice each part was used."`
}

type creditsListCmd struct {
	Customer string       `help:"Only this customer's."                                         placeholder:"CODE"`
	Month    period.Month `help:"Figures up to the end of this month; all so far unless given." placeholder:"MONTH"`
}

// Help says how the figures hang together.
func (creditsListCmd) Help() string {
	return `Examples:

  starter credits list
  starter credits list --customer acme --month 2026-10
  starter credits list --json

Granted less used plus returned less expired is left. Only finalized invoices use credits; a use counts in the month of its
invoice. What is left when a credit's last month is over expires with the next month's close. The state is that of the month
asked for, or else of the month before this one.`
}

// creditAnswer is one credit: its row of the sheet and its figures.
type creditAnswer struct {
	db.CreditRow
	Provider    string   `json:"provider"`
	Services    []string `json:"services"`
	SubAccounts []string `json:"sub_accounts"`
	Priority    int      `json:"priority"`
	From        string   `json:"from"`
	To          string   `json:"to"`
	Reason      string   `json:"reason"`
	State       string   `json:"state"` // due, not yet valid, expired, used up; empty: no longer in the sheet
}

// Run reads the ledger beside the sheet.
func (c *creditsListCmd) Run(ctx context.Context, s *session) error {
	answers, err := creditAnswers(ctx, s, c.Month, c.Customer)
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(answers)
	}
	if len(answers) == 0 {
		_, err = fmt.Fprintln(s.out, "No credit was ever granted: sheet credits.")
		return err
	}
	writer := newTable(s, plain("credit"), cut("customer"), plain(""), figure("granted"), figure("used"),
		figure("back"), figure("expired"), figure("left"), plain("until"), plain("state"))
	for _, one := range answers {
		currency := money.Currency(one.Currency)
		writer.row(one.ID, one.Customer, one.Currency, shown(one.Granted, currency),
			shown(one.Used, currency), shown(one.Returned, currency), shown(one.Expired, currency),
			shown(one.Left, currency), one.To, one.State)
	}
	writer.print()
	return nil
}

func creditAnswers(
	ctx context.Context, s *session, month period.Month, customer string,
) ([]creditAnswer, error) {
	books, err := s.openBooks(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := db.NewLedger(books).Credits(ctx, month, customer)
	if err != nil {
		return nil, err
	}
	book, _, err := db.NewMaster(books).LoadBook(ctx, period.Month{})
	if err != nil {
		return nil, err
	}
	sheet := map[string]credit.Credit{}
	for _, one := range book.AllCredits() {
		sheet[one.ID] = one
	}
	month = s.month(month)
	answers := make([]creditAnswer, 0, len(rows))
	for _, row := range rows {
		answer := creditAnswer{CreditRow: row, Services: []string{}, SubAccounts: []string{}}
		if one, known := sheet[row.ID]; known && one.Customer == row.Customer {
			answer.Provider, answer.Priority, answer.Reason = one.Provider, one.Priority, one.Reason
			answer.Services = append(answer.Services, one.Services...)
			answer.SubAccounts = append(answer.SubAccounts, one.SubAccounts...)
			answer.From, answer.To = monthText(one.Valid.From), monthText(one.Valid.To)
			one.Balance, err = money.Parse(row.Left)
			if err != nil {
				return nil, err
			}
			answer.State = string(one.Standing(month))
			if row.Expired != "0" && answer.State == string(credit.StateUsedUp) {
				answer.State = string(credit.StateExpired)
			}
		}
		answers = append(answers, answer)
	}
	return answers, nil
}

type creditsShowCmd struct {
	ID string `arg:"" help:"The credit's id in the credits sheet."`
}

// Help gives an example.
func (creditsShowCmd) Help() string {
	return `Example:

  starter credits show c-1

Each line says what it added to the balance and, for a use or a return, which invoice it was on.`
}

// Run reads one credit's ledger.
func (c *creditsShowCmd) Run(ctx context.Context, s *session) error {
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	entries, err := db.NewLedger(books).CreditEntries(ctx, c.ID)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return &fault.Error{
			Code: fault.Input, Value: c.ID, What: "is no credit that was ever granted or used",
			Cure: "`starter credits list` has their ids",
		}
	}
	if s.json {
		return s.printJSON(entries)
	}
	writer := newTable(s, plain("on"), plain("what"), plain("month"), plain("invoice"), plain(""),
		figure("amount"), figure("left"), wrapped("reason"))
	for _, e := range entries {
		writer.row(e.On, e.Kind, e.Month, e.Invoice, e.Currency, whole(e.Amount, e.Currency),
			whole(e.Left, e.Currency), strings.TrimSpace(e.Reason))
	}
	writer.print()
	return nil
}

// whole prints an amount with all its digits: a ledger shows what it holds.
func whole(amount, currency string) string {
	parsed, err := decimal.NewFromString(amount)
	if err != nil {
		return amount
	}
	places := int32(0)
	if currency != "" {
		places = money.Currency(currency).Places()
	}
	return money.Grouped(parsed, places)
}

func monthText(month period.Month) string {
	if month.IsZero() {
		return ""
	}
	return month.String()
}
