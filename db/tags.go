package db

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"magam/domain/fault"
	"magam/domain/period"
	"magam/domain/tagging"
)

// tagSetsPerBatch bounds what is held at once: sets are a few hundred bytes each.
const tagSetsPerBatch = 5000

// ApplyTags normalizes every tag set that is new, once per distinct set, and
// lays the custom tags over a month's resources as they stand in that month.
// Charges are not rewritten: they name sets, and what charges of resources with
// custom tags add up to stands apart. The month's rows are replaced; where the
// rows they were added up from have left the books, what was laid stays.
func (l *Ledger) ApplyTags(ctx context.Context, month period.Month) (sets, custom int64, err error) {
	return l.applyTags(ctx, month, true)
}

// applyTags does nothing to fresh tags unless it must.
func (l *Ledger) applyTags(
	ctx context.Context, month period.Month, must bool,
) (sets, custom int64, err error) {
	err = l.normalizeSets(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("normalize tags: %w", err)
	}
	err = l.inTransaction(ctx, func(tx pgx.Tx) error {
		// Deliveries, sheet and charges from one moment, which the basis names.
		_, err := tx.Exec(ctx, query("proof/one_moment"))
		if err != nil {
			return err
		}
		fresh, err := tagsAreFresh(ctx, tx, month)
		if err != nil || fresh && !must {
			return err
		}
		var archived string
		err = tx.QueryRow(ctx, query("tags/archived"), month.String()).Scan(&archived)
		switch {
		case err != nil:
			return err
		case archived != "" && fresh:
			return tx.QueryRow(ctx, query("tags/standing"), month.String()).Scan(&sets, &custom)
		case archived != "":
			return fault.New(
				fault.PeriodClosed,
				fmt.Sprintf(
					"the rows of delivery %s of %s left the books, and with them which resource each was on",
					archived,
					month,
				),
				"leave the month's tags as they were laid, or bring its rows back: starter ingest --again",
			)
		}
		for _, statement := range []string{"tags/lock_month", "tags/clear_month", "tags/lay_custom"} {
			_, err := tx.Exec(ctx, query(statement), month.String())
			if err != nil {
				return err
			}
		}
		sets, custom, err = layCharges(ctx, tx, month)
		return err
	})
	if err != nil {
		return 0, 0, fmt.Errorf("apply tags of %s: %w", month, err)
	}
	return sets, custom, nil
}

// layCharges adds up the charges of resources with custom tags, if there are
// any, and writes down what the month's tags were laid over.
func layCharges(ctx context.Context, tx pgx.Tx, month period.Month) (sets, custom int64, err error) {
	var digest string
	err = tx.QueryRow(ctx, query("tags/digest"), month.String()).Scan(&digest, &custom)
	if err != nil {
		return 0, 0, err
	}
	if custom > 0 {
		var parts []int64
		err = tx.QueryRow(ctx, query("proof/parts"), month.String()).Scan(&parts)
		if err != nil {
			return 0, 0, err
		}
		_, err = tx.Exec(ctx, query("tags/lay_charges"), month.String(), parts)
		if err != nil {
			return 0, 0, fmt.Errorf("add up the charges of resources with custom tags: %w", err)
		}
		_, err = tx.Exec(ctx, query("tags/laid"))
		if err != nil {
			return 0, 0, err
		}
	}
	err = tx.QueryRow(ctx, query("tags/count_sets"), month.String()).Scan(&sets)
	if err != nil {
		return 0, 0, err
	}
	_, err = tx.Exec(ctx, query("tags/write_month"), month.String(), sets, custom, digest)
	return sets, custom, err
}

// FreshTags applies a month's tags unless they were laid over what is published
// now: a delivery may have come, or the sheet may have changed, since the close
// tagged the month.
func (l *Ledger) FreshTags(ctx context.Context, month period.Month) error {
	fresh, err := l.TagsAreFresh(ctx, month)
	if err != nil || fresh {
		return err
	}
	_, _, err = l.applyTags(ctx, month, false)
	return err
}

// TagsAreFresh says whether a month's tags were laid over what is published now.
func (l *Ledger) TagsAreFresh(ctx context.Context, month period.Month) (bool, error) {
	return tagsAreFresh(ctx, l.pool, month)
}

func tagsAreFresh(ctx context.Context, books reader, month period.Month) (fresh bool, err error) {
	err = books.QueryRow(ctx, query("tags/fresh"), month.String()).Scan(&fresh)
	if err != nil {
		return false, fmt.Errorf("look how fresh the tags of %s are: %w", month, err)
	}
	return fresh, nil
}

func (l *Ledger) normalizeSets(ctx context.Context) error {
	after := int32(-1)
	for {
		ids, values, err := l.unreadSets(ctx, after)
		if err != nil || len(ids) == 0 {
			return err
		}
		for i, value := range values {
			values[i], err = tagging.Normalize(value)
			if err != nil {
				return fmt.Errorf("tag set %d: %w", ids[i], err)
			}
		}
		err = l.inTransaction(ctx, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, query("tags/write_sets"), ids, values)
			return err
		})
		if err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}

func (l *Ledger) unreadSets(ctx context.Context, after int32) (ids []int32, values []string, err error) {
	rows, err := l.pool.Query(ctx, query("tags/unread_sets"), after, tagSetsPerBatch)
	if err != nil {
		return nil, nil, err
	}
	var id int32
	var value string
	_, err = pgx.ForEachRow(rows, []any{&id, &value}, func() error {
		ids, values = append(ids, id), append(values, value)
		return nil
	})
	return ids, values, err
}

// TagKey is one key that a month's charges carry.
type TagKey struct {
	Key       string `json:"key"`
	Whose     string `json:"whose"` // provider, custom
	Values    int64  `json:"values"`
	Sets      int64  `json:"sets"`      // distinct sets of the provider's that hold it
	Resources int64  `json:"resources"` // that carry it as a custom tag
}

// TagKeys are the keys of a month, in order.
func (l *Ledger) TagKeys(ctx context.Context, month period.Month) ([]TagKey, error) {
	rows, err := l.pool.Query(ctx, query("tags/keys"), month.String())
	if err != nil {
		return nil, fmt.Errorf("list the tags of %s: %w", month, err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[TagKey])
}

// TagCost is what one value of a tag cost; an empty value is all without the
// tag. Amounts are text with every digit.
type TagCost struct {
	Value     string `json:"value"`
	Currency  string `json:"currency"`
	Rows      int64  `json:"rows"`
	Billed    string `json:"billed_cost"`
	Effective string `json:"effective_cost"`
	List      string `json:"list_cost"`
}

// Whose tags a report asks for.
const (
	TagsOfProvider = "provider"
	TagsCustom     = "custom"
	TagsBoth       = "both"
)

// TagCosts are a month's cost by the value of one tag, per currency. Where both
// the provider and we gave the tag, ours counts.
func (l *Ledger) TagCosts(ctx context.Context, month period.Month, key, whose string) ([]TagCost, error) {
	fresh, err := l.TagsAreFresh(ctx, month)
	if err != nil {
		return nil, err
	}
	if !fresh {
		return nil, fault.New(fault.NotFinal,
			"the tags of "+month.String()+" are older than its data or sheets",
			"apply them: starter tags apply --month "+month.String())
	}
	rows, err := l.pool.Query(ctx, query("tags/costs"), month.String(), key, whose)
	if err != nil {
		return nil, fmt.Errorf("add up %s by the tag %s: %w", month, key, err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[TagCost])
}
