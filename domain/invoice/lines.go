package invoice

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/credit"
	"magam/domain/money"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// line is a finest line on its way through the steps after the lines are made.
type line struct {
	key      lineKey
	name     string // of the service
	quantity decimal.Decimal
	billed   decimal.Decimal
	base     decimal.Decimal // of the running amount, what does not pass at cost
	running  decimal.Decimal // in currency
	net      decimal.Decimal // after the last step in source currency
	currency money.Currency  // of running
	steps    []placed
}

// lineKey is the finest grain of a document.
type lineKey struct {
	account, service, usageType, unit string
	source                            money.Currency
	category                          tax.Category
}

// gatherLines merges the items into the document's finest lines. Steps of the
// same name, turn and rule become one, so that a line explains itself in few
// steps however many groups it came from.
func gatherLines(b *bill) error {
	byKey := map[lineKey][]*item{}
	for _, one := range b.items {
		key := keyOf(one)
		byKey[key] = append(byKey[key], one)
	}
	for _, items := range byKey {
		merged := lineOf(items)
		if !merged.isNothing() {
			b.lines = append(b.lines, merged)
		}
	}
	sortLines(b.lines)
	return nil
}

func keyOf(one *item) lineKey {
	return lineKey{
		one.group.SubAccount, one.group.ServiceCode, one.group.UsageType, one.group.Unit,
		one.group.Currency, one.category,
	}
}

// lineOf makes one line of the items that share a key.
func lineOf(items []*item) *line {
	merged := &line{key: keyOf(items[0]), currency: items[0].group.Currency}
	for _, one := range items {
		merged.name = max(merged.name, one.group.ServiceName)
		merged.billed = merged.billed.Add(one.group.Billed)
		merged.running = merged.running.Add(one.running)
		if pricing.Consumes(one.group) {
			merged.quantity = merged.quantity.Add(one.group.Quantity)
		}
		if !pricing.AtCost(one.group) {
			merged.base = merged.base.Add(one.running)
		}
		merged.steps = append(merged.steps, one.steps...)
	}
	merged.net = merged.running
	merged.steps = mergeSteps(merged.steps)
	return merged
}

// mergeSteps adds up steps that are one step of the chain and sorts them.
func mergeSteps(steps []placed) []placed {
	slices.SortStableFunc(steps, comparePlaced)
	var merged []placed
	for _, step := range steps {
		last := len(merged) - 1
		if last >= 0 && comparePlaced(merged[last], step) == 0 {
			merged[last].Delta = merged[last].Delta.Add(step.Delta)
			continue
		}
		merged = append(merged, step)
	}
	return slices.DeleteFunc(merged, func(step placed) bool {
		return step.Delta.IsZero() && step.Name != StepBilled
	})
}

func comparePlaced(a, b placed) int {
	return cmp.Or(
		cmp.Compare(stepOrder[a.Name], stepOrder[b.Name]),
		cmp.Compare(a.turn, b.turn), cmp.Compare(a.Rule, b.Rule),
	)
}

// isNothing says that a line would say nothing: no cost, no use, no step. Cost
// of nought with a quantity is shown, since the customer used it.
func (l *line) isNothing() bool {
	return l.quantity.IsZero() && l.billed.IsZero() && l.running.IsZero() && len(l.steps) == 1
}

// add books a step on the line. A step that adds nothing leaves no trace.
func (l *line) add(name StepName, rule string, turn int, currency money.Currency, delta decimal.Decimal) {
	if delta.IsZero() {
		return
	}
	l.running = l.running.Add(delta)
	l.steps = append(l.steps, placed{Step{Name: name, Rule: rule, Currency: currency, Delta: delta}, turn})
}

// charge shows the line to a credit or an adjustment.
func (l *line) charge() credit.Charge {
	return credit.Charge{
		Account: l.key.account, Service: l.key.service, ServiceName: l.name,
		Amount: l.running, Base: l.base,
	}
}

// sortLines gives the document's lines the order in which they are numbered and
// in which ties of the rounding are decided.
func sortLines(lines []*line) {
	slices.SortStableFunc(lines, func(a, b *line) int { return compareKeys(a.key, b.key) })
}

func compareKeys(a, b lineKey) int {
	return cmp.Or(
		cmp.Compare(a.account, b.account), cmp.Compare(a.service, b.service),
		cmp.Compare(a.usageType, b.usageType), cmp.Compare(a.unit, b.unit),
		cmp.Compare(a.source, b.source), cmp.Compare(a.category, b.category),
	)
}
