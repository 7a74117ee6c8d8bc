package margin

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/closing"
	"magam/domain/delivery"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
)

// Tally adds documents up, one at a time: a month of thousands needs no more
// memory than its rows.
type Tally struct {
	report   Report
	services map[serviceKey]*ServiceRow
	sums     map[stepKey]decimal.Decimal
	parked   map[money.Currency]decimal.Decimal
}

type serviceKey struct {
	provider, service string
	source, currency  money.Currency
}

type stepKey struct {
	source, currency money.Currency
	step             invoice.StepName
}

// NewTally begins a month, of one customer or of all.
func NewTally(month period.Month, customer string) *Tally {
	return &Tally{
		report:   Report{Schema: Schema, Month: month, Customer: customer},
		services: map[serviceKey]*ServiceRow{}, sums: map[stepKey]decimal.Decimal{},
		parked: map[money.Currency]decimal.Decimal{},
	}
}

// Around is what a report says of the month beside its documents.
type Around struct {
	State     closing.State
	Accepted  string
	Proof     []closing.ProofRow
	Kept      []Retained // of commitments' benefits, by contracts' policies
	Discounts []Retained // of partners, by contracts' terms
	Unmapped  []Unmapped
	Decisions []Decision
	Alarms    []delivery.Raised
}

// retain keeps a nought too: a tax and a discount may come to it. Of a customer
// who was parked before a draft nobody knows what is retained.
func (t *Tally) retain(d Document, share invoice.Share) {
	if !share.Retained.IsZero() || d.State != "parked" {
		t.report.Retained = append(t.report.Retained, Retained{
			RetainedTax, d.Customer, d.Provider, share.BillingAccount, share.Currency, share.Retained,
		})
	}
}

func (t *Tally) park(d Document) {
	t.report.Parked = append(t.report.Parked,
		Parked{Customer: d.Customer, Provider: d.Provider, Reason: d.Parked})
	for _, share := range d.Shares {
		t.parked[share.Currency] = t.parked[share.Currency].Add(share.Assigned)
		if !share.Assigned.IsZero() {
			t.report.Unbilled = append(t.report.Unbilled, Unbilled{
				UnbilledParked, d.Customer, d.Provider, share.BillingAccount, share.Currency, share.Assigned,
				d.Parked,
			})
		}
	}
}

func (t *Tally) service(s invoice.Snapshot, l invoice.Line, p Position) {
	key := serviceKey{s.Provider, l.Service, l.Source, s.Currency}
	row, known := t.services[key]
	if !known {
		row = &ServiceRow{Provider: s.Provider, Service: l.Service, Position: empty(p)}
		t.services[key] = row
	}
	row.Name = max(row.Name, l.ServiceName)
	row.Position = row.Plus(p)
}

// steps adds a line's chain to the month's. The turning over into the document's
// currency stands for itself: its delta is the amount in the new currency.
func (t *Tally) steps(s invoice.Snapshot, l invoice.Line) {
	for _, step := range l.Steps {
		key := stepKey{l.Source, s.Currency, step.Name}
		t.sums[key] = t.sums[key].Add(step.Delta)
	}
}

func (t *Tally) keep(read opened) {
	switch read.document.State {
	case stateFinal, stateDeferred:
		t.report.Final++
	default:
		t.report.Drafts++
	}
	for _, row := range read.customers {
		t.report.Customers = append(t.report.Customers, *row)
	}
	for _, row := range read.accounts {
		t.report.Accounts = append(t.report.Accounts, *row)
	}
	for _, group := range read.groups {
		if row, lost := group.lost(); lost {
			t.report.UnderBilled = append(t.report.UnderBilled, row)
		}
	}
}

// Report ends the counting.
func (t *Tally) Report(around Around) Report {
	r := t.report
	r.State, r.Accepted, r.Decisions, r.Alarms = around.State, around.Accepted, around.Decisions, around.Alarms
	r.Retained = append(withoutDiscounts(r.Retained, around.Discounts), around.Kept...)
	for _, row := range t.services {
		r.Services = append(r.Services, *row)
	}
	r.Totals = totals(r.Customers)
	r.Steps = t.stepSums()
	if r.Customer == "" {
		r.Proof, r.Unmapped = around.Proof, around.Unmapped
		r.Reconciled = t.reconcile(around.Proof, r.Totals)
		r.Unbilled = append(unowned(around), r.Unbilled...)
	}
	sortReport(&r)
	return r
}

