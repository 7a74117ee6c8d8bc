package db

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/period"
)

// Waiting says what a month still waits for, and how final each source is.
// Payers that stand in two published deliveries are no reason to wait: they are
// refused.
func (l *Ledger) Waiting(ctx context.Context, month period.Month, now time.Time) (closing.Ready, error) {
	err := l.refuseOverlaps(ctx, month)
	if err != nil {
		return closing.Ready{}, err
	}
	judged, err := l.Readiness(ctx, month, now)
	if err != nil {
		return closing.Ready{}, err
	}
	overridden, err := l.overridden(ctx, month)
	if err != nil {
		return closing.Ready{}, err
	}
	ready := closing.Weigh(judged, overridden)
	if len(judged) == 0 { // no source is configured and none has delivered
		ready.Waiting = append(ready.Waiting, fmt.Sprintf("no sealed delivery holds %s", month))
	}
	onTheirWay, err := l.onTheirWay(ctx, month)
	ready.Waiting = append(ready.Waiting, onTheirWay...)
	return ready, err
}

// Readiness judges how final each source's month is.
func (l *Ledger) Readiness(ctx context.Context, month period.Month, now time.Time) ([]closing.Ripe, error) {
	known, err := l.sourceMonths(ctx, month)
	if err != nil {
		return nil, err
	}
	judged := make([]closing.Ripe, 0, len(known))
	for _, one := range known {
		judged = append(judged, closing.Judge(one, month, now))
	}
	return judged, nil
}

func (l *Ledger) sourceMonths(ctx context.Context, month period.Month) ([]closing.SourceMonth, error) {
	rows, err := l.pool.Query(ctx, query("close/sources"), month.String())
	if err != nil {
		return nil, fmt.Errorf("read the sources: %w", err)
	}
	known, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (closing.SourceMonth, error) {
		var one closing.SourceMonth
		var policy string
		err := row.Scan(&one.Source, &one.Configured, &policy, &one.Provider, &one.Delivered, &one.Expected,
			&one.Rows, &one.Unbilled, &one.Unmarked, &one.Support, &one.Rounding)
		if day, provisional := strings.CutPrefix(policy, "provisional:"); err == nil && provisional {
			one.Provisional, err = strconv.Atoi(day)
		}
		return one, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the sources: %w", err)
	}
	return known, nil
}

// onTheirWay lists deliveries that may come to hold the month.
func (l *Ledger) onTheirWay(ctx context.Context, month period.Month) ([]string, error) {
	rows, err := l.pool.Query(ctx, query("close/loading"), month.String())
	if err != nil {
		return nil, fmt.Errorf("look for deliveries on their way: %w", err)
	}
	var waiting []string
	var id int64
	var source, location, state, why string
	_, err = pgx.ForEachRow(rows, []any{&id, &source, &location, &state, &why}, func() error {
		sentence := fmt.Sprintf("delivery %d of %s is being loaded from %s", id, source, location)
		if state == "held" {
			sentence = fmt.Sprintf("delivery %d of %s is held: %s", id, source, why)
		}
		waiting = append(waiting, sentence)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for deliveries on their way: %w", err)
	}
	return waiting, nil
}

// overridden says whether somebody who did not start the close lets the month
// close before its data is final.
func (l *Ledger) overridden(ctx context.Context, month period.Month) (bool, error) {
	var by, startedBy, reason string
	err := l.pool.QueryRow(ctx, query("close/not_final"), month.String()).Scan(&by, &startedBy, &reason)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read whether %s may close before it is final: %w", month, err)
	}
	return reason != "" && by != startedBy, nil
}

// AcceptNotFinal records who lets a month close before its data is final. The
// same word again changes nothing.
func (l *Ledger) AcceptNotFinal(ctx context.Context, month period.Month, by, reason string) error {
	err := l.inTransaction(ctx, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, query("close/lock_period"), month.String()).Scan(new(string), new(string))
		if err != nil {
			return err
		}
		var before, startedBy, said string
		err = tx.QueryRow(ctx, query("close/not_final"), month.String()).Scan(&before, &startedBy, &said)
		if err != nil || before == by && said == reason {
			return err
		}
		_, err = tx.Exec(ctx, query("close/accept_not_final"), month.String(), by, reason)
		if err != nil {
			return err
		}
		return audit(ctx, tx, by, "accept-not-final", month.String(), map[string]any{"reason": reason})
	})
	if err != nil {
		return fmt.Errorf("let %s close before it is final: %w", month, err)
	}
	return nil
}

// NoteReadiness keeps what was judged, replacing what was judged before:
// documents say provisional where it was, and status shows it.
func (l *Ledger) NoteReadiness(ctx context.Context, month period.Month, sources []closing.Ripe) error {
	err := l.inTransaction(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, query("close/forget_readiness"), month.String())
		if err != nil {
			return err
		}
		for _, one := range sources {
			_, err = tx.Exec(ctx, query("close/note_readiness"), month.String(), one.Source, one.Provider,
				one.Finality, one.Why)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note how final %s is: %w", month, err)
	}
	return nil
}

func (l *Ledger) refuseOverlaps(ctx context.Context, month period.Month) error {
	rows, err := l.pool.Query(ctx, query("close/overlaps"), month.String())
	if err != nil {
		return fmt.Errorf("look for overlaps: %w", err)
	}
	var provider, account string
	var sources []string
	var found []string
	_, err = pgx.ForEachRow(rows, []any{&provider, &account, &sources}, func() error {
		found = append(found,
			fmt.Sprintf("%s %s in deliveries of %s", provider, account, strings.Join(sources, " and ")))
		return nil
	})
	if err != nil {
		return fmt.Errorf("look for overlaps: %w", err)
	}
	if len(found) > 0 {
		return fault.New(fault.Overlap, fmt.Sprintf(
			"%s stands in more than one delivery: %s",
			month,
			strings.Join(found, "; "),
		), "starter deliveries withdraw one of them: the payer would be billed twice")
	}
	return nil
}
