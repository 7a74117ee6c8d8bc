package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"magam/db"
	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
)

// wait is something that a running close cannot go on without, and what helps.
type wait struct {
	What string `json:"what"`
	Cure string `json:"cure"`

	unowned bool // cost without a customer, which may be accepted with a reason
}

// waitsOf reads what a month's close waits for. A month that is not being
// closed waits for nothing.
func waitsOf(ctx context.Context, ledger *db.Ledger, month period.Month) ([]wait, error) {
	waits := []wait{}
	state, _, err := ledger.Period(ctx, month)
	if err != nil || state != closing.StateClosing {
		return waits, err
	}
	if end := month.End(); time.Now().Before(end) {
		waits = append(waits, wait{
			What: "the end of " + month.String(),
			Cure: "it goes on by itself after " + end.Format(time.RFC3339),
		})
	}
	ready, err := ledger.Waiting(ctx, month, time.Now())
	if err != nil {
		return nil, err
	}
	for _, one := range ready.Waiting {
		waits = append(waits, wait{What: one, Cure: cureOf(one, month)})
	}
	if len(waits) > 0 {
		return waits, nil
	}

	proof, err := ledger.Proof(ctx, month)
	if err != nil {
		return nil, err
	}
	accepted, err := ledger.Accepted(ctx, month)
	if err != nil {
		return nil, err
	}
	if accepted == "" {
		unowned, err := ledger.Unowned(ctx, month, unownedMax)
		if err != nil {
			return nil, err
		}
		waits = append(waits, unassigned(proof, unowned, month)...)
	}
	aside, err := ledger.AsideGroups(ctx, closing.AsideFilter{Month: month})
	if err != nil {
		return nil, err
	}
	if len(proof) > 0 {
		waits = append(waits, setAside(aside, month)...)
	}
	if len(proof) == 0 {
		return waits, nil
	}
	board, err := ledger.Board(ctx, month)
	if err != nil {
		return nil, err
	}
	return append(waits, undecided(board, month)...), nil
}

// cureOf is what helps against one thing that a close waits for.
func cureOf(waiting string, month period.Month) string {
	switch {
	case strings.HasPrefix(waiting, string(fault.NotFinal)):
		return "wait, or starter accept-not-final --month " + month.String() + " --by CODE --reason TEXT"
	case strings.Contains(waiting, " is held: "):
		return "starter deliveries show ID, then starter deliveries accept or withdraw ID --by CODE --reason TEXT"
	default:
		return "starter ingest --month " + month.String() + " --source NAME (or --from FOLDER)"
	}
}

// unassigned names the payers whose cost has no customer, and what it is for.
func unassigned(proof []closing.ProofRow, unowned []closing.Unowned, month period.Month) []wait {
	var waits []wait
	for _, row := range proof {
		if row.Undecided == 0 {
			continue
		}
		waits = append(waits, wait{
			What: fmt.Sprintf("a word on %s %s of payer %s %s without a customer%s",
				row.Currency, money.Grouped(row.Unassigned, row.Currency.Places()),
				row.Provider, row.BillingAccount, closing.UnownedOf(row.Payer, unowned)),
			unowned: true,
			Cure: "give it a shared_costs row or map the account (starter master import), or starter accept-unassigned --month " +
				month.String() + " --by CODE --reason TEXT",
		})
	}
	return waits
}

// setAside names the rows set aside that keep a month from closing.
func setAside(groups []closing.AsideGroup, month period.Month) []wait {
	var waits []wait
	for _, g := range groups {
		if g.Blocks == 0 {
			continue
		}
		amount := g.Currency + " " + grouped(g.Billed)
		if g.Unknown > 0 {
			amount += fmt.Sprintf(" and %d unreadable", g.Unknown)
		}
		what := fmt.Sprintf("a word on %d rows of %s set aside with %s, %s", g.Blocks, g.Source, g.Code,
			amount)
		if g.Said != "" {
			what += " (" + g.Said + ")"
		}
		waits = append(waits, wait{
			What: what,
			Cure: "starter quarantine list --month " + month.String() + " --code " + g.Code +
				"; have them delivered again, or two people: starter quarantine accept",
		})
	}
	return waits
}

// customersNamed bounds how many customers one line names.
const customersNamed = 6

// undecided names the customers whose drafts a person must look at.
func undecided(board []closing.Row, month period.Month) []wait {
	lying := map[string][]string{}
	for _, row := range board {
		named := lying[row.State]
		if len(named) == 0 || named[len(named)-1] != row.Customer {
			lying[row.State] = append(named, row.Customer)
		}
	}
	var waits []wait
	for _, one := range []struct{ state, what, verb string }{
		{"held", "a look at what is held", "approve"}, {"draft", "approval", "approve"},
	} {
		customers := lying[one.state]
		if len(customers) == 0 {
			continue
		}
		more := ""
		if len(customers) > customersNamed {
			more = fmt.Sprintf(" and %d more", len(customers)-customersNamed)
			customers = customers[:customersNamed]
		}
		cure := "starter " + one.verb + " --month " + month.String() + " --customer CODE --by CODE"
		if one.state == "held" {
			cure += ", and starter release where a person held it"
		}
		waits = append(waits, wait{What: one.what + ": " + strings.Join(customers, ", ") + more, Cure: cure})
	}
	return waits
}
