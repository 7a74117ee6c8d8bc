package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"magam/domain/charge"
	"magam/domain/delivery"
	"magam/domain/fault"
)

// Seal publishes a delivery whole, in one transaction: its rows must equal, per
// currency, month and state, what the reader counted in the files, to the last
// row and digit. It replaces the older delivery of the same source and scope.
//
// A sealed delivery is left alone, so sealing may run twice. One whose rows do
// not match is refused for good, and so is one older than what is published.
// One that has lost more than half of its rows, or tells a month that another
// delivery of the same file tells, is held until two people let it through; what
// is published stays.
func (c *Charges) Seal(ctx context.Context, id int64) (delivery.Sealed, error) {
	sealed, err := c.seal(ctx, id)
	err = asBound(err)
	code, coded := fault.CodeOf(err)
	if code == fault.RowCountDrop || code == fault.Overlap {
		why := err.Error()
		return delivery.Sealed{ID: id, State: delivery.StateStopped, Why: why}, c.hold(ctx, id, why)
	}
	if code == fault.OlderDelivery { // what comes too late changes nothing, and is no failure
		why := err.Error()
		return delivery.Sealed{ID: id, State: delivery.StateRefused, Why: why}, c.Refuse(ctx, id, why)
	}
	if coded && code.Class() == fault.ClassRefuse {
		if refused := c.Refuse(ctx, id, err.Error()); refused != nil {
			return delivery.Sealed{}, refused
		}
	}
	if err != nil {
		return delivery.Sealed{}, fmt.Errorf("seal delivery %d: %w", id, err)
	}
	return sealed, nil
}

func (c *Charges) seal(ctx context.Context, id int64) (delivery.Sealed, error) {
	sealed := delivery.Sealed{ID: id, State: delivery.StateSealed}
	err := pgx.BeginFunc(ctx, c.Pool, func(tx pgx.Tx) error {
		var state, refusal, locked string
		var waiting int
		var letThrough bool
		err := tx.QueryRow(ctx, query("seal/lock"), id).Scan(&state, &refusal, &letThrough, &waiting, &locked)
		if err != nil {
			return err
		}
		switch {
		case state == delivery.StateRefused && strings.HasPrefix(refusal, string(fault.OlderDelivery)):
			sealed.State, sealed.Why = state, refusal
			return nil
		case state == delivery.StateRefused:
			return fault.New(fault.ControlTotal, "the delivery was refused: "+refusal,
				"have it delivered again")
		case state != delivery.StateLoading:
			sealed.State, sealed.Why = state, refusal
			sealed.Totals, err = deliveryTotals(ctx, tx, id)
			return err
		case waiting > 0:
			return fault.New(fault.IncompleteDelivery, fmt.Sprintf("%d parts are not loaded", waiting),
				"load them first")
		}
		return publish(ctx, tx, id, letThrough, &sealed)
	})
	sealed.Months = monthsOf(sealed.Totals)
	return sealed, err
}

// publish does what cannot be seen until it is committed.
func publish(ctx context.Context, tx pgx.Tx, id int64, letThrough bool, sealed *delivery.Sealed) error {
	older, err := checkNewer(ctx, tx, id)
	if err != nil {
		return err
	}
	rows, err := checkPromises(ctx, tx, id)
	if err != nil {
		return err
	}
	if !letThrough {
		if err := checkDoubt(ctx, tx, id, older, rows); err != nil {
			return err
		}
	}
	if err := fill(ctx, tx, id); err != nil {
		return err
	}
	counted, err := totalsOf(ctx, tx, query("seal/counted"), id)
	if err != nil {
		return err
	}
	stored, err := totalsOf(ctx, tx, query("seal/stored"), id)
	if err != nil {
		return err
	}
	if err := checkControl(counted, stored); err != nil {
		return err
	}
	if older != 0 {
		if err := supersede(ctx, tx, older, id); err != nil {
			return err
		}
	}
	if err := outdate(ctx, tx, id); err != nil {
		return err
	}
	control, err := json.Marshal(counted)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, query("seal/keep_totals"), id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, query("seal/mark"), id, string(control)); err != nil {
		return err
	}
	sealed.Totals, sealed.Superseded = counted, older
	return nil
}

