package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"magam/db"
	"magam/domain/margin"
	"magam/domain/money"
	"magam/domain/period"
)

// marginCmd answers what a month was bought and sold for. It is for finance.
type marginCmd struct {
	Month    period.Month `help:"Billing period; the month before this one unless given." placeholder:"MONTH"`
	Customer string       `help:"Only this customer's documents."                         placeholder:"CODE"`
	By       string       `help:"What the table lists: customer, service or account."     placeholder:"WHAT"  enum:"customer,service,account" default:"customer"`
}

// Help shows what finance asks most.
func (marginCmd) Help() string {
	return `Examples:

  starter margin --month 2026-10
  starter margin --month 2026-10 --by service
  starter margin --customer acme --by account --json

Bought is the provider's billed cost, benefits and shared costs moved, at each document's frozen rate; sold is the
supply value before tax. Drafts count too, and are told apart. Below the table stand the leaks: cost on no document,
accounts without a customer, what was sold for less than it was bought for. --json has everything with every digit.`
}

// positionAnswer is one position for programs. Amounts are strings with every digit.
type positionAnswer struct {
	Source    string `json:"source_currency"`
	Currency  string `json:"currency"`
	Bought    string `json:"bought"`
	Converted string `json:"bought_converted"`
	Sold      string `json:"sold"`
	Margin    string `json:"margin"`
	Percent   string `json:"margin_percent,omitempty"`
	Rounded   string `json:"rounding"`
}

func positionOf(p margin.Position) positionAnswer {
	answer := positionAnswer{
		Source: string(p.Source), Currency: string(p.Currency), Bought: money.Text(p.Bought),
		Converted: money.Text(p.Converted), Sold: money.Text(p.Sold), Margin: money.Text(p.Margin()),
		Rounded: money.Text(p.Rounded),
	}
	if rate, known := p.Percent(); known {
		answer.Percent = money.Text(rate)
	}
	return answer
}

// whoseAnswer is a position with whom and what it is of.
type whoseAnswer struct {
	Customer string `json:"customer,omitempty"`
	Provider string `json:"provider"`
	Account  string `json:"account,omitempty"`
	Service  string `json:"service,omitempty"`
	Name     string `json:"name,omitempty"`
	Number   string `json:"number,omitempty"`
	State    string `json:"state,omitempty"`
	positionAnswer
	Causes []causeAnswer `json:"causes,omitempty"`
}

type causeAnswer struct {
	Step   string `json:"step"`
	Rule   string `json:"rule,omitempty"`
	Amount string `json:"amount"`
}

type leakAnswer struct {
	Kind           string   `json:"kind"`
	Customer       string   `json:"customer,omitempty"`
	Provider       string   `json:"provider"`
	BillingAccount string   `json:"billing_account"`
	Account        string   `json:"account,omitempty"`
	Name           string   `json:"name,omitempty"`
	FirstSeen      string   `json:"first_seen,omitempty"`
	Services       []string `json:"services,omitempty"`
	Currency       string   `json:"currency"`
	Amount         string   `json:"amount"`
	Reason         string   `json:"reason,omitempty"`
}

// marginAnswer is the whole answer for programs.
type marginAnswer struct {
	Month       string           `json:"month"`
	Customer    string           `json:"customer,omitempty"`
	Final       int              `json:"final"`
	Drafts      int              `json:"drafts"`
	Totals      []positionAnswer `json:"totals"`
	Customers   []whoseAnswer    `json:"customers"`
	Services    []whoseAnswer    `json:"services"`
	Accounts    []whoseAnswer    `json:"accounts"`
	Retained    []leakAnswer     `json:"retained"`
	Unbilled    []leakAnswer     `json:"unbilled"`
	Unmapped    []leakAnswer     `json:"unmapped"`
	UnderBilled []whoseAnswer    `json:"under_billed"`
	Negative    []whoseAnswer    `json:"negative"`
}

// Run reads the books and prints.
func (c *marginCmd) Run(ctx context.Context, s *session) error {
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	report, err := db.NewMargins(books).Margin(ctx, s.month(c.Month), c.Customer)
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(marginAnswerOf(report))
	}
	return c.print(s, report)
}

func marginAnswerOf(r margin.Report) marginAnswer {
	answer := marginAnswer{
		Month:       r.Month.String(),
		Customer:    r.Customer,
		Final:       r.Final,
		Drafts:      r.Drafts,
		Totals:      []positionAnswer{},
		Customers:   []whoseAnswer{},
		Services:    []whoseAnswer{},
		Accounts:    []whoseAnswer{},
		Retained:    []leakAnswer{},
		Unbilled:    []leakAnswer{},
		Unmapped:    []leakAnswer{},
		UnderBilled: []whoseAnswer{},
		Negative:    []whoseAnswer{},
	}
	for _, total := range r.Totals {
		answer.Totals = append(answer.Totals, positionOf(total))
	}
	for _, row := range r.Customers {
		answer.Customers = append(answer.Customers, whoseAnswer{
			Customer:       row.Customer,
			Name:           row.Name,
			Provider:       row.Provider,
			Number:         row.Number,
			State:          row.State,
			positionAnswer: positionOf(row.Position),
		})
	}
	for _, row := range r.Services {
		answer.Services = append(answer.Services, whoseAnswer{
			Provider:       row.Provider,
			Service:        row.Service,
			Name:           row.Name,
			positionAnswer: positionOf(row.Position),
		})
	}
	for _, row := range r.Accounts {
		answer.Accounts = append(answer.Accounts, whoseAnswer{
			Customer: row.Customer, Provider: row.Provider, Account: row.Account, Name: row.Name,
			positionAnswer: positionOf(row.Position),
		})
	}
	for _, row := range r.Negatives() {
		answer.Negative = append(answer.Negative, whoseAnswer{
			State: row.Kind, Provider: row.Provider, Number: row.Code, Name: row.Name,
			positionAnswer: positionOf(row.Position),
		})
	}
	addLeaks(&answer, r)
	return answer
}

