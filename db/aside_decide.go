package db

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"magam/domain/closing"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/period"
)

// DecideAside writes one person's word about rows set aside, about all or none,
// and what the words now amount to. The same word by the same person is written
// once; rows that stand that way already are left alone.
func (l *Ledger) DecideAside(ctx context.Context, in closing.AsideDecision) (closing.AsideDecided, error) {
	var decided closing.AsideDecided
	err := l.inTransaction(ctx, func(tx pgx.Tx) error {
		rows, err := rowsOfDecision(ctx, tx, in, true)
		if err != nil {
			return err
		}
		in.Digest = asideDigest(rows)
		desk, err := openAsideDesk(ctx, tx, rows)
		if err != nil {
			return err
		}
		said, err := desk.say(ctx, tx, in)
		if err != nil {
			return err
		}
		decided, err = desk.decided(ctx, tx, in.Digest)
		if err != nil || said == 0 {
			return err
		}
		return audit(ctx, tx, in.By.Code, "quarantine-"+string(in.Verdict), desk.subject(), map[string]any{
			"digest": in.Digest, "rows": len(rows), "said_of": said, "waiting": decided.Waiting,
			"reason": in.Reason, "sums": sumsInWords(decided.Groups),
		})
	})
	if err != nil {
		return closing.AsideDecided{}, fmt.Errorf("%s rows set aside: %w", in.Verdict, err)
	}
	return decided, nil
}

// LookAside says how the rows of a decision stand. The digest, where one is
// given, must be theirs.
func (l *Ledger) LookAside(
	ctx context.Context, filter closing.AsideFilter, digest string,
) (closing.AsideDecided, error) {
	var stand closing.AsideDecided
	err := l.inTransaction(ctx, func(tx pgx.Tx) error {
		if digest == "" && filter.Empty() {
			return fault.New(fault.Input, "no rows are chosen",
				`name some, such as {"rows": ["Q-12"]}, or choose them by delivery and code`)
		}
		rows, err := rowsOfDecision(ctx, tx, closing.AsideDecision{Filter: filter, Digest: digest}, false)
		if err != nil {
			return err
		}
		desk, err := openAsideDesk(ctx, tx, rows)
		if err != nil {
			return err
		}
		stand, err = desk.decided(ctx, tx, asideDigest(rows))
		return err
	})
	if err != nil {
		return closing.AsideDecided{}, fmt.Errorf("look at rows set aside: %w", err)
	}
	return stand, nil
}

// rowsOfDecision finds the rows: those that somebody named by the digest before,
// or those that the filter chooses now, which must be the same. Who decides about
// rows by what they are must be sure which they are: by the digest.
func rowsOfDecision(
	ctx context.Context, tx pgx.Tx, in closing.AsideDecision, sure bool,
) ([]AsideRow, error) {
	if in.Digest != "" {
		var named []int64
		err := tx.QueryRow(ctx, query("aside/named_by"), in.Digest).Scan(&named)
		if err != nil {
			return nil, err
		}
		if len(named) > 0 {
			in.Filter = closing.AsideFilter{Rows: named}
		}
	}
	if in.Digest != "" && in.Filter.Empty() {
		return nil, &fault.Error{
			Code: fault.Input, Value: in.Digest, What: "is the digest of no rows that somebody decided about",
			Cure: "name the rows, or choose them as the first person did",
		}
	}
	if sure && in.Digest == "" && len(in.Filter.Rows) == 0 {
		return nil, fault.New(fault.Input, "rows chosen by what they are need the digest that was shown",
			"run it without a digest first, look at the sums, then say it with the digest")
	}
	rows, err := chooseAside(ctx, tx, in.Filter)
	if err != nil {
		return nil, err
	}
	if in.Digest != "" && asideDigest(rows) != in.Digest {
		return nil, fault.New(fault.Approval, errChanged.Error(),
			"look at them again: starter quarantine list")
	}
	return rows, nil
}

// asideDesk is the rows of one decision, locked, with what was said about each.
type asideDesk struct {
	rows   []AsideRow
	ids    []int64
	words  map[int64][]closing.AsideWord
	closed []string // months among theirs that are closed
}

