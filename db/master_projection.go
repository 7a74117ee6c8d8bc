package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"magam/domain/master"
)

// project rebuilds the typed table that SQL joins from a sheet, where it has one,
// and books what a sheet grants.
func project(ctx context.Context, tx pgx.Tx, table master.Table, by string) error {
	switch table.Sheet {
	case "accounts":
		return projectAccounts(ctx, tx, table)
	case "tags":
		return projectTags(ctx, tx, table)
	case "credits":
		return projectCredits(ctx, tx, table, by)
	default:
		return nil
	}
}

// projectCredits books what the sheet grants, as the difference to what it
// granted before: the ledger is never rewritten.
func projectCredits(ctx context.Context, tx pgx.Tx, table master.Table, by string) error {
	var columns [4][]string
	for _, row := range table.Rows {
		for i, name := range []string{"id", "customer", "currency", "amount"} {
			columns[i] = append(columns[i], row.Cells[name])
		}
	}
	_, err := tx.Exec(ctx, query("credit/grant"), columns[0], columns[1], columns[2], columns[3], by)
	return err
}

func projectAccounts(ctx context.Context, tx pgx.Tx, table master.Table) error {
	_, err := tx.Exec(ctx, query("master/clear_accounts"))
	if err != nil || len(table.Rows) == 0 {
		return err
	}
	var columns [5][]string
	var starts, ends []*time.Time
	for _, account := range master.AccountsOf(table) {
		for i, text := range []string{
			account.Provider, account.SubAccount, account.Customer, account.Organization, account.Alias,
		} {
			columns[i] = append(columns[i], text)
		}
		starts, ends = append(starts, orNull(account.From)), append(ends, orNull(account.To))
	}
	_, err = tx.Exec(ctx, query("master/project_accounts"),
		columns[0], columns[1], columns[2], columns[3], columns[4], starts, ends)
	return err
}

func projectTags(ctx context.Context, tx pgx.Tx, table master.Table) error {
	_, err := tx.Exec(ctx, query("master/clear_tags"))
	if err != nil || len(table.Rows) == 0 {
		return err
	}
	var columns [6][]string
	for _, row := range table.Rows {
		for i, name := range []string{"provider", "service", "resource_id", "key", "value", "from"} {
			columns[i] = append(columns[i], row.Cells[name])
		}
	}
	_, err = tx.Exec(ctx, query("master/project_tags"),
		columns[0], columns[1], columns[2], columns[3], columns[4], columns[5])
	return err
}

// orNull gives an open end to the database as NULL.
func orNull(day time.Time) *time.Time {
	if day.IsZero() {
		return nil
	}
	return &day
}