func addLeaks(answer *marginAnswer, r margin.Report) {
	for _, one := range r.Retained {
		answer.Retained = append(answer.Retained, leakAnswer{
			Kind:           one.Kind,
			Customer:       one.Customer,
			Provider:       one.Provider,
			BillingAccount: one.BillingAccount,
			Currency:       string(one.Currency),
			Amount:         money.Text(one.Amount),
		})
	}
	for _, one := range r.Unbilled {
		answer.Unbilled = append(answer.Unbilled, leakAnswer{
			Kind:           one.Kind,
			Customer:       one.Customer,
			Provider:       one.Provider,
			BillingAccount: one.BillingAccount,
			Currency:       string(one.Currency),
			Amount:         money.Text(one.Amount),
			Reason:         one.Reason,
		})
	}
	for _, one := range r.Unmapped {
		leak := leakAnswer{
			Kind:           "unmapped",
			Provider:       one.Provider,
			BillingAccount: one.BillingAccount,
			Account:        one.Account,
			Name:           one.Name,
			FirstSeen:      one.FirstSeen.Format("2006-01-02"),
			Currency:       string(one.Currency),
			Amount:         money.Text(one.Billed),
		}
		for _, cost := range one.Services {
			leak.Services = append(leak.Services, cost.Name)
		}
		answer.Unmapped = append(answer.Unmapped, leak)
	}
	for _, one := range r.UnderBilled {
		row := whoseAnswer{
			Customer: one.Customer, Provider: one.Provider, Account: one.Account, Service: one.Service,
			Name: one.ServiceName, positionAnswer: positionOf(one.Position),
		}
		for _, cause := range one.Causes {
			row.Causes = append(row.Causes, causeAnswer{
				string(cause.Step), cause.Rule, money.Text(cause.Amount),
			})
		}
		answer.UnderBilled = append(answer.UnderBilled, row)
	}
}

// print shows tables for people, in the currencies' units.
func (c *marginCmd) print(s *session, r margin.Report) error {
	if len(r.Customers) == 0 && len(r.Unbilled) == 0 {
		_, err := fmt.Fprintf(s.out, "The books hold no document and no leak of %s.\n", r.Month)
		return err
	}
	fmt.Fprintf(s.out, "%s: %d documents final, %d drafts\n", r.Month, r.Final, r.Drafts)
	names, positions := c.rows(r)
	shown, err := margin.Shown(positions)
	if err != nil {
		return err
	}
	table := newTable(s, cut(c.By), plain("from"), figure("bought"), plain("in"), figure("converted"),
		figure("sold"), figure("margin"), figure("%"))
	for i, p := range shown {
		rate := "-"
		if percent, known := p.Percent(); known {
			rate = percent.StringFixed(2)
		}
		table.row(names[i], string(p.Source), inUnits(p.Bought, p.Source), string(p.Currency),
			inUnits(p.Converted, p.Currency), inUnits(p.Sold, p.Currency), inUnits(p.Margin(), p.Currency),
			rate)
	}
	table.print()
	printLeaks(s, r)
	return nil
}

// rows are what was asked for, and the totals below.
func (c *marginCmd) rows(r margin.Report) (names []string, positions []margin.Position) {
	switch c.By {
	case "service":
		positions = margin.Positions(r.Services)
		for _, row := range r.Services {
			names = append(names, row.Provider+" "+strings.TrimSpace(row.Service))
		}
	case "account":
		positions = margin.Positions(r.Accounts)
		for _, row := range r.Accounts {
			names = append(names, row.Customer+" "+row.Provider+" "+row.Account)
		}
	default:
		positions = margin.Positions(r.Customers)
		for _, row := range r.Customers {
			names = append(names, row.Customer+" "+row.Provider)
		}
	}
	return names, positions
}

func printLeaks(s *session, r margin.Report) {
	table := newTable(s, plain("leak"), cut("of"), plain("currency"), figure("amount"), cut("why"))
	rows := 0
	for _, one := range r.Unbilled {
		who := strings.TrimSpace(one.Customer + " " + one.Provider + " " + one.BillingAccount)
		table.row(one.Kind, who, string(one.Currency), inUnits(one.Amount, one.Currency), one.Reason)
		rows++
	}
	for _, one := range r.Unmapped {
		table.row("unmapped", one.Provider+" "+one.Account, string(one.Currency),
			inUnits(one.Billed, one.Currency), "first seen "+one.FirstSeen.Format("2006-01-02"))
		rows++
	}
	for _, one := range r.UnderBilled {
		why := ""
		if len(one.Causes) > 0 {
			why = strings.TrimSpace(string(one.Causes[0].Step) + " " + one.Causes[0].Rule)
		}
		table.row("under-billed", one.Customer+" "+one.Account+" "+one.Service, string(one.Currency),
			inUnits(one.Margin(), one.Currency), why)
		rows++
	}
	for _, one := range r.Retained {
		table.row("retained", one.Customer+" "+one.Provider+" "+one.BillingAccount, string(one.Currency),
			inUnits(one.Amount, one.Currency), one.Kind)
		rows++
	}
	if rows > 0 {
		table.print()
	}
}

func inUnits(amount decimal.Decimal, currency money.Currency) string {
	return shown(amount.String(), currency)
}
