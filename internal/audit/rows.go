package audit

import (
	"context"
	"fmt"
	"math/big"
	"sort"
)

// payer is what a provider bills.
type payer struct{ provider, account, currency string }

func (p payer) String() string { return p.provider + " " + p.account + " " + p.currency }

// sums adds amounts by key.
type sums[K comparable] map[K]*big.Rat

func (s sums[K]) add(key K, amount *big.Rat) {
	if s[key] == nil {
		s[key] = new(big.Rat)
	}
	s[key].Add(s[key], amount)
}

func (s sums[K]) at(key K) *big.Rat {
	if s[key] == nil {
		return new(big.Rat)
	}
	return s[key]
}

// partSide is what one side says of a part's rows of one currency.
type partSide struct {
	rows   int64
	billed *big.Rat
	costs  [3]string // effective, list, contracted; empty where nobody stated them
}

func checkDelivered(ctx context.Context, in *inspection) (int, error) {
	found := map[string]map[string]partSide{}
	var part int64
	var key, which, currency, billed string
	var side partSide
	err := in.query(ctx, "delivered", []any{
		&part, &key, &which, &currency, &side.rows, &billed, &side.costs[0], &side.costs[1], &side.costs[2],
	}, func() error {
		subject := fmt.Sprintf("part %d %s %s", part, key, currency)
		if found[subject] == nil {
			found[subject] = map[string]partSide{}
		}
		one := side
		one.billed = in.amount(subject, billed)
		found[subject][which] = one
		return nil
	}, in.month)
	for _, subject := range sorted(found) {
		counted, held := found[subject]["counted"], found[subject]["held"]
		if counted.rows != held.rows {
			in.find(subject, fmt.Sprint(counted.rows, " rows"), fmt.Sprint(held.rows, " rows"))
		}
		in.differ(subject+" billed", orZero(counted.billed), orZero(held.billed))
		for i, cost := range []string{"effective", "list", "contracted"} {
			if counted.costs[i] != "" && held.costs[i] != "" {
				in.differ(subject+" "+cost, in.amount(subject, counted.costs[i]),
					in.amount(subject, held.costs[i]))
			}
		}
	}
	return len(found), err
}

func checkDoubled(ctx context.Context, in *inspection) (int, error) {
	var key string
	var row, times int64
	looked := 0
	err := in.query(ctx, "doubled", []any{&key, &row, &times}, func() error {
		looked++
		in.find(fmt.Sprintf("%s row %d", key, row), "once", fmt.Sprint(times, " times"))
		return nil
	}, in.month)
	return looked, err
}

func checkSealed(ctx context.Context, in *inspection) (int, error) {
	rows, err := in.sealed(ctx)
	if err != nil {
		return 0, err
	}
	counted := map[string]bool{}
	for key := range rows {
		counted[key[0]] = true
	}
	for _, subject := range sorted(counted) {
		in.differ(subject+" billed", rows.at([2]string{subject, "rows"}), rows.at([2]string{subject, "days"}))
		in.differ(subject+" rows", rows.at([2]string{subject, "rows count"}),
			rows.at([2]string{subject, "days count"}))
	}
	return len(counted), nil
}

// sealed is the bill per payer, from the rows and from the days.
func (in *inspection) sealed(ctx context.Context) (sums[[2]string], error) {
	totals := sums[[2]string]{}
	var p payer
	var side, billed string
	var count int64
	err := in.query(
		ctx,
		"sealed",
		[]any{&p.provider, &p.account, &p.currency, &side, &count, &billed},
		func() error {
			totals.add([2]string{p.String(), side}, in.amount(p.String(), billed))
			totals.add([2]string{p.String(), side + " count"}, new(big.Rat).SetInt64(count))
			return nil
		},
		in.month,
	)
	return totals, err
}

func orZero(amount *big.Rat) *big.Rat {
	if amount == nil {
		return new(big.Rat)
	}
	return amount
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
