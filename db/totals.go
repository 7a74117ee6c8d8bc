package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/period"
)

// Totals answers what the books hold. It only reads.
type Totals struct {
	Pool *pgxpool.Pool
}

// Total is what is held of one currency and state, and of one key where asked
// for. Amounts are text with every digit that the sources gave.
type Total struct {
	Key        string // service code else name, sub account, category, provider name, invoice id, issuer or line type
	Name       string // of the service or the sub account
	Provider   string // its code
	Currency   string
	State      string // sealed or quarantined
	Rows       int64
	Billed     string
	Effective  string
	List       string
	Contracted string
}

// TotalsBy is what totals can be grouped by.
var TotalsBy = []string{"service", "sub-account", "category", "provider", "invoice-id", "issuer", "line-type"}

// OfMonth adds up a month over every published delivery.
func (t *Totals) OfMonth(ctx context.Context, month period.Month, by string) ([]Total, error) {
	totals, err := t.collect(ctx, query("totals/by"), month.String(), int64(0), by)
	if err != nil {
		return nil, fmt.Errorf("add up %s: %w", month, err)
	}
	return totals, nil
}

// OfDelivery adds up every row of a delivery, of whatever month. Of a delivery
// that was superseded the totals are kept, but nothing finer.
func (t *Totals) OfDelivery(ctx context.Context, id int64, by string) ([]Total, error) {
	found, err := t.Delivery(ctx, id)
	if err != nil {
		return nil, err
	}
	if by != "" && found.State != delivery.StateSealed {
		return nil, &fault.Error{
			Code: fault.Input,
			What: fmt.Sprintf("delivery %d is %s: its rows are gone, its totals are kept", id, found.State),
			Cure: "leave --by out",
		}
	}
	var totals []Total
	if by == "" {
		totals, err = t.collect(ctx, query("totals/of_delivery"), id)
	} else {
		totals, err = t.collect(ctx, query("totals/by"), "", id, by)
	}
	if err != nil {
		return nil, fmt.Errorf("add up delivery %d: %w", id, err)
	}
	return totals, nil
}

func (t *Totals) collect(ctx context.Context, statement string, arguments ...any) ([]Total, error) {
	rows, err := t.Pool.Query(ctx, statement, arguments...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Total])
}

// DeliveryFacts is a delivery as people ask for it.
type DeliveryFacts struct {
	ID      int64
	Source  string
	Format  string
	State   string
	Refusal string
	Months  []string
}

// Delivery looks one up.
func (t *Totals) Delivery(ctx context.Context, id int64) (DeliveryFacts, error) {
	rows, err := t.Pool.Query(ctx, query("totals/delivery"), id)
	if err != nil {
		return DeliveryFacts{}, fmt.Errorf("look up delivery %d: %w", id, err)
	}
	found, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[DeliveryFacts])
	if errors.Is(err, pgx.ErrNoRows) {
		return DeliveryFacts{}, &fault.Error{
			Code: fault.Input, Value: fmt.Sprint(id), What: "is no delivery",
			Cure: "starter ingest prints a delivery's id",
		}
	}
	if err != nil {
		return DeliveryFacts{}, fmt.Errorf("look up delivery %d: %w", id, err)
	}
	return found, nil
}

// LoadProgress is how many parts are known, how many of them are loaded, and what these hold.
type LoadProgress struct {
	Parts, Loaded      int64
	Bytes, LoadedBytes int64
	Rows               int64
}

// Progress counts what is known and loaded since a delivery.
func (t *Totals) Progress(ctx context.Context, since int64) (LoadProgress, error) {
	rows, err := t.Pool.Query(ctx, query("totals/progress"), since)
	if err != nil {
		return LoadProgress{}, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[LoadProgress])
}

// Newest is the id of the newest delivery, 0 where there is none.
func (t *Totals) Newest(ctx context.Context) (int64, error) {
	var id int64
	err := t.Pool.QueryRow(ctx, query("totals/newest")).Scan(&id)
	return id, err
}
