package db

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"time"

	"github.com/jackc/pgx/v5"

	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/party"
	"magam/domain/period"
)

// Verdict is a person's decision about all drafts of one customer's month.
type Verdict struct {
	Month       period.Month
	Customer    string
	Verdict     closing.Verdict
	By          party.Person // the zero person for the contract's own word
	Reason      string
	Starters    []string
	AutoApprove bool // by contract
}

// Decide writes a decision about every draft of a customer's month that is not
// final, all or none. The same verdict by the same person on the same bytes is
// written once.
func (l *Ledger) Decide(
	ctx context.Context, month period.Month, customer string, verdict closing.Verdict, by party.Person,
	reason string, starters []string, autoApprove bool,
) error {
	in := Verdict{month, customer, verdict, by, reason, starters, autoApprove}
	err := l.inTransaction(ctx, func(tx pgx.Tx) error {
		documents, err := documentsOf(ctx, tx, query("draft/lock_documents"), month, customer)
		if err != nil {
			return err
		}
		var started string
		err = tx.QueryRow(ctx, query("close/period"), month.String()).
			Scan(new(string), new(string), &started, new(string))
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		in.Starters = append(append([]string{}, starters...), started)

		pending, written := 0, false
		for _, document := range documents {
			if document.Done() || document.digest == "" {
				continue
			}
			pending++
			wrote, err := decideOne(ctx, tx, in, document)
			if err != nil {
				return err
			}
			written = written || wrote
		}
		if pending == 0 && len(documents) == 0 {
			return fault.New(fault.Approval, "nothing is drafted", "draft it first")
		}
		if !written {
			return nil
		}
		return audit(ctx, tx, actorOf(by), string(verdict), customer+" "+month.String(),
			map[string]any{"reason": reason})
	})
	if err != nil {
		return fmt.Errorf("%s %s %s: %w", verdict, customer, month, err)
	}
	return nil
}

func actorOf(by party.Person) string {
	if by.Code == "" {
		return "contract"
	}
	return by.Code
}

func decideOne(ctx context.Context, tx pgx.Tx, in Verdict, document standing) (bool, error) {
	decisions, err := decisionsOf(ctx, tx, document.InvoiceID, document.digest)
	if err != nil {
		return false, err
	}
	if repeats(decisions, in) {
		return false, nil
	}
	err = closing.May(in.Verdict, in.By, closing.Desk{
		Starters: in.Starters, Authors: document.authors, Holds: document.Holds, AutoApprove: in.AutoApprove,
	})
	if err != nil {
		return false, err
	}
	if document.state == "parked" && in.Verdict != closing.Reject {
		return false, fault.New(fault.Approval, document.Provider+" is parked",
			"retry the parked customers first")
	}
	_, err = tx.Exec(ctx, query("draft/decide"), document.InvoiceID, in.Month.String(), in.Customer,
		document.Provider, document.digest, in.Verdict, in.By.Code, in.Reason)
	if err != nil {
		return false, err
	}

	stands := closing.Stand(
		append(decisions, closing.Decision{Verdict: in.Verdict, By: in.By.Code, Reason: in.Reason}),
	)
	state := "draft"
	switch {
	case stands.Rejected != "":
		state = "parked"
	case stands.Approved:
		state = "approved"
	}
	_, err = tx.Exec(ctx, query("draft/set_state"), document.InvoiceID, state, stands.Rejected)
	return true, err
}

// repeats says whether the last word about these bytes is the same word by the
// same person.
func repeats(decisions []closing.Decision, in Verdict) bool {
	if len(decisions) == 0 {
		return false
	}
	last := decisions[len(decisions)-1]
	return last.Verdict == in.Verdict && last.By == in.By.Code
}

func decisionsOf(ctx context.Context, books reader, id int64, digest string) ([]closing.Decision, error) {
	rows, err := books.Query(ctx, query("draft/decisions"), id, digest)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (closing.Decision, error) {
		var decision closing.Decision
		return decision, row.Scan(&decision.Verdict, &decision.By, &decision.Reason)
	})
}

// Objected says whether a person's last word about a customer's month held or
// rejected it, whichever draft it was about: then a person must have the next.
func (l *Ledger) Objected(ctx context.Context, month period.Month, customer string) (bool, error) {
	var objected bool
	err := l.pool.QueryRow(ctx, query("draft/objected"), month.String(), customer).Scan(&objected)
	return objected, err
}

// DecisionRow is one decision of a month, for people.
type DecisionRow struct {
	Customer  string    `json:"customer"`
	Provider  string    `json:"provider"`
	Verdict   string    `json:"verdict"`
	By        string    `json:"by"`
	Reason    string    `json:"reason"`
	DecidedAt time.Time `json:"decided_at"`
}

// Decisions are everything decided about a month's drafts, oldest first.
func (l *Ledger) Decisions(ctx context.Context, month period.Month) ([]DecisionRow, error) {
	rows, err := l.pool.Query(ctx, query("draft/month_decisions"), month.String())
	if err != nil {
		return nil, fmt.Errorf("read the decisions of %s: %w", month, err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[DecisionRow])
}

// sortedKeys gives a map's keys in order, so that the same input is written the
// same way.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
