package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"magam/domain/delivery"
	"magam/domain/period"
)

// Alarms keeps what ops should look at, and who was told.
type Alarms struct {
	pool *pgxpool.Pool
}

// NewAlarms keeps them in a database.
func NewAlarms(pool *pgxpool.Pool) *Alarms { return &Alarms{pool: pool} }

// The bounds of telling.
const (
	triesMax    = 96 // at one an hour, four days
	pendingMax  = 200
	refusedSeen = 35 * 24 * time.Hour
)

// Watched reads everything an alarm can be read from, but for the limits.
func (a *Alarms) Watched(ctx context.Context, now time.Time) (delivery.Watched, error) {
	watched := delivery.Watched{Now: now}
	month := period.MonthOf(now)
	months := []string{month.Add(-2).String(), month.Add(-1).String(), month.String()}
	for _, read := range []func() error{
		func() (err error) {
			watched.Sources, err = collected(ctx, a.pool, scanHeard, query("alarm/heard"), month.Start(),
				month.String())
			return err
		},
		func() (err error) {
			watched.Holdings, err = collected(ctx, a.pool, scanHolding, query("alarm/holdings"), months)
			return err
		},
		func() (err error) {
			watched.Unsealed, err = collected(ctx, a.pool, pgx.RowToStructByPos[delivery.Unsealed],
				query("alarm/unsealed"), now.Add(-refusedSeen))
			return err
		},
		func() (err error) {
			watched.Unread, err = collected(ctx, a.pool, pgx.RowToStructByPos[delivery.Unread],
				query("alarm/unread"), now.Add(-refusedSeen))
			return err
		},
		func() (err error) {
			watched.Aside, err = collected(ctx, a.pool, scanAside, query("alarm/aside"))
			return err
		},
	} {
		if err := read(); err != nil {
			return watched, fmt.Errorf("look at what was delivered: %w", err)
		}
	}
	return watched, nil
}

// Record writes down what stands now and clears what does not, and gives the
// mails that are still to be sent. The same alarms again change nothing but the
// time at which they were last seen.
func (a *Alarms) Record(
	ctx context.Context, now time.Time, alarms []delivery.Alarm, people []string,
) (mails []delivery.AlarmMail, err error) {
	err = pgx.BeginFunc(ctx, a.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, query("alarm/lock")); err != nil {
			return err
		}
		seen := []int64{}
		for _, one := range alarms {
			var id int64
			figures := append([]string{}, one.Figures...)
			err := tx.QueryRow(ctx, query("alarm/raise"), one.Kind, one.Source, one.Month, one.Subject, figures,
				now).
				Scan(&id)
			if err != nil {
				return err
			}
			seen = append(seen, id)
		}
		if _, err := tx.Exec(ctx, query("alarm/clear"), seen, now); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, query("alarm/forget_untold")); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, query("alarm/tell_raised"), people); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, query("alarm/tell_cleared")); err != nil {
			return err
		}
		mails, err = collected(ctx, tx, pgx.RowToStructByPos[delivery.AlarmMail], query("alarm/pending"),
			triesMax, pendingMax)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("record the alarms: %w", err)
	}
	return mails, nil
}

// Standing lists the alarms that stand, the oldest first.
func (a *Alarms) Standing(ctx context.Context) ([]delivery.Raised, error) {
	standing, err := collected(ctx, a.pool, scanRaised, query("alarm/standing"))
	if err != nil {
		return nil, fmt.Errorf("read the alarms: %w", err)
	}
	return standing, nil
}

// Mail gives an alarm that somebody is to be told of, and whether that is done.
func (a *Alarms) Mail(ctx context.Context, mail delivery.AlarmMail) (delivery.Raised, string, error) {
	var state string
	err := a.pool.QueryRow(ctx, query("alarm/mail_state"), mail.Alarm, mail.Occasion, mail.Person).
		Scan(&state)
	if errors.Is(err, pgx.ErrNoRows) {
		return delivery.Raised{}, "sent", nil // it was over before anybody was told
	}
	if err != nil {
		return delivery.Raised{}, "", fmt.Errorf("read mail of alarm %d: %w", mail.Alarm, err)
	}
	rows, err := a.pool.Query(ctx, query("alarm/one"), mail.Alarm)
	if err != nil {
		return delivery.Raised{}, "", fmt.Errorf("read alarm %d: %w", mail.Alarm, err)
	}
	alarm, err := pgx.CollectExactlyOneRow(rows, scanRaised)
	if err != nil {
		return delivery.Raised{}, "", fmt.Errorf("read alarm %d: %w", mail.Alarm, err)
	}
	return alarm, state, nil
}

// Tried writes how an attempt at a mail ended. One that was sent stays so.
func (a *Alarms) Tried(ctx context.Context, mail delivery.AlarmMail, state, reply string) error {
	_, err := a.pool.Exec(ctx, query("alarm/tried"), mail.Alarm, mail.Occasion, mail.Person, state, reply)
	if err != nil {
		return fmt.Errorf("settle mail of alarm %d: %w", mail.Alarm, err)
	}
	return nil
}

// collected runs a statement and makes a value of each row.
func collected[T any](
	ctx context.Context, books reader, scan pgx.RowToFunc[T], statement string, arguments ...any,
) ([]T, error) {
	rows, err := books.Query(ctx, statement, arguments...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scan)
}

func scanHeard(row pgx.CollectableRow) (delivery.Heard, error) {
	var heard delivery.Heard
	var last, current *time.Time
	err := row.Scan(&heard.Source, &heard.Configured, &last, &current)
	if last != nil {
		heard.Last = *last
	}
	if current != nil {
		heard.Current = *current
	}
	return heard, err
}

func scanHolding(row pgx.CollectableRow) (delivery.Holding, error) {
	var one delivery.Holding
	var month string
	err := row.Scan(&one.Delivery, &one.Source, &one.Scope, &one.State, &one.SupersededBy, &one.AsOf, &month,
		&one.Currency, &one.Rows, &one.Billed)
	if err == nil {
		one.Month, err = period.ParseMonth(month)
	}
	return one, err
}

func scanAside(row pgx.CollectableRow) (delivery.SetAside, error) {
	var one delivery.SetAside
	var month *string
	err := row.Scan(&one.Source, &month, &one.Rows)
	if err == nil && month != nil {
		one.Month, err = period.ParseMonth(*month)
	}
	return one, err
}

func scanRaised(row pgx.CollectableRow) (delivery.Raised, error) {
	var one delivery.Raised
	var cleared *time.Time
	err := row.Scan(&one.ID, &one.Kind, &one.Source, &one.Month, &one.Subject, &one.Figures, &one.Since,
		&one.LastSeen, &cleared)
	if cleared != nil {
		one.Cleared = *cleared
	}
	return one, err
}
