package margin

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/tax"
)

// The states of a document as the books name them.
const (
	stateFinal    = "final"
	stateDeferred = "deferred" // billed with its quarter, and as final as that
	stateParked   = "parked"
)

// Document is one document of the month: what it says, unless it is parked, and
// what it took from the providers' bills.
type Document struct {
	Customer, Provider string
	State              string           // draft, approved, deferred, final, parked
	Parked             string           // why
	Snapshot           invoice.Snapshot // of all but the parked ones
	Shares             []invoice.Share
}

// Add takes a document in. One whose lines do not lead from bought to sold is
// refused: no figure of it may be reported.
func (t *Tally) Add(d Document) error {
	for _, share := range d.Shares {
		t.retain(d, share)
	}
	if d.State == stateParked {
		t.park(d)
		return nil
	}
	number := d.Snapshot.Number
	d.Snapshot = d.Snapshot.Own() // a quarter's earlier months are counted in theirs
	d.Snapshot.Number = number
	s := d.Snapshot
	rates := map[money.Currency]tax.Conversion{}
	for _, source := range s.Sources {
		rates[source.Currency] = tax.Conversion{Value: source.Rate, Per: source.Per}
	}
	read := opened{
		document: d, customers: map[money.Currency]*CustomerRow{}, accounts: map[accountKey]*AccountRow{},
		groups: map[groupKey]*underBilling{},
	}
	for _, l := range s.Lines {
		rate, known := rates[l.Source]
		if !known {
			return unreconciled(d, fmt.Sprintf("line %d is in %s, which has no rate", l.Position, l.Source))
		}
		position, causes, err := positionOf(s, l, rate)
		if err != nil {
			return unreconciled(d, err.Error())
		}
		read.add(l, position, causes)
		t.service(s, l, position)
		t.steps(s, l)
	}
	t.keep(read)
	return nil
}

// positionOf reads one line's chain: what was bought, what was sold, and what
// each rule in between did.
func positionOf(s invoice.Snapshot, l invoice.Line, rate tax.Conversion) (Position, []Cause, error) {
	p := Position{Source: l.Source, Currency: s.Currency, Sold: l.Amount}
	var causes []Cause
	left := l.Amount
	for _, step := range l.Steps {
		amount := step.Delta
		switch {
		case step.Name == invoice.StepCurrency:
			continue // turns the running amount over and adds nothing
		case beforeConversion(step, s):
			amount = rate.Convert(step.Delta)
		}
		left = left.Sub(amount)
		switch {
		case isCost(step.Name):
			p.Bought, p.Converted = p.Bought.Add(step.Delta), p.Converted.Add(amount)
		case step.Name == invoice.StepRounding:
			p.Rounded = p.Rounded.Add(amount)
		default:
			causes = append(causes, Cause{step.Name, step.Rule, amount})
		}
	}
	if !left.IsZero() {
		return p, nil, fmt.Errorf("line %d: bought and its steps leave %s %s of what was sold unexplained",
			l.Position, left, s.Currency)
	}
	return p, causes, nil
}

// beforeConversion says whether a step is in source currency. Steps of a
// document in its own source currency turn over at one to one.
func beforeConversion(step invoice.Step, s invoice.Snapshot) bool {
	switch step.Name {
	case invoice.StepCurrency, invoice.StepInvoiceAdjust, invoice.StepInvoiceCredit, invoice.StepRounding:
		return false
	case invoice.StepBilled, invoice.StepRetained, invoice.StepBasis, invoice.StepAdjustmentBefore,
		invoice.StepPrice, invoice.StepShared, invoice.StepFee, invoice.StepAdjustmentAfter, invoice.StepCredit,
		invoice.StepBenefit, invoice.StepPooled:
		return true
	default:
		return step.Currency != s.Currency
	}
}

// opened is one document while its lines are read. A customer's month has one
// document per provider, so its accounts and groups are whole in it.
type opened struct {
	document  Document
	customers map[money.Currency]*CustomerRow
	accounts  map[accountKey]*AccountRow
	groups    map[groupKey]*underBilling
}

type accountKey struct {
	account string
	source  money.Currency
}

type groupKey struct {
	account, service string
	source           money.Currency
}

// underBilling is a group on its way: causes are summed per rule.
type underBilling struct {
	row    UnderBilled
	causes map[[2]string]decimal.Decimal
}

func (o opened) add(l invoice.Line, p Position, causes []Cause) {
	s := o.document.Snapshot
	row, known := o.customers[l.Source]
	if !known {
		row = &CustomerRow{
			Customer: s.Customer.Code, Name: s.Customer.Name, Provider: s.Provider, Number: s.Number,
			State: o.document.State, Position: empty(p),
		}
		o.customers[l.Source] = row
	}
	row.Position = row.Plus(p)

	account, known := o.accounts[accountKey{l.Account, l.Source}]
	if !known {
		account = &AccountRow{
			Customer: s.Customer.Code, Provider: s.Provider, Account: l.Account, Position: empty(p),
		}
		o.accounts[accountKey{l.Account, l.Source}] = account
	}
	account.Name = max(account.Name, l.AccountName)
	account.Position = account.Plus(p)

	key := groupKey{l.Account, l.Service, l.Source}
	group, known := o.groups[key]
	if !known {
		group = &underBilling{causes: map[[2]string]decimal.Decimal{}, row: UnderBilled{
			Customer: s.Customer.Code, Provider: s.Provider, Account: l.Account, Service: l.Service,
			Position: empty(p),
		}}
		o.groups[key] = group
	}
	group.row.ServiceName = max(group.row.ServiceName, l.ServiceName)
	group.row.Position = group.row.Plus(p)
	for _, cause := range causes {
		key := [2]string{string(cause.Step), cause.Rule}
		group.causes[key] = group.causes[key].Add(cause.Amount)
	}
}

func empty(p Position) Position { return Position{Source: p.Source, Currency: p.Currency} }

// lost gives a group's row, its causes the dearest first, where it lost money.
func (u *underBilling) lost() (UnderBilled, bool) {
	if !u.row.Lost() {
		return UnderBilled{}, false
	}
	for key, amount := range u.causes {
		if !amount.IsZero() {
			u.row.Causes = append(u.row.Causes, Cause{invoice.StepName(key[0]), key[1], amount})
		}
	}
	slices.SortFunc(u.row.Causes, func(a, b Cause) int {
		return cmp.Or(a.Amount.Cmp(b.Amount), cmp.Compare(a.Step, b.Step), cmp.Compare(a.Rule, b.Rule))
	})
	return u.row, true
}

func unreconciled(d Document, why string) error {
	return fault.New(fault.Conservation,
		fmt.Sprintf("the margin of %s, %s does not add up: %s", d.Customer, d.Provider, why),
		"report it: nothing of the month's margin was told to anybody")
}
