package db

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
)

// Customers is a page of the customers that a month's close must visit, in
// order of their codes.
func (l *Ledger) Customers(
	ctx context.Context, month period.Month, after string, limit int, onlyParked bool,
) ([]string, error) {
	statement := query("plan/customers")
	if onlyParked {
		statement = query("plan/parked_customers")
	}
	rows, err := l.pool.Query(ctx, statement, month.String(), after, limit)
	if err != nil {
		return nil, fmt.Errorf("plan %s: %w", month, err)
	}
	codes, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("plan %s: %w", month, err)
	}
	return codes, nil
}

// Groups are one customer's charges of a month, added up exactly in SQL. Tags
// are part of a group only where a rule asks for them: the provider's with our
// custom ones laid over, as they stand in the month.
func (l *Ledger) Groups(
	ctx context.Context, month period.Month, customer string, withTags bool,
) ([]charge.Group, error) {
	if withTags {
		err := l.FreshTags(ctx, month)
		if err != nil {
			return nil, err
		}
	}
	accounts, err := l.owned(ctx, month, customer)
	if err != nil {
		return nil, fmt.Errorf("read the charges of %s %s: %w", customer, month, err)
	}
	statement := query("plan/groups")
	if withTags {
		statement = query("plan/groups_with_tags")
	}
	rows, err := l.pool.Query(ctx, statement, month.String(), accounts.accounts, accounts.days)
	if err != nil {
		return nil, fmt.Errorf("read the charges of %s %s: %w", customer, month, err)
	}
	groups, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (charge.Group, error) {
		var g charge.Group
		var used string
		err := row.Scan(&g.Provider, &g.BillingAccount, &g.SubAccount, &g.InvoiceIssuer, &g.BillingEntity,
			&g.Currency, &g.ServiceCode, &g.ServiceName, &g.UsageType, &g.Region, &g.SkuID, &g.Unit,
			&g.LineType, &g.Category, &g.Class, &g.PricingCategory, &g.CommitmentID, &g.Tags, &used,
			&g.Rows, &g.Quantity, &g.Billed, &g.Effective, &g.List, &g.Contracted)
		if err != nil {
			return g, err
		}
		// Named only where it differs from the bill's month (ruling R-10).
		if used != month.String() {
			g.ChargeMonth, err = period.ParseMonth(used)
		}
		return g, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the charges of %s %s: %w", customer, month, err)
	}
	return groups, nil
}

// Shares are what one customer's accounts took from each payer's bill, nothing
// retained: the share of a customer who was never assembled.
func (l *Ledger) Shares(ctx context.Context, month period.Month, customer string) ([]invoice.Share, error) {
	return customerShares(ctx, l.pool, month, customer)
}

func customerShares(
	ctx context.Context, books reader, month period.Month, customer string,
) ([]invoice.Share, error) {
	rows, err := books.Query(ctx, query("plan/customer_shares"), month.String(), customer)
	if err != nil {
		return nil, fmt.Errorf("add up %s %s: %w", customer, month, err)
	}
	shares, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (invoice.Share, error) {
		var share invoice.Share
		return share, row.Scan(&share.Provider, &share.BillingAccount, &share.Currency, &share.Rows,
			&share.Assigned)
	})
	if err != nil {
		return nil, fmt.Errorf("add up %s %s: %w", customer, month, err)
	}
	return shares, nil
}

// Aliases are the names that a customer gave to its accounts.
func (l *Ledger) Aliases(
	ctx context.Context, month period.Month, customer string,
) (map[string]string, error) {
	accounts, err := l.owned(ctx, month, customer)
	if err != nil {
		return nil, fmt.Errorf("read the aliases of %s: %w", customer, err)
	}
	aliases := map[string]string{}
	maps.Copy(aliases, accounts.aliases)
	return aliases, nil
}

// DataAsOf is, per provider, the day up to which the provider's latest changes
// are in for every payer of the customer.
func (l *Ledger) DataAsOf(
	ctx context.Context, month period.Month, customer string,
) (map[string]invoice.Date, error) {
	accounts, err := l.owned(ctx, month, customer)
	if err != nil {
		return nil, fmt.Errorf("read how fresh the data of %s is: %w", customer, err)
	}
	rows, err := l.pool.Query(ctx, query("plan/data_as_of"), month.String(), accounts.accounts, accounts.days)
	if err != nil {
		return nil, fmt.Errorf("read how fresh the data of %s is: %w", customer, err)
	}
	days := map[string]invoice.Date{}
	var provider string
	var day time.Time
	_, err = pgx.ForEachRow(rows, []any{&provider, &day}, func() error {
		days[provider] = invoice.NewDate(day)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read how fresh the data of %s is: %w", customer, err)
	}
	return days, nil
}

// Provisional are the providers whose month is closed, by a source's policy or
// by two people's word, before the provider's own bill is final.
func (l *Ledger) Provisional(ctx context.Context, month period.Month) (map[string]bool, error) {
	rows, err := l.pool.Query(ctx, query("plan/provisional"), month.String())
	if err != nil {
		return nil, fmt.Errorf("read what is provisional in %s: %w", month, err)
	}
	providers := map[string]bool{}
	var provider string
	_, err = pgx.ForEachRow(rows, []any{&provider}, func() error {
		providers[provider] = true
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read what is provisional in %s: %w", month, err)
	}
	return providers, nil
}

// History is what each of the six months before came to for a customer with one
// provider, oldest first, in the currency asked for. A month that was billed with
// its quarter counts with its own total.
func (l *Ledger) History(
	ctx context.Context, month period.Month, customer, provider string, currency money.Currency,
) ([]invoice.MonthTotal, error) {
	rows, err := l.pool.Query(ctx, query("plan/history"), month.String(), customer, provider, currency,
		month.Add(-invoice.HistoryMonths).String())
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", customer, err)
	}
	var name string
	var total decimal.Decimal
	var quarter []byte
	var history []invoice.MonthTotal
	_, err = pgx.ForEachRow(rows, []any{&name, &total, &quarter}, func() error {
		earlier, err := period.ParseMonth(name)
		if err == nil && len(quarter) > 0 {
			var whole invoice.Snapshot
			whole, err = invoice.ParseSnapshot(quarter)
			total = whole.Own().Total
		}
		last := len(history) - 1
		if last >= 0 && history[last].Month == earlier {
			history[last].Total = history[last].Total.Add(total)
		} else {
			history = append(history, invoice.MonthTotal{Month: earlier, Total: total})
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", customer, err)
	}
	return history, nil
}

// EarlierFees are, per provider, the fees of the customer's last final document
// before a month: what savings fees carry comes from there.
func (l *Ledger) EarlierFees(
	ctx context.Context, month period.Month, customer string,
) (map[string][]invoice.FeeUse, error) {
	rows, err := l.pool.Query(ctx, query("plan/earlier_documents"), month.String(), customer)
	if err != nil {
		return nil, fmt.Errorf("read the earlier fees of %s: %w", customer, err)
	}
	fees := map[string][]invoice.FeeUse{}
	var bytes []byte
	_, err = pgx.ForEachRow(rows, []any{&bytes}, func() error {
		earlier, err := invoice.ParseSnapshot(bytes)
		fees[earlier.Provider] = earlier.Own().Fees
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the earlier fees of %s: %w", customer, err)
	}
	return fees, nil
}
