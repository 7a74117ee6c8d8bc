package db

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/period"
	"magam/domain/pricing"
)

// Committed are a month's charges that belong to a commitment, by who holds them.
func (l *Ledger) Committed(ctx context.Context, month period.Month) ([]pricing.Holding, error) {
	return l.holdings(ctx, month, query("transfer/committed"), month.String())
}

// Shareable are a month's charges that one of the distributions may share.
func (l *Ledger) Shareable(
	ctx context.Context, month period.Month, rules []pricing.SharedCost,
) ([]pricing.Holding, error) {
	columns := make([][]string, 4)
	categories := make([]int16, len(rules))
	for i, rule := range rules {
		for j, cell := range []string{rule.Provider, rule.BillingAccount, rule.SubAccount, rule.Service} {
			columns[j] = append(columns[j], cell)
		}
		categories[i] = int16(charge.ParseCategory([]byte(rule.Category)))
	}
	return l.holdings(ctx, month, query("transfer/shareable"), month.String(),
		columns[0], columns[1], columns[2], columns[3], categories)
}

func (l *Ledger) holdings(
	ctx context.Context, month period.Month, statement string, arguments ...any,
) ([]pricing.Holding, error) {
	rows, err := l.pool.Query(ctx, statement, arguments...)
	if err != nil {
		return nil, fmt.Errorf("read who holds what in %s: %w", month, err)
	}
	holdings, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (pricing.Holding, error) {
		var h pricing.Holding
		var used string
		err := row.Scan(&h.Provider, &h.BillingAccount, &h.SubAccount, &h.Customer, &h.InvoiceIssuer,
			&h.BillingEntity, &h.Currency, &h.ServiceCode, &h.ServiceName, &h.LineType, &h.Category,
			&h.Class, &h.PricingCategory, &h.CommitmentID, &used, &h.Rows, &h.Quantity, &h.Billed,
			&h.Effective, &h.List)
		if err == nil && used != month.String() {
			h.ChargeMonth, err = period.ParseMonth(used)
		}
		return h, err
	})
	if err != nil {
		return nil, fmt.Errorf("read who holds what in %s: %w", month, err)
	}
	return holdings, nil
}

