package closing

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
)

// Steps of a month that no line has: what parked customers hold, what a month
// leaves to its quarter's document and that takes up, and what follows the
// supply value of each document.
const (
	StepParked   invoice.StepName = "parked" // on no document until somebody cures it
	StepDeferred invoice.StepName = "deferred"
	StepTax      invoice.StepName = "tax"
	StepAfterTax invoice.StepName = "after-tax"
	StepTotal    invoice.StepName = "total"
)

// monthOrder is the order of a month's steps: that of a line's, with those.
var monthOrder = func() map[invoice.StepName]int {
	order := map[invoice.StepName]int{} //nolint:exhaustive // filled from the order of operations
	for i, name := range invoice.Order() {
		order[name] = 10 * i
	}
	order[StepParked] = order[invoice.StepRetained] + 5
	last := 10 * len(order)
	for i, name := range []invoice.StepName{StepDeferred, StepTax, StepAfterTax, StepTotal} {
		order[name] = last + i
	}
	return order
}()

// ofTheBill are the steps that move the provider's own cost between customers
// or to us, before any price of ours: with them a document's lines add up to
// what it took of the bill.
var ofTheBill = map[invoice.StepName]bool{ //nolint:exhaustive // the others change a price
	invoice.StepBilled: true, invoice.StepBenefit: true, invoice.StepShared: true,
}

// Chain is one sum's way from the provider's bill to what is owed: from a payer
// and its currency to the currency of documents. What belongs to no single payer
// has none; what belongs to documents of several sources has no source either.
type Chain struct {
	Provider, BillingAccount string
	Source, Currency         money.Currency
}

// String prints "aws 111122223333 USD to KRW".
func (c Chain) String() string {
	return fmt.Sprintf("%s %s %s to %s", c.Provider, c.BillingAccount, c.Source, c.Currency)
}

// StepRow is what all documents of a chain come to after one step.
type StepRow struct {
	Chain
	Ordinal int
	Step    invoice.StepName
	Amounts money.Currency // what the two are in
	Delta   decimal.Decimal
	After   decimal.Decimal
}

// StepDocument is one document of a month, as its steps count it. One that is parked has
// shares alone.
type StepDocument struct {
	Provider, Customer string
	Currency           money.Currency
	Parked             bool
	Snapshot           invoice.Snapshot
	Shares             []invoice.Share
}

// StepTable adds documents up, step by step.
type StepTable struct {
	// Payers are who bills an account, where documents have several payers.
	Payers map[AccountOf][]string
	deltas map[Chain]map[invoice.StepName]decimal.Decimal
	took   map[Payer]decimal.Decimal // of the bill, by its steps
	owed   map[[2]string]decimal.Decimal
	// Where documents have several payers, what one of them billed may stand on a
	// line of another's.
	several map[Payer]bool
}

// AccountOf is an account as a provider bills it in one currency.
type AccountOf struct {
	Provider, SubAccount string
	Currency             money.Currency
}

// Add adds one document.
func (t *StepTable) Add(d StepDocument) {
	if t.deltas == nil {
		t.deltas = map[Chain]map[invoice.StepName]decimal.Decimal{}
		t.took, t.owed = map[Payer]decimal.Decimal{}, map[[2]string]decimal.Decimal{}
		t.several = map[Payer]bool{}
	}
	payers := map[money.Currency][]string{}
	for _, share := range d.Shares {
		payers[share.Currency] = append(payers[share.Currency], share.BillingAccount)
		if len(payers[share.Currency]) > 1 {
			t.several[Payer{Provider: share.Provider, Currency: share.Currency}] = true
		}
		chain := Chain{share.Provider, share.BillingAccount, share.Currency, d.Currency}
		if d.Currency == "" { // parked before it was drafted
			chain.Currency = share.Currency
		}
		t.set(chain, invoice.StepBilled, share.Retained)
		t.set(chain, invoice.StepRetained, share.Retained.Neg())
		if d.Parked {
			t.set(chain, invoice.StepBilled, share.Assigned)
			t.set(chain, StepParked, share.Assigned.Neg())
			payer := Payer{share.Provider, share.BillingAccount, share.Currency}
			t.took[payer] = t.took[payer].Add(share.Assigned)
		}
	}
	if d.Parked {
		return
	}
	own, chains := d.Snapshot.Own(), map[Chain]bool{}
	for _, line := range own.Lines {
		chain := Chain{d.Provider, t.payerOf(d.Provider, line, payers[line.Source]), line.Source, d.Currency}
		chains[chain] = true
		for _, step := range line.Steps {
			t.set(chain, step.Name, step.Delta)
			if ofTheBill[step.Name] {
				payer := Payer{chain.Provider, chain.BillingAccount, chain.Source}
				t.took[payer] = t.took[payer].Add(step.Delta)
			}
		}
		if own.Deferred {
			t.set(chain, StepDeferred, line.Amount.Neg())
		}
	}
	if own.Deferred { // its tax and what follows it are the quarter's
		return
	}
	rest := Chain{Provider: d.Provider, Currency: d.Currency}
	if len(chains) == 1 {
		rest = slices.Collect(maps.Keys(chains))[0]
	}
	t.set(rest, StepDeferred, d.Snapshot.Carried())
	t.set(rest, StepTax, d.Snapshot.Tax)
	t.set(rest, StepAfterTax, d.Snapshot.AfterTax)
	key := [2]string{d.Provider, string(d.Currency)}
	t.owed[key] = t.owed[key].Add(d.Snapshot.Total)
}

