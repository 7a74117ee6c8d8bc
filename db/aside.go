package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"magam/domain/closing"
	"magam/domain/fault"
)

// AsideRow is one row set aside, as people see it. Amounts are text with every
// digit, empty where the file's text is no number.
type AsideRow struct {
	ID          int64              `json:"id"`
	Delivery    int64              `json:"delivery"`
	Stage       string             `json:"delivery_state"`
	Source      string             `json:"source"`
	Part        int32              `json:"part"`
	File        string             `json:"file"`
	Row         int64              `json:"row"`
	Byte        int64              `json:"byte"`
	Code        string             `json:"code"`
	Column      string             `json:"column"`
	Value       string             `json:"value"` // an excerpt
	Month       string             `json:"month"`
	Currency    string             `json:"currency"` // XXX where the row names none
	Provider    string             `json:"provider"`
	Service     string             `json:"service"`
	SubAccount  string             `json:"sub_account"`
	Category    string             `json:"category"`
	InvoiceID   string             `json:"invoice_id"`
	Billed      string             `json:"billed"`
	Effective   string             `json:"effective"`
	List        string             `json:"list"`
	FirstSeen   time.Time          `json:"first_seen"`
	RuleVersion int                `json:"rule_version"`
	State       closing.AsideState `json:"state"`
	DecidedBy   string             `json:"decided_by"`
	Blocks      bool               `json:"blocks"` // keeps its month from closing
	SHA256      string             `json:"sha256"` // of its bytes
	Said        string             `json:"said"`
}

// Asides lists rows set aside, in order of their names.
func (l *Ledger) Asides(ctx context.Context, filter closing.AsideFilter, limit int) ([]AsideRow, error) {
	return asides(ctx, l.pool, filter, limit)
}

func asides(ctx context.Context, books reader, filter closing.AsideFilter, limit int) ([]AsideRow, error) {
	rows, err := books.Query(ctx, query("aside/list"), append(chosen(filter), limit)...)
	if err != nil {
		return nil, fmt.Errorf("list the rows set aside: %w", err)
	}
	listed, err := pgx.CollectRows(rows, pgx.RowToStructByPos[AsideRow])
	if err != nil {
		return nil, fmt.Errorf("list the rows set aside: %w", err)
	}
	return listed, nil
}

// chosen spells a filter for SQL.
func chosen(filter closing.AsideFilter) []any {
	month := ""
	if !filter.Month.IsZero() {
		month = filter.Month.String()
	}
	return []any{
		append(
			[]int64{},
			filter.Rows...),
		month,
		filter.Source,
		filter.Delivery,
		filter.Code,
		string(filter.State),
	}
}

// asideGroupsMax bounds how many sums are shown: a board shows them all.
const asideGroupsMax = 24

// AsideGroups adds up rows set aside: those that block a month stand first.
func (l *Ledger) AsideGroups(ctx context.Context, filter closing.AsideFilter) ([]closing.AsideGroup, error) {
	return asideGroups(ctx, l.pool, filter)
}

func asideGroups(
	ctx context.Context, books reader, filter closing.AsideFilter,
) ([]closing.AsideGroup, error) {
	rows, err := books.Query(ctx, query("aside/groups"), append(chosen(filter), asideGroupsMax)...)
	if err != nil {
		return nil, fmt.Errorf("add up the rows set aside: %w", err)
	}
	groups, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (closing.AsideGroup, error) {
		var g closing.AsideGroup
		return g, row.Scan(&g.Source, &g.Month, &g.Code, &g.Currency, &g.State, &g.Said, &g.Rows, &g.Unknown,
			&g.Blocks, &g.Billed)
	})
	if err != nil {
		return nil, fmt.Errorf("add up the rows set aside: %w", err)
	}
	return groups, nil
}

// AsideDetail is the whole of a row set aside.
type AsideDetail struct {
	AsideRow
	Raw    []byte       `json:"raw"`    // exactly as delivered
	Header []string     `json:"header"` // the file's column names
	Cells  []string     `json:"cells"`  // as the reader saw them
	Words  []AsideSaid  `json:"words"`
	Before []AsideTwice `json:"same_bytes"` // in other deliveries of the source
}

