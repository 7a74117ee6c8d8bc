package closing

import (
	"sort"

	"github.com/shopspring/decimal"

	"magam/domain/credit"
	"magam/domain/period"
)

// DueList says what of all credits and adjustments is due in a month, in the
// order of their customers. A balance is what was granted less what final
// documents of other months used; what is expired or used up is listed with its
// reason, never dropped. What cannot be carried out is listed with why: its
// customer will be parked.
func DueList(
	month period.Month, credits []credit.Credit, adjustments []credit.Adjustment,
	used map[string]decimal.Decimal,
) []DueItem {
	var items []DueItem
	for _, one := range credits {
		one.Balance = one.Granted.Sub(used[one.ID])
		item := DueItem{
			Kind:     KindCredit,
			ID:       one.ID,
			Customer: one.Customer,
			Currency: one.Currency,
			Balance:  one.Balance,
			Until:    one.Valid.To,
		}
		switch state := one.Standing(month); state {
		case credit.StateNotYet:
			continue
		case credit.StateDue:
		case credit.StateExpired, credit.StateUsedUp:
			item.Note = string(state)
		}
		items = append(items, item)
	}
	for _, one := range adjustments {
		item := DueItem{
			Kind:     KindAdjustment,
			ID:       one.ID,
			Customer: one.Customer,
			Currency: one.Currency,
			Balance:  one.Value,
		}
		due, err := credit.Due([]credit.Adjustment{one}, month)
		switch {
		case err != nil:
			item.Note = err.Error()
		case len(due) == 0:
			continue
		default:
			item.Balance, item.Note = due[0].Value, due[0].Note
		}
		items = append(items, item)
	}
	sort.SliceStable(items, func(i, j int) bool {
		a, b := items[i], items[j]
		if a.Customer != b.Customer {
			return a.Customer < b.Customer
		}
		if a.Kind != b.Kind {
			return a.Kind < b.Kind
		}
		return a.ID < b.ID
	})
	return items
}

// Expired says whether a listed credit's time is over with a balance left.
func (d DueItem) Expired() bool { return d.Kind == KindCredit && d.Note == string(credit.StateExpired) }
