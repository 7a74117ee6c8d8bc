package closing

import (
	"strings"

	"github.com/shopspring/decimal"

	"magam/domain/money"
	"magam/domain/period"
)

// Row is one document of a month's board.
type Row struct {
	InvoiceID          int64
	Customer, Provider string
	State              string // draft, held, approved, deferred, final, parked
	Currency           money.Currency
	Total              decimal.Decimal
	Reason, Number     string // the number is its quarter's where it is deferred
	Next               string // the verb that lets it go on: approve, release, retry-parked
}

// RetryParked is the verb that tries parked customers again.
const RetryParked = "retry-parked"

// Stand puts into words why a document does not go on, and what would let it:
// parked with its reason, held by a person, or held by a rule until somebody
// has looked.
func (r *Row) Stand(holds []Hold, parked, heldBy string) {
	switch {
	case r.State == "parked":
		r.Reason, r.Next = parked, RetryParked
	case r.State != "draft":
	case heldBy != "":
		r.State, r.Reason, r.Next = "held", "held by "+heldBy, string(Release)
	case len(holds) > 0:
		reasons := make([]string, len(holds))
		for i, hold := range holds {
			reasons[i] = hold.Reason
		}
		r.State, r.Reason, r.Next = "held", strings.Join(reasons, "; "), string(Approve)
	default:
		r.Next = string(Approve)
	}
}

// The kinds of what is due.
const (
	KindCredit     = "credit"
	KindAdjustment = "adjustment"
)

// DueItem is a credit or an adjustment as it stands in a month.
type DueItem struct {
	Kind     string // credit, adjustment
	ID       string // of its sheet
	Customer string
	Currency money.Currency  // empty is the source currency
	Balance  decimal.Decimal // of a credit before this month; the value due of an adjustment
	Note     string          // expired, instalment 2 of 3, used up …
	Until    period.Month    // a credit's last month, where it has one; not part of the stored list
}
