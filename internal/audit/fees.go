package audit

import (
	"cmp"
	"context"
	"math/big"
	"slices"
	"strings"
)

// feeOf names a fee of a document, or its part for one account or currency.
type feeOf struct{ id, account, currency string }

// feeTaken is a fee with what it is taken of.
type feeTaken struct{ base, rate, amount, carriedIn, carriedOut *big.Rat }

// charge takes the contract's fees, none of another (docs/spec/15).
func (b *bill) charge() {
	items := b.own()
	var fees []row
	for _, f := range b.sheet("fees") {
		if f["customer"] == b.document.customer && f.covers(b.month) &&
			(f["provider"] == "" || f["provider"] == b.document.provider) {
			fees = append(fees, f)
		}
	}
	slices.SortStableFunc(fees, func(x, y row) int { return cmp.Compare(x["id"], y["id"]) })
	for _, f := range fees {
		taken := b.fee
		if f["kind"] == "savings" {
			taken = b.savings
		}
		b.stand(f, taken(f, items))
	}
}

// stand puts a fee on lines of its own.
func (b *bill) stand(f row, taken map[feeOf]feeTaken) {
	for _, key := range sortedFees(taken) {
		b.fees[key] = taken[key]
		if taken[key].amount.Sign() == 0 {
			continue
		}
		b.enter(charged{
			provider:  b.document.provider,
			account:   key.account,
			currency:  key.currency,
			service:   f["kind"] + "-fee",
			usageType: key.id,
			category:  otherCharge,
			quantity:  new(big.Rat),
			billed:    new(big.Rat),
			effective: new(big.Rat),
			list:      new(big.Rat),
		}, "taxable").add("fee", key.id, taken[key].amount)
	}
}

// counts says whether a charge belongs to a fee's base.
func (c *charged) counts(f row) bool {
	if !c.touches("") || f.names("exclude_services", c.service, c.serviceName) {
		return false
	}
	support := strings.Contains(c.service, "Support") || strings.Contains(c.serviceName, "Support")
	return f["kind"] != "support" || !support && !strings.Contains(c.entity, "Marketplace")
}

// fee takes a support or a management fee. What is a sum of money is owed where
// nothing was used too, and once: without a provider, on one document.
func (b *bill) fee(f row, items []*item) map[feeOf]feeTaken {
	bases, fees := sums[feeOf]{}, map[feeOf]feeTaken{}
	for _, one := range items {
		if !one.counts(f) {
			continue
		}
		key := feeOf{id: f["id"], currency: one.currency}
		if f["per"] == "account" {
			key.account = one.account
		}
		bases.add(key, one.running)
	}
	flat, least := b.in.number(f, "flat"), b.in.number(f, "minimum")
	if f["provider"] == "" && !b.carriesFlat(f, flat) {
		flat = new(big.Rat)
	}
	isSum := f["plan"] != "" || flat.Sign() != 0 || least.Sign() != 0
	if isSum && len(bases) == 0 && f["per"] != "account" {
		bases.add(feeOf{id: f["id"], currency: cmp.Or(f["currency"], b.onlyCurrency())}, new(big.Rat))
	}
	for key, base := range bases {
		amount := flat
		switch {
		case f["plan"] != "":
			amount = plus(amount, b.planFee(f["plan"], base))
		case base.Sign() > 0:
			amount = plus(amount, percent(base, b.in.number(f, "rate")))
		}
		if amount.Cmp(least) < 0 {
			amount = least
		}
		fees[key] = feeTaken{base, b.in.number(f, "rate"), amount, new(big.Rat), new(big.Rat)}
	}
	return fees
}

// carriesFlat reads off a document whether it is the one that carries the flat
// part of a fee without a provider: its fee is more than the rate of its base.
func (b *bill) carriesFlat(f row, flat *big.Rat) bool {
	for _, taken := range b.frozen.Fees {
		if taken.ID == f["id"] && flat.Sign() != 0 {
			rated := percent(above(b.in.amount(f["id"], taken.Base.String())), b.in.number(f, "rate"))
			return b.in.amount(f["id"], taken.Amount.String()).Cmp(rated) > 0
		}
	}
	return false
}

// onlyCurrency is the bill's one currency; a bill of nothing has the document's.
func (b *bill) onlyCurrency() string {
	if sources := b.sources(); len(sources) > 0 {
		return sources[0]
	}
	return b.frozen.Currency
}

// planFee takes each slice of a base at its own rate, at least the plan's minimum.
func (b *bill) planFee(plan string, base *big.Rat) *big.Rat {
	fee, least := new(big.Rat), new(big.Rat)
	for _, slice := range b.sheet("plans") {
		if slice["plan"] != plan || !slice.covers(b.month) {
			continue
		}
		from, within := b.in.number(slice, "from_amount"), base
		if to := b.in.number(slice, "to_amount"); to.Sign() != 0 && base.Cmp(to) > 0 {
			within = to
		}
		fee = plus(fee, percent(above(minus(within, from)), b.in.number(slice, "rate")))
		if one := b.in.number(slice, "minimum"); one.Cmp(least) > 0 {
			least = one
		}
	}
	if fee.Cmp(least) < 0 {
		return least
	}
	return fee
}

// savings takes a rate of what commitments saved, with what the month before left
// to make up for; below nought it is carried on.
func (b *bill) savings(f row, items []*item) map[feeOf]feeTaken {
	fees := map[feeOf]feeTaken{}
	currencies := b.sources()
	for key := range b.carried {
		if key[0] == f["id"] { // nothing may have been used in it
			currencies = append(currencies, key[1])
		}
	}
	slices.Sort(currencies)
	for _, currency := range slices.Compact(currencies) {
		saved, any := new(big.Rat), false
		for _, one := range items {
			if one.currency != currency || one.commitment == "" || !one.counts(f) {
				continue
			}
			saved, any = minus(saved, one.effective), true
			if one.isUse() {
				saved = plus(saved, one.list)
			}
		}
		carried := b.carried[[2]string{f["id"], currency}]
		if carried == nil {
			carried = new(big.Rat)
		}
		if !any && carried.Sign() == 0 {
			continue
		}
		rate, with := b.in.number(f, "rate"), plus(saved, carried)
		taken := feeTaken{saved, rate, percent(above(with), rate), carried, new(big.Rat)}
		if with.Sign() < 0 {
			taken.carriedOut = with
		}
		fees[feeOf{f["id"], "", currency}] = taken
	}
	return fees
}

func sortedFees(fees map[feeOf]feeTaken) []feeOf {
	keys := make([]feeOf, 0, len(fees))
	for key := range fees {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(x, y feeOf) int {
		return cmp.Or(cmp.Compare(x.id, y.id), cmp.Compare(x.account, y.account),
			cmp.Compare(x.currency, y.currency))
	})
	return keys
}

// carriedIn is what savings fees carry into each document.
func (in *inspection) carriedIn(ctx context.Context) (map[int64]map[[2]string]*big.Rat, error) {
	all := map[int64]map[[2]string]*big.Rat{}
	var document int64
	var fee, currency, carried string
	err := in.query(ctx, "carried", []any{&document, &fee, &currency, &carried}, func() error {
		if all[document] == nil {
			all[document] = map[[2]string]*big.Rat{}
		}
		all[document][[2]string{fee, currency}] = in.amount("fee "+fee+" carried", carried)
		return nil
	}, in.month)
	return all, err
}
