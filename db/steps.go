package db

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"magam/domain/closing"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
)

// Steps reads a month's steps as they were last written.
func (l *Ledger) Steps(ctx context.Context, month period.Month) ([]closing.StepRow, error) {
	rows, err := l.pool.Query(ctx, query("steps/read"), month.String())
	if err != nil {
		return nil, fmt.Errorf("read the steps of %s: %w", month, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (closing.StepRow, error) {
		var r closing.StepRow
		return r, row.Scan(&r.Provider, &r.BillingAccount, &r.Source, &r.Currency, &r.Ordinal, &r.Step,
			&r.Amounts, &r.Delta, &r.After)
	})
}

// replaceSteps adds up the month's documents as they stand, step by step,
// proves the sums against the proof and writes them in place of those before.
func replaceSteps(
	ctx context.Context, tx pgx.Tx, month period.Month, proof []closing.ProofRow,
) error {
	shares, several, err := sharesOfAll(ctx, tx, month)
	if err != nil {
		return err
	}
	var table closing.StepTable
	if several {
		table.Payers, err = payersOf(ctx, tx, month)
		if err != nil {
			return err
		}
	}
	rows, err := tx.Query(ctx, query("steps/documents"), month.String())
	if err != nil {
		return fmt.Errorf("read the documents of %s: %w", month, err)
	}
	var id int64
	var document closing.StepDocument
	var bytes []byte
	_, err = pgx.ForEachRow(rows, []any{
		&id, &document.Provider, &document.Customer, &document.Currency, &document.Parked, &bytes,
	}, func() error {
		one := document
		one.Shares = shares[id]
		if !one.Parked {
			snapshot, err := invoice.ParseSnapshot(bytes)
			if err != nil {
				return fmt.Errorf("read the document of %s: %w", one.Customer, err)
			}
			one.Snapshot = snapshot
		}
		table.Add(one)
		return nil
	})
	if err != nil {
		return err
	}
	err = table.Reconcile(month, proof)
	if err != nil {
		return err
	}
	return writeSteps(ctx, tx, month, table.Rows())
}

// settleSteps proves a month once more as it ends, and writes its steps: since it
// was proved somebody may have rejected a draft, and what a parked customer
// keeps back is assigned to it whole. Where accounts were given away meanwhile,
// the proof stands under which the documents were numbered.
func settleSteps(ctx context.Context, tx pgx.Tx, month period.Month) error {
	proof, err := proofRows(ctx, tx, month)
	if err != nil {
		return err
	}
	if closing.Prove(month, proof) == nil {
		err = replaceProof(ctx, tx, month, proof)
	} else {
		proof, err = writtenProof(ctx, tx, month)
	}
	if err != nil {
		return err
	}
	return replaceSteps(ctx, tx, month, proof)
}

func writeSteps(ctx context.Context, tx pgx.Tx, month period.Month, steps []closing.StepRow) error {
	batch := &pgx.Batch{}
	batch.Queue(query("steps/clear"), month.String())
	for _, r := range steps {
		batch.Queue(query("steps/add"), month.String(), r.Provider, r.BillingAccount, r.Source, r.Currency,
			r.Ordinal, r.Step, r.Amounts, r.Delta, r.After)
	}
	err := tx.SendBatch(ctx, batch).Close()
	if err != nil {
		return fmt.Errorf("write the steps of %s: %w", month, err)
	}
	return nil
}

// sharesOfAll are what the month's documents took of the bill, and whether any
// of them took from several payers.
func sharesOfAll(
	ctx context.Context, tx pgx.Tx, month period.Month,
) (map[int64][]invoice.Share, bool, error) {
	rows, err := tx.Query(ctx, query("steps/shares"), month.String())
	if err != nil {
		return nil, false, fmt.Errorf("read the shares of %s: %w", month, err)
	}
	shares, several := map[int64][]invoice.Share{}, false
	var id int64
	var s invoice.Share
	_, err = pgx.ForEachRow(rows, []any{
		&id, &s.Provider, &s.BillingAccount, &s.Currency, &s.Rows, &s.Assigned, &s.Retained,
	}, func() error {
		for _, other := range shares[id] {
			several = several || other.Currency == s.Currency
		}
		shares[id] = append(shares[id], s)
		return nil
	})
	if err != nil {
		return nil, false, fmt.Errorf("read the shares of %s: %w", month, err)
	}
	return shares, several, nil
}

func payersOf(ctx context.Context, tx pgx.Tx, month period.Month) (map[closing.AccountOf][]string, error) {
	rows, err := tx.Query(ctx, query("steps/payers"), month.String())
	if err != nil {
		return nil, fmt.Errorf("read who bills the accounts of %s: %w", month, err)
	}
	payers := map[closing.AccountOf][]string{}
	var provider, account string
	var currency money.Currency
	var billing []string
	_, err = pgx.ForEachRow(rows, []any{&provider, &account, &currency, &billing}, func() error {
		payers[closing.AccountOf{Provider: provider, SubAccount: account, Currency: currency}] = append(
			[]string{},
			billing...)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read who bills the accounts of %s: %w", month, err)
	}
	return payers, nil
}
