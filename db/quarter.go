package db

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
)

// Quarter is what a customer's quarter looks like from one of its months.
func (l *Ledger) Quarter(
	ctx context.Context, month period.Month, customer string,
) (quarter closing.Quarter, err error) {
	quarter.Deferred, err = collected(ctx, l.pool, func(row pgx.CollectableRow) (invoice.Snapshot, error) {
		var canonical []byte
		err := row.Scan(&canonical)
		if err != nil {
			return invoice.Snapshot{}, err
		}
		return invoice.ParseSnapshot(canonical)
	}, query("quarter/deferred"), customer, month.String())
	if err != nil {
		return quarter, fmt.Errorf("read the deferred months of %s: %w", customer, err)
	}
	earlier := []string{}
	for one := month.QuarterStart(); one.Before(month); one = one.Add(1) {
		earlier = append(earlier, one.String())
	}
	quarter.Earlier, err = collected(ctx, l.pool, func(row pgx.CollectableRow) (closing.QuarterMonth, error) {
		var one closing.QuarterMonth
		var name string
		err := row.Scan(&name, &one.State, &one.Waiting)
		if err != nil {
			return one, err
		}
		one.Month, err = period.ParseMonth(name)
		return one, err
	}, query("quarter/earlier"), customer, earlier)
	if err != nil {
		return quarter, fmt.Errorf("read how the quarter of %s stands: %w", customer, err)
	}
	err = l.pool.QueryRow(
		ctx, query("quarter/billed"), customer, month.String(), month.QuarterEnd().String(),
	).Scan(&quarter.Billed)
	if err != nil {
		return quarter, fmt.Errorf("read what bills the quarter of %s: %w", customer, err)
	}
	return quarter, nil
}

// refuseOtherQuarter holds a document against its quarter as it is now: it bills
// the months that wait for it, byte for byte, and a month waits only as long as
// no later one of its quarter has a number. The customer is locked.
func refuseOtherQuarter(ctx context.Context, tx pgx.Tx, document locked, snapshot invoice.Snapshot) error {
	name := document.customer + " " + document.provider + " " + document.month
	if snapshot.Deferred {
		var billed string
		err := tx.QueryRow(ctx, query("quarter/billed"), document.customer, document.month,
			snapshot.Month.QuarterEnd().String()).Scan(&billed)
		if err == nil && billed != "" {
			err = fault.New(fault.PreviewDrift, fmt.Sprintf("%s waits for its quarter, which is final as %s",
				name, billed), "draft it again: it gets a number of its own")
		}
		return err
	}
	var waiting []string
	err := tx.QueryRow(ctx, query("quarter/waiting"), document.issuer, document.customer, document.provider,
		document.month).Scan(&waiting)
	if err != nil {
		return err
	}
	var billed []string
	for _, month := range snapshot.Parts() {
		if !month.Deferred {
			continue
		}
		_, digest, err := frozen(month)
		if err != nil {
			return err
		}
		billed = append(billed, digest)
	}
	if !slices.Equal(waiting, billed) {
		return fault.New(fault.PreviewDrift,
			fmt.Sprintf("%s bills %d earlier months of its quarter, not the %d that wait for it",
				name, len(billed), len(waiting)), "draft it again")
	}
	return nil
}

// deferMonth freezes a month that its quarter's document will bill: what it used
// of credits is booked, it gets no number, and nobody gets a mail.
func deferMonth(
	ctx context.Context, tx pgx.Tx, in closing.Finalizing, document locked, snapshot invoice.Snapshot,
) (closing.Finalized, error) {
	_, err := tx.Exec(ctx, query("finalize/finalize_uses"), in.InvoiceID)
	if err != nil {
		return closing.Finalized{}, err
	}
	_, err = tx.Exec(ctx, query("quarter/defer"), in.InvoiceID, document.draft, document.draftDigest)
	if err != nil {
		return closing.Finalized{}, err
	}
	_, err = tx.Exec(ctx, query("credit/revive"), in.InvoiceID)
	if err != nil {
		return closing.Finalized{}, fmt.Errorf("book the credits: %w", err)
	}
	err = audit(ctx, tx, "close/"+document.month, "defer",
		document.customer+" "+document.provider+" "+document.month, map[string]any{
			"invoice": in.InvoiceID, "customer": document.customer, "provider": document.provider,
			"month": document.month, "digest": document.draftDigest,
			"supply": money.Text(snapshot.Supply), "currency": snapshot.Currency,
		})
	return closing.Finalized{Digest: document.draftDigest, Deferred: true}, err
}

// billDeferred notes which document bills the months that waited for it.
func billDeferred(ctx context.Context, tx pgx.Tx, in closing.Finalizing, document locked) error {
	_, err := tx.Exec(ctx, query("quarter/bill"), document.issuer, document.customer, document.provider,
		document.month, in.InvoiceID)
	return err
}
