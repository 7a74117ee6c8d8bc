package activities

import (
	"context"

	"magam/domain/charge"
)

// SealInput names a delivery.
type SealInput struct {
	DeliveryID int64
}

// SealResult is how a delivery stands.
type SealResult struct {
	DeliveryID  int64
	State       string
	Months      []string
	Rows        int64
	Quarantined int64
	Superseded  int64
	Why         string // where it was held back
}

// Seal proves a delivery and publishes it whole. It may run twice: a sealed
// delivery answers how it stands.
func (i *Ingest) Seal(ctx context.Context, in SealInput) (SealResult, error) {
	sealed, err := i.Books.Seal(ctx, in.DeliveryID)
	if err != nil {
		return SealResult{}, atEdge(err)
	}
	result := SealResult{
		DeliveryID: sealed.ID, State: sealed.State, Months: sealed.Months, Superseded: sealed.Superseded,
		Why: sealed.Why,
	}
	for _, total := range sealed.Totals {
		if total.State == charge.StateQuarantined {
			result.Quarantined += total.Rows
		} else {
			result.Rows += total.Rows
		}
	}
	return result, nil
}
