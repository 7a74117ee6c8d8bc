package activities

import (
	"context"
	"time"

	"magam/domain/period"
)

// Tagging applies tags to a month.
type Tagging struct {
	Ledger TagLedger
	Now    func() time.Time
	Zone   *time.Location
}

// TagLedger keeps tag sets.
type TagLedger interface {
	ApplyTags(ctx context.Context, month period.Month) (sets, custom int64, err error)
}

// TagResult counts a month's distinct tag sets and its resources with custom tags.
type TagResult struct {
	Month               period.Month
	TagSets, CustomTags int64
}

// ApplyTags normalizes the tags that came with a month's charges and lays the
// custom tags over them. Normalizing is a function of the set, and the month's
// custom tags are replaced as a set: running it again changes nothing.
func (a *Tagging) ApplyTags(ctx context.Context, asked period.Month) (TagResult, error) {
	month := resolveMonth(asked, a.Now(), a.Zone)
	sets, custom, err := a.Ledger.ApplyTags(ctx, month)
	if err != nil {
		return TagResult{}, atEdge(err)
	}
	return TagResult{Month: month, TagSets: sets, CustomTags: custom}, nil
}
