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
				in.differ(
					subject+" "+cost,
					in.amount(subject, counted.costs[i]),
					in.amount(subject, held.costs[i]),
				)
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
		in.differ(
			subject+" rows",
			rows.at([2]string{subject, "rows count"}),
			rows.at([2]string{subject, "days count"}),
		)
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

// owned is what each customer's rows cost per payer; the customer "" is nobody.
type owned struct {
	payer    payer
	customer string
}

// ownings are rows by their owner: what they cost, how many there are, and how
// many of nobody's are worth something.
type ownings struct {
	billed, rows sums[owned]
	worth        sums[payer]
}

func (in *inspection) owners(ctx context.Context) (ownings, error) {
	all := ownings{billed: sums[owned]{}, rows: sums[owned]{}, worth: sums[payer]{}}
	var key owned
	var billed string
	var count, worth int64
	err := in.query(
		ctx,
		"owned",
		[]any{
			&key.payer.provider,
			&key.payer.account,
			&key.payer.currency,
			&key.customer,
			&billed,
			&count,
			&worth,
		},
		func() error {
			all.billed.add(key, in.amount(key.payer.String(), billed))
			all.rows.add(key, new(big.Rat).SetInt64(count))
			if key.customer == "" {
				all.worth.add(key.payer, new(big.Rat).SetInt64(worth))
			}
			return nil
		},
		in.month,
	)
	return all, err
}

func checkOwned(ctx context.Context, in *inspection) (int, error) {
	owners, err := in.owners(ctx)
	if err != nil {
		return 0, err
	}
	spent, took, rows := owners.billed, sums[owned]{}, sums[owned]{}
	var key owned
	var count int64
	var assigned, retained string
	err = in.query(ctx, "shares", []any{
		&key.payer.provider,
		&key.payer.account,
		&key.payer.currency,
		&key.customer,
		&assigned,
		&retained,
		&count,
	}, func() error {
		rows.add(key, new(big.Rat).SetInt64(count))
		took.add(key, in.amount(key.customer, assigned))
		took.add(key, in.amount(key.customer, retained))
		return nil
	}, in.month)
	if err != nil {
		return 0, err
	}
	moves, _, err := in.moves(ctx, nil)
	if err != nil {
		return 0, err
	}
	for key, amount := range moves {
		if key.side != "retained" {
			spent.add(owned{key.payer, key.customer}, amount)
		}
	}
	unowned, err := in.proof(ctx)
	if err != nil {
		return 0, err
	}
	for p, row := range unowned {
		took.add(owned{p, ""}, row["unassigned"])
	}

	all := map[string]owned{}
	for key := range spent {
		all[key.payer.String()+" of "+key.customer] = key
	}
	for key := range took {
		all[key.payer.String()+" of "+key.customer] = key
	}
	for _, subject := range sorted(all) {
		key := all[subject]
		in.differ(subject, spent.at(key), took.at(key))
		if key.customer != "" {
			in.differ(subject+" rows", owners.rows.at(key), rows.at(key))
		}
	}
	return len(all), in.checkUndecided(ctx, owners.worth)
}

// checkUndecided counts again what kept, or would have kept, the month open.
func (in *inspection) checkUndecided(ctx context.Context, worth sums[payer]) error {
	counted := map[string]sums[payer]{"aside": {}, "moved": {}, "proved rows": {}, "proved aside": {}}
	var what string
	var p payer
	var count int64
	err := in.query(
		ctx,
		"undecided",
		[]any{&what, &p.provider, &p.account, &p.currency, &count},
		func() error {
			counted[what].add(p, new(big.Rat).SetInt64(count))
			return nil
		},
		in.month,
	)
	if err != nil {
		return err
	}
	ended, err := in.ended(ctx)
	if err != nil {
		return err
	}
	for p, proved := range counted["proved aside"] { // what stands open since then is for the check of rows set aside
		if ended && proved.Sign() != 0 && proved.Cmp(counted["aside"].at(p)) != 0 {
			in.find(p.String()+" rows set aside", text(counted["aside"].at(p)), text(proved))
		}
	}
	for p := range counted["proved rows"] {
		in.differ(
			p.String()+" rows of nobody",
			plus(worth.at(p), counted["moved"].at(p)),
			counted["proved rows"].at(p),
		)
	}
	return nil
}

// proof is the written proof, by payer and side.
func (in *inspection) proof(ctx context.Context) (map[payer]map[string]*big.Rat, error) {
	rows := map[payer]map[string]*big.Rat{}
	sides := []string{"delivered", "sealed", "quarantined", "assigned", "retained", "unassigned"}
	var p payer
	written := make([]string, len(sides))
	scan := []any{&p.provider, &p.account, &p.currency}
	for i := range written {
		scan = append(scan, &written[i])
	}
	err := in.query(ctx, "proof", scan, func() error {
		rows[p] = map[string]*big.Rat{}
		for i, side := range sides {
			rows[p][side] = in.amount(p.String(), written[i])
		}
		return nil
	}, in.month)
	return rows, err
}

func checkProof(ctx context.Context, in *inspection) (int, error) {
	proof, err := in.proof(ctx)
	if err != nil {
		return 0, err
	}
	rows, err := in.sealed(ctx)
	if err != nil {
		return 0, err
	}
	named := map[string]payer{}
	for p := range proof {
		named[p.String()] = p
	}
	for _, subject := range sorted(named) {
		p := proof[named[subject]]
		in.differ(
			subject+" delivered = sealed + quarantined",
			p["delivered"],
			plus(p["sealed"], p["quarantined"]),
		)
		in.differ(subject+" sealed = assigned + retained + unassigned",
			p["sealed"], plus(plus(p["assigned"], p["retained"]), p["unassigned"]))
		in.differ(subject+" sealed, by the rows", rows.at([2]string{subject, "rows"}), p["sealed"])
	}
	for key, billed := range rows {
		if _, proved := named[key[0]]; !proved && key[1] == "rows" {
			in.find(key[0], "a proof of "+text(billed), "none")
		}
	}
	return len(proof), nil
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