// AsideSaid is one word about a row.
type AsideSaid struct {
	Verdict string    `json:"verdict"`
	By      string    `json:"by"`
	Reason  string    `json:"reason"`
	At      time.Time `json:"at"`
}

// AsideTwice is a row of the very same bytes.
type AsideTwice struct {
	ID    int64              `json:"id"`
	State closing.AsideState `json:"state"`
}

// Aside reads the whole of one row set aside.
func (l *Ledger) Aside(ctx context.Context, id int64) (AsideDetail, error) {
	name := closing.AsideName(id)
	rows, err := l.Asides(ctx, closing.AsideFilter{Rows: []int64{id}}, 1)
	if err != nil {
		return AsideDetail{}, err
	}
	if len(rows) == 0 {
		return AsideDetail{}, fault.New(fault.Input, "there is no row "+name,
			"list them: starter quarantine list")
	}
	detail := AsideDetail{AsideRow: rows[0]}
	err = l.pool.QueryRow(ctx, query("aside/whole"), id).Scan(&detail.Raw, &detail.Header, &detail.Cells)
	if err != nil {
		return AsideDetail{}, fmt.Errorf("read %s: %w", name, err)
	}
	words, err := l.pool.Query(ctx, query("aside/said"), id)
	if err != nil {
		return AsideDetail{}, fmt.Errorf("read what was said about %s: %w", name, err)
	}
	detail.Words, err = pgx.CollectRows(words, pgx.RowToStructByPos[AsideSaid])
	if err != nil {
		return AsideDetail{}, fmt.Errorf("read what was said about %s: %w", name, err)
	}
	before, err := l.pool.Query(ctx, query("aside/seen_before"), id)
	if err != nil {
		return AsideDetail{}, fmt.Errorf("look for the bytes of %s: %w", name, err)
	}
	detail.Before, err = pgx.CollectRows(before, pgx.RowToStructByPos[AsideTwice])
	if err != nil {
		return AsideDetail{}, fmt.Errorf("look for the bytes of %s: %w", name, err)
	}
	return detail, nil
}

// asidesMax bounds what one word decides about.
const asidesMax = 10_000

// ChooseAside names the rows that a filter chooses now: how many, and the
// digest by which a decision about them is confirmed.
func (l *Ledger) ChooseAside(
	ctx context.Context, filter closing.AsideFilter,
) (rows int, digest string, err error) {
	listed, err := chooseAside(ctx, l.pool, filter)
	return len(listed), asideDigest(listed), err
}

func chooseAside(ctx context.Context, books reader, filter closing.AsideFilter) ([]AsideRow, error) {
	rows, err := asides(ctx, books, filter, asidesMax+1)
	switch {
	case err != nil:
		return nil, err
	case len(rows) == 0:
		return nil, fault.New(fault.Input, "no row set aside is like that",
			"look: starter quarantine list --state all")
	case len(rows) > asidesMax:
		return nil, fault.New(fault.Limit, fmt.Sprintf("more than %d rows", asidesMax),
			"decide by delivery and code, or have the whole delivered again")
	case len(filter.Rows) > 0 && len(rows) < len(filter.Rows):
		return nil, fault.New(fault.Input, fmt.Sprintf("%d of the %d rows named are there", len(rows),
			len(filter.Rows)), "list them: starter quarantine list --state all")
	}
	return rows, nil
}

// asideDigest names rows by what a person decides about: which they are, and what
// their bytes and amounts are. How they stand is no part of it.
func asideDigest(rows []AsideRow) string {
	digest := sha256.New()
	for _, row := range rows {
		fmt.Fprintf(digest, "%d|%s|%s|%s|%s\n", row.ID, row.Code, row.Currency, row.Billed, row.SHA256)
	}
	return hex.EncodeToString(digest.Sum(nil))
}

// errChanged refuses a word about rows that are not those the person saw.
var errChanged = errors.New("the rows are not those that were shown")
