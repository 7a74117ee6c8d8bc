package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/period"
)

// Behind is one kind of source rows that may stand behind a document's line:
// whether it does is for the rules of basis and tax to say.
type Behind struct {
	Bill, Item int32
	Group      charge.Group // what the rules look at, summed
}

// SourceRow is one row of a provider's file.
type SourceRow struct {
	Delivery    int64     `json:"delivery"`
	Source      string    `json:"source"`
	File        string    `json:"file"`
	Row         int64     `json:"row"`
	StartsAt    time.Time `json:"starts_at"`
	LineType    string    `json:"line_type"`
	Description string    `json:"description"`
	Resource    string    `json:"resource"`
	Quantity    string    `json:"quantity"`
	Billed      string    `json:"billed"`
	Effective   string    `json:"effective"`
	List        string    `json:"list"`
}

// ByNumber reads a finalized document by its number.
func (l *Ledger) ByNumber(ctx context.Context, number string) (invoice.Snapshot, error) {
	return l.snapshot(ctx, number, query("board/by_number"), number)
}

// DraftOf reads a document that has no number yet, or has one by now.
func (l *Ledger) DraftOf(
	ctx context.Context, customer, provider string, month period.Month,
) (invoice.Snapshot, error) {
	return l.snapshot(ctx, customer+" "+provider+" "+month.String(), query("board/draft_of"),
		customer, provider, month.String())
}

func (l *Ledger) snapshot(
	ctx context.Context,
	name, statement string,
	arguments ...any,
) (invoice.Snapshot, error) {
	var bytes []byte
	err := l.pool.QueryRow(ctx, statement, arguments...).Scan(&bytes)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && len(bytes) == 0 {
		return invoice.Snapshot{}, fault.New(fault.Input, "there is no document "+name,
			"list them with `starter invoices --month M`")
	}
	if err != nil {
		return invoice.Snapshot{}, fmt.Errorf("read %s: %w", name, err)
	}
	return invoice.ParseSnapshot(bytes)
}

// Behind lists what may stand behind a line: same account, service, usage type,
// unit and currency, among the customer's own days of the account.
func (l *Ledger) Behind(ctx context.Context, of invoice.Snapshot, line invoice.Line) ([]Behind, error) {
	rows, err := l.pool.Query(
		ctx,
		query("board/line_items"),
		of.Month.String(),
		of.Customer.Code,
		of.Provider,
		line.Account,
		line.Service,
		line.UsageType,
		line.Unit,
		line.Source,
	)
	if err != nil {
		return nil, fmt.Errorf("look behind line %d: %w", line.Position, err)
	}
	behind, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Behind, error) {
		b := Behind{Group: charge.Group{
			Provider: of.Provider, SubAccount: line.Account, UsageType: line.UsageType, Unit: line.Unit,
			Currency: line.Source,
		}}
		g := &b.Group
		return b, row.Scan(
			&b.Bill,
			&b.Item,
			&g.BillingAccount,
			&g.InvoiceIssuer,
			&g.BillingEntity,
			&g.ServiceCode,
			&g.ServiceName,
			&g.Category,
			&g.Class,
			&g.LineType,
			&g.Rows,
			&g.Billed,
		)
	})
	if err != nil {
		return nil, fmt.Errorf("look behind line %d: %w", line.Position, err)
	}
	return behind, nil
}

// SourceRows is a page of the rows themselves, in the order of the files.
func (l *Ledger) SourceRows(
	ctx context.Context, of invoice.Snapshot, line invoice.Line, behind []Behind, limit, offset int,
) ([]SourceRow, error) {
	bills, items := make([]int32, len(behind)), make([]int32, len(behind))
	for i, one := range behind {
		bills[i], items[i] = one.Bill, one.Item
	}
	rows, err := l.pool.Query(ctx, query("board/source_rows"),
		of.Month.String(), of.Customer.Code, line.Account, bills, items, limit, offset)
	if err != nil {
		return nil, fmt.Errorf("read the rows behind line %d: %w", line.Position, err)
	}
	listed, err := pgx.CollectRows(rows, pgx.RowToStructByPos[SourceRow])
	if err != nil {
		return nil, fmt.Errorf("read the rows behind line %d: %w", line.Position, err)
	}
	return listed, nil
}

// Sum is what several kinds of rows cost, and how many there are.
func Sum(behind []Behind) (rows int64, billed decimal.Decimal) {
	for _, one := range behind {
		rows, billed = rows+one.Group.Rows, billed.Add(one.Group.Billed)
	}
	return rows, billed
}
