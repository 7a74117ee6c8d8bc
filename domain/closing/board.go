package closing

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"magam/domain/money"
)

// Row is one document of a month's board.
type Row struct {
	InvoiceID          int64
	Customer, Provider string
	State              string // draft, held, approved, final, parked
	Currency           money.Currency
	Total              decimal.Decimal
	Reason, Number     string
}

// Stand puts into words why a document does not go on: parked with its reason,
// held by a person, or held by a rule until somebody has looked.
func (r *Row) Stand(holds []Hold, parked, heldBy string) {
	switch {
	case r.State == "parked":
		r.Reason = parked
	case r.State != "draft":
	case heldBy != "":
		r.State, r.Reason = "held", "held by "+heldBy
	case len(holds) > 0:
		reasons := make([]string, len(holds))
		for i, hold := range holds {
			reasons[i] = hold.Reason
		}
		r.State, r.Reason = "held", strings.Join(reasons, "; ")
	}
}

// states is the order in which counts are read: who needs somebody first.
var states = [...]string{"held", "parked", "draft", "approved", "final"}

// CountsLine is one line of counts by state, e.g. "held 1 · final 11".
func CountsLine(counts map[string]int) string {
	var parts []string
	for _, state := range states {
		if counts[state] > 0 {
			parts = append(parts, state+" "+strconv.Itoa(counts[state]))
		}
	}
	if len(parts) == 0 {
		return "no customers yet"
	}
	return strings.Join(parts, " · ")
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
}
