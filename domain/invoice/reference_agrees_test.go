package invoice_test

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/invoice"
)

// TestTheReferenceAgrees: the engine and the reference come to the same supply,
// tax and total, the same amounts on every line, the same credits, fees and
// shares, to the last digit, or both park the customer. All that the engine can
// do was done in some month.
func TestTheReferenceAgrees(t *testing.T) {
	t.Parallel()
	var mutex sync.Mutex
	months, whole, done := 0, 0, map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		inputs := anyMonth(t)
		drafts, errs := invoice.AssembleMonth(inputs)
		documents, why := referenced(inputs)

		mutex.Lock()
		defer mutex.Unlock()
		months++
		for i, err := range errs {
			if err != nil {
				require.NotEmpty(t, why, "only the engine parks: %v", err)
				return
			}
			require.NoError(t, invoice.Verify(drafts[i].Snapshot))
		}
		require.Empty(t, why, "only the reference parks")
		whole++
		for i, draft := range drafts {
			require.Equal(t, documents[i].figuresOf(), figuresOf(draft), inputs[i].Provider)
			note(done, inputs[i], draft.Snapshot)
		}
	})
	t.Logf("%d months, %d of them parked", months, months-whole)
	require.Greater(t, whole*10, months*6, "most months are not parked")
	if months >= 1000 { // fewer may miss what is rare
		require.Subset(t, slices.Sorted(maps.Keys(done)), exercised, "every rule was at work in some month")
	}
}

// referenced is the reference's month, or why it parks it.
func referenced(inputs []invoice.Input) (documents []*reference, why parked) {
	defer func() {
		switch reason := recover().(type) {
		case nil:
		case parked:
			why = reason
		default:
			panic(reason)
		}
	}()
	return referenceMonth(inputs), ""
}

// figuresOf prints every figure by its name. What is nought is left out.
func figuresOf(draft invoice.Draft) map[string]string {
	s, figures := draft.Snapshot, map[string]exact{}
	put := func(name string, amount exact) { figures[name] = sum(figures[name], amount) }
	put("supply", s.Supply.Rat())
	put("tax", s.Tax.Rat())
	put("after tax", s.AfterTax.Rat())
	put("total", s.Total.Rat())
	for _, share := range draft.Shares {
		put("assigned", share.Assigned.Rat())
		put("retained", share.Retained.Rat())
	}
	for _, use := range s.Credits {
		put("credit "+use.ID+" "+string(use.Currency), use.Used.Rat())
	}
	for _, use := range s.Fees {
		put("fee "+use.ID+" "+use.Account+" "+string(use.Currency), use.Amount.Rat())
		put("carry "+use.ID+" "+string(use.Currency), use.CarriedOut.Rat())
	}
	for _, l := range s.Lines {
		name := fmt.Sprintf(
			"%s\t%s\t%s\t%s\t%s\t%s",
			l.Account,
			l.Service,
			l.UsageType,
			l.Unit,
			l.Source,
			l.TaxCategory,
		)
		put(name+" billed", l.Billed.Rat())
		put(name+" net", l.Net.Rat())
		put(name+" quantity", l.Quantity.Rat())
		put(name+" amount", l.Amount.Rat())
	}
	return printed(figures)
}

func (d *reference) figuresOf() map[string]string {
	figures := maps.Clone(d.figures)
	figures["supply"], figures["tax"], figures["after tax"] = d.supply, d.taxed, d.after
	figures["total"] = sum(d.supply, d.taxed, d.after)
	figures["assigned"], figures["retained"] = d.assigned, d.keeps
	for _, l := range d.cells {
		figures[l.key()+" billed"], figures[l.key()+" net"] = l.billed, l.net
		figures[l.key()+" quantity"], figures[l.key()+" amount"] = l.consumption, l.now
	}
	return printed(figures)
}

func printed(figures map[string]exact) map[string]string {
	text := map[string]string{}
	for name, amount := range figures {
		if amount.Sign() != 0 {
			text[name] = amount.RatString()
		}
	}
	return text
}

// note remembers which rules were at work on a document.
func note(done map[string]bool, in invoice.Input, s invoice.Snapshot) {
	done["point "+s.Rounding.Point+", mode "+string(s.Rounding.Mode)] = true
	done["basis "+in.Customer.Contract.PriceBasis], done["tax "+s.TaxName] = true, true
	kinds := map[string]string{}
	for _, rule := range in.Rules {
		kinds[rule.ID] = string(rule.Kind)
	}
	for _, l := range s.Lines {
		done["category "+string(l.TaxCategory)] = true
		for _, step := range l.Steps {
			done["step "+string(step.Name)] = true
			if step.Name == invoice.StepPrice {
				done["price "+kinds[step.Rule]] = true
			}
		}
	}
	for _, use := range s.Fees {
		done["fee "+use.Kind] = true
	}
	for _, use := range s.Adjustments {
		done["adjustment "+use.Stage] = true
	}
	if len(s.Sources) > 1 {
		done["two source currencies"] = true
	}
}

// exercised is what some month of a thousand must have used.
var exercised = []string{
	"point line, mode truncate", "point line, mode half-up", "point line, mode ceil",
	"point product, mode truncate", "point product, mode half-up", "point product, mode ceil",
	"point document, mode truncate", "point document, mode half-up", "point document, mode ceil",
	"adjustment after-discount", "adjustment after-tax", "adjustment before-discount", "basis billed",
	"basis effective", "basis list", "category already-taxed", "category exempt", "category taxable",
	"category zero-rated", "fee management", "fee savings", "fee support", "price cap", "price discount",
	"price markup", "price minimum", "price tier", "price unit-price", "step adjustment-after",
	"step adjustment-before", "step basis", "step billed", "step credit", "step currency", "step fee",
	"step invoice-adjustment", "step invoice-credit", "step price", "step rounding", "tax jp-ct",
	"tax kr-vat", "tax none", "two source currencies",
}
