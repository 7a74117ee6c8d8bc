package audit

import (
	"encoding/json"
	"math/big"
	"strings"
)

// checkSections compares what the sections of a document say with what its
// lines' steps did, and the credits with the books. What the books hold of the
// document is taken out of kept.
func (in *inspection) checkSections(d document, kept sums[use]) int {
	var s snapshot
	if len(d.bytes) == 0 || json.Unmarshal(d.bytes, &s) != nil { // unreadable: found by documents
		return 0
	}
	name := d.name()
	did := sums[[3]string]{}
	for _, line := range s.Lines {
		for _, step := range line.Steps {
			kind := ""
			switch {
			case step.Name == "credit" || step.Name == "invoice-credit":
				kind = "credit"
			case strings.HasPrefix(step.Name, "adjustment-") || step.Name == "invoice-adjustment":
				kind = "adjustment"
			case step.Name == "fee":
				kind = "fee"
			default:
				continue
			}
			did.add([3]string{kind, step.Rule, step.Currency}, in.amount(name, step.Delta.String()))
		}
	}
	say := func(kind, id, currency string, amount *big.Rat) {
		key := [3]string{kind, id, currency}
		in.differ(name+" "+kind+" "+id+" "+currency+" = its lines", did.at(key), amount)
		delete(did, key)
	}
	for _, one := range s.Credits {
		used := in.amount(name, one.Used.String())
		say("credit", one.ID, one.Currency, new(big.Rat).Neg(used))
		if in.amount(name, one.Remaining.String()).Sign() < 0 {
			in.find(name+" credit "+one.ID, "nothing below zero left", one.Remaining.String())
		}
		key := use{d.id, one.ID, one.Currency}
		if d.state != "parked" {
			in.differ(name+" credit "+one.ID+" in the books", used, kept.at(key))
		}
		delete(kept, key)
	}
	afterTax := new(big.Rat)
	for _, one := range s.Adjustments {
		amount := in.amount(name, one.Amount.String())
		if one.Stage == "after-tax" {
			afterTax = plus(afterTax, amount)
			continue
		}
		say("adjustment", one.ID, one.Currency, amount)
	}
	in.differ(name+" after tax = its adjustments", afterTax, in.amount(name, s.AfterTax.String()))
	fees := sums[[2]string]{}
	for _, one := range s.Fees {
		fees.add([2]string{one.ID, one.Currency}, in.amount(name, one.Amount.String()))
	}
	for key, amount := range fees {
		say("fee", key[0], key[1], amount)
	}
	for key, amount := range did {
		if amount.Sign() != 0 {
			in.find(name+" "+key[0]+" "+key[1]+" "+key[2], "a section that says so", text(amount))
		}
	}
	return len(s.Credits) + len(s.Adjustments) + len(s.Fees)
}
