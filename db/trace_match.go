package db

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"magam/domain/charge"
	"magam/domain/closing"
	"magam/domain/invoice"
)

// entry is a row of a dictionary by the hash of all its fields, which the books
// keep beside it: a file's row that has the hash is of that entry.
type entry [sha256.Size]byte

// stretch is days that a customer owned an account; nil is open.
type stretch struct {
	provider     string
	since, until *time.Time
}

// wanted is what tells the rows behind one line from all others of a file: the
// keys by which they were booked.
type wanted struct {
	account   string
	usageType string
	pairs     map[[2]entry]bool
	stretches []stretch
	bill      *dictionary // only to spell a tuple
	item      *dictionary
}

// RowMatcher gives what says of a file's row whether it stands behind a line,
// by the very keys by which the row is, or was, in the books.
func (l *Ledger) RowMatcher(
	ctx context.Context, of invoice.Snapshot, line invoice.Line, behind []closing.Behind,
) (closing.Matcher, error) {
	w := &wanted{
		account: line.Account, usageType: line.UsageType, pairs: map[[2]entry]bool{},
		bill: newDictionary("", nil), item: newDictionary("", nil),
	}
	bills, items := make([]int32, len(behind)), make([]int32, len(behind))
	for i, one := range behind {
		bills[i], items[i] = one.Bill, one.Item
	}
	billOf, err := l.entries(ctx, "trace/bill_hashes", bills)
	if err != nil {
		return nil, err
	}
	itemOf, err := l.entries(ctx, "trace/item_hashes", items)
	if err != nil {
		return nil, err
	}
	for _, one := range behind {
		w.pairs[[2]entry{billOf[one.Bill], itemOf[one.Item]}] = true
	}
	rows, err := l.pool.Query(ctx, query("trace/owned_days"), of.Month.String(), of.Customer.Code,
		line.Account)
	if err != nil {
		return nil, fmt.Errorf("read the days of %s: %w", line.Account, err)
	}
	w.stretches, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (stretch, error) {
		var s stretch
		return s, row.Scan(&s.provider, &s.since, &s.until)
	})
	if err != nil {
		return nil, fmt.Errorf("read the days of %s: %w", line.Account, err)
	}
	return w.match, nil
}

func (l *Ledger) entries(ctx context.Context, statement string, ids []int32) (map[int32]entry, error) {
	rows, err := l.pool.Query(ctx, query(statement), ids)
	if err != nil {
		return nil, fmt.Errorf("read the dictionaries: %w", err)
	}
	found := map[int32]entry{}
	var id int32
	var hash []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &hash}, func() error {
		if len(hash) != sha256.Size {
			return fmt.Errorf("entry %d of a dictionary has a hash of %d bytes", id, len(hash))
		}
		found[id] = entry(hash)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the dictionaries: %w", err)
	}
	return found, nil
}

func (w *wanted) match(line *charge.Line) bool {
	if string(line.SubAccountID) != w.account || string(line.UsageType) != w.usageType || !w.owned(line) {
		return false
	}
	w.bill.lookBill(line)
	w.item.lookItem(line)
	return w.pairs[[2]entry{sha256.Sum256(w.bill.scratch), sha256.Sum256(w.item.scratch)}]
}

// owned says whether the row's day is one on which the customer owned the account.
func (w *wanted) owned(line *charge.Line) bool {
	day := line.Start.UTC().Truncate(24 * time.Hour)
	for _, s := range w.stretches {
		if s.provider == string(line.Provider) && (s.since == nil || !day.Before(*s.since)) &&
			(s.until == nil || day.Before(*s.until)) {
			return true
		}
	}
	return false
}
