package charge

import (
	"cmp"
	"fmt"
	"slices"

	"magam/domain/money"
)

// The two states of a delivered row.
const (
	StateSealed      = "sealed"      // booked
	StateQuarantined = "quarantined" // set aside with its amount
)

// NoCurrency stands where a row set aside names none (ISO 4217: no currency).
const NoCurrency = "XXX"

// ControlTotal is what was counted of one month, currency and state. Amounts
// are text with every digit.
type ControlTotal struct {
	Month      string `json:"month"` // empty where a row set aside names none
	Currency   string `json:"currency"`
	State      string `json:"state"`
	Rows       int64  `json:"rows"`
	Billed     string `json:"billed"`
	Effective  string `json:"effective"`
	List       string `json:"list"`
	Contracted string `json:"contracted"`
}

// Control counts and adds up rows while they are read, apart from the store,
// so that sealing can prove that every row and every digit arrived.
type Control struct {
	tallies map[controlKey]*tallied
	lastKey controlKey
	last    *tallied
}

type controlKey struct {
	month    Month
	currency [3]byte
	state    string
}

type tallied struct {
	rows                                int64
	billed, effective, list, contracted money.Tally
}

// Book counts a line that will be booked.
func (c *Control) Book(line *Line) error {
	key := controlKey{line.BillingMonth, [3]byte(line.Currency), StateSealed}
	return c.at(key).add(line.Billed, line.Effective, line.List, line.Contracted)
}

// SetAside counts a row that will be quarantined, with what amounts it has.
func (c *Control) SetAside(row *Quarantined) error {
	key := controlKey{row.BillingMonth, [3]byte([]byte(NoCurrency)), StateQuarantined}
	if len(row.Currency) == 3 {
		key.currency = [3]byte([]byte(row.Currency))
	}
	return c.at(key).add([]byte(row.Billed), []byte(row.Effective), []byte(row.List), []byte(row.Contracted))
}

// Totals lists what was counted, by month, currency and state.
func (c *Control) Totals() []ControlTotal {
	totals := make([]ControlTotal, 0, len(c.tallies))
	for key, tallied := range c.tallies {
		total := ControlTotal{
			Currency:   string(key.currency[:]),
			State:      key.state,
			Rows:       tallied.rows,
			Billed:     money.Text(tallied.billed.Total()),
			Effective:  money.Text(tallied.effective.Total()),
			List:       money.Text(tallied.list.Total()),
			Contracted: money.Text(tallied.contracted.Total()),
		}
		if key.month != 0 {
			total.Month = key.month.Period().String()
		}
		totals = append(totals, total)
	}
	slices.SortFunc(totals, func(a, b ControlTotal) int {
		return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Currency, b.Currency),
			cmp.Compare(a.State, b.State))
	})
	return totals
}

// at finds the tallies of a key. Rows of one key come in long runs.
func (c *Control) at(key controlKey) *tallied {
	if c.last != nil && c.lastKey == key {
		return c.last
	}
	found := c.tallies[key]
	if found == nil {
		if c.tallies == nil {
			c.tallies = map[controlKey]*tallied{}
		}
		found = &tallied{}
		c.tallies[key] = found
	}
	c.lastKey, c.last = key, found
	return found
}

func (t *tallied) add(billed, effective, list, contracted []byte) error {
	t.rows++
	for _, one := range [...]struct {
		tally *money.Tally
		text  []byte
	}{{&t.billed, billed}, {&t.effective, effective}, {&t.list, list}, {&t.contracted, contracted}} {
		if err := one.tally.Add(one.text); err != nil {
			return fmt.Errorf("control total: %w", err)
		}
	}
	return nil
}
