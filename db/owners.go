package db

import (
	"context"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"

	"magam/domain/period"
)

// owned are a customer's accounts in a month's close: ids of the dictionary with
// the days on which they are the customer's, and the last alias of each.
type owned struct {
	accounts []int32
	days     []string // ranges, as Postgres writes them
	aliases  map[string]string
}

// owners remembers who owns which accounts in a month, for all customers at
// once: working it out costs the same for one as for many. It follows from the
// sheets and the dictionary of accounts alone, whose state is the basis; asking
// for the basis is cheap, and another basis forgets everything.
type owners struct {
	mutex sync.Mutex
	basis string
	of    map[period.Month]map[string]owned
}

// owned finds a customer's accounts; whoever has none gets none.
func (l *Ledger) owned(ctx context.Context, month period.Month, customer string) (owned, error) {
	var basis string
	err := l.pool.QueryRow(ctx, query("plan/owners_basis")).Scan(&basis)
	if err != nil {
		return owned{}, err
	}
	l.owners.mutex.Lock() // also while reading: the others want the same
	defer l.owners.mutex.Unlock()
	known, found := l.owners.of[month]
	if !found || l.owners.basis != basis {
		basis, known, err = l.readOwners(ctx, month)
		if err != nil {
			return owned{}, err
		}
		if l.owners.basis != basis || len(l.owners.of) >= ownersMonthsMax {
			l.owners.basis, l.owners.of = basis, map[period.Month]map[string]owned{}
		}
		l.owners.of[month] = known
	}
	return known[customer], nil
}

// ownersMonthsMax bounds how many months are remembered.
const ownersMonthsMax = 4

// readOwners reads owners and their basis from one moment.
func (l *Ledger) readOwners(
	ctx context.Context, month period.Month,
) (basis string, all map[string]owned, err error) {
	err = l.inTransaction(ctx, func(tx pgx.Tx) error {
		all = map[string]owned{}
		_, err := tx.Exec(ctx, query("proof/one_moment"))
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, query("plan/owners_basis")).Scan(&basis)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, query("plan/owners"), month.String())
		if err != nil {
			return err
		}
		var customer, account, alias, days string
		var id *int32 // none before the account is charged
		_, err = pgx.ForEachRow(rows, []any{&customer, &account, &alias, &days, &id}, func() error {
			one := all[customer]
			if one.aliases == nil {
				one.aliases = map[string]string{}
			}
			if one.aliases[account] == "" && alias != "" {
				one.aliases[account] = alias // rows come with the last days first
			}
			if id != nil {
				one.accounts, one.days = append(one.accounts, *id), append(one.days, days)
			}
			all[customer] = one
			return nil
		})
		return err
	})
	if err != nil {
		return "", nil, fmt.Errorf("read who owns which accounts in %s: %w", month, err)
	}
	return basis, all, nil
}
