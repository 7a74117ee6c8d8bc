package closing

import (
	"errors"
	"fmt"
	"sort"

	"github.com/shopspring/decimal"

	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
)

// Payer is what a provider bills: the proof is kept per payer and currency.
type Payer struct {
	Provider, BillingAccount string
	Currency                 money.Currency
}

// String prints "aws 111122223333 USD".
func (p Payer) String() string {
	return p.Provider + " " + p.BillingAccount + " " + string(p.Currency)
}

// ProofRow is one payer's month on billed cost, in source currency.
type ProofRow struct {
	Payer
	Delivered, Sealed, Quarantined, Assigned, Retained, Unassigned decimal.Decimal
	// Undecided counts rows without a customer that are worth something;
	// UndecidedAside rows set aside, likewise, that nobody signed off.
	Undecided, UndecidedAside int64
}

// Proved is a month's proof, and what keeps it from being numbered all the same.
type Proved struct {
	Rows    []ProofRow
	Unowned bool         // cost without a customer that nobody accepted
	Aside   []AsideGroup // every row set aside, signed off or not
	Blocked bool         // some of them neither
}

// Undecided says whether anything waits for somebody's word.
func (p Proved) Undecided() bool { return p.Unowned || p.Blocked }

// Check refuses a payer whose money is not on exactly one side.
func (r ProofRow) Check() error {
	accounted := r.Sealed.Add(r.Quarantined)
	if !r.Delivered.Equal(accounted) {
		return r.differs(fmt.Sprintf("delivered %s is not sealed %s + quarantined %s",
			r.Delivered, r.Sealed, r.Quarantined), r.Delivered.Sub(accounted))
	}
	placed := money.Sum(r.Assigned, r.Retained, r.Unassigned)
	if !r.Sealed.Equal(placed) {
		return r.differs(fmt.Sprintf("sealed %s is not assigned %s + retained %s + unassigned %s",
			r.Sealed, r.Assigned, r.Retained, r.Unassigned), r.Sealed.Sub(placed))
	}
	return nil
}

func (r ProofRow) differs(what string, by decimal.Decimal) error {
	return fault.New(
		fault.Conservation,
		fmt.Sprintf("%s: %s (off by %s)", r.Payer, what, by),
		"draft again the customers whose accounts or deliveries changed; if it stays, call the engineer on duty",
	)
}

// Prove checks every payer of a month and names each that does not balance.
func Prove(month period.Month, rows []ProofRow) error {
	var problems []error
	for _, row := range rows {
		problems = append(problems, row.Check())
	}
	err := errors.Join(problems...)
	if err != nil {
		return fmt.Errorf("prove %s: %w", month, err)
	}
	return nil
}

// ByCurrency sums a proof per currency, in order of the codes: balances add up
// to balances.
func ByCurrency(rows []ProofRow) []ProofRow {
	totals := map[money.Currency]*ProofRow{}
	var order []string
	for _, row := range rows {
		total, seen := totals[row.Currency]
		if !seen {
			total = &ProofRow{Payer: Payer{Currency: row.Currency}}
			totals[row.Currency] = total
			order = append(order, string(row.Currency))
		}
		total.Delivered = total.Delivered.Add(row.Delivered)
		total.Sealed = total.Sealed.Add(row.Sealed)
		total.Quarantined = total.Quarantined.Add(row.Quarantined)
		total.Assigned = total.Assigned.Add(row.Assigned)
		total.Retained = total.Retained.Add(row.Retained)
		total.Unassigned = total.Unassigned.Add(row.Unassigned)
		total.Undecided += row.Undecided
		total.UndecidedAside += row.UndecidedAside
	}
	sort.Strings(order)
	summed := make([]ProofRow, 0, len(order))
	for _, currency := range order {
		summed = append(summed, *totals[money.Currency(currency)])
	}
	return summed
}
