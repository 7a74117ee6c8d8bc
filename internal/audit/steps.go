package audit

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// stepNames is the order of operations as docs/spec/02 and 10 have it, written
// down here once more so that a slip there is not repeated.
var stepNames = []string{
	"billed",
	"retained",
	"parked",
	"benefit",
	"basis",
	"pooled",
	"adjustment-before",
	"price",
	"shared",
	"fee",
	"adjustment-after",
	"credit",
	"currency",
	"invoice-adjustment",
	"invoice-credit",
	"rounding",
	"deferred",
	"tax",
	"after-tax",
	"total",
}

// chain is one sum's way from a payer's bill to what is owed.
type chain struct{ provider, payer, source, currency string }

func (c chain) String() string {
	return strings.Join([]string{c.provider, c.payer, c.source, "to", c.currency}, " ")
}

// link is one step of one chain.
type link struct {
	chain chain
	step  string
}

// tally is the month's steps, added up anew from the frozen documents.
type tally struct {
	deltas  sums[link]
	chains  map[chain]bool
	billers map[[3]string]string // provider, account, currency -> payers
}

func (t *tally) add(c chain, step string, delta *big.Rat) {
	t.chains[c] = true
	t.deltas.add(link{c, step}, delta)
}

// took is what one document took of one payer's bill.
type took struct {
	payer              payer
	assigned, retained *big.Rat
}

// checkSteps adds up every document step by step and compares the sums with
// those that were written when the month ended.
func checkSteps(ctx context.Context, in *inspection) (int, error) {
	ended, err := in.ended(ctx)
	if err != nil || !ended {
		return 0, err // a draft may have been rejected since the month was proved
	}
	shares, err := in.shares(ctx)
	if err != nil {
		return 0, err
	}
	t := tally{deltas: sums[link]{}, chains: map[chain]bool{}, billers: map[[3]string]string{}}
	var provider, account, currency, billers string
	err = in.query(ctx, "billers", []any{&provider, &account, &currency, &billers}, func() error {
		t.billers[[3]string{provider, account, currency}] = billers
		return nil
	}, in.month)
	if err != nil {
		return 0, err
	}
	for _, d := range in.documents {
		in.tallyDocument(&t, d, shares[d.id])
	}
	return in.compareSteps(ctx, &t)
}

// ended says whether the month was settled.
func (in *inspection) ended(ctx context.Context) (bool, error) {
	months := 0
	err := in.query(ctx, "ended", []any{&months}, func() error { return nil }, in.month)
	return months > 0, err
}

func (in *inspection) shares(ctx context.Context) (map[int64][]took, error) {
	shares := map[int64][]took{}
	var id int64
	var p payer
	var assigned, retained string
	err := in.query(ctx, "document_shares", []any{
		&id, &p.provider, &p.account, &p.currency, &assigned, &retained,
	}, func() error {
		shares[id] = append(shares[id],
			took{p, in.amount(p.String(), assigned), in.amount(p.String(), retained)})
		return nil
	}, in.month)
	return shares, err
}

func (in *inspection) tallyDocument(t *tally, d document, shares []took) {
	for _, share := range shares {
		c := chain{share.payer.provider, share.payer.account, share.payer.currency, d.currency}
		if c.currency == "" {
			c.currency = share.payer.currency
		}
		t.add(c, "billed", share.retained)
		t.add(c, "retained", new(big.Rat).Neg(share.retained))
		if d.state == "parked" {
			t.add(c, "billed", share.assigned)
			t.add(c, "parked", new(big.Rat).Neg(share.assigned))
		}
	}
	s, readable := d.frozen()
	if d.state == "parked" || !readable {
		return
	}
	own := map[chain]bool{}
	for _, line := range s.own().Lines {
		c := chain{
			d.provider,
			t.payerOf(d.provider, line.Account, line.Source, shares),
			line.Source,
			d.currency,
		}
		own[c] = true
		for _, step := range line.Steps {
			t.add(c, step.Name, in.amount(d.name(), step.Delta.String()))
		}
		if s.Deferred {
			t.add(c, "deferred", new(big.Rat).Neg(in.amount(d.name(), line.Amount.String())))
		}
	}
	if s.Deferred { // tax and what follows are the quarter's
		return
	}
	rest := chain{provider: d.provider, currency: d.currency}
	if len(own) == 1 {
		for only := range own {
			rest = only
		}
	}
	for _, month := range s.earlier() {
		t.add(rest, "deferred", in.amount(d.name(), month.Supply.String()))
	}
	t.add(rest, "tax", in.amount(d.name(), s.Tax.String()))
	t.add(rest, "after-tax", in.amount(d.name(), s.AfterTax.String()))
}

// payerOf is the document's only payer in the currency, or the only one that
// bills the account.
func (t *tally) payerOf(provider, account, currency string, shares []took) string {
	var payers []string
	for _, share := range shares {
		if share.payer.currency == currency {
			payers = append(payers, share.payer.account)
		}
	}
	if len(payers) == 1 {
		return payers[0]
	}
	if only := t.billers[[3]string{provider, account, currency}]; !strings.Contains(only, " ") {
		return only
	}
	return ""
}

// stepSum is one row of the steps, as it was written or as it should be.
type stepSum struct{ amounts, delta, after string }

func (in *inspection) compareSteps(ctx context.Context, t *tally) (int, error) {
	written := map[chain]map[string]stepSum{}
	var c chain
	var ordinal int
	var step string
	var sum stepSum
	err := in.query(ctx, "steps", []any{
		&c.provider, &c.payer, &c.source, &c.currency, &ordinal, &step, &sum.amounts, &sum.delta, &sum.after,
	}, func() error {
		if written[c] == nil {
			written[c] = map[string]stepSum{}
		}
		if ordinal != len(written[c])+1 {
			in.find(c.String()+" "+step, fmt.Sprintf("step %d", len(written[c])+1),
				fmt.Sprintf("step %d", ordinal))
		}
		written[c][step] = stepSum{
			sum.amounts, text(in.amount(c.String(), sum.delta)), text(in.amount(c.String(), sum.after)),
		}
		return nil
	}, in.month)
	if err != nil {
		return 0, err
	}
	looked := 0
	for c := range t.chains {
		for step, want := range t.expected(c) {
			looked++
			if found := written[c][step]; found != want {
				in.find(c.String()+" after "+step, fmt.Sprint(want), fmt.Sprint(found))
			}
			delete(written[c], step)
		}
	}
	for c, steps := range written {
		for step, found := range steps {
			in.find(c.String()+" after "+step, "no such step", fmt.Sprint(found))
		}
	}
	return looked, nil
}

// expected is a chain's steps as they must be. One that adds nothing is not written.
func (t *tally) expected(c chain) map[string]stepSum {
	_, converted := t.deltas[link{c, "currency"}]
	amounts, after := c.source, new(big.Rat)
	if amounts == "" {
		amounts = c.currency
	}
	steps := map[string]stepSum{}
	for _, name := range stepNames {
		delta := t.deltas.at(link{c, name})
		always := name == "total" || name == "billed" && c.source != ""
		if name == "currency" && converted {
			amounts, after, always = c.currency, new(big.Rat), true
		}
		if delta.Sign() != 0 || always {
			after = plus(after, delta)
			steps[name] = stepSum{amounts, text(delta), text(after)}
		}
	}
	for l := range t.deltas {
		if l.chain == c && !slices.Contains(stepNames, l.step) {
			steps[l.step] = stepSum{"", "a step that the order of operations has", "not this one"}
		}
	}
	return steps
}
