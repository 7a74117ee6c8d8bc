package db

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"magam/domain/closing"
	"magam/domain/delivery"
	"magam/domain/fault"
)

// LetThrough writes down that a person lets a held delivery through. Once two
// have said so, one of them an approver, it may be sealed although it shrank.
// The same word by the same person counts once.
func (c *Charges) LetThrough(ctx context.Context, word delivery.Word) (delivery.Decided, error) {
	var decided delivery.Decided
	err := pgx.BeginFunc(ctx, c.Pool, func(tx pgx.Tx) error {
		var source string
		err := tx.QueryRow(ctx, query("delivery/lock_decided"), word.Delivery).Scan(&source, &decided.State)
		if err != nil {
			return unknownDelivery(err, word.Delivery)
		}
		if decided.State != delivery.StateStopped {
			return nil
		}
		_, err = tx.Exec(ctx, query("delivery/say"), word.Delivery, "accept", word.By, word.Approver,
			word.Reason)
		if err != nil {
			return err
		}
		words, err := wordsOf(ctx, tx, word.Delivery)
		if err != nil {
			return err
		}
		decided.Missing = delivery.StillMissing(words)
		if decided.Missing == "" {
			decided.State = delivery.StateLoading
			_, err = tx.Exec(ctx, query("delivery/let_through"), word.Delivery, reasonsOf(words))
			if err != nil {
				return err
			}
		}
		return audit(ctx, tx, word.By, "accept-delivery",
			fmt.Sprintf("delivery %d of %s", word.Delivery, source),
			map[string]any{"reason": word.Reason, "missing": decided.Missing})
	})
	if err != nil {
		return delivery.Decided{}, fmt.Errorf("accept delivery %d: %w", word.Delivery, err)
	}
	return decided, nil
}

func wordsOf(ctx context.Context, tx pgx.Tx, id int64) ([]delivery.Word, error) {
	rows, err := tx.Query(ctx, query("delivery/words"), id, "accept")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (delivery.Word, error) {
		word := delivery.Word{Delivery: id}
		return word, row.Scan(&word.By, &word.Approver, &word.Reason)
	})
}

func reasonsOf(words []delivery.Word) string {
	reasons := make([]string, len(words))
	for i, word := range words {
		reasons[i] = word.By + ": " + word.Reason
	}
	return strings.Join(reasons, "; ")
}

// Withdraw takes a delivery out of the books. What it held goes, its totals, its
// digest and its original files stay, and the same bytes may be taken in again.
// A month with a final document keeps what that was made from.
func (c *Charges) Withdraw(ctx context.Context, word delivery.Word) (delivery.Decided, error) {
	decided := delivery.Decided{State: delivery.StateWithdrawn}
	err := pgx.BeginFunc(ctx, c.Pool, func(tx pgx.Tx) error {
		// Months first: their locks are before a delivery's in a close, too.
		if err := refuseClosed(ctx, tx, word.Delivery); err != nil {
			return err
		}
		var source, state string
		err := tx.QueryRow(ctx, query("delivery/lock_decided"), word.Delivery).Scan(&source, &state)
		if err != nil {
			return unknownDelivery(err, word.Delivery)
		}
		switch state {
		case delivery.StateWithdrawn:
			return nil
		case delivery.StateSealed, delivery.StateStopped:
		default:
			return fault.New(fault.Input, fmt.Sprintf("delivery %d is %s", word.Delivery, state),
				"only a sealed or held delivery can be withdrawn")
		}
		_, err = tx.Exec(ctx, query("delivery/say"), word.Delivery, "withdraw", word.By, word.Approver,
			word.Reason)
		if err != nil {
			return err
		}
		if _, err = tx.Exec(
			ctx,
			query("delivery/take_out"),
			word.Delivery,
			word.By,
			word.Reason,
		); err != nil {
			return err
		}
		if _, err = tx.Exec(ctx, query("delivery/settle_quarantined"), word.Delivery, word.By); err != nil {
			return err
		}
		if err := takeTables(ctx, tx, word.Delivery); err != nil {
			return err
		}
		return audit(ctx, tx, word.By, "withdraw-delivery",
			fmt.Sprintf("delivery %d of %s", word.Delivery, source),
			map[string]any{"reason": word.Reason, "was": state})
	})
	if err != nil {
		return delivery.Decided{}, fmt.Errorf("withdraw delivery %d: %w", word.Delivery, err)
	}
	return decided, nil
}

// refuseClosed locks the months that a delivery holds and refuses where one of
// them has a document that is final.
func refuseClosed(ctx context.Context, tx pgx.Tx, id int64) error {
	rows, err := tx.Query(ctx, query("delivery/months"), id)
	if err != nil {
		return err
	}
	months, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	rows, err = tx.Query(ctx, query("delivery/lock_months"), months)
	if err != nil {
		return err
	}
	var month string
	var state closing.State
	var final bool
	var closed []string
	_, err = pgx.ForEachRow(rows, []any{&month, &state, &final}, func() error {
		if final || state == closing.StateClosed || state == closing.StateClosedWithParked {
			closed = append(closed, month)
		}
		return nil
	})
	if err == nil && len(closed) > 0 {
		err = fault.New(fault.PeriodClosed, strings.Join(closed, ", ")+" has final documents made from it",
			"deliver corrected data: what changed is corrected by a note")
	}
	return err
}

func unknownDelivery(err error, id int64) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return &fault.Error{
			Code: fault.Input, Value: fmt.Sprint(id), What: "is no delivery",
			Cure: "starter deliveries list shows them",
		}
	}
	return err
}
