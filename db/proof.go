package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
)

// Prove recomputes a month's conservation proof from what is in the books and
// replaces the one before. Where it does not hold nothing is written and the
// error names every payer that differs. It also says what waits for somebody's
// word: cost that nobody owns, and rows set aside.
func (l *Ledger) Prove(ctx context.Context, month period.Month) (closing.Proved, error) {
	var proved closing.Proved
	err := l.inTransaction(ctx, func(tx pgx.Tx) error {
		// Four sums of one bill from one moment, whatever happens meanwhile.
		_, err := tx.Exec(ctx, query("proof/one_moment"))
		if err != nil {
			return err
		}
		rows, err := proofRows(ctx, tx, month)
		if err != nil {
			return err
		}
		err = closing.Prove(month, rows)
		if err != nil {
			return err
		}
		err = refuseMiscount(ctx, tx, month, rows)
		if err != nil {
			return err
		}
		proved = closing.Proved{Rows: rows}
		proved.Unowned, err = isUnowned(ctx, tx, month, rows)
		if err != nil {
			return err
		}
		proved.Aside, err = asideGroups(ctx, tx, closing.AsideFilter{Month: month})
		if err != nil {
			return err
		}
		for _, row := range rows {
			proved.Blocked = proved.Blocked || row.UndecidedAside > 0
		}
		err = replaceProof(ctx, tx, month, rows)
		if err != nil {
			return err
		}
		return replaceSteps(ctx, tx, month, rows)
	})
	if err != nil {
		return closing.Proved{}, err
	}
	return proved, nil
}

func proofRows(ctx context.Context, books reader, month period.Month) ([]closing.ProofRow, error) {
	var parts []int64
	err := books.QueryRow(ctx, query("proof/parts"), month.String()).Scan(&parts)
	if err != nil {
		return nil, fmt.Errorf("list the parts of %s: %w", month, err)
	}
	rows, err := books.Query(ctx, query("proof/rows"), month.String(), parts)
	if err != nil {
		return nil, fmt.Errorf("add up %s: %w", month, err)
	}
	proof, err := pgx.CollectRows(rows, proofRow)
	if err != nil {
		return nil, fmt.Errorf("add up %s: %w", month, err)
	}
	return proof, nil
}

// refuseMiscount compares the proof, per currency, with what the readers
// counted in the files before anything reached the store.
func refuseMiscount(ctx context.Context, books reader, month period.Month, proof []closing.ProofRow) error {
	rows, err := books.Query(ctx, query("proof/counted"), month.String())
	if err != nil {
		return fmt.Errorf("read what was counted of %s: %w", month, err)
	}
	counted := map[money.Currency]decimal.Decimal{}
	var currency money.Currency
	var billed decimal.Decimal
	_, err = pgx.ForEachRow(rows, []any{&currency, &billed}, func() error {
		counted[currency] = billed
		return nil
	})
	if err != nil {
		return fmt.Errorf("read what was counted of %s: %w", month, err)
	}
	for _, total := range closing.ByCurrency(proof) {
		if !total.Delivered.Equal(counted[total.Currency]) {
			return fault.New(
				fault.Conservation,
				fmt.Sprintf("%s %s: the books hold %s delivered, the files %s",
					month, total.Currency, total.Delivered, counted[total.Currency]),
				"call the engineer on duty: rows were lost or doubled after they were sealed",
			)
		}
		delete(counted, total.Currency)
	}
	for currency, billed := range counted {
		if !billed.IsZero() {
			return fault.New(fault.Conservation, fmt.Sprintf("%s %s: the files hold %s, the books nothing",
				month, currency, billed), "call the engineer on duty: a sealed delivery has lost its rows")
		}
	}
	return nil
}

// isUnowned says whether cost without a customer waits for a word. Accepting it
// says nothing about rows set aside: those are signed off one by one.
func isUnowned(ctx context.Context, tx pgx.Tx, month period.Month, proof []closing.ProofRow) (bool, error) {
	waiting := false
	for _, row := range proof {
		waiting = waiting || row.Undecided > 0
	}
	if !waiting {
		return false, nil
	}
	var accepted string
	err := tx.QueryRow(ctx, query("close/period"), month.String()).
		Scan(new(string), new(string), new(string), &accepted)
	if errors.Is(err, pgx.ErrNoRows) {
		return true, nil
	}
	return accepted == "", err
}

func replaceProof(ctx context.Context, tx pgx.Tx, month period.Month, proof []closing.ProofRow) error {
	_, err := tx.Exec(ctx, query("proof/clear"), month.String())
	if err != nil {
		return err
	}
	for _, r := range proof {
		_, err = tx.Exec(ctx, query("proof/add"), month.String(), r.Provider, r.BillingAccount, r.Currency,
			r.Delivered, r.Sealed, r.Quarantined, r.Assigned, r.Retained, r.Unassigned, r.Undecided,
			r.UndecidedAside)
		if err != nil {
			return fmt.Errorf("write the proof of %s: %w", r.Payer, err)
		}
	}
	return nil
}

// Proof reads a month's proof as it was last written.
func (l *Ledger) Proof(ctx context.Context, month period.Month) ([]closing.ProofRow, error) {
	return writtenProof(ctx, l.pool, month)
}

func writtenProof(ctx context.Context, books reader, month period.Month) ([]closing.ProofRow, error) {
	rows, err := books.Query(ctx, query("proof/read"), month.String())
	if err != nil {
		return nil, fmt.Errorf("read the proof of %s: %w", month, err)
	}
	return pgx.CollectRows(rows, proofRow)
}

func proofRow(row pgx.CollectableRow) (closing.ProofRow, error) {
	var r closing.ProofRow
	return r, row.Scan(&r.Provider, &r.BillingAccount, &r.Currency, &r.Delivered, &r.Sealed, &r.Quarantined,
		&r.Assigned, &r.Retained, &r.Unassigned, &r.Undecided, &r.UndecidedAside)
}
