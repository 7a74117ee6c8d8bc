package db

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"magam/domain/closing"
	"magam/domain/period"
)

// Board is a month's documents at a glance, one row each. A draft that rules or
// a person hold is "held".
func (l *Ledger) Board(ctx context.Context, month period.Month) ([]closing.Row, error) {
	rows, err := l.pool.Query(ctx, query("board/rows"), month.String())
	if err != nil {
		return nil, fmt.Errorf("read the board of %s: %w", month, err)
	}
	board, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (closing.Row, error) {
		var r closing.Row
		var holds []byte
		var parked, heldBy string
		err := row.Scan(&r.InvoiceID, &r.Customer, &r.Provider, &r.State, &r.Currency, &r.Total, &holds,
			&parked, &r.Number, &heldBy)
		if err != nil {
			return r, err
		}
		var reasons []closing.Hold
		err = json.Unmarshal(holds, &reasons)
		r.Stand(reasons, parked, heldBy)
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the board of %s: %w", month, err)
	}
	return board, nil
}

// DeliveryRow is one delivery as a month's status shows it.
type DeliveryRow struct {
	ID       int64  `json:"id"`
	Source   string `json:"source"`
	Format   string `json:"format"`
	State    string `json:"state"`
	Location string `json:"location"`
	Rows     int64  `json:"rows"`
	Billed   string `json:"billed"` // per currency, what was set aside apart
}

// Deliveries are the deliveries that hold a month or may come to.
func (l *Ledger) Deliveries(ctx context.Context, month period.Month) ([]DeliveryRow, error) {
	rows, err := l.pool.Query(ctx, query("board/deliveries"), month.String())
	if err != nil {
		return nil, fmt.Errorf("read the deliveries of %s: %w", month, err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[DeliveryRow])
}
