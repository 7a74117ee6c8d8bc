package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/margin"
	"magam/domain/money"
	"magam/domain/period"
)

// Margins reads what a month was bought and sold for: sold from the documents'
// snapshots, which are the truth of it, what is on no document from the days.
type Margins struct {
	pool *pgxpool.Pool
}

// NewMargins reads from a database.
func NewMargins(pool *pgxpool.Pool) *Margins { return &Margins{pool: pool} }

// Margin adds a month up, of one customer or, where none is named, of all, from
// one moment of the books. One snapshot at a time is in memory.
func (m *Margins) Margin(
	ctx context.Context, month period.Month, customer string,
) (report margin.Report, err error) {
	oneMoment := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, m.pool, oneMoment, func(tx pgx.Tx) error {
		tally := margin.NewTally(month, customer)
		err := addDocuments(ctx, tx, tally, month, customer)
		if err != nil {
			return err
		}
		around, err := aroundOf(ctx, tx, month, customer)
		if err != nil {
			return err
		}
		report = tally.Report(around)
		return nil
	})
	if err != nil {
		return margin.Report{}, fmt.Errorf("add up the margin of %s: %w", month, err)
	}
	return report, nil
}

func addDocuments(
	ctx context.Context, tx pgx.Tx, tally *margin.Tally, month period.Month, customer string,
) error {
	type row struct {
		ID                                int64
		Customer, Provider, State, Parked string
	}
	documents, err := collected(ctx, tx, pgx.RowToStructByPos[row], query("margin/documents"), month.String(),
		customer)
	if err != nil {
		return err
	}
	for _, d := range documents {
		shares, err := collected(ctx, tx, scanShare, query("margin/shares"), d.ID)
		if err != nil {
			return err
		}
		document := margin.Document{
			Customer: d.Customer, Provider: d.Provider, State: d.State, Parked: d.Parked, Shares: shares,
		}
		if d.State != "parked" {
			document.Snapshot, err = trustedSnapshot(ctx, tx, d.ID)
			if err != nil {
				return fmt.Errorf("read the document of %s, %s: %w", d.Customer, d.Provider, err)
			}
		}
		err = tally.Add(document)
		if err != nil {
			return err
		}
	}
	return nil
}

// trustedSnapshot reads a document as it is frozen, or drafted, and refuses bytes
// that are not those of its digest.
func trustedSnapshot(ctx context.Context, books reader, id int64) (invoice.Snapshot, error) {
	var canonical []byte
	var digest string
	err := books.QueryRow(ctx, query("documents/draft"), id).Scan(&canonical, &digest)
	if err != nil {
		return invoice.Snapshot{}, err
	}
	if invoice.Digest(canonical) != digest {
		return invoice.Snapshot{}, fault.New(fault.DigestChanged, "its bytes are not those of its digest",
			"run `starter audit` for the month and restore the books from a backup")
	}
	return invoice.ParseSnapshot(canonical)
}

func scanShare(row pgx.CollectableRow) (invoice.Share, error) {
	var s invoice.Share
	return s, row.Scan(&s.Provider, &s.BillingAccount, &s.Currency, &s.Rows, &s.Assigned, &s.Retained)
}

// aroundOf reads what a report says of the month beside its documents.
func aroundOf(
	ctx context.Context, tx pgx.Tx, month period.Month, customer string,
) (around margin.Around, err error) {
	err = tx.QueryRow(ctx, query("margin/period"), month.String()).Scan(&around.State, &around.Accepted)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return around, err
	}
	for statement, kept := range map[string]*[]margin.Retained{
		"margin/kept": &around.Kept, "margin/discounts": &around.Discounts,
	} {
		*kept, err = collected(
			ctx, tx, pgx.RowToStructByPos[margin.Retained], query(statement), month.String(), customer)
		if err != nil {
			return around, err
		}
	}
	around.Decisions, err = collected(ctx, tx, pgx.RowToStructByPos[margin.Decision],
		query("margin/decisions"), month.String(), customer)
	if err != nil || customer != "" {
		return around, err
	}
	around.Proof, err = collected(ctx, tx, proofRow, query("proof/read"), month.String())
	if err != nil {
		return around, err
	}
	around.Unmapped, err = unmapped(ctx, tx, month)
	return around, err
}

// unmapped gathers the services of each account that no customer owned.
func unmapped(ctx context.Context, books reader, month period.Month) ([]margin.Unmapped, error) {
	rows, err := books.Query(ctx, query("margin/unmapped"), month.String())
	if err != nil {
		return nil, err
	}
	var list []margin.Unmapped
	var one margin.Unmapped
	var currency money.Currency
	var cost margin.ServiceCost
	var first time.Time
	_, err = pgx.ForEachRow(rows, []any{
		&one.Provider,
		&one.BillingAccount,
		&one.Account,
		&one.Name,
		&currency,
		&cost.Name,
		&cost.Billed,
		&first,
	}, func() error {
		last := len(list) - 1
		if last < 0 || list[last].Provider != one.Provider ||
			list[last].BillingAccount != one.BillingAccount ||
			list[last].Account != one.Account ||
			list[last].Currency != currency {
			list = append(list, margin.Unmapped{
				Provider: one.Provider, BillingAccount: one.BillingAccount, Account: one.Account,
				FirstSeen: invoice.NewDate(first), Currency: currency,
			})
			last++
		}
		list[last].Name = max(list[last].Name, one.Name)
		list[last].Billed = list[last].Billed.Add(cost.Billed)
		list[last].Services = append(list[last].Services, cost)
		return nil
	})
	return list, err
}
