package db

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"magam/domain/closing"
	"magam/domain/period"
)

// UsedBefore is what final documents of other months used of each credit.
func (l *Ledger) UsedBefore(ctx context.Context, month period.Month) (map[string]decimal.Decimal, error) {
	used := map[string]decimal.Decimal{}
	rows, err := l.pool.Query(ctx, query("due/used"), month.String())
	if err != nil {
		return nil, fmt.Errorf("read what credits were used for: %w", err)
	}
	var id, currency string
	var amount decimal.Decimal
	_, err = pgx.ForEachRow(rows, []any{&id, &currency, &amount}, func() error {
		used[id] = used[id].Add(amount)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read what credits were used for: %w", err)
	}
	return used, nil
}

// UsedIn is what a customer's final documents of the month itself used.
func (l *Ledger) UsedIn(
	ctx context.Context, month period.Month, customer string,
) (map[string]decimal.Decimal, error) {
	used := map[string]decimal.Decimal{}
	rows, err := l.pool.Query(ctx, query("due/used_in_month"), month.String(), customer)
	if err != nil {
		return nil, fmt.Errorf("read what %s used: %w", customer, err)
	}
	var id string
	var amount decimal.Decimal
	_, err = pgx.ForEachRow(rows, []any{&id, &amount}, func() error {
		used[id] = amount
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read what %s used: %w", customer, err)
	}
	return used, nil
}

// StoreDue replaces a month's list of what is due, and books as lost what is
// left of credits that have expired: once, since nothing is left afterwards.
func (l *Ledger) StoreDue(ctx context.Context, month period.Month, items []closing.DueItem) error {
	err := l.inTransaction(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, query("due/clear"), month.String())
		if err != nil {
			return err
		}
		for _, item := range items {
			_, err = tx.Exec(ctx, query("due/add"), month.String(), item.Kind, item.ID, item.Customer,
				item.Currency, item.Balance, item.Note)
			if err != nil {
				return fmt.Errorf("%s %s: %w", item.Kind, item.ID, err)
			}
			if item.Expired() {
				err = expireCredit(ctx, tx, month, item)
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("list what is due in %s: %w", month, err)
	}
	return nil
}

// DueItems reads a month's list.
func (l *Ledger) DueItems(ctx context.Context, month period.Month) ([]closing.DueItem, error) {
	rows, err := l.pool.Query(ctx, query("due/read"), month.String())
	if err != nil {
		return nil, fmt.Errorf("read what is due in %s: %w", month, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (closing.DueItem, error) {
		var item closing.DueItem
		return item, row.Scan(&item.Kind, &item.ID, &item.Customer, &item.Currency, &item.Balance, &item.Note)
	})
}
