package audit

import (
	"context"
	"fmt"
	"math/big"
	"strings"
)

// use is what one document used of one credit.
type use struct {
	id               int64
	credit, currency string
}

// checkUses compares three accounts of every credit, adjustment and fee: what a
// document's lines did, what its own sections say, and what the books keep.
func checkUses(ctx context.Context, in *inspection) (int, error) {
	kept := sums[use]{}
	var key use
	var used, month string
	var final bool
	finals := map[int64]bool{}
	for _, d := range in.documents {
		finals[d.id] = d.settled()
	}
	err := in.query(
		ctx,
		"uses",
		[]any{&key.id, &key.credit, &key.currency, &used, &final, &month},
		func() error {
			subject := fmt.Sprintf("document %d credit %s", key.id, key.credit)
			kept.add(key, in.amount(subject, used))
			if final != finals[key.id] {
				in.find(subject, fmt.Sprintf("final: %v", finals[key.id]), fmt.Sprintf("final: %v", final))
			}
			if month != in.month {
				in.find(subject+" month", in.month, month)
			}
			return nil
		},
		in.month,
	)
	if err != nil {
		return 0, err
	}
	looked := len(kept)
	for _, d := range in.documents {
		looked += in.checkSections(d, kept)
	}
	for key, used := range kept {
		in.find(fmt.Sprintf("document %d credit %s", key.id, key.credit), "on the document", text(used))
	}
	return looked, nil
}

// checkSections compares what the sections of a document say with what its
// lines' steps did, and the credits with the books. What the books hold of the
// document is taken out of kept.
func (in *inspection) checkSections(d document, kept sums[use]) int {
	s, readable := d.frozen()
	if !readable {
		return 0
	}
	s = s.own() // what earlier months of a quarter used is in their own books
	name := d.name()
	did := sums[[3]string]{}
	for _, line := range s.Lines {
		for _, step := range line.Steps {
			var kind string
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