// payerOf is who bills a line: the document's only payer in its currency, or
// the only one of its account. Otherwise it stands under its provider alone.
func (t *StepTable) payerOf(provider string, line invoice.Line, payers []string) string {
	if len(payers) == 1 {
		return payers[0]
	}
	if of := t.Payers[AccountOf{provider, line.Account, line.Source}]; len(of) == 1 {
		return of[0]
	}
	return ""
}

func (t *StepTable) set(chain Chain, step invoice.StepName, delta decimal.Decimal) {
	if t.deltas[chain] == nil {
		t.deltas[chain] = map[invoice.StepName]decimal.Decimal{} //nolint:exhaustive // filled step by step
	}
	t.deltas[chain][step] = t.deltas[chain][step].Add(delta)
}

// Rows lists every chain with its steps in order. A step that adds nothing is
// left out; the first and the total are always there.
func (t *StepTable) Rows() []StepRow {
	var rows []StepRow
	for _, chain := range slices.SortedFunc(maps.Keys(t.deltas), compareChains) {
		rows = append(rows, chainRows(chain, t.deltas[chain])...)
	}
	return rows
}

func chainRows(chain Chain, deltas map[invoice.StepName]decimal.Decimal) []StepRow {
	names := slices.SortedFunc(maps.Keys(monthOrder), func(a, b invoice.StepName) int {
		return cmp.Compare(monthOrder[a], monthOrder[b])
	})
	_, converted := deltas[invoice.StepCurrency]
	amounts, after := cmp.Or(chain.Source, chain.Currency), decimal.Zero
	var rows []StepRow
	for _, name := range names {
		delta := deltas[name]
		always := name == invoice.StepBilled && chain.Source != "" || name == StepTotal
		if name == invoice.StepCurrency && converted {
			amounts, after, always = chain.Currency, decimal.Zero, true
		}
		if delta.IsZero() && !always {
			continue
		}
		after = after.Add(delta)
		rows = append(rows, StepRow{
			Chain: chain, Ordinal: len(rows) + 1, Step: name, Amounts: amounts, Delta: delta, After: after,
		})
	}
	return rows
}

func compareChains(a, b Chain) int {
	return cmp.Or(cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.BillingAccount, b.BillingAccount),
		cmp.Compare(a.Source, b.Source), cmp.Compare(a.Currency, b.Currency))
}

func comparePayers(a, b Payer) int {
	return cmp.Or(cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.BillingAccount, b.BillingAccount),
		cmp.Compare(a.Currency, b.Currency))
}

// Reconcile compares the table with the month's proof and with the documents:
// the steps that are of the bill add up to what was assigned, payer by payer,
// and the last step to what all documents ask for.
func (t *StepTable) Reconcile(month period.Month, proof []ProofRow) error {
	left := map[Payer]decimal.Decimal{}
	for _, row := range proof {
		payer := t.compared(row.Payer)
		left[payer] = left[payer].Add(row.Assigned)
	}
	for payer, took := range t.took {
		payer = t.compared(payer)
		left[payer] = left[payer].Sub(took)
	}
	var problems []error
	for _, payer := range slices.SortedFunc(maps.Keys(left), comparePayers) {
		if rest := left[payer]; !rest.IsZero() {
			problems = append(problems,
				differs(payer.String()+": its documents' first steps and its proof", rest))
		}
	}
	owed := maps.Clone(t.owed)
	for _, row := range t.Rows() {
		if row.Step == StepTotal {
			key := [2]string{row.Provider, string(row.Currency)}
			owed[key] = owed[key].Sub(row.After)
		}
	}
	for key, rest := range owed {
		if !rest.IsZero() {
			problems = append(problems, differs(key[0]+" "+key[1]+": its last steps and its documents", rest))
		}
	}
	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("reconcile the steps of %s: %w", month, err)
	}
	return nil
}

// compared is the payer, or all payers of its provider together.
func (t *StepTable) compared(payer Payer) Payer {
	alone := Payer{Provider: payer.Provider, Currency: payer.Currency}
	if t.several[alone] {
		return alone
	}
	return payer
}

func differs(what string, by decimal.Decimal) error {
	return fault.New(fault.Conservation, fmt.Sprintf("%s differ by %s", what, by),
		"stop, keep the drafts and report this: no figure of the month may go out")
}
