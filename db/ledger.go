package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Ledger keeps the books of a close: periods, drafts, decisions, proofs and
// finalized documents. Everything that decides does so under a row's lock, in
// the order period, document, series, audit chain.
type Ledger struct {
	pool   *pgxpool.Pool
	owners owners
}

// NewLedger keeps books in a database.
func NewLedger(pool *pgxpool.Pool) *Ledger { return &Ledger{pool: pool} }

// transactionsMax bounds how often a transaction starts over after the database
// chose it as the victim of a deadlock or of a serialization failure.
const transactionsMax = 10

// inTransaction runs work in one transaction, whole or not at all. Work may run
// again: it reads what it needs inside.
func (l *Ledger) inTransaction(ctx context.Context, work func(pgx.Tx) error) error {
	var err error
	for range transactionsMax {
		err = pgx.BeginFunc(ctx, l.pool, work)
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != "40001" && refused.Code != "40P01" {
			return err
		}
	}
	return fmt.Errorf("gave way %d times: %w", transactionsMax, err)
}

// audit appends one row to the chain. Its lock is the last a transaction takes.
func audit(ctx context.Context, tx pgx.Tx, actor, action, subject string, detail map[string]any) error {
	text, err := json.Marshal(detail)
	if err != nil {
		return err
	}
	if actor == "" {
		actor = "schedule"
	}
	_, err = tx.Exec(ctx, query("close/append_audit"), actor, action, subject, text)
	if err != nil {
		return fmt.Errorf("append to the audit log: %w", err)
	}
	return nil
}

// reader is what reads alike inside and outside a transaction.
type reader interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}