// Spent is what each customer spent in a month on usage and purchases.
func (l *Ledger) Spent(
	ctx context.Context, month period.Month,
) (map[pricing.Spender]decimal.Decimal, error) {
	rows, err := l.pool.Query(ctx, query("transfer/spent"), month.String())
	if err != nil {
		return nil, fmt.Errorf("read who spent what in %s: %w", month, err)
	}
	spent := map[pricing.Spender]decimal.Decimal{}
	var who pricing.Spender
	var billed decimal.Decimal
	_, err = pgx.ForEachRow(rows,
		[]any{&who.Customer, &who.Provider, &who.BillingAccount, &who.Currency, &billed}, func() error {
			spent[who] = billed
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("read who spent what in %s: %w", month, err)
	}
	return spent, nil
}

// Holders are who held each account last in a month.
func (l *Ledger) Holders(ctx context.Context, month period.Month) (map[pricing.Account]string, error) {
	rows, err := l.pool.Query(ctx, query("transfer/holders"), month.String())
	if err != nil {
		return nil, fmt.Errorf("read who holds the accounts in %s: %w", month, err)
	}
	holders := map[pricing.Account]string{}
	var account pricing.Account
	var customer string
	_, err = pgx.ForEachRow(rows, []any{&account.Provider, &account.SubAccount, &customer}, func() error {
		holders[account] = customer
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read who holds the accounts in %s: %w", month, err)
	}
	return holders, nil
}

// StoreTransfers replaces a month's list as a set. The same list again changes
// nothing. What a final document stands on is as final as the document: a list
// that would change it is refused and the standing one stays.
func (l *Ledger) StoreTransfers(ctx context.Context, month period.Month, list []pricing.Transfer) error {
	err := l.inTransaction(ctx, func(tx pgx.Tx) error {
		var state closing.State
		err := tx.QueryRow(ctx, query("transfer/lock_period"), month.String()).Scan(&state)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		standing, err := transfersOf(ctx, tx, month, "")
		if err != nil {
			return err
		}
		if slices.EqualFunc(standing, list, pricing.Transfer.Equal) {
			return nil
		}
		err = refuseChangeOfFinal(ctx, tx, month, state, standing, list)
		if err != nil {
			return err
		}
		return replaceTransfers(ctx, tx, month, list)
	})
	if err != nil {
		return fmt.Errorf("share the costs of %s: %w", month, err)
	}
	return nil
}

func refuseChangeOfFinal(
	ctx context.Context, tx pgx.Tx, month period.Month, state closing.State, before, after []pricing.Transfer,
) error {
	const cure = "take the change back; a closed month is corrected by a note"
	if state == closing.StateClosed {
		return fault.New(fault.PeriodClosed,
			"what is shared in "+month.String()+" would change after it was closed", cure)
	}
	rows, err := tx.Query(ctx, query("transfer/finals"), month.String())
	if err != nil {
		return err
	}
	var customer, provider, number string
	_, err = pgx.ForEachRow(rows, []any{&customer, &provider, &number}, func() error {
		mine := func(list []pricing.Transfer) []pricing.Transfer {
			return slices.DeleteFunc(slices.Clone(list), func(t pricing.Transfer) bool {
				return t.Side != pricing.SideCustomer || t.Customer != customer || t.Provider != provider
			})
		}
		if slices.EqualFunc(mine(before), mine(after), pricing.Transfer.Equal) {
			return nil
		}
		return fault.New(fault.PeriodClosed, fmt.Sprintf(
			"what %s bears of shared costs and commitments would change after %s was numbered",
			customer,
			number,
		), cure)
	})
	return err
}

func replaceTransfers(ctx context.Context, tx pgx.Tx, month period.Month, list []pricing.Transfer) error {
	_, err := tx.Exec(ctx, query("transfer/clear"), month.String())
	if err != nil {
		return err
	}
	batch := &pgx.Batch{}
	for i, t := range list {
		used := ""
		if !t.ChargeMonth.IsZero() {
			used = t.ChargeMonth.String()
		}
		batch.Queue(query("transfer/add"), month.String(), i+1, string(t.Kind), t.Rule, t.Provider,
			t.BillingAccount, t.Currency, string(t.Side), t.Customer, t.Taken, t.SubAccount, t.ServiceCode,
			t.ServiceName, t.UsageType, int16(t.Category), int16(t.Class), t.InvoiceIssuer, t.BillingEntity,
			t.CommitmentID, used, t.Rows, t.Billed, t.Effective)
	}
	err = tx.SendBatch(ctx, batch).Close()
	if err != nil {
		return err
	}
	var rule, sum string
	err = tx.QueryRow(ctx, query("transfer/unbalanced"), month.String()).Scan(&rule, &sum)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return fault.New(fault.Conservation, fmt.Sprintf("the entries of %s sum to %s, not to zero", rule, sum),
		"stop and report this: cost would be lost or invented")
}

// Transfers are a month's list as it stands, in its order.
func (l *Ledger) Transfers(ctx context.Context, month period.Month) ([]pricing.Transfer, error) {
	return transfersOf(ctx, l.pool, month, "")
}

// TransfersOf are the entries that one customer's documents carry.
func (l *Ledger) TransfersOf(
	ctx context.Context, month period.Month, customer string,
) ([]pricing.Transfer, error) {
	return transfersOf(ctx, l.pool, month, customer)
}

func transfersOf(
	ctx context.Context, books reader, month period.Month, customer string,
) ([]pricing.Transfer, error) {
	rows, err := books.Query(ctx, query("transfer/read"), month.String(), customer)
	if err != nil {
		return nil, fmt.Errorf("read what is shared in %s: %w", month, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (pricing.Transfer, error) {
		var t pricing.Transfer
		var used string
		err := row.Scan(&t.Kind, &t.Rule, &t.Provider, &t.BillingAccount, &t.Currency, &t.Side, &t.Customer,
			&t.Taken, &t.SubAccount, &t.ServiceCode, &t.ServiceName, &t.UsageType, &t.Category, &t.Class,
			&t.InvoiceIssuer, &t.BillingEntity, &t.CommitmentID, &used, &t.Rows, &t.Billed, &t.Effective)
		if err == nil && used != "" {
			t.ChargeMonth, err = period.ParseMonth(used)
		}
		return t, err
	})
	if err != nil {
		return nil, fmt.Errorf("read what is shared in %s: %w", month, err)
	}
	return list, nil
}

// Unowned lists cost that nobody owns and nothing shares, the largest first.
func (l *Ledger) Unowned(ctx context.Context, month period.Month, limit int) ([]closing.Unowned, error) {
	rows, err := l.pool.Query(ctx, query("transfer/unowned"), month.String(), limit)
	if err != nil {
		return nil, fmt.Errorf("read what nobody owns in %s: %w", month, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (closing.Unowned, error) {
		var u closing.Unowned
		return u, row.Scan(&u.Provider, &u.BillingAccount, &u.Currency, &u.SubAccount, &u.Service,
			&u.Category, &u.Billed)
	})
}