// withoutDiscounts tells what documents retained apart: partners' discounts from
// the rest, which is input tax. What no document retained is no discount of ours.
func withoutDiscounts(retained, discounts []Retained) []Retained {
	var kinds []Retained
	for _, one := range retained {
		for _, discount := range discounts {
			ofOne := discount.Customer == one.Customer && discount.Provider == one.Provider &&
				discount.BillingAccount == one.BillingAccount && discount.Currency == one.Currency
			if ofOne && !discount.Amount.IsZero() {
				kinds, one.Amount = append(kinds, discount), one.Amount.Sub(discount.Amount)
			}
		}
		if !one.Amount.IsZero() {
			kinds = append(kinds, one)
		}
	}
	return kinds
}

// totals are per source and document currency: nothing is added across either.
func totals(rows []CustomerRow) []Position {
	type key struct{ source, currency money.Currency }
	var sums []Position
	place := map[key]int{}
	for _, row := range rows {
		k := key{row.Source, row.Currency}
		at, known := place[k]
		if !known {
			at = len(sums)
			place[k] = at
			sums = append(sums, empty(row.Position))
		}
		sums[at] = sums[at].Plus(row.Position)
	}
	slices.SortFunc(sums, comparePairs)
	return sums
}

func comparePairs(a, b Position) int {
	return cmp.Or(cmp.Compare(a.Currency, b.Currency), cmp.Compare(a.Source, b.Source))
}

// ByCurrency adds positions up per document currency. What they bought is left
// in no source currency: only its converted value is told.
func ByCurrency(positions []Position) []Position {
	var sums []Position
	place := map[money.Currency]int{}
	for _, p := range positions {
		at, known := place[p.Currency]
		if !known {
			at = len(sums)
			place[p.Currency] = at
			sums = append(sums, Position{Currency: p.Currency})
		}
		sums[at] = sums[at].Plus(p)
		sums[at].Bought = decimal.Zero
	}
	return sums
}

// stepSums lays the steps out in the order of operations, with what stands after
// each.
func (t *Tally) stepSums() []StepSum {
	type pair struct{ source, currency money.Currency }
	pairs := map[pair]bool{}
	for key := range t.sums {
		pairs[pair{key.source, key.currency}] = true
	}
	var steps []StepSum
	for p := range pairs {
		after, in := decimal.Zero, p.source
		for _, name := range invoice.Order() {
			delta, taken := t.sums[stepKey{p.source, p.currency, name}]
			if !taken {
				continue
			}
			if name == invoice.StepCurrency {
				after, in = decimal.Zero, p.currency
			}
			after = after.Add(delta)
			steps = append(steps, StepSum{p.source, p.currency, name, in, delta, after})
		}
	}
	slices.SortStableFunc(steps, func(a, b StepSum) int {
		return cmp.Or(cmp.Compare(a.Currency, b.Currency), cmp.Compare(a.Source, b.Source))
	})
	return steps
}

// reconcile holds what documents bought against what the proof assigned.
func (t *Tally) reconcile(proof []closing.ProofRow, totals []Position) []Reconciled {
	bought := map[money.Currency]decimal.Decimal{}
	for _, p := range totals {
		bought[p.Source] = bought[p.Source].Add(p.Bought)
	}
	var rows []Reconciled
	for _, row := range closing.ByCurrency(proof) {
		one := Reconciled{
			Currency: row.Currency, Assigned: row.Assigned,
			OnDocuments: bought[row.Currency], Parked: t.parked[row.Currency],
		}
		one.Difference = one.Assigned.Sub(one.OnDocuments).Sub(one.Parked)
		rows = append(rows, one)
	}
	return rows
}

// unowned is what the proof knows to be on no document.
func unowned(around Around) []Unbilled {
	var rows []Unbilled
	for _, row := range around.Proof {
		if !row.Unassigned.IsZero() {
			rows = append(rows, Unbilled{
				UnbilledUnassigned, "", row.Provider, row.BillingAccount, row.Currency, row.Unassigned,
				around.Accepted,
			})
		}
		if !row.Quarantined.IsZero() {
			rows = append(rows, Unbilled{
				UnbilledAside, "", row.Provider, row.BillingAccount, row.Currency, row.Quarantined, "",
			})
		}
	}
	return rows
}
