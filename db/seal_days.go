package db

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"magam/domain/fault"
)

// daySums are the sums of one bill and one bucket of days.
type daySums struct {
	Bill, Bucket                                  int32
	Rows                                          int64
	Quantity, Billed, Effective, List, Contracted string
}

// proveDays compares the daily sums, which were added up here while the rows
// were read, with what Postgres adds up over every row that it holds.
//
// Rows are compared per bill and per bucket, one of 64 by a hash of day,
// account, item, tags and commitment: a sum under a wrong day or account would
// leave the bill's total right, and still show.
func proveDays(ctx context.Context, tx pgx.Tx, id int64, parts []int64) error {
	rows, err := daySumsOf(ctx, tx, query("seal/rows"), parts)
	if err != nil {
		return fmt.Errorf("add up the rows: %w", err)
	}
	days, err := daySumsOf(ctx, tx, query("seal/days"), id)
	if err != nil {
		return fmt.Errorf("add up the days: %w", err)
	}
	for i := range max(len(rows), len(days)) {
		if i < len(rows) && i < len(days) && rows[i] == days[i] {
			continue
		}
		return fault.New(fault.ControlTotal,
			fmt.Sprintf("the rows hold %s, their days %s", sumsAt(rows, i), sumsAt(days, i)),
			"load it again; if it happens again, tell the developers")
	}
	return nil
}

func daySumsOf(ctx context.Context, tx pgx.Tx, statement string, of any) ([]daySums, error) {
	rows, err := tx.Query(ctx, statement, of)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[daySums])
}

func sumsAt(sums []daySums, i int) string {
	if i >= len(sums) {
		return "nothing"
	}
	return fmt.Sprintf("%+v", sums[i])
}
