package db

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"magam/domain/master"
	"magam/domain/period"
)

// Past is what an import can no longer change of some customers' documents and
// of some credits.
func (m *Master) Past(ctx context.Context, customers, credits []string) (master.Past, error) {
	past, err := m.past(ctx, customers, credits)
	if err != nil {
		return master.Past{}, fmt.Errorf("read what is closed: %w", err)
	}
	return past, nil
}

func (m *Master) past(ctx context.Context, customers, credits []string) (master.Past, error) {
	var past master.Past
	rows, err := m.pool.Query(ctx, query("master/past_documents"), customers)
	if err != nil {
		return past, err
	}
	past.Documents, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (master.PastDocument, error) {
		var d master.PastDocument
		var month string
		err := row.Scan(&d.Customer, &d.Provider, &month, &d.Number, &d.Adjustments)
		if err != nil {
			return d, err
		}
		d.Month, err = period.ParseMonth(month)
		return d, err
	})
	if err != nil {
		return past, err
	}
	rows, err = m.pool.Query(ctx, query("master/past_months"))
	if err != nil {
		return past, err
	}
	past.Closed, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (period.Month, error) {
		var month string
		err := row.Scan(&month)
		if err != nil {
			return period.Month{}, err
		}
		return period.ParseMonth(month)
	})
	if err != nil {
		return past, err
	}
	rows, err = m.pool.Query(ctx, query("master/past_credits"), credits)
	if err != nil {
		return past, err
	}
	past.Credits, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (master.PastCredit, error) {
		var c master.PastCredit
		return c, row.Scan(&c.Credit, &c.Customer, &c.Currency, &c.Used, &c.Number)
	})
	return past, err
}
