package main

import (
	"context"
	"fmt"
	"strings"

	"magam/db"
	"magam/domain/closing"
	"magam/domain/money"
	"magam/domain/period"
)

// proofCmd shows that a month's money is whole: on one side of the provider's
// bill each, and step by step down to what is owed.
type proofCmd struct {
	Month period.Month `help:"Billing period; the month before this one unless given." placeholder:"MONTH"`
	Steps bool         `help:"Also what all documents come to after each step."`
}

// Help shows what people ask most.
func (proofCmd) Help() string {
	return `Examples:

  starter proof --month 2026-10
  starter proof --month 2026-10 --steps
  starter proof --month 2026-10 --json

Delivered = sealed + quarantined; sealed = assigned + retained + unassigned, per payer and currency. With --steps, how
what was billed becomes what is owed: each step leaves what the one before left and what it adds. A payer's chain runs
into each currency of its documents; fees and taxes of no single payer stand under their provider. --json has both.`
}

// proofsAnswer is the whole answer for programs. Amounts are strings with every digit.
type proofsAnswer struct {
	Month string           `json:"month"`
	Proof []proofAnswer    `json:"proof"`
	Steps []stepSumsAnswer `json:"steps"`
}

// stepSumsAnswer is one step of one chain.
type stepSumsAnswer struct {
	Provider       string `json:"provider"`
	BillingAccount string `json:"billing_account"`
	Source         string `json:"source_currency"`
	Currency       string `json:"currency"` // of the documents
	Step           string `json:"step"`
	Amounts        string `json:"amounts_in"`
	Adds           string `json:"adds"`
	Leaves         string `json:"leaves"`
}

// Run reads the books and prints.
func (c *proofCmd) Run(ctx context.Context, s *session) error {
	month := s.month(c.Month)
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	ledger := db.NewLedger(books)
	proof, err := ledger.Proof(ctx, month)
	if err != nil {
		return err
	}
	steps, err := ledger.Steps(ctx, month)
	if err != nil {
		return err
	}
	answer := proofsAnswer{Month: month.String(), Proof: []proofAnswer{}, Steps: []stepSumsAnswer{}}
	for _, row := range proof {
		answer.Proof = append(answer.Proof, proofOf(row))
	}
	for _, row := range steps {
		answer.Steps = append(answer.Steps, stepSumsOf(row))
	}
	if s.json {
		return s.printJSON(answer)
	}
	if len(proof) == 0 {
		_, err = fmt.Fprintf(s.out, "%s has not been proved yet.\n", month)
		return err
	}
	printProof(s, answer.Proof)
	if c.Steps {
		printSteps(s, steps)
	}
	return nil
}

func stepSumsOf(row closing.StepRow) stepSumsAnswer {
	return stepSumsAnswer{
		Provider: row.Provider, BillingAccount: row.BillingAccount, Source: string(row.Source),
		Currency: string(row.Currency), Step: string(row.Step), Amounts: string(row.Amounts),
		Adds: money.Text(row.Delta), Leaves: money.Text(row.After),
	}
}

// printSteps prints a table per chain.
func printSteps(s *session, rows []closing.StepRow) {
	for len(rows) > 0 {
		chain := rows[0].Chain
		steps := newTable(s, plain("step"), plain("currency"), figure("adds"), figure("leaves"))
		for len(rows) > 0 && rows[0].Chain == chain {
			steps.row(rows[0].Step, rows[0].Amounts, money.Grouped(rows[0].Delta, 0),
				money.Grouped(rows[0].After, 0))
			rows = rows[1:]
		}
		fmt.Fprintln(s.out, chainTitle(chain))
		steps.print()
	}
}

func chainTitle(chain closing.Chain) string {
	payer := strings.TrimSpace(chain.Provider + " " + chain.BillingAccount)
	if chain.BillingAccount == "" {
		payer += ", of no single payer"
	}
	switch chain.Source {
	case "":
		return fmt.Sprintf("%s: documents in %s", payer, chain.Currency)
	case chain.Currency:
		return fmt.Sprintf("%s: %s", payer, chain.Currency)
	default:
		return fmt.Sprintf("%s: %s to %s", payer, chain.Source, chain.Currency)
	}
}
