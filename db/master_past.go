package db

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"magam/domain/master"
	"magam/domain/period"
)

// Past is what an import can no longer change of some customers' documents, of
// some credits, and of whose some accounts were.
func (m *Master) Past(ctx context.Context, touched master.Touched) (master.Past, error) {
	past, err := m.past(ctx, touched)
	if err != nil {
		return master.Past{}, fmt.Errorf("read what is closed: %w", err)
	}
	return past, nil
}

func (m *Master) past(ctx context.Context, touched master.Touched) (master.Past, error) {
	var past master.Past
	rows, err := m.pool.Query(ctx, query("master/past_documents"), touched.Customers)
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
	rows, err = m.pool.Query(ctx, query("master/past_credits"), touched.Credits)
	if err != nil {
		return past, err
	}
	past.Credits, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (master.PastCredit, error) {
		var c master.PastCredit
		return c, row.Scan(&c.Credit, &c.Customer, &c.Currency, &c.Used, &c.Number)
	})
	if err != nil || len(touched.Accounts) == 0 {
		return past, err
	}
	past.Accounts, err = m.pastAccounts(ctx, touched.Accounts)
	return past, err
}

func (m *Master) pastAccounts(
	ctx context.Context,
	touched []master.AccountKey,
) ([]master.PastAccount, error) {
	providers, accounts := make([]string, len(touched)), make([]string, len(touched))
	for i, key := range touched {
		providers[i], accounts[i] = key.Provider, key.SubAccount
	}
	rows, err := m.pool.Query(ctx, query("master/past_accounts"), providers, accounts)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (master.PastAccount, error) {
		var a master.PastAccount
		var bill, used string
		err := row.Scan(&a.Provider, &a.SubAccount, &bill, &used)
		if err != nil {
			return a, err
		}
		a.Bill, err = period.ParseMonth(bill)
		if err != nil {
			return a, err
		}
		a.Used, err = period.ParseMonth(used)
		return a, err
	})
}
