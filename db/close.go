package db

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/period"
)

// OpenPeriod takes a month's lock for one workflow. The row in the books is the
// lock, whatever the workflow's id: the same workflow joins again, another gets
// E_PERIOD_BUSY unless the holder is known to have been abandoned, and a closed
// month stays closed.
func (l *Ledger) OpenPeriod(ctx context.Context, in closing.Opening) (closing.Opened, error) {
	var opened closing.Opened
	err := l.inTransaction(ctx, func(tx pgx.Tx) error {
		month := in.Month.String()
		_, err := tx.Exec(ctx, query("close/make_period"), month)
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, query("close/lock_period"), month).Scan(&opened.State, &opened.Holder)
		if err != nil {
			return err
		}
		switch {
		case opened.State == closing.StateClosed:
			return nil
		case opened.State == closing.StateClosing && opened.Holder == in.WorkflowID:
			opened.Joined = true
			_, err = tx.Exec(ctx, query("close/join_period"), month, in.RunID, in.AcceptUnassigned)
			return err
		case opened.State == closing.StateClosing && opened.Holder != in.Abandoned:
			return fault.New(fault.PeriodBusy, month+" is being closed by "+opened.Holder,
				"look at that run, or wait until it has ended")
		}
		_, err = tx.Exec(ctx, query("close/take_period"),
			month, in.WorkflowID, in.RunID, in.StartedBy, in.AcceptUnassigned)
		if err != nil {
			return err
		}
		detail := map[string]any{"workflow": in.WorkflowID, "run": in.RunID, "was": opened.State}
		if in.AcceptUnassigned != "" {
			detail["accept_unassigned"] = in.AcceptUnassigned
		}
		opened.State, opened.Holder = closing.StateClosing, in.WorkflowID
		return audit(ctx, tx, in.StartedBy, "open", month, detail)
	})
	if err != nil {
		return opened, fmt.Errorf("open %s: %w", in.Month, err)
	}
	return opened, nil
}

// Period is how a month stands, and who started its close.
func (l *Ledger) Period(ctx context.Context, month period.Month) (closing.State, string, error) {
	var state closing.State
	var holder, startedBy, accepted string
	err := l.pool.QueryRow(ctx, query("close/period"), month.String()).
		Scan(&state, &holder, &startedBy, &accepted)
	if errors.Is(err, pgx.ErrNoRows) {
		return closing.StateOpen, "", nil
	}
	if err != nil {
		return "", "", fmt.Errorf("read the period %s: %w", month, err)
	}
	return state, startedBy, nil
}

// Closing are the months whose close runs, the earliest first.
func (l *Ledger) Closing(ctx context.Context) ([]period.Month, error) {
	rows, err := l.pool.Query(ctx, query("close/closing"))
	if err != nil {
		return nil, fmt.Errorf("read the months that are closing: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (period.Month, error) {
		var text string
		err := row.Scan(&text)
		if err != nil {
			return period.Month{}, err
		}
		return period.ParseMonth(text)
	})
}

// AcceptUnassigned records who accepted that a month closes although some of
// its cost has no customer. The same acceptance again changes nothing.
func (l *Ledger) AcceptUnassigned(ctx context.Context, month period.Month, by, reason string) error {
	err := l.inTransaction(ctx, func(tx pgx.Tx) error {
		var state closing.State
		var holder, startedBy, accepted string
		err := tx.QueryRow(ctx, query("close/lock_period"), month.String()).Scan(&state, &holder)
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, query("close/period"), month.String()).
			Scan(&state, &holder, &startedBy, &accepted)
		if err != nil || accepted == reason {
			return err
		}
		_, err = tx.Exec(ctx, query("close/accept_unassigned"), month.String(), reason)
		if err != nil {
			return err
		}
		return audit(ctx, tx, by, "accept-unassigned", month.String(), map[string]any{"reason": reason})
	})
	if err != nil {
		return fmt.Errorf("accept the unassigned cost of %s: %w", month, err)
	}
	return nil
}

// Settle writes how a month ended. A document that still waits for somebody
// refuses it; a month that has settled keeps its state.
func (l *Ledger) Settle(ctx context.Context, month period.Month) (closing.Settled, error) {
	var settled closing.Settled
	err := l.inTransaction(ctx, func(tx pgx.Tx) error {
		var holder string
		err := tx.QueryRow(ctx, query("close/lock_period"), month.String()).Scan(&settled.State, &holder)
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, query("close/count_settled"), month.String()).
			Scan(&settled.Final, &settled.Deferred, &settled.Parked)
		if err != nil || settled.State != closing.StateClosing {
			return err
		}
		err = refuseUnsettled(ctx, tx, month)
		if err != nil {
			return err
		}
		settled.State = closing.StateClosed
		if settled.Parked > 0 {
			settled.State = closing.StateClosedWithParked
		}
		_, err = tx.Exec(ctx, query("close/settle"), month.String(), settled.State)
		if err != nil {
			return err
		}
		err = settleSteps(ctx, tx, month)
		if err != nil {
			return err
		}
		return audit(ctx, tx, holder, "settle", month.String(), map[string]any{
			"state": settled.State, "final": settled.Final, "deferred": settled.Deferred,
			"parked": settled.Parked,
		})
	})
	if err != nil {
		return closing.Settled{}, fmt.Errorf("settle %s: %w", month, err)
	}
	return settled, nil
}

func refuseUnsettled(ctx context.Context, tx pgx.Tx, month period.Month) error {
	rows, err := tx.Query(ctx, query("close/unsettled"), month.String())
	if err != nil {
		return err
	}
	var customer, provider, state string
	var waiting []string
	_, err = pgx.ForEachRow(rows, []any{&customer, &provider, &state}, func() error {
		waiting = append(waiting, customer+" "+provider+" ("+state+")")
		return nil
	})
	if err != nil {
		return err
	}
	if len(waiting) > 0 {
		return fault.New(fault.Approval, "documents still wait: "+strings.Join(waiting, ", "),
			"approve, reject or park them first")
	}
	return nil
}

// Accepted is the reason given for closing a month although some of its cost
// has no customer; empty where nobody gave one.
func (l *Ledger) Accepted(ctx context.Context, month period.Month) (string, error) {
	var accepted string
	err := l.pool.QueryRow(ctx, query("close/period"), month.String()).
		Scan(new(string), new(string), new(string), &accepted)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return "", fmt.Errorf("read whether the unassigned cost of %s is accepted: %w", month, err)
	}
	return accepted, nil
}
