package invoice

import (
	"fmt"
	"slices"
	"sort"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// bill is a document on its way through the chain.
type bill struct {
	in          Input
	adjustments []credit.Adjustment // due this month, sorted
	items       []*item             // groups that the document carries, sorted
	sources     []money.Currency    // of those groups, sorted; set by takeBasis
	lines       []*line             // from gatherLines on
	rates       map[money.Currency]tax.Conversion
	uses        map[useKey]decimal.Decimal
	snapshot    Snapshot
}

// item is one group on its way through the steps in source currency.
type item struct {
	group    charge.Group
	category tax.Category
	running  decimal.Decimal
	steps    []placed
	shared   string        // the shared cost that takes it away whole, or empty
	place    pricing.Place // where it is taken from
}

// own lists the items that the customer itself bears. What a shared cost takes
// away is not priced, adjusted or charged a fee of: its receivers bear it.
func (b *bill) own() []*item {
	var own []*item
	for _, one := range b.items {
		if one.shared == "" {
			own = append(own, one)
		}
	}
	return own
}

// placed is a step with its turn among others of its name, by which the steps
// of several items are merged on one line.
type placed struct {
	Step
	turn int
}

// useKey sums what an adjustment did, for the document's own section.
type useKey struct {
	id       string
	currency money.Currency
}

// open checks what can be known before the chain begins.
func open(in Input) (*bill, error) {
	for _, g := range in.Groups {
		if g.Provider != in.Provider {
			return nil, fault.New(fault.Bug,
				fmt.Sprintf("a group of %q in a document of %q", g.Provider, in.Provider),
				"report this: groups must be asked for by provider")
		}
	}
	if _, err := money.ParseCurrency(string(in.Customer.Currency)); err != nil {
		return nil, &fault.Error{
			Code: fault.Contract, What: "the contract names no currency", Err: err,
			Cure: "fill currency in the customers sheet, then retry the parked customer",
		}
	}
	err := roundingTerms(in.Customer).check(in.Customer.Currency.Places())
	if err != nil {
		return nil, err
	}
	adjustments, err := dueAdjustments(in)
	if err != nil {
		return nil, err
	}
	return &bill{
		in: in, adjustments: adjustments,
		rates: map[money.Currency]tax.Conversion{}, uses: map[useKey]decimal.Decimal{},
		snapshot: heading(in),
	}, nil
}

// dueAdjustments lists the document's adjustments of the month, in the order of
// their ids, and refuses those that nobody else approved.
func dueAdjustments(in Input) ([]credit.Adjustment, error) {
	only := onlyCurrency(in.Groups)
	named := slices.Clone(in.Adjustments)
	for i := range named {
		// Instalments are cut to the unit of their currency: an empty one is the bill's.
		if named[i].Currency == "" && named[i].InInstalments() {
			named[i].Currency = only
		}
	}
	due, err := credit.Due(named, in.Month)
	if err != nil {
		return nil, err
	}
	var ours []credit.Adjustment
	for _, one := range due {
		if one.Provider != "" && one.Provider != in.Provider {
			continue
		}
		err := one.Check()
		if err != nil {
			return nil, err
		}
		ours = append(ours, one.Adjustment)
	}
	sort.SliceStable(ours, func(a, b int) bool { return ours[a].ID < ours[b].ID })
	return ours, nil
}

// onlyCurrency is the one currency of a bill, or none.
func onlyCurrency(groups []charge.Group) money.Currency {
	only := money.Currency("")
	for i, g := range groups {
		if i > 0 && g.Currency != only {
			return ""
		}
		only = g.Currency
	}
	return only
}

// authors lists who wrote the adjustments, once each.
func (b *bill) authors() []string {
	seen := map[string]bool{}
	var authors []string
	for _, adjustment := range b.adjustments {
		if !seen[adjustment.Author] {
			seen[adjustment.Author] = true
			authors = append(authors, adjustment.Author)
		}
	}
	sort.Strings(authors)
	return authors
}

// foreign says whether any source currency differs from the document's: only
// then is there a conversion, and amounts before it and after it.
func (b *bill) foreign() bool {
	for _, source := range b.sources {
		if source != b.in.Customer.Currency {
			return true
		}
	}
	return false
}

// reprice lets a price take the place of the basis. What somebody adjusted before
// the discount was approved as such and stays.
func (i *item) reprice(rule string, price decimal.Decimal) {
	basis := i.running
	for _, step := range i.steps {
		if step.Name == StepAdjustmentBefore {
			basis = basis.Sub(step.Delta)
		}
	}
	i.add(StepPrice, rule, 0, price.Sub(basis))
}

// add books a step on an item. A step that adds nothing leaves no trace.
func (i *item) add(name StepName, rule string, turn int, delta decimal.Decimal) {
	if delta.IsZero() && name != StepBilled {
		return
	}
	i.running = i.running.Add(delta)
	i.steps = append(i.steps, placed{
		Step{Name: name, Rule: rule, Currency: i.group.Currency, Delta: delta}, turn,
	})
}
