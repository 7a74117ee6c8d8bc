package activities

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"magam/domain/closing"
	"magam/domain/period"
)

// Reconciling lists what credits and adjustments are due.
type Reconciling struct {
	Ledger DueLedger
	Master MasterReader
	Now    func() time.Time
	Zone   *time.Location
}

// DueLedger keeps a month's list, and knows what was used.
type DueLedger interface {
	UsedBefore(ctx context.Context, month period.Month) (map[string]decimal.Decimal, error)
	StoreDue(ctx context.Context, month period.Month, items []closing.DueItem) error
}

// ReconcileResult counts what is due in a month.
type ReconcileResult struct {
	Month                         period.Month
	Credits, Adjustments, Expired int
}

// ReconcileCredits lists what is due in a month: what was granted less what
// other months used, what expired, which instalment it is. The list is replaced
// as a set, so that running it again gives the same.
func (a *Reconciling) ReconcileCredits(ctx context.Context, asked period.Month) (ReconcileResult, error) {
	month := resolveMonth(asked, a.Now(), a.Zone)
	book, _, err := a.Master.LoadBook(ctx, month)
	if err != nil {
		return ReconcileResult{}, atEdge(err)
	}
	used, err := a.Ledger.UsedBefore(ctx, month)
	if err != nil {
		return ReconcileResult{}, atEdge(err)
	}
	items := closing.DueList(month, book.AllCredits(), book.AllAdjustments(), used)
	err = a.Ledger.StoreDue(ctx, month, items)
	if err != nil {
		return ReconcileResult{}, atEdge(err)
	}
	result := ReconcileResult{Month: month}
	for _, item := range items {
		switch {
		case item.Expired():
			result.Expired++
		case item.Kind == closing.KindCredit:
			result.Credits++
		default:
			result.Adjustments++
		}
	}
	return result, nil
}
