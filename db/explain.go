package db

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"magam/domain/charge"
	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/period"
)

// Document reads a document as people name it: by its number, or, while it may
// have none, as customer/provider/month.
func (l *Ledger) Document(ctx context.Context, name string) (invoice.Snapshot, error) {
	parts := strings.Split(name, "/")
	if len(parts) != 3 {
		return l.snapshot(ctx, name, query("board/by_number"), name)
	}
	month, err := period.ParseMonth(parts[2])
	if err != nil {
		return invoice.Snapshot{}, &fault.Error{
			Code: fault.Input, Value: name, What: "names no document", Err: err,
			Cure: "name a draft as customer/provider/month, such as acme/aws/2026-10",
		}
	}
	return l.snapshot(ctx, name, query("board/draft_of"), parts[0], parts[1], month.String())
}

func (l *Ledger) snapshot(
	ctx context.Context, name, statement string, arguments ...any,
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
// unit and currency, among the customer's own days of the account. It reads the
// daily sums, which stay when the rows leave.
func (l *Ledger) Behind(
	ctx context.Context, of invoice.Snapshot, line invoice.Line,
) ([]closing.Behind, error) {
	rows, err := l.pool.Query(ctx, query("trace/line_items"), of.Month.String(), of.Customer.Code,
		of.Provider, line.Account, line.Service, line.UsageType, line.Unit, line.Source)
	if err != nil {
		return nil, fmt.Errorf("look behind line %d: %w", line.Position, err)
	}
	behind, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (closing.Behind, error) {
		b := closing.Behind{Group: charge.Group{
			Provider: of.Provider, SubAccount: line.Account, UsageType: line.UsageType, Unit: line.Unit,
			Currency: line.Source,
		}}
		g := &b.Group
		return b, row.Scan(&b.Bill, &b.Item, &g.BillingAccount, &g.InvoiceIssuer, &g.BillingEntity,
			&g.ServiceCode, &g.ServiceName, &g.Category, &g.Class, &g.LineType, &g.Rows, &g.Billed)
	})
	if err != nil {
		return nil, fmt.Errorf("look behind line %d: %w", line.Position, err)
	}
	return behind, nil
}

// TraceParts lists the files of a month's published deliveries, in order, and
// which of them left the books.
func (l *Ledger) TraceParts(ctx context.Context, month period.Month) ([]closing.TracePart, error) {
	rows, err := l.pool.Query(ctx, query("trace/parts"), month.String())
	if err != nil {
		return nil, fmt.Errorf("list the files of %s: %w", month, err)
	}
	parts, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (closing.TracePart, error) {
		var p closing.TracePart
		var of string
		err := row.Scan(&p.ID, &p.Delivery, &p.Source, &p.Format, &of, &p.Ordinal, &p.Key, &p.Bytes,
			&p.Digest, &p.ArchiveKey, &p.Archived, &p.Aside)
		if err == nil && of != "" {
			p.Month, err = period.ParseMonth(of)
		}
		return p, err
	})
	if err != nil {
		return nil, fmt.Errorf("list the files of %s: %w", month, err)
	}
	return parts, nil
}

// RowsWanted asks for the rows behind a line.
type RowsWanted struct {
	Of     invoice.Snapshot
	Line   invoice.Line
	Behind []closing.Behind
	Parts  []closing.TracePart // files whose rows are in the books
	Limit  int                 // 0: all of them
	Offset int
}

// keys are the ids by which rows are told.
func (in RowsWanted) keys() (bills, items []int32, parts []int64) {
	for _, one := range in.Behind {
		bills, items = append(bills, one.Bill), append(items, one.Item)
	}
	for _, part := range in.Parts {
		parts = append(parts, part.ID)
	}
	return bills, items, parts
}

// SourceSums counts the rows behind a line and adds them up, one by one: the
// daily sums are no witness here.
func (l *Ledger) SourceSums(ctx context.Context, in RowsWanted) (rows int64, billed string, err error) {
	bills, items, parts := in.keys()
	err = l.pool.QueryRow(ctx, query("trace/source_sums"), in.Of.Month.String(), in.Of.Customer.Code,
		in.Line.Account, bills, items, parts).Scan(&rows, &billed)
	if err != nil {
		return 0, "", fmt.Errorf("add up the rows behind line %d: %w", in.Line.Position, err)
	}
	return rows, billed, nil
}

// SourceRows gives the rows behind a line to each, in the order of the files:
// all that were asked for, in flat memory.
func (l *Ledger) SourceRows(ctx context.Context, in RowsWanted, each func(charge.SourceRow) error) error {
	bills, items, parts := in.keys()
	var limit *int
	if in.Limit > 0 {
		limit = &in.Limit
	}
	rows, err := l.pool.Query(ctx, query("trace/source_rows"), in.Of.Month.String(), in.Of.Customer.Code,
		in.Line.Account, bills, items, limit, in.Offset, parts)
	if err != nil {
		return fmt.Errorf("read the rows behind line %d: %w", in.Line.Position, err)
	}
	var row charge.SourceRow
	_, err = pgx.ForEachRow(rows, []any{
		&row.Delivery,
		&row.Source,
		&row.Part,
		&row.File,
		&row.Row,
		&row.StartsAt,
		&row.LineType,
		&row.Description,
		&row.Resource,
		&row.Quantity,
		&row.Billed,
		&row.Effective,
		&row.List,
		&row.Contracted,
	}, func() error {
		row.StartsAt = row.StartsAt.UTC()
		return each(row)
	})
	if err != nil {
		return fmt.Errorf("read the rows behind line %d: %w", in.Line.Position, err)
	}
	return nil
}

// PartRows gives the rows of one file that stand behind a line, while they are
// in the books.
func (l *Ledger) PartRows(
	ctx context.Context, of invoice.Snapshot, line invoice.Line, behind []closing.Behind,
	part closing.TracePart, each func(charge.SourceRow) error,
) error {
	return l.SourceRows(ctx,
		RowsWanted{Of: of, Line: line, Behind: behind, Parts: []closing.TracePart{part}}, each)
}

// Version is the import of a sheet that a document was assembled from.
type Version struct {
	Import     int64
	ImportedBy string
	ImportedAt time.Time
}

// Versions are those of a document's sheets, by name.
func (l *Ledger) Versions(ctx context.Context, of invoice.Snapshot) (map[string]Version, error) {
	rows, err := l.pool.Query(ctx, query("trace/versions"), of.Customer.Code, of.Provider, of.Month.String())
	if err != nil {
		return nil, fmt.Errorf("read the versions of %s's sheets: %w", of.Customer.Code, err)
	}
	versions := map[string]Version{}
	var sheet string
	var version Version
	_, err = pgx.ForEachRow(rows, []any{&sheet, &version.Import, &version.ImportedBy, &version.ImportedAt},
		func() error {
			versions[sheet] = version
			return nil
		})
	return versions, err
}

// RuleRow is where a rule stands in a version of its sheet, and from which
// month on it is in force; row 0 is nowhere.
func (l *Ledger) RuleRow(
	ctx context.Context, version int64, sheet, id string, month period.Month,
) (row int, from string, err error) {
	err = l.pool.QueryRow(ctx, query("trace/rule_row"), version, sheet, id, month.String()).Scan(&row, &from)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, "", nil
	}
	return row, from, err
}