// fill attaches the parts and their daily sums, which closes and reports read,
// and proves that these are the sums of the rows.
func fill(ctx context.Context, tx pgx.Tx, id int64) error {
	if _, err := tx.Exec(ctx, query("seal/settings")); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, query("seal/publish"), id); err != nil {
		return err
	}
	var parts, without []int64
	if err := tx.QueryRow(ctx, query("seal/part_ids"), id).Scan(&parts, &without); err != nil {
		return err
	}
	if len(without) > 0 {
		if _, err := tx.Exec(ctx, query("seal/daily"), id, without); err != nil {
			return err
		}
	}
	return proveDays(ctx, tx, id, parts)
}

// checkNewer finds the delivery that this one replaces, and refuses this one
// where that is the newer of the two.
func checkNewer(ctx context.Context, tx pgx.Tx, id int64) (int64, error) {
	var current int64
	var newer bool
	err := tx.QueryRow(ctx, query("seal/current"), id).Scan(&current, &newer)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if newer {
		return 0, fault.New(fault.OlderDelivery,
			fmt.Sprintf("delivery %d of the same source is newer and already sealed", current),
			"nothing, unless the older data is right: then have it delivered anew")
	}
	return current, nil
}

// checkPromises compares the rows that were read with what manifests say, of
// each part and of the whole, and gives how many there are.
func checkPromises(ctx context.Context, tx pgx.Tx, id int64) (int64, error) {
	rows, err := tx.Query(ctx, query("seal/promised"), id)
	if err != nil {
		return 0, err
	}
	var file string
	var whole, promised, counted int64
	var ordinal int
	var broken error
	_, err = pgx.ForEachRow(rows, []any{&file, &promised, &counted, &ordinal}, func() error {
		if file == "" {
			whole = counted
		}
		if broken == nil {
			broken = delivery.Promise{Rows: promised}.CheckRows(file, counted)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return whole, broken
}

// checkDoubt refuses what only people can tell to be right: rows that are gone,
// and months that another delivery of the same file holds.
func checkDoubt(ctx context.Context, tx pgx.Tx, id, older, rows int64) error {
	var rival int64
	var month string
	switch err := tx.QueryRow(ctx, query("seal/told_already"), id).Scan(&rival, &month); {
	case err == nil:
		return delivery.ToldAlready(rival, month)
	case !errors.Is(err, pgx.ErrNoRows):
		return err
	case older == 0:
		return nil
	}
	return checkDrop(ctx, tx, older, rows)
}

func checkDrop(ctx context.Context, tx pgx.Tx, older, rows int64) error {
	var before int64
	if err := tx.QueryRow(ctx, query("seal/kept_rows"), older).Scan(&before); err != nil {
		return err
	}
	return delivery.CheckDrop(older, rows, before)
}

// checkControl compares what the reader counted with what the books hold.
func checkControl(counted, stored []charge.ControlTotal) error {
	for i := range max(len(counted), len(stored)) {
		if i < len(counted) && i < len(stored) && counted[i] == stored[i] {
			continue
		}
		return fault.New(fault.ControlTotal,
			fmt.Sprintf("the files hold %s, the books %s", totalAt(counted, i), totalAt(stored, i)),
			"load it again; if it happens again, tell the developers")
	}
	return nil
}

func totalAt(totals []charge.ControlTotal, i int) string {
	if i >= len(totals) {
		return "nothing"
	}
	return fmt.Sprintf("%+v", totals[i])
}

func deliveryTotals(ctx context.Context, tx pgx.Tx, id int64) ([]charge.ControlTotal, error) {
	return totalsOf(ctx, tx, query("seal/kept_totals"), id)
}

// totalsOf reads totals whose amounts are printed as money.Text prints them.
func totalsOf(ctx context.Context, tx pgx.Tx, statement string, id int64) ([]charge.ControlTotal, error) {
	rows, err := tx.Query(ctx, statement, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[charge.ControlTotal])
}

func monthsOf(totals []charge.ControlTotal) []string {
	var months []string
	for _, total := range totals {
		if total.Month != "" && !slices.Contains(months, total.Month) {
			months = append(months, total.Month)
		}
	}
	slices.Sort(months)
	return months
}
