package invoice_test

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/fault"
	"magam/domain/invoice"
)

// TestTheReferenceAgrees: the engine and the reference come to the same lines, step
// by step, the same supply, taxes and total, credits left, fees and what they carry
// on, and shares of the bill, to the last digit; or both park the document for the
// same reason. Whatever either can do was done in some month.
func TestTheReferenceAgrees(t *testing.T) {
	t.Parallel()
	var mutex sync.Mutex
	months, done := 0, map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		inputs := anyMonth(t)
		drafts, errs := invoice.AssembleMonth(inputs)
		documents := referenceMonth(inputs)

		mutex.Lock()
		defer mutex.Unlock()
		months++
		for i, draft := range drafts {
			code, _ := fault.CodeOf(errs[i])
			why, _, _ := strings.Cut(documents[i].parked, " ")
			require.Equal(t, why, string(code), "%s: %v", documents[i].parked, errs[i])
			require.Equal(t, documents[i].printed(), printed(draft, code == ""), inputs[i].Provider)
			note(done, inputs[i], draft.Snapshot, documents[i].parked)
		}
	})
	if months >= 1000 { // fewer may miss what is rare
		require.Subset(t, slices.Collect(maps.Keys(done)), exercised, "in %d months", months)
	}
}

// printed are the figures of a draft by their names, without those that are nought.
// Of a parked document there are only its shares.
func printed(draft invoice.Draft, whole bool) map[string]string {
	s, figures := draft.Snapshot, map[string]exact{}
	put := func(amount decimal.Decimal, names ...string) {
		name := strings.TrimSpace(strings.Join(names, " "))
		figures[name] = sum(figures[name], amount.Rat())
	}
	for _, share := range draft.Shares {
		put(share.Assigned, "share assigned", share.BillingAccount, string(share.Currency))
		put(share.Retained, "share retained", share.BillingAccount, string(share.Currency))
	}
	put(s.Supply, "supply")
	put(s.Tax, "tax")
	put(s.Total, "total")
	for _, use := range s.Credits {
		put(use.Remaining, "left", use.ID)
	}
	for _, use := range s.Fees {
		put(use.Base, "base", use.ID, use.Account, string(use.Currency))
		put(use.CarriedOut, "carry", use.ID, string(use.Currency))
	}
	for _, use := range s.Adjustments {
		if use.Stage == "after-tax" {
			put(use.Amount, "after tax", use.ID)
		}
	}
	for _, one := range s.Taxes {
		put(one.Base, "tax base", string(one.Category))
	}
	for _, l := range s.Lines {
		of := []string{l.Account, l.Service, l.UsageType, l.Unit, string(l.Source), string(l.TaxCategory)}
		key := strings.Join(of, "\t")
		put(l.Quantity, "quantity", key)
		put(l.Amount, "amount", key)
		for _, step := range l.Steps {
			put(step.Delta, string(step.Name), key, step.Rule)
		}
	}
	return said(figures, whole)
}

func (d *document) printed() map[string]string { return said(d.figures, d.parked == "") }

func said(figures map[string]exact, whole bool) map[string]string {
	text := map[string]string{}
	for name, amount := range figures {
		if amount.Sign() != 0 && (whole || strings.HasPrefix(name, "share ")) {
			text[name] = amount.RatString()
		}
	}
	return text
}

// note remembers what was at work on a document, or why it is parked.
func note(done map[string]bool, in invoice.Input, s invoice.Snapshot, parked string) {
	if parked != "" {
		done["parked "+parked] = true
		return
	}
	done["point "+s.Rounding.Point+", mode "+string(s.Rounding.Mode)] = true
	done["unit "+s.Rounding.Unit.String()] = true
	done["basis "+in.Customer.Contract.PriceBasis] = true
	done["rate "+in.Customer.Contract.FXRule] = true
	done["tax "+s.TaxName] = true
	if len(s.Sources) > 1 {
		done["two source currencies"] = true
	}
	kinds := map[string]string{}
	for _, rule := range in.Rules {
		kinds[rule.ID] = strings.TrimSpace(string(rule.Kind) + " " + rule.TierKind)
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
		if use.CarriedIn.IsNegative() {
			done["a saving is carried in"] = true
		}
		if use.CarriedOut.IsNegative() {
			done["a saving is carried on"] = true
		}
	}
	for _, use := range s.Adjustments {
		done["adjustment "+use.Stage] = true
	}
}

// exercised is what some month of a thousand must have used or been parked for.
var exercised = strings.Split(strings.TrimSpace(`
a saving is carried in
a saving is carried on
adjustment after-discount
adjustment after-tax
adjustment before-discount
basis billed
basis effective
basis list
category already-taxed
category exempt
category reduced
category taxable
category zero-rated
fee management
fee savings
fee support
parked E_ADJUSTMENT after tax it names no currency
parked E_ADJUSTMENT it names no currency
parked E_ADJUSTMENT it would need an inverse rate
parked E_ADJUSTMENT nobody else approved it
parked E_CONSERVATION the list of what is shared is not the bill's
parked E_CONTRACT a bound over two currencies
parked E_CONTRACT a plan in another currency
parked E_CONTRACT a plan that is not in force
parked E_CONTRACT a sum of no currency
parked E_CONTRACT a sum of two currencies
parked E_CONTRACT quantities that have no sum (R-16)
parked E_CREDIT it names no currency
parked E_FX_MISSING it is not listed
parked E_FX_MISSING the month has not ended (R-12)
parked E_FX_MISSING two values for one day
parked E_RULE_TIE two price rules (R-14)
parked E_RULE_TIE two tax rules disagree
parked E_TAX_MISSING no rate is in force
parked E_TAX_MISSING no reduced rate is in force
point document, mode ceil
point document, mode half-up
point document, mode truncate
point line, mode ceil
point line, mode half-up
point line, mode truncate
point product, mode ceil
point product, mode half-up
point product, mode truncate
price cap
price discount
price markup
price minimum
price tier graduated
price tier volume
price unit-price
rate day:15
rate month-average
rate month-end
step adjustment-after
step adjustment-before
step basis
step benefit
step billed
step credit
step currency
step fee
step invoice-adjustment
step invoice-credit
step pooled
step price
step rounding
step shared
tax jp-ct
tax kr-vat
tax none
two source currencies
unit 1
unit 10
unit 1000
`), "\n")