func openAsideDesk(ctx context.Context, tx pgx.Tx, rows []AsideRow) (*asideDesk, error) {
	desk := &asideDesk{rows: rows, words: map[int64][]closing.AsideWord{}}
	var months []string
	for _, row := range rows {
		desk.ids = append(desk.ids, row.ID)
		if !slices.Contains(months, row.Month) {
			months = append(months, row.Month)
		}
	}
	_, err := tx.Exec(ctx, query("aside/lock"), desk.ids)
	if err != nil {
		return nil, err
	}
	err = tx.QueryRow(ctx, query("aside/closed_months"), months).Scan(&desk.closed)
	if err != nil {
		return nil, err
	}
	// Read once more behind the lock: a newer delivery may have come in between.
	desk.rows, err = asides(ctx, tx, closing.AsideFilter{Rows: desk.ids}, len(desk.ids))
	if err != nil {
		return nil, err
	}
	listed, err := tx.Query(ctx, query("aside/words"), desk.ids)
	if err != nil {
		return nil, err
	}
	var id int64
	var word closing.AsideWord
	_, err = pgx.ForEachRow(listed, []any{&id, &word.Verdict, &word.By, &word.Reason}, func() error {
		desk.words[id] = append(desk.words[id], word)
		return nil
	})
	return desk, err
}

// say writes the word about every row that it changes, and how they stand then.
func (d *asideDesk) say(ctx context.Context, tx pgx.Tx, in closing.AsideDecision) (int, error) {
	var about []int64
	stand := map[string][]int64{} // rows by state, who and why
	results := map[string]closing.AsideStanding{}
	for _, row := range d.rows {
		stands := closing.StandAside(d.words[row.ID])
		if row.State == closing.AsideFixed {
			return 0, fault.New(fault.Approval, closing.AsideName(row.ID)+" was replaced: "+row.DecidedBy,
				"nothing is left to decide about it; look at the newer delivery")
		}
		if stands.Repeats(in.Verdict, in.By.Code) {
			continue
		}
		if row.Stage != delivery.StateSealed {
			return 0, fault.New(fault.Approval, fmt.Sprintf("%s stands in delivery %d, which is %s",
				closing.AsideName(row.ID), row.Delivery, row.Stage), "decide about the delivery first")
		}
		err := closing.MaySayAside(in.Verdict, in.By, stands, slices.Contains(d.closed, row.Month))
		if err != nil {
			return 0, err
		}
		about = append(about, row.ID)
		word := closing.AsideWord{Verdict: in.Verdict, By: in.By.Code, Reason: in.Reason}
		d.words[row.ID] = append(d.words[row.ID], word)
		after := closing.StandAside(d.words[row.ID])
		key := string(after.State) + "\x00" + strings.Join(after.By, ", ") + "\x00" + after.Reason
		stand[key], results[key] = append(stand[key], row.ID), after
	}
	if len(about) == 0 {
		return 0, nil
	}
	_, err := tx.Exec(ctx, query("aside/say"), about, in.Verdict, in.By.Code, in.Reason, in.Digest)
	if err != nil {
		return 0, err
	}
	for _, key := range sortedKeys(stand) {
		after := results[key]
		_, err = tx.Exec(ctx, query("aside/stand"), stand[key], after.State, strings.Join(after.By, ", "),
			after.Reason)
		if err != nil {
			return 0, err
		}
	}
	return len(about), nil
}

// decided says how the rows stand now.
func (d *asideDesk) decided(ctx context.Context, tx pgx.Tx, digest string) (closing.AsideDecided, error) {
	decided := closing.AsideDecided{Digest: digest}
	for _, row := range d.rows {
		month, err := period.ParseMonth(row.Month)
		if err == nil && !slices.Contains(decided.Months, month) {
			decided.Months = append(decided.Months, month)
		}
		decided.Count(row.State, closing.StandAside(d.words[row.ID]))
	}
	var err error
	decided.Groups, err = asideGroups(ctx, tx, closing.AsideFilter{Rows: d.ids})
	return decided, err
}

// subject names the rows in the audit log: a few by name, more by their number.
func (d *asideDesk) subject() string {
	const named = 5
	names := make([]string, 0, named)
	for _, id := range d.ids[:min(named, len(d.ids))] {
		names = append(names, closing.AsideName(id))
	}
	if more := len(d.ids) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, " ")
}

// sumsInWords lists what a decision was about, for the audit log.
func sumsInWords(groups []closing.AsideGroup) []string {
	sums := make([]string, 0, len(groups))
	for _, g := range groups {
		sums = append(
			sums,
			fmt.Sprintf("%s %s: %d rows, %s %s, %d unknown", g.Source, g.Code, g.Rows, g.Currency,
				g.Billed, g.Unknown),
		)
	}
	return sums
}

// AsidesNamed are the rows that somebody named by a digest when deciding about them.
func (l *Ledger) AsidesNamed(ctx context.Context, digest string) ([]int64, error) {
	var named []int64
	err := l.pool.QueryRow(ctx, query("aside/named_by"), digest).Scan(&named)
	if err != nil {
		return nil, fmt.Errorf("look for rows of the digest %s: %w", digest, err)
	}
	return named, nil
}
